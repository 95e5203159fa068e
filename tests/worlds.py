"""Ledgers in files, with a clock that is moved by hand, and random histories for them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from samples import FOUND, JOIN, NOW, day
from servers import place_in

from ledger import commands as c
from ledger.audit import Replay
from ledger.errors import LedgerError
from ledger.events import Event, subjects_of, version_of
from ledger.ledger import Ledger
from ledger.places import Server
from ledger.values import EVERYONE
from projections.registry import PROJECTIONS

FOUNDED = replace(FOUND, occurred_at=day(1))
# Of which the answer of a question is compared with a naive one.
HISTORIES = int(os.environ.get("NATVERK_HISTORIES", "60"))


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Move on, or back with negative numbers."""
        self.now += timedelta(**by)


def founded(folder: Path, *commands: c.Command, clock: Clock | None = None) -> Ledger:
    """A ledger in the place of a folder with these commands recorded after its founding."""
    ledger = Ledger.found(place_in(folder), FOUNDED, PROJECTIONS, clock or Clock())
    with ledger.transaction() as transaction:
        for command in commands:
            transaction.record(command)
    return ledger


def opened(place: Path | Server, clock: Clock | None = None) -> Ledger:
    """The ledger at a place, opened once more."""
    return Ledger(place, PROJECTIONS, clock or Clock())


def people(*names: str) -> list[c.Command]:
    """They join on the first day."""
    return [replace(JOIN, name=name, occurred_at=day(1)) for name in names]


