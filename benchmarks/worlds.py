"""Made-up ledgers of a given size, the same every time they are made.

A world is named by its size, `events x members`. Whatever its size, it has the
same members, the same live offers and open asks and the same introductions, so
that a question has an answer of the same length; what grows is the past: gifts,
and asks, offers, bookings and loans that are over.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ledger import commands as c
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

FOUNDED = datetime(2024, 1, 1, 8, tzinfo=UTC)
YEARS = 2
ZONE = ZoneInfo("Europe/Stockholm")
MEMBERS = 500
LIVE = 50  # live offers, and open asks
INTRODUCTIONS = 20
FIXED = 1 + MEMBERS + 2 * LIVE + INTRODUCTIONS  # entries of every world, the founding among them
BATCH = 10_000
UNITS = ("hour", "piece", None, None)


def ledger_of(path: Path, events: int, members: int = MEMBERS, seed: int = 1) -> Ledger:
    """A ledger with so many entries, made anew at `path`."""
    founded = c.Found(name="Kvarteret Linden", idea="Grannar som hjälps åt", occurred_at=FOUNDED)
    ledger = Ledger.found(path, founded, PROJECTIONS, lambda: datetime.now(UTC))
    commands = commands_of(events - 1, members, seed)
    done = False
    while not done:
        with ledger.transaction() as transaction:
            for _ in range(BATCH):
                command = next(commands, None)
                if command is None:
                    done = True
                    break
                transaction.record(command)
    ledger.database.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ledger


def commands_of(count: int, members: int = MEMBERS, seed: int = 1) -> Iterator[c.Command]:
    """So many commands, each of which records one entry."""
    chance = random.Random(seed)
    fixed = list(_fixed(members))
    rest = count - len(fixed)
    step = timedelta(days=365 * YEARS - 1) / max(rest, 1)  # all of it within those years
    yield from fixed
    made = 0
    asks, resources = LIVE, LIVE
    while made < rest:
        at = FOUNDED + timedelta(days=1) + made * step
        if rest - made >= 10 and made % 200 == 0:
            over = list(_over(chance, at, members, asks + 1, resources + 1))
            asks, resources = asks + 1, resources + 1
            yield from over
            made += len(over)
        else:
            yield gift(chance, at, members)
            made += 1


def gift(chance: random.Random, at: datetime, members: int = MEMBERS) -> c.Give:
    """One gift between two of the members, half of them measured."""
    giver, receiver = chance.sample(range(1, members + 1), 2)
    unit = chance.choice(UNITS)
    return c.Give(
        giver=f"m{giver}",
        receiver=f"m{receiver}",
        quantity=None if unit is None else f"{chance.randint(1, 16) / 2}",
        unit=unit,
        occurred_at=at,
    )


def _fixed(members: int) -> Iterator[c.Command]:
    for number in range(1, members + 1):
        yield c.Join(name=f"Medlem {number} Linden", occurred_at=FOUNDED)
    for number in range(1, LIVE + 1):
        owner, asker, category = f"m{number}", f"m{number + LIVE}", f"sort-{number % 10}"
        yield c.Offer(
            owner=owner, kind="equipment", category=category, capacity=2, occurred_at=FOUNDED
        )
        yield c.Ask(
            asker=asker,
            kind="equipment",
            category=category,
            quantity="2",
            unit="piece",
            occurred_at=FOUNDED,
        )
    for number in range(1, INTRODUCTIONS + 1):
        first, second = f"m{number + 1}", f"m{number + 2}"
        yield c.Introduce(introducer=f"m{number}", first=first, second=second, occurred_at=FOUNDED)


def _over(
    chance: random.Random, at: datetime, members: int, ask: int, resource: int
) -> Iterator[c.Command]:
    """An ask that is closed, and an offer that is booked, lent, returned and withdrawn."""
    # Of those who offer or ask nothing for good: of them, all that there is stays of one length.
    member = f"m{chance.randint(2 * LIVE + 1, members)}"
    category = f"sort-{chance.randint(0, 9)}"
    live = f"r{chance.randint(1, LIVE)}"
    hour = timedelta(hours=1)
    yield c.Ask(asker=member, kind="equipment", category=category, occurred_at=at)
    yield c.Close(ask=f"a{ask}", outcome="met", occurred_at=at)
    yield c.Offer(owner=member, kind="equipment", category=category, occurred_at=at)
    yield c.Book(resource=f"r{resource}", booker=member, start=at, end=at + hour, occurred_at=at)
    yield c.Lend(resource=live, borrower=member, due=at + hour, occurred_at=at)
    yield c.ReturnResource(resource=live, borrower=member, occurred_at=at)
    yield c.Withdraw(resource=f"r{resource}", occurred_at=at + hour)


def write_gifts(
    path: Path, rows: int, members: int = MEMBERS, seed: int = 2, names: str = "n{} of Linden"
) -> None:
    """A table of gifts, `giver,receiver,seconds since 1970`, in the order of time."""
    chance = random.Random(seed)
    start = int(FOUNDED.timestamp())
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            giver, receiver = chance.sample(range(1, members + 1), 2)
            at = start + number * (YEARS * 365 * 86_400) // rows
            file.write(f"{names.format(giver)},{names.format(receiver)},{at}\n")
