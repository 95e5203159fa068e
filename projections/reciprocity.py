"""Gifts given and received, by member and by pair; described, never owed.

Every gift is given once and received once, so over everyone the counts, and the
quantities of each unit, sum to the same on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold
from ledger.values import decimal_text

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.events import GiftGiven

ALL_TIME = ""
Units = dict[str, list[int]]  # unit: [thousandths given, thousandths received]


@dataclass(slots=True)
class Balance:
    """What a member gave and received in a period.

    `period` is a month (2026-11), an ISO week (2026-W47) or, for all time, empty,
    by the network's own calendar. `given` and `received` count gifts. The member
    `everyone` stands for gifts to all.
    """

    member: str
    period: str
    given: int = 0
    received: int = 0
    units: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Pair:
    """What one member gave another: the number of gifts, and thousandths by unit."""

    giver: str
    receiver: str
    gifts: int = 0
    units: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def periods(ordinal: int) -> tuple[str, str]:
    """The month and the ISO week of a day, given as its proleptic Gregorian ordinal."""
    from datetime import date  # noqa: PLC0415 - not needed to answer a question

    day = date.fromordinal(ordinal)
    year, week, _ = day.isocalendar()
    return f"{day.year:04}-{day.month:02}", f"{year:04}-W{week:02}"


def _sides(event: GiftGiven) -> tuple[tuple[str, str], ...]:
    giver, receiver = event.giver, event.receiver
    month, week = periods(event.occurred_at.toordinal())
    return (
        (giver, ALL_TIME),
        (giver, month),
        (giver, week),
        (receiver, ALL_TIME),
        (receiver, month),
        (receiver, week),
    )


def _gift_given(row: Balance, event: GiftGiven, sign: int) -> None:
    if row.member == event.giver:
        side = 0
        row.given += sign
    else:
        side = 1
        row.received += sign
    if event.thousandths is not None and event.unit is not None:
        totals = row.units.setdefault(event.unit, [0, 0])
        totals[side] += sign * event.thousandths
        if totals == [0, 0]:
            del row.units[event.unit]


def _pair(event: GiftGiven) -> tuple[tuple[str, str], ...]:
    return ((event.giver, event.receiver),)


def _given_to(row: Pair, event: GiftGiven, sign: int) -> None:
    row.gifts += sign
    if event.thousandths is not None and event.unit is not None:
        total = row.units.get(event.unit, 0) + sign * event.thousandths
        if total:
            row.units[event.unit] = total
        else:
            row.units.pop(event.unit, None)


BALANCES = Fold(
    name="balances",
    version=1,
    row=Balance,
    key_length=2,
    on={"gift-given": (_sides, _gift_given)},
    ignored=areas.EVERY_TYPE - areas.GIFTS,
    indexes=(("period",),),
)
PAIRS = Fold(
    name="pairs",
    version=1,
    row=Pair,
    key_length=2,
    on={"gift-given": (_pair, _given_to)},
    ignored=areas.EVERY_TYPE - areas.GIFTS,
)


def units_shown(units: Units) -> dict[str, dict[str, str]]:
    """Units as decimals in text: {unit: {given, received}}, by name of unit."""
    return {
        unit: {"given": decimal_text(given), "received": decimal_text(received)}
        for unit, (given, received) in sorted(units.items())
    }


def balance(database: Database, member: str) -> Balance:
    """A member's balance over all time."""
    row: Balance = database.load(BALANCES, member, ALL_TIME)
    return row


def balances(database: Database) -> dict[str, Balance]:
    """The balance over all time of everyone who ever gave or received, by member."""
    return {row.member: row for row in database.find(BALANCES, period=ALL_TIME)}