class Log:
    """Entries in a list, in which a replay looks up what they say."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    def version(self, position: int) -> Event | None:
        """What the entry at a position says in its slot."""
        return version_of(self._events[position - 1])

    def said_about(self, subjects: Iterable[str], types: Iterable[str]) -> list[Event]:
        """What entries of some types about all of some subjects say."""
        named, wanted = set(subjects) - {EVERYONE}, set(types)
        said = [version_of(event) for event in self._events]
        return [x for x in said if x and x.type in wanted and named <= {*subjects_of(x)}]


def differences(ledger: Ledger) -> list[Any]:
    """Where the kept rows differ from a replay."""
    return list(Replay(ledger.database, ledger.folds).differences())


# Random histories: mostly sensible commands in any order of time, many of them late.

Move = tuple[c.Command, int | None, bool]  # what, on which day, whether a transaction ends there


class Chance:
    """Draws commands; often members and things that exist, sometimes not."""

    def __init__(self, seed: int, *, corrections: bool = False) -> None:
        self._random = random.Random(seed)
        self._corrections = corrections

    def moves(self, count: int) -> list[Move]:
        """So many moves; half of them are late."""
        return [
            (self._command(), self._maybe(self._day(-3, 31)), self._random.random() < 0.3)
            for _ in range(count)
        ]

    def _command(self) -> c.Command:
        kinds = [self._gift, self._loan, self._thing, self._membership, self._answer]
        kinds += [self._tie, self._initiative, self._happening, self._relation]
        if self._corrections:
            kinds.append(self._correction)
        return self._random.choices(kinds, (5, 3, 3, 2, 3, 1, 3, 3, 1, 8)[: len(kinds)])[0]()

    def _correction(self) -> c.Command:
        target = self._day(2, 30)
        return self._random.choice(
            (
                c.Correct(target=target, changes=self._changes()),
                c.Correct(target=target, changes=self._changes()),
                c.Reverse(target=target, reason=self._maybe("fel")),
                c.Undo(target=self._maybe(target)),
            )
        )

    def _changes(self) -> dict[str, Any]:
        giver, receiver = self._members(2)
        return self._random.choice(
            (
                {"occurred_at": day(self._day(-3, 31))},
                {"occurred_at": day(self._day(-3, 31))},
                {"occurred_at": day(self._day(-3, 31))},
                {"occurred_at": day(self._day(-3, 31)), "capacity": self._day(1, 2)},
                {"giver": giver, "receiver": receiver},
                {"receiver": receiver},
                {"asker": giver},
                {"owner": giver},
                {"capacity": self._day(1, 2)},
                {"ask": self._maybe(self._id("a"))},
                {"resource": self._id("r")},
                {"name": self._random.choice(("Dag", "Ana", "Eli"))},
                {"outcome": self._random.choice(("met", "nothing", "lapsed"))},
                {"text": "minns fel"},
                {"starter": giver},
                {"participant": giver},
                {"endorser": giver},
                {"initiative": self._maybe(self._id("i"))},
                {"listeners": (giver, receiver)},
                {"participants": (giver, receiver)},
                {"heard_from": self._maybe(self._day(6, 25))},
                {"person": giver},
                {"first": giver, "nature": None},
                self._measure(),
            )
        )

    def _gift(self) -> c.Command:
        giver, receiver, other = self._members(3)
        ask, resource = self._maybe(self._id("a")), self._maybe(self._id("r"), 0.3)
        measure = self._measure()
        give = c.Give(giver=giver, receiver=receiver, ask=ask, resource=resource, **measure)
        for_it = replace(give, initiative=self._id("i"))
        to_it = replace(give, receiver=self._id("i"))
        introduce = c.Introduce(introducer=giver, first=receiver, second=other)
        return self._random.choice(
            (give, give, replace(give, receiver="everyone"), for_it, to_it, introduce)
        )

    def _tie(self) -> c.Command:
        first, second = self._members(2)
        nature = self._maybe(self._random.choice(("neighbour", "friend")))
        role = self._maybe(self._random.choice(("baker", "treasurer")))
        return self._random.choice(
            (
                c.Tie(first=first, second=second, nature=nature),
                c.Untie(first=first, second=second, nature=nature),
                c.Affiliate(person=first, organisation="m4", role=role),
                c.Disaffiliate(person=first, organisation="m4", role=role),
            )
        )

    def _relation(self) -> c.Command:
        [member] = self._members(1)
        between = self._random.choice(
            (
                {},
                {"member": member},
                {"member": member, "theirs": "m1"},
                {"member": member, "theirs": "m1", "nature": "same"},
                {"nature": "sister"},
            )
        )
        kind = self._random.choice((c.Relate, c.Relate, c.Unrelate))
        return kind(other=self._random.choice(("5a", "b1")) * 16, **between)

    def _initiative(self) -> c.Command:
        [member] = self._members(1)
        of_it = {"initiative": self._id("i")}
        start = c.StartInitiative(starter=member, what=self._maybe("idé"), category="mat")
        return self._random.choice(
            (
                start,
                c.JoinInitiative(participant=member, **of_it),
                c.JoinInitiative(participant=member, **of_it),
                c.LeaveInitiative(participant=member, **of_it),
                c.Endorse(endorser=member, **of_it),
                c.Endorse(endorser=member, **of_it),
                c.Unendorse(endorser=member, **of_it),
                c.Conclude(**of_it),
            )
        )

    def _happening(self) -> c.Command:
        one, two, three = self._members(3)
        initiative, entry = self._id("i"), self._day(6, 25)
        tell = c.Tell(teller=one, listeners=(two, three), initiative=initiative)
        gather = c.Gather(participants=(one, two, three), what="vi sågs")
        return self._random.choice(
            (
                tell,
                tell,
                replace(tell, listeners=(two,), heard_from=entry),
                replace(tell, listeners=(two,), heard_from=entry),
                gather,
                replace(gather, initiative=initiative),
                c.Realise(realiser=one, kind="product", what="något nytt", because_of=(entry,)),
                c.Nominate(nominator=one, nominee=two, survey=self._maybe("höst")),
            )
        )

    def _loan(self) -> c.Command:
        [member] = self._members(1)
        start = self._day(2, 40)
        lend = c.Lend(resource=self._id("r"), borrower=member, due=self._maybe(day(60)))
        book = c.Book(
            resource=self._id("r"),
            booker=member,
            start=day(start),
            end=day(start + self._day(1, 10)),
        )
        back = c.ReturnResource(resource=self._id("r"), borrower=self._maybe(member))
        return self._random.choice((lend, book, back, c.Release(booking=self._id("b"))))

    def _thing(self) -> c.Command:
        [member] = self._members(1)
        offer = c.Offer(owner=member, kind="equipment", category="cykel")
        stock = {"stock": self._quantity(), "unit": "cup"}
        outcome = self._random.choice(("met", "withdrawn", "lapsed"))
        return self._random.choice(
            (
                offer,
                replace(offer, capacity=self._day(1, 2)),
                replace(offer, **stock),
                c.Ask(asker=member, kind="time", what="hjälp", **self._measure()),
                c.Ask(asker=member, kind="time", what="hjälp", initiative=self._id("i")),
                c.Withdraw(resource=self._id("r")),
                c.Close(ask=self._id("a"), outcome=outcome),
            )
        )

    def _membership(self) -> c.Command:
        [member] = self._members(1)
        return self._random.choice(
            (
                c.Leave(member=member),
                c.Return(member=member),
                c.Return(member=member),
                c.Pause(member=member),
                c.Resume(member=member),
                c.Describe(member=member, name=self._maybe("Dag"), about="någon"),
                c.DescribeNetwork(idea="en annan idé"),
                c.Forget(member=member),
            )
        )

    def _answer(self) -> c.Command:
        [member] = self._members(1)
        entry = self._day(6, 25)
        outcome = self._random.choice(("met", "collaborated", "nothing"))
        return self._random.choice(
            (
                c.Confirm(gift=entry, actor=member),
                c.Dispute(gift=entry, actor=member),
                c.FollowUp(introduction=entry, outcome=outcome),
                c.Note(target=entry, text="minns", because_of=(entry, 1)),
            )
        )

    def _members(self, count: int) -> list[str]:
        return self._random.sample(("m1", "m2", "m3", "m4"), count)

    def _id(self, letter: str) -> str:
        return f"{letter}{self._day(1, 3)}"

    def _quantity(self) -> Decimal:
        return Decimal(self._random.choice(("0.5", "1", "20", "999999999999999.999")))

    def _measure(self) -> dict[str, Any]:
        unit = self._random.choice((None, "hour", "cup"))
        return {"unit": unit, "quantity": None if unit is None else self._quantity()}

    def _day(self, first: int, last: int) -> int:
        return self._random.randint(first, last)

    def _maybe(self, value: Any, chance: float = 0.5) -> Any:
        return value if self._random.random() < chance else None


MOVES: st.SearchStrategy[list[Move]] = st.builds(
    lambda seed, count: Chance(seed).moves(count), st.integers(0, 2**32), st.integers(1, 80)
)


CORRECTED_MOVES: st.SearchStrategy[list[Move]] = st.builds(
    lambda seed, count: Chance(seed, corrections=True).moves(count),
    st.integers(0, 2**32),
    st.integers(1, 80),
)


def play(ledger: Ledger, moves: Sequence[Move]) -> list[Event]:
    """Record the moves that no rule refuses, in transactions that end where they say so."""
    batch: list[c.Command] = people("Ana", "Bo", "Cia")
    batch.append(c.Join(name="Kaféet", kind="organisation", occurred_at=day(8)))
    batch.append(
        c.Offer(owner="m1", kind="equipment", what="cykel", capacity=1, occurred_at=day(2))
    )
    batch.append(c.Ask(asker="m2", kind="time", category="hjälp", occurred_at=day(2)))
    batch.append(c.StartInitiative(starter="m3", what="soppkvällar", occurred_at=day(2)))
    record(ledger, moves, batch)
    return list(ledger.entries())


def record(ledger: Ledger, moves: Sequence[Move], before: Sequence[c.Command] = ()) -> None:
    """Record commands and then moves, in transactions that end where the moves say so."""
    batch = list(before)
    for command, on, ends in (*moves, (c.Pause(member="m1"), None, True)):
        batch.append(command if on is None else replace(command, occurred_at=day(on)))
        if ends:
            _record(ledger, batch)
            batch.clear()


def _record(ledger: Ledger, batch: Sequence[c.Command]) -> None:
    with ledger.transaction() as transaction:
        for command in batch:
            try:
                transaction.record(command)
            except LedgerError:
                continue  # refused; it changes nothing
