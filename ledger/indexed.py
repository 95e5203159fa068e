"""What is kept to find entries by, held against the entries: the subject index, and who is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import combinations
from operator import eq
from typing import TYPE_CHECKING, Any

from ledger.areas import CORRECTIONS
from ledger.database import EVERYTHING, Database
from ledger.events import Event, plain_subject_fields, plain_subjects, subjects_of
from ledger.index import more_groups
from ledger.saved import APART, lateness
from ledger.values import EVERYONE, START_OF_TIME

if TYPE_CHECKING:
    from ledger.columns import Columns
    from ledger.runs import Run

PRIME, TIMES, PLACES = 2**31 - 1, 1_103_515_245, 69_621  # for sums over the subject index
_HALF = 16  # bits
YEARS = 2**56  # microseconds: some two thousand years, so that no time is below zero
_NUMBER = f"((occurred + {YEARS}) % {PRIME} * {TIMES} + position * {PLACES}) % {PRIME}"
_SUMS = (
    f"SELECT subject, type, sum(number * number % {PRIME} + 1) FROM"
    f" (SELECT subject, type, {_NUMBER} AS number FROM subjects) AS numbered"
    " GROUP BY subject, type"
)


class IndexSums:
    """Sums over the rows of the subject index, by type, whatever their order.

    Each row counts with a number of its subject times the square of one made of its time
    and position, modulo a prime.
    """

    def __init__(self) -> None:
        self._sums: defaultdict[str, int] = defaultdict(int)
        self._weights = _Weights()

    def add(self, run: Run) -> None:
        """Count in what entries are found by."""
        if run.columns is None:
            self._add_events(run)
        else:
            self._add_columns(run, run.columns)

    def _add_events(self, run: Run) -> None:
        weights, sums = self._weights, self._sums
        everything = weights[EVERYTHING]
        weigh, kind, plain = weights.__getitem__, "", None
        for event, at in zip(run.events, run.occurred, strict=True):
            if event.type != kind:
                kind = event.type
                plain = plain_subjects(kind)
            named = None if plain is None or event.because_of else plain
            found = subjects_of(event) if named is None else {*named(event)}
            weight = sum(map(weigh, found), everything)
            sums[kind] += _square(at, event.position) * weight
            if kind in CORRECTIONS:
                self._add_replacement(event)

    def _add_columns(self, run: Run, columns: Columns) -> None:
        """The same of entries by columns, which have no causes."""
        import numpy as np  # noqa: PLC0415 - which is there when there are columns

        names = plain_subject_fields(run.type) or ()
        named = [name for name in names if any(columns.texts[name])]
        if any(_meet(columns.texts[a], columns.texts[b]) for a, b in combinations(named, 2)):
            self._add_events(run)
            return
        squares = _square(columns.occurred, np.array(run.positions))
        total = int(squares.sum()) * self._weights[EVERYTHING]
        for name in named:
            weights = np.array(list(map(self._weights.__getitem__, columns.texts[name])))
            # In two halves: a sum of products with a whole one would not fit into 64 bits.
            low, high = squares @ (weights & (1 << _HALF) - 1), squares @ (weights >> _HALF)
            total += int(low) + (int(high) << _HALF)
        self._sums[run.type] += total

    def _add_replacement(self, event: Event) -> None:
        for subjects, kind, at in more_groups(event):
            weight = sum(map(self._weights.__getitem__, subjects))
            self._sums[kind] += _square(at, event.position) * weight

    def differ(self, database: Database) -> set[Any]:
        """The types of which other rows are kept."""
        kept: defaultdict[Any, int] = defaultdict(int)
        for subject, kind, each in database.stream(_SUMS):
            kept[kind] += each * self._weights[subject]
        made = self._sums
        return {kind for kind in kept.keys() | made.keys() if kept.get(kind) != made.get(kind)}


def _square(occurred: Any, position: Any) -> Any:
    """What rows with these times and positions count with, of one or of columns."""
    number = ((occurred + YEARS) % PRIME * TIMES + position * PLACES) % PRIME
    return number * number % PRIME + 1


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether an entry names the same in both of two columns."""
    return any(map(eq, one, other)) and any(a == b != "" for a, b in zip(one, other, strict=True))


class _Weights(dict[Any, int]):
    """A number for each subject, so that none can stand for another; what is none has 0."""

    def __init__(self) -> None:
        super().__init__({None: 0, "": 0, EVERYONE: 0})

    def __missing__(self, subject: Any) -> int:
        digest = sha256(repr(subject).encode()).digest()
        weight = self[subject] = int.from_bytes(digest[:4], "big") | 1
        return weight


class Lateness:
    """Which entries are late, and the latest time of all that are not."""

    def __init__(self) -> None:
        self.largest = START_OF_TIME
        self._rows: dict[int, int] = {}

    def see(self, run: Run) -> None:
        """Take the next entries."""
        occurred, largest = run.occurred, self.largest
        plain = run.columns is not None and run.type not in APART
        if plain and occurred[0] >= largest and occurred == sorted(occurred):
            self.largest = occurred[-1]
            return
        for event, at in zip(run.events, occurred, strict=True):
            late, largest = lateness(event, at, largest)
            if late is not None:
                self._rows[event.position] = late
        self.largest = largest

    def differ(self, database: Database) -> Iterator[tuple[int, int | None, int | None]]:
        """The positions of which something else is kept, the time kept and that which should be."""
        kept = dict(database.stream("SELECT position, occurred FROM late"))
        for at in sorted(kept.keys() | self._rows.keys()):
            if kept.get(at) != self._rows.get(at):
                yield at, kept.get(at), self._rows.get(at)
