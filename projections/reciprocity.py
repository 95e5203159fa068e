"""Gifts given and received, by member and by pair; described, never owed.

Every gift is given once and received once, so over everyone the counts, and the
quantities of each unit, sum to the same on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from ledger import areas
from ledger.folds import Fold, Parts
from ledger.names import all_member_names
from ledger.rows import table_of
from ledger.values import EVERYONE, FORGOTTEN, decimal_text
from projections.answers import Counts, answers, answers_between, answers_of
from projections.membership import by_name, called, known

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.database import Database
    from ledger.events import GiftGiven
    from ledger.folds import Sums
    from ledger.summing import Rows

By = Literal["week", "month", "year"]

ALL_TIME = "all"  # sorts after every date, so beside the latest rows of a member
_PATTERNS: dict[By, str] = {"week": "????-W??", "month": "????-??", "year": "????-??"}
_YEAR = 4  # characters
_Part = tuple[str, tuple[str, str]]  # a member, and the month and the week in which gifts lie
Units = dict[str, list[int]]  # unit: [thousandths given, thousandths received]


@dataclass(slots=True)
class Balance:
    """What a member gave and received in a period.

    `period` is a month (2026-11), an ISO week (2026-W47) or, for all time, `all`,
    by the network's own calendar. `given` and `received` count gifts. The member
    `everyone` stands for gifts to all, and an initiative for those to it.
    """

    member: str
    period: str
    given: int = 0
    received: int = 0
    units: dict[str, list[int]] = field(default_factory=dict)

    def add(self, given: int, received: int) -> None:
        """Count so many more gifts."""
        self.given += given
        self.received += received

    def measure(self, unit: str, given: int, received: int) -> None:
        """Count so many thousandths more."""
        totals = self.units.get(unit)
        if totals is None:
            totals = self.units[unit] = [0, 0]
        totals[0] += given
        totals[1] += received
        if not totals[0] and not totals[1]:
            del self.units[unit]


@dataclass(slots=True)
class Pair:
    """What one member gave another: the number of gifts, and thousandths by unit.

    `first` is when they gave first, in microseconds since 1970; None: never.
    """

    giver: str
    receiver: str
    gifts: int = 0
    units: dict[str, int] = field(default_factory=dict)
    first: int | None = None

    def add(self, gifts: int, first: int, unit: str | None, thousandths: int | None) -> None:
        """Count so many more gifts of a unit, and when the first of them was."""
        self.gifts += gifts
        if self.first is None or first < self.first:
            self.first = first
        if unit and thousandths:
            self._measure(unit, thousandths)

    def take_back(self, unit: str | None, thousandths: int | None) -> None:
        """Count one gift less; when the first was is then to be found out anew."""
        self.gifts -= 1
        if not self.gifts:
            self.first = None
        if unit and thousandths:
            self._measure(unit, -thousandths)

    def _measure(self, unit: str, thousandths: int) -> None:
        total = self.units.get(unit, 0) + thousandths
        if total:
            self.units[unit] = total
        else:
            self.units.pop(unit, None)


@lru_cache(maxsize=4096)
def periods(ordinal: int) -> tuple[str, str]:
    """The month and the ISO week of a day, given as its proleptic Gregorian ordinal."""
    from datetime import date  # noqa: PLC0415 - not needed to answer a question

    day = date.fromordinal(ordinal)
    year, week, _ = day.isocalendar()
    return f"{day.year:04}-{day.month:02}", f"{year:04}-W{week:02}"


def week_of(moment: datetime) -> str:
    """The ISO week in which a moment of the network's own calendar lies."""
    return periods(moment.toordinal())[1]


def _parts(event: GiftGiven) -> tuple[_Part, ...]:
    both = periods(event.occurred_at.toordinal())
    return ((event.giver, both), (event.receiver, both))


def _wholes(part: _Part) -> tuple[tuple[str, str], ...]:
    member, (month, week) = part
    return ((member, ALL_TIME), (member, month), (member, week))


def _sides(event: GiftGiven) -> tuple[tuple[str, str], ...]:
    giver, receiver = _parts(event)
    return _wholes(giver) + _wholes(receiver)


def _gift_given(row: Balance, event: GiftGiven, sign: int) -> None:
    gave = row.member == event.giver
    row.add(sign * gave, sign * (not gave))
    if event.thousandths is not None and event.unit is not None:
        total = sign * event.thousandths
        row.measure(event.unit, total * gave, total * (not gave))


def _merge(row: Balance, part: Balance) -> None:
    row.add(part.given, part.received)
    for unit, (given, received) in part.units.items():
        row.measure(unit, given, received)


def _pair(event: GiftGiven) -> tuple[tuple[str, str], ...]:
    return ((event.giver, event.receiver),)


def _given_to(row: Pair, event: GiftGiven, sign: int) -> None:
    if sign > 0:
        row.add(1, event.occurred, event.unit, event.thousandths)
    else:
        row.take_back(event.unit, event.thousandths)


def _first_is_gone(row: Pair, event: GiftGiven) -> bool:
    return event.occurred == row.first


def _balance_sums(rows: Rows) -> Sums:
    from projections.reciprocity_sums import BalanceSums  # noqa: PLC0415 - only in a replay

    return BalanceSums(rows)


