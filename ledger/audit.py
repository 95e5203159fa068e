"""Replay the log from nothing, and compare what is kept with what comes of it.

Everything streams: memory grows with the rows of the folds, not with the log.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any

from ledger.areas import CORRECTIONS
from ledger.codec import decode, decode_all
from ledger.database import EVERYTHING, Database
from ledger.errors import DamagedEntry
from ledger.events import Event, plain_subjects, subjects_of
from ledger.folds import Fold
from ledger.index import IndexRow, index_rows, more_groups, occurred_before
from ledger.personal import name_now
from ledger.rows import table_of
from ledger.saved import Remaking, lateness, saved_rows, stops
from ledger.state import NAMED
from ledger.tables import Tables, replay
from ledger.values import END_OF_TIME, EPOCH, EVERYONE, MICROSECOND, START_OF_TIME, microseconds
from ledger.versions import Said

PRIME, TIMES, PLACES = 2**31 - 1, 1_103_515_245, 69_621  # for sums over the subject index
YEARS = 2**56  # microseconds: some two thousand years, so that no time is below zero
_INDEX = "SELECT subject, type, occurred, position FROM subjects"
_NUMBER = f"((occurred + {YEARS}) % {PRIME} * {TIMES} + position * {PLACES}) % {PRIME}"
_SUMS = (
    f"SELECT subject, type, sum(number * number % {PRIME} + 1) FROM"
    f" (SELECT subject, type, {_NUMBER} AS number FROM subjects) AS numbered"
    " GROUP BY subject, type"
)
_IN_INDEX = (
    "SELECT 1 FROM subjects WHERE subject = ? AND type = ? AND occurred = ? AND position = ?"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept row that is not what the log makes of it.

    `fold` is the name of a fold, or `subjects`, `names` or `progress`. `kept`
    and `replayed` are the columns that differ; None: there is no such row.
    """

    fold: str
    key: tuple[Any, ...]
    kept: dict[str, Any] | None
    replayed: dict[str, Any] | None


