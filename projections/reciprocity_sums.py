"""What many gifts add to balances and pairs, summed by columns before it comes to rows.

Gifts of more than `LARGEST` are left to the handlers, so that no sum leaves 64 bits, and so
are those to oneself, which no rule allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from projections.reciprocity import ALL_TIME, Balance, Pair, periods

if TYPE_CHECKING:
    from ledger.columns import Codes, Columns, Numbers

LARGEST = 2**32  # thousandths
FEWEST = 2**17  # gifts between pairs that are worth to be summed
AT_ONCE = 2**14  # sums that are put into rows together
_EPOCH = 719_163  # the proleptic Gregorian ordinal of 1970-01-01
IDS, MEASURED = ("giver", "receiver", "unit"), "thousandths"
Taken = tuple["Numbers", ...]


class BalanceSums:
    """What gifts add to the balances of those who gave and received; see `folds.Sums`."""

    def __init__(self) -> None:
        self._taken: list[Taken] = []
        self._names: Codes | None = None

    def add(self, columns: Columns) -> Sequence[int]:
        """Take gifts in; returns the places of those that are left for the handler."""
        if _left(columns):
            return range(len(columns))
        self._names = columns.codes
        self._taken.append((*map(columns.coded, IDS), columns.days, columns.numbers[MEASURED]))
        return ()

    def merge(self, rows: Mapping[tuple[str, str], Balance]) -> Iterator[tuple[str, str]]:
        """Put what was taken in into rows; returns the keys of these."""
        if self._names is None or not self._taken:
            return
        names = list(self._names)
        for period, keys, sums in self._by_period():
            for member, when, unit, *of in zip(*keys, *sums, strict=True):
                key = (names[member], period[when])
                given, received, *thousandths = of
                row = rows[key]
                row.add(given, received)
                if names[unit]:
                    row.measure(names[unit], *thousandths)
                yield key

    def _by_period(self) -> Iterator[tuple[Sequence[str], list[list[int]], list[list[int]]]]:
        """For all time, months and weeks: their names, and sums by member, period and unit.

        They count gifts given and received, and thousandths given and received.
        """
        giver, receiver, unit, days, thousandths = _joined(self._taken)
        self._taken.clear()
        different, day = np.unique(days, return_inverse=True)
        named = [periods(int(each) + _EPOCH) for each in different]
        both = list(dict.fromkeys(named))
        when = np.array([both.index(each) for each in named])[day]
        none = np.zeros_like(giver)
        given = ((giver, when, unit), (none + 1, none, thousandths, none))
        received = ((receiver, when, unit), (none, none + 1, none, thousandths))
        keys, sums = (list(map(np.append, *two)) for two in zip(given, received, strict=True))
        (member, when, unit), sums = _summed(keys, sums)
        for of in ([ALL_TIME] * len(both), *zip(*both, strict=True)):
            period = list(dict.fromkeys(of))
            at = np.array([period.index(each) for each in of])[when]
            found = _summed([member, at, unit], sums)
            keys_found, sums_found = ([each.tolist() for each in part] for part in found)
            yield period, keys_found, sums_found


class PairSums:
    """What gifts add to the pairs between whom they were; see `folds.Sums`."""

    def __init__(self) -> None:
        self._taken: list[Taken] = []  # of each: giver, receiver, unit, gifts, thousandths, first
        self._names: Codes | None = None
        self._waiting = 0
        self._most = FEWEST

    def add(self, columns: Columns) -> Sequence[int]:
        """Take gifts in; returns the places of those that are left for the handler."""
        if _left(columns):
            return range(len(columns))
        self._names = columns.codes
        one = np.ones_like(columns.occurred)
        sums = (one, columns.numbers[MEASURED], columns.occurred)
        self._taken.append((*map(columns.coded, IDS), *sums))
        self._waiting += len(columns)
        if self._waiting > self._most:
            self._sum_up()
            self._most = max(FEWEST, 2 * self._waiting)
        return ()

    def merge(self, rows: Mapping[tuple[str, str], Pair]) -> Iterator[tuple[str, str]]:
        """Put what was taken in into rows; returns the keys of these."""
        if self._names is None or not self._taken:
            return
        self._sum_up()
        [taken] = self._taken
        names = list(self._names)
        for start in range(0, self._waiting, AT_ONCE):
            part = (each[start : start + AT_ONCE].tolist() for each in taken)
            for giver, receiver, unit, gifts, thousandths, first in zip(*part, strict=True):
                key = (names[giver], names[receiver])
                rows[key].add(gifts, first, names[unit], thousandths)
                yield key
        self._taken.clear()
        self._waiting = 0

    def _sum_up(self) -> None:
        giver, receiver, unit, gifts, thousandths, first = _joined(self._taken)
        keys, sums = _summed([giver, receiver, unit], [gifts, thousandths], first)
        self._taken = [(*keys, *sums)]
        self._waiting = len(keys[0])


def _left(columns: Columns) -> bool:
    to_self = columns.coded("giver") == columns.coded("receiver")
    return bool(to_self.any()) or int(columns.numbers[MEASURED].max()) > LARGEST


def _joined(taken: Sequence[Taken]) -> list[Numbers]:
    return [np.concatenate(each) for each in zip(*taken, strict=True)]


def _summed(
    keys: list[Numbers], sums: list[Numbers], first: Numbers | None = None
) -> tuple[list[Numbers], list[Numbers]]:
    """The different keys, in order, with what is summed for each, and then the least of `first`."""
    size = [int(key.max()) + 1 for key in keys]
    one = np.ravel_multi_index(tuple(keys), size)
    order = np.argsort(one)
    one = one[order]
    starts = np.flatnonzero(np.append(True, one[1:] != one[:-1]))
    found = [np.add.reduceat(each[order], starts) for each in sums]
    if first is not None:
        found.append(np.minimum.reduceat(first[order], starts))
    return list(np.unravel_index(one[starts], size)), found