def _pair_sums(rows: Rows) -> Sums:
    from projections.reciprocity_sums import PairSums  # noqa: PLC0415 - only in a replay

    return PairSums(rows)


BALANCES = Fold(
    name="balances",
    version=1,
    row=Balance,
    key_length=2,
    on={"gift-given": (_sides, _gift_given)},
    ignored=areas.EVERY_TYPE - areas.GIFTS,
    parts=Parts({"gift-given": _parts}, _wholes, _merge),
    by_columns={"gift-given": _balance_sums},
)
PAIRS = Fold(
    name="pairs",
    version=3,
    row=Pair,
    key_length=2,
    saved=False,
    on={"gift-given": (_pair, _given_to)},
    ignored=areas.EVERY_TYPE - areas.GIFTS,
    indexes=(("receiver",),),
    by_columns={"gift-given": _pair_sums},
    stale=_first_is_gone,
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
    """The balance over all time of each member who ever gave or received."""
    query = (  # CROSS, or SQLite reads the rows of every period to find those of all time
        "SELECT balances.* FROM members CROSS JOIN balances"
        " ON balances.member = members.member AND period = ?"
    )
    kept = map(table_of(BALANCES).row, database.select(query, ALL_TIME))
    return {row.member: row for row in kept}


def balance_rows(database: Database, member: str | None = None) -> list[dict[str, Any]]:
    """What each member, or one, gave and received over all time, by name.

    Each: `id, name, given, received, confirmed, disputed, units`. All but the last
    count gifts, see `answers`; `units` is {unit: {given, received}} in decimals. Who
    neither gave nor received has zeros; `everyone` and initiatives are no members.
    Raises `UnknownId`.
    """
    if member is not None:
        known(database, member)
        row = balance(database, member)
        return [_answered(_shown(row, called(database, [member])), answers_of(database, member))]
    kept, said = balances(database), answers(database)
    members = [id for (id,) in database.select("SELECT member FROM members WHERE position > 0")]
    names = all_member_names(database)
    rows = (
        _answered(_shown(kept.get(id) or Balance(id, ALL_TIME), names), said.get(id, Counts()))
        for id in members
    )
    return sorted(rows, key=by_name)


def balance_with(database: Database, member: str, other: str) -> list[dict[str, Any]]:
    """What a member gave another, an initiative or everyone, and received from them.

    One row as of `balance_rows`, and `with, with_name`. Raises `UnknownId`.
    """
    for each in (member, other):
        if each[0] == "m":
            known(database, each)
        elif each != EVERYONE:
            _known_initiative(database, each)
    given, received = database.load(PAIRS, member, other), database.load(PAIRS, other, member)
    units = {
        unit: [given.units.get(unit, 0), received.units.get(unit, 0)]
        for unit in given.units.keys() | received.units.keys()
    }
    both = Balance(member, ALL_TIME, given.gifts, received.gifts, units)
    names = called(database, [member, other])
    row = _answered(_shown(both, names), answers_between(database, member, other))
    return [row | {"with": other, "with_name": names[other]}]


def _known_initiative(database: Database, id: str) -> None:
    from ledger.refusals import UnknownId  # noqa: PLC0415 - few ask about one
    from ledger.state.initiatives import INITIATIVES  # noqa: PLC0415

    if not database.load(INITIATIVES, id).exists:
        raise UnknownId(what="initiative", id=id)


def balance_by(database: Database, by: By, member: str | None = None) -> list[dict[str, Any]]:
    """What each member, or one, gave and received in each week, month or year with a gift.

    Rows as of `balance_rows` without what was confirmed, with `period`, by name and then
    in the order of time: 2026-W47, 2026-11 or 2026. A year is the sum of its months.
    Raises `UnknownId`.
    """
    if member is not None:
        known(database, member)
    whose, values = ("", ()) if member is None else (" AND member = ?", (member,))
    query = f"SELECT * FROM balances WHERE period GLOB ? AND member GLOB 'm*'{whose}"
    found = database.select(query, _PATTERNS[by], *values)
    rows = [table_of(BALANCES).row(columns) for columns in found]
    rows = [row for row in rows if row.given or row.received]
    if by == "year":
        rows = _yearly(rows)
    names = called(database, {row.member for row in rows})
    shown = [_shown(row, names) | {"period": row.period} for row in rows]
    return sorted(shown, key=lambda row: (*by_name(row), row["period"]))


def _yearly(months: Iterable[Balance]) -> list[Balance]:
    def of(row: Balance) -> tuple[str, str]:
        return row.member, row.period[:_YEAR]

    return [_sum(*key, rows) for key, rows in groupby(sorted(months, key=of), of)]


def _sum(member: str, period: str, rows: Iterable[Balance]) -> Balance:
    total = Balance(member, period)
    for row in rows:
        total.given += row.given
        total.received += row.received
        for unit, both in row.units.items():
            sums = total.units.setdefault(unit, [0, 0])
            total.units[unit] = [sums[0] + both[0], sums[1] + both[1]]
    return total


def _answered(row: dict[str, Any], counts: Counts) -> dict[str, Any]:
    """A row with how many of its gifts were confirmed and disputed before the units."""
    units = row.pop("units")
    return row | counts._asdict() | {"units": units}


def _shown(row: Balance, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.member,
        "name": names.get(row.member, FORGOTTEN),
        "given": row.given,
        "received": row.received,
        "units": units_shown(row.units),
    }
