"""What many gifts add to balances and pairs, summed by columns before it comes to rows.

Gifts of more than `LARGEST` are left to the handlers, so that no sum leaves 64 bits, and so
are those to oneself, which no rule allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ledger.columns import Codes
from projections.reciprocity import ALL_TIME, periods

if TYPE_CHECKING:
    from ledger.columns import Columns, Numbers
    from ledger.summing import Rows

    Sums = Iterable[tuple[int, ...]]

LARGEST = 2**32  # thousandths
MOST = 2**16  # lines that wait to be summed, at first
AT_ONCE = 2**12  # sums that come to rows together
_EPOCH = 719_163  # the proleptic Gregorian ordinal of 1970-01-01
Both = tuple[str, str]


class BalanceSums:
    """What gifts add to the balances of those who gave and received; see `folds.Sums`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        # By member, period and unit: gifts given and received, thousandths given and received.
        self._pile = _Pile(3, (np.add,) * 4)
        self._when: dict[Both, int] = {}  # codes of the month and the week in which gifts lie
        self._codes = Codes()

    def add(self, columns: Columns) -> Sequence[int]:
        """Take gifts in; returns the places of those that are left for the handler."""
        if _left(columns):
            return range(len(columns))
        self._codes = columns.codes
        when, unit = self._when_on(columns.days), columns.worded("unit")
        thousandths = columns.numbers["thousandths"]
        none = np.zeros_like(when)
        self._pile.put(columns.coded("giver"), when, unit, none + 1, none, thousandths, none)
        self._pile.put(columns.coded("receiver"), when, unit, none, none + 1, none, thousandths)
        return ()

    def merge(self) -> Iterator[Both]:
        """Put what was taken in into rows; yields the keys of those that were touched."""
        members, units = list(self._codes), list(self._codes.words["unit"])
        for period, sums in self._by_period():
            last = None
            for member, when, unit, given, received, gave, got in sums:
                if (member, when) != last:
                    last = (member, when)
                    key = (members[member], period[when])
                    row = self._rows.of_one(key)
                    yield key
                row.add(given, received)
                if units[unit]:
                    row.measure(units[unit], gave, got)

    def _when_on(self, days: Numbers) -> Numbers:
        different, places = np.unique(days, return_inverse=True)
        both = [periods(int(day) + _EPOCH) for day in different]
        return np.array([self._when.setdefault(x, len(self._when)) for x in both])[places]

    def _by_period(self) -> Iterator[tuple[Sequence[str], Sums]]:
        """For all time, months and weeks: their names, and what is summed for each of them."""
        pile = self._pile
        if not pile.waiting:
            return
        member, when, unit, *sums = pile.take()
        for of in ([ALL_TIME] * len(self._when), *zip(*self._when, strict=True)):
            period = list(dict.fromkeys(of))
            pile.put(member, np.array([period.index(each) for each in of])[when], unit, *sums)
            yield period, _lines(pile.take())


class PairSums:
    """What gifts add to the pairs between whom they were; see `folds.Sums`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        # By giver, receiver and unit: gifts, thousandths, and when the first was.
        self._pile = _Pile(3, (np.add, np.add, np.minimum))
        self._codes = Codes()

    def add(self, columns: Columns) -> Sequence[int]:
        """Take gifts in; returns the places of those that are left for the handler."""
        if _left(columns):
            return range(len(columns))
        self._codes = columns.codes
        keys = (columns.coded("giver"), columns.coded("receiver"), columns.worded("unit"))
        sums = (np.ones_like(columns.occurred), columns.numbers["thousandths"], columns.occurred)
        self._pile.put(*keys, *sums)
        return ()

    def merge(self) -> Iterator[Both]:
        """Put what was taken in into rows; yields the keys of those that were touched."""
        members, units = list(self._codes), list(self._codes.words["unit"])
        if self._pile.waiting:
            for giver, receiver, unit, gifts, thousandths, first in _lines(self._pile.take()):
                key = (members[giver], members[receiver])
                self._rows.of_one(key).add(gifts, first, units[unit], thousandths)
                yield key


class _Pile:
    """What is to be summed by keys, in columns."""

    def __init__(self, keys: int, how: Sequence[np.ufunc]) -> None:
        self.waiting = 0  # lines
        self._most = MOST
        self._keys = keys
        self._how = how
        self._parts: list[tuple[Numbers, ...]] = []

    def put(self, *columns: Numbers) -> None:
        """Take in what is to be summed, the keys first."""
        self._parts.append(columns)
        self.waiting += len(columns[0])
        if self.waiting > self._most:
            summed = self.take()
            self._parts, self.waiting = [tuple(summed)], len(summed[0])
            self._most = max(MOST, 5 * self.waiting // 4)

    def take(self) -> list[Numbers]:
        """The keys, in order, and the sums of each; nothing is left."""
        keys = [self._joined(place) for place in range(self._keys)]
        size = [int(key.max()) + 1 for key in keys]
        one = np.ravel_multi_index(tuple(keys), size)
        keys.clear()  # they may be large
        order = np.argsort(one)
        one = one[order]
        starts = np.flatnonzero(np.append(True, one[1:] != one[:-1]))
        different = np.unravel_index(one[starts], size)
        found = [key.astype(np.int32) for key in different]
        for place, how in enumerate(self._how, self._keys):
            found.append(how.reduceat(self._joined(place)[order], starts))
        self._parts.clear()
        self.waiting = 0
        return found

    def _joined(self, place: int) -> Numbers:
        return np.concatenate([part[place] for part in self._parts])


def _lines(columns: list[Numbers]) -> Sums:
    """Columns as lines; what has been given is let go, as rows come in its place."""
    starts = range(0, len(columns[0]), AT_ONCE)
    parts = [[each[start : start + AT_ONCE].copy() for each in columns] for start in starts]
    columns.clear()
    while parts:
        yield from zip(*(each.tolist() for each in parts.pop()), strict=True)


def _left(columns: Columns) -> bool:
    to_self = columns.coded("giver") == columns.coded("receiver")
    return bool(to_self.any()) or int(columns.numbers["thousandths"].max()) > LARGEST