class Replay(Said):
    """The rows of folds, made again from the log alone.

    `events` were folded; `position` is that of the last entry read.
    """

    def __init__(self, database: Database, folds: Sequence[Fold]) -> None:
        super().__init__(database)
        self._folds = folds
        self._recorded = START_OF_TIME
        self._index = IndexSums()
        self._lateness = Lateness()
        self.events = 0
        self.position = 0
        self.tables = Tables(())

    def run(self, known_at: int = END_OF_TIME, before: int = END_OF_TIME) -> None:
        """Fold the entries up to the position `known_at` that occurred before `before`.

        `before` is in microseconds since 1970. Raises `DamagedEntry`.
        """
        events = self._counted(self._read(known_at), before)
        with _straight_through(self._database):
            self.tables = replay(self._folds, events, self, before)

    def differences(self) -> Iterator[Difference]:
        """Replay up to where the kept rows stand, then yield all that is kept otherwise.

        The replay has been run when the first difference comes, or none.
        """
        at, recorded = self._database.progress()
        remaking = Remaking(self._folds, self)
        self.tables = remaking.tables
        blocks = self._marked(self._read(at))
        states = [stop for stop in stops(self._database) if stop <= at]
        found: list[Difference] = []
        with _straight_through(self._database):
            for position, fold, rows in remaking.states(blocks, states):
                found += self._state(fold, position, rows)
        return chain(found, self._compared(at, recorded))

    def rows(self) -> dict[str, int]:
        """How many rows each fold has."""
        return {fold.name: len(self.tables.rows(fold)) for fold in self._folds}

    def _compared(self, at: int, recorded: int) -> Iterator[Difference]:
        kept = {"at": at, "recorded": recorded, "entries": at}
        kept["largest"] = self._database.standing()[2]
        replayed = {"at": self.position, "recorded": self._recorded, "entries": self.events}
        replayed["largest"] = self._lateness.largest
        yield from _different("progress", (), kept, replayed)
        for each in self._folds:
            yield from _rows(self._database, each, self.tables)
        yield from self._subjects(at)
        yield from self._lateness.differences(self._database)
        yield from _names(self._database, self.tables)

    def _read(self, until: int) -> Iterator[list[Event]]:
        for block in self._database.blocks(until=until):
            self.position = block[-1][0]
            yield decode_all(block)

    def _counted(self, blocks: Iterable[list[Event]], before: int) -> Iterator[Event]:
        for block in blocks:
            counted = block if before == END_OF_TIME else list(occurred_before(block, before))
            self.events += len(counted)
            yield from counted

    def _marked(self, blocks: Iterable[list[Event]]) -> Iterator[list[Event]]:
        """Note of each event what index and lateness should say of it."""
        see = self._lateness.see
        for block in blocks:
            occurred = [(event.occurred_at - EPOCH) // MICROSECOND for event in block]
            self._note_times(block, occurred)
            self._index.add(block, occurred)
            see(block, occurred)
            self.events += len(block)
            yield block

    def _note_times(self, block: list[Event], occurred: list[int]) -> None:
        recorded_at, recorded = None, START_OF_TIME
        for event, at in zip(block, occurred, strict=True):
            if event.recorded_at is not recorded_at and event.recorded_at != recorded_at:
                recorded_at = event.recorded_at
                recorded = microseconds(recorded_at)
            if recorded < self._recorded or at > recorded:
                self._judge_times(event, at, recorded)
            self._recorded = max(self._recorded, recorded)

    def _judge_times(self, event: Event, occurred: int, recorded: int) -> None:
        """Look at an entry that was recorded before an earlier one, or before it occurred."""

    def _state(self, fold: Fold, position: int, rows: bytes) -> list[Difference]:
        """What a saved state holds otherwise than it should."""
        kept = saved_rows(self._database, fold, position)
        if kept == rows:
            return []
        return [Difference("saved", (fold.name, position), {"rows": kept}, {"rows": rows})]

    def _subjects(self, until: int) -> Iterator[Difference]:
        """The rows of the subject index that are missing, then those that are too many."""
        database = self._database
        differ = self._index.differ(database)
        if not differ:
            return
        for position, topic, state in database.entries(until=until):
            for row in found_by(position, topic, state):
                if row[1] in differ and not database.select(_IN_INDEX, *row):
                    yield Difference("subjects", row, None, {})
        for kind in sorted(differ):
            for row in database.stream(f"{_INDEX} WHERE type = ? ORDER BY subject", kind):
                stored = database.entry(row[3])
                if stored is None or row not in found_by(row[3], *stored):
                    yield Difference("subjects", row, {}, None)


def found_by(position: int, topic: str, state: bytes) -> list[IndexRow]:
    """The rows by which an entry should be found; none where it cannot be read."""
    try:
        event = decode(topic, state, position)
    except DamagedEntry:
        return []
    return index_rows(event, event.occurred)


class IndexSums:
    """Sums over the rows of the subject index, by type, whatever their order.

    Each row counts with a number of its subject times the square of one made of its time
    and position, modulo a prime.
    """

    def __init__(self) -> None:
        self._sums: defaultdict[str, int] = defaultdict(int)
        self._weights = _Weights()

    def add(self, block: Sequence[Event], occurred: Sequence[int]) -> None:
        """Count in what entries are found by, and when each occurred."""
        weights, sums = self._weights, self._sums
        everything = weights[EVERYTHING]
        weigh, kind, plain = weights.__getitem__, "", None
        for event, at in zip(block, occurred, strict=True):
            if event.type != kind:
                kind = event.type
                plain = plain_subjects(kind)
            named = None if plain is None or event.because_of else plain
            found = subjects_of(event) if named is None else {*named(event)}
            weight = sum(map(weigh, found), everything)
            number = ((at + YEARS) % PRIME * TIMES + event.position * PLACES) % PRIME
            sums[kind] += (number * number % PRIME + 1) * weight
            if kind in CORRECTIONS:
                self._add_replacement(event)

    def _add_replacement(self, event: Event) -> None:
        for subjects, kind, at in more_groups(event):
            number = ((at + YEARS) % PRIME * TIMES + event.position * PLACES) % PRIME
            weight = sum(map(self._weights.__getitem__, subjects))
            self._sums[kind] += (number * number % PRIME + 1) * weight

    def differ(self, database: Database) -> set[Any]:
        """The types of which other rows are kept."""
        kept: defaultdict[Any, int] = defaultdict(int)
        for subject, kind, each in database.stream(_SUMS):
            kept[kind] += each * self._weights[subject]
        made = self._sums
        return {kind for kind in kept.keys() | made.keys() if kept.get(kind) != made.get(kind)}


class _Weights(dict[Any, int]):
    """A number for each subject, so that none can stand for another; what is none has 0."""

    def __init__(self) -> None:
        super().__init__({None: 0, EVERYONE: 0})

    def __missing__(self, subject: Any) -> int:
        digest = sha256(repr(subject).encode()).digest()
        weight = self[subject] = int.from_bytes(digest[:4], "big") | 1
        return weight


class Lateness:
    """Which entries are late, and the latest time of all that are not."""

    def __init__(self) -> None:
        self.largest = START_OF_TIME
        self._rows: dict[int, int] = {}

    def see(self, block: Sequence[Event], occurred: Sequence[int]) -> None:
        """Take the next entries, and when each occurred."""
        largest = self.largest
        for event, at in zip(block, occurred, strict=True):
            late, largest = lateness(event, at, largest)
            if late is not None:
                self._rows[event.position] = late
        self.largest = largest

    def differences(self, database: Database) -> Iterator[Difference]:
        """What is kept otherwise."""
        kept = dict(database.stream("SELECT position, occurred FROM late"))
        for at in sorted(kept.keys() | self._rows.keys()):
            if kept.get(at) != self._rows.get(at):
                before, after = ({"occurred": rows.get(at)} for rows in (kept, self._rows))
                yield Difference("late", (at,), before, after)


@contextmanager
def _straight_through(database: Database) -> Iterator[None]:
    """For reading everything once: no pages kept, no looking for cycles, of which there are none.

    Looking for them takes a third of the time of a replay.
    """
    for statement in database.dialect.read_once:
        database.cursor.execute(statement)
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def _rows(database: Database, each: Fold, tables: Tables) -> Iterator[Difference]:
    table, replayed = table_of(each), tables.rows(each)
    columns = ", ".join(each.columns)
    found = 0
    for kept in database.stream(f"SELECT {columns} FROM {each.name}"):
        key = kept[: each.key_length]
        row = replayed.get(key)
        if row is None:
            yield Difference(each.name, key, dict(zip(each.columns, kept, strict=True)), None)
            continue
        found += 1
        made = table.values(row)
        if made != kept:
            names = each.columns
            before, after = dict(zip(names, kept, strict=True)), dict(zip(names, made, strict=True))
            yield from _different(each.name, key, before, after)
    if found == len(replayed):
        return
    for key, row in replayed.items():
        if table.stored(database.cursor, key) is None:
            values = dict(zip(each.columns, table.values(row), strict=True))
            yield Difference(each.name, key, None, values)


def _names(database: Database, tables: Tables) -> Iterator[Difference]:
    """Compare the index of names with the texts that the rows point at."""
    for letter, each in NAMED.items():
        for (thing,), row in tables.rows(each).items():
            made = [folded for folded in [name_now(database, letter, row)] if folded]
            found = database.select("SELECT folded FROM names WHERE thing = ?", thing)
            kept = [folded for (folded,) in found]
            if kept != made:
                yield Difference("names", (thing,), {"folded": kept}, {"folded": made})
    known = [tables.rows(each) for each in NAMED.values()]
    for thing, folded in database.stream("SELECT thing, folded FROM names"):
        if not any((thing,) in rows for rows in known):
            yield Difference("names", (thing,), {"folded": [folded]}, None)


def _different(
    name: str, key: tuple[Any, ...], kept: dict[str, Any], replayed: dict[str, Any]
) -> Iterator[Difference]:
    """One difference with the columns that differ, if any do."""
    differ = [column for column in kept if kept[column] != replayed[column]]
    if differ:
        before, after = ({c: values[c] for c in differ} for values in (kept, replayed))
        yield Difference(name, key, before, after)
