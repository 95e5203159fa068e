"""A made-up network of ten thousand that lives on all that a network lives on.

A member gives to some thirty others, again and again. At any time some hundreds of asks and
offers are open. Stories of fifty initiatives spread, people gather, meet and are introduced.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import worlds

from ledger import commands as c
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

MEMBERS = 10_000
INITIATIVES = 50
NEAR = 15  # to each side, of those whom a member gives to
LIVE = 400  # offers, and asks, that are open at a time
START = worlds.FOUNDED + timedelta(days=1)


def network_of(path: Path, entries: int) -> Ledger:
    """A ledger with so many entries, made anew at `path`."""
    founded = c.Found(name="Kvarteret Linden", idea="-", occurred_at=worlds.FOUNDED)
    ledger = Ledger.found(path, founded, PROJECTIONS, lambda: datetime.now(UTC))
    coming = commands_of(entries - 1)
    while ledger.database.head() < entries:
        with ledger.transaction() as transaction:
            for _, command in zip(range(worlds.BATCH), coming, strict=False):
                transaction.record(command)
    ledger.database.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ledger


def commands_of(count: int) -> Iterator[c.Command]:
    """So many commands, each of which records one entry."""
    made = 0
    for command in beginning():
        yield command
        made += 1
    life = Life(random.Random(11))
    step = timedelta(days=365 * worlds.YEARS - 2) / (count - made)
    for number in range(count - made):
        yield life.next(START + number * step)


def beginning() -> Iterator[c.Command]:
    """Everybody joins, and what they gather around begins."""
    at = worlds.FOUNDED
    for number in range(1, MEMBERS + 1):
        kind = "organisation" if number % 20 == 0 else "person"
        yield c.Join(name=f"Medlem {number} Linden", kind=kind, occurred_at=at)
    for number in range(1, INITIATIVES + 1):
        yield c.StartInitiative(starter=f"m{number}", what=f"idé {number}", occurred_at=at)


class Life:
    """What happens in the network from its beginning on."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._asks, self._offers, self._introductions = 0, 0, 0
        self._open: list[tuple[str, str]] = []  # kind and id, the oldest first

    def next(self, at: datetime) -> c.Command:
        """What happens next, at a time."""
        chance = self._chance
        kind = chance.random()
        one = chance.randint(1, MEMBERS)
        who, near = f"m{one}", self._near(one)
        if kind < 0.80:
            unit = chance.choice(worlds.UNITS)
            quantity = None if unit is None else "1.5"
            return c.Give(giver=who, receiver=near, quantity=quantity, unit=unit, occurred_at=at)
        if kind < 0.90:
            return self._wanted_or_offered(who, at)
        if kind < 0.93:
            third = self._near(one, but={who, near})
            return c.Introduce(introducer=who, first=near, second=third, occurred_at=at)
        if kind < 0.97:
            about = f"i{1 if chance.random() < 0.5 else chance.randint(1, INITIATIVES)}"
            return c.Tell(teller=who, listeners=(near,), initiative=about, occurred_at=at)
        if kind < 0.98:
            everyone = tuple({who, *(self._near(one) for _ in range(5))})
            return c.Gather(participants=everyone, what="en kväll", occurred_at=at)
        if kind < 0.99:
            return c.Tie(
                first=who, second=near, nature=f"granne-{at:%Y-%m-%d-%H-%M}", occurred_at=at
            )
        return c.Nominate(nominator=who, nominee=near, survey=f"{at:%Y-%m-%d-%H}", occurred_at=at)

    def _near(self, one: int, but: set[str] | None = None) -> str:
        while True:
            away = self._chance.randint(1, NEAR) * self._chance.choice((1, -1))
            near = f"m{(one + away - 1) % MEMBERS + 1}"
            if near not in (but or ()):
                return near

    def _wanted_or_offered(self, who: str, at: datetime) -> c.Command:
        if len(self._open) >= 2 * LIVE:
            kind, id = self._open.pop(0)
            if kind == "ask":
                return c.Close(ask=id, outcome="met", occurred_at=at)
            return c.Withdraw(resource=id, occurred_at=at)
        category = f"sort-{self._chance.randint(0, 99)}"
        if self._chance.random() < 0.5:
            self._asks += 1
            self._open.append(("ask", f"a{self._asks}"))
            return c.Ask(asker=who, kind="equipment", category=category, occurred_at=at)
        self._offers += 1
        self._open.append(("offer", f"r{self._offers}"))
        return c.Offer(owner=who, kind="equipment", category=category, occurred_at=at)
