"""Replay the log from nothing, and compare what is kept with what comes of it.

Everything streams: memory grows with the rows of the folds, not with the log.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ledger.codec import decode
from ledger.database import Database
from ledger.events import Event, version_of
from ledger.folds import Fold, Tables, occurred_before, replay
from ledger.index import IndexRow, index_rows
from ledger.personal import name_now
from ledger.rows import table_of
from ledger.state import ASKS, MEMBERS, RESOURCES
from ledger.values import END_OF_TIME, START_OF_TIME, microseconds

BUCKETS = 2**16  # of the subject index; one that differs is looked at row by row
CACHE_KIBIBYTES = 4 * 1024  # of pages read once
_IN_INDEX = (
    "SELECT 1 FROM subjects WHERE subject = ? AND type = ? AND occurred = ? AND position = ?"
)
_NAMED = ((MEMBERS, "m"), (RESOURCES, "r"), (ASKS, "a"))


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


class Replay:
    """The rows of folds, made again from the log alone.

    `events` were folded; `position` is that of the last entry read.
    """

    def __init__(self, database: Database, folds: Sequence[Fold]) -> None:
        self._database = database
        self._folds = folds
        self._recorded = START_OF_TIME
        self._index = [0] * BUCKETS
        self.events = 0
        self.position = 0
        self.tables = Tables(())

    def run(self, known_at: int = END_OF_TIME, before: int = END_OF_TIME) -> None:
        """Fold the entries up to the position `known_at` that occurred before `before`.

        `before` is in microseconds since 1970. Raises `DamagedEntry`.
        """
        events = self._read(known_at)
        if before < END_OF_TIME:
            events = occurred_before(events, before)
        events = self._counted(events)
        with _straight_through(self._database):
            self.tables = replay(self._folds, events, self._version, before)

    def differences(self) -> Iterator[Difference]:
        """Replay up to where the kept rows stand, then yield all that is kept otherwise.

        The replay has been run when the first difference comes, or none.
        """
        at, recorded = self._database.progress()
        with _straight_through(self._database):
            self.tables = replay(
                self._folds, self._counted(self._indexed(self._read(at))), self._version
            )
        return self._compared(at, recorded)

    def rows(self) -> dict[str, int]:
        """How many rows each fold has."""
        return {fold.name: len(self.tables.rows(fold)) for fold in self._folds}

    def _compared(self, at: int, recorded: int) -> Iterator[Difference]:
        kept = {"at": at, "recorded": recorded, "entries": at}
        replayed = {"at": self.position, "recorded": self._recorded, "entries": self.events}
        yield from _different("progress", (), kept, replayed)
        for each in self._folds:
            yield from _rows(self._database, each, self.tables)
        yield from self._subjects(at)
        yield from _names(self._database, self.tables)

    def _read(self, until: int) -> Iterator[Event]:
        for position, topic, state in self._database.entries(until=until):
            self.position = position
            yield decode(topic, state, position)

    def _version(self, position: int) -> Event | None:
        stored = self._database.entry(position)
        return None if stored is None else version_of(decode(*stored, position))

    def _counted(self, events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            self.events += 1
            yield event

    def _indexed(self, events: Iterable[Event]) -> Iterator[Event]:
        index = self._index
        for event in events:
            self._recorded = max(self._recorded, microseconds(event.recorded_at))
            for row in index_rows(event):
                mark = hash(row)
                index[mark % BUCKETS] += mark
            yield event

    def _subjects(self, until: int) -> Iterator[Difference]:
        """The rows of the subject index that are missing, then those that are too many."""
        database = self._database
        kept = [0] * BUCKETS
        for row in _index_of(database):
            mark = hash(row)
            kept[mark % BUCKETS] += mark
        differ = {place for place in range(BUCKETS) if kept[place] != self._index[place]}
        if not differ:
            return
        for event in self._read(until):
            for row in index_rows(event):
                if hash(row) % BUCKETS in differ and not database.select(_IN_INDEX, *row):
                    yield Difference("subjects", row, None, {})
        for row in _index_of(database):
            if hash(row) % BUCKETS in differ:
                stored = database.entry(row[3])
                if stored is None or row not in index_rows(decode(*stored, row[3])):
                    yield Difference("subjects", row, {}, None)


@contextmanager
def _straight_through(database: Database) -> Iterator[None]:
    """For reading everything once: no pages kept, no looking for cycles, of which there are none.

    Looking for them takes a third of the time of a replay.
    """
    database.cursor.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def _index_of(database: Database) -> Iterator[IndexRow]:
    yield from database.stream("SELECT subject, type, occurred, position FROM subjects")


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
    for each, letter in _NAMED:
        for (thing,), row in tables.rows(each).items():
            made = [folded for folded in [name_now(database, letter, row)] if folded]
            found = database.select("SELECT folded FROM names WHERE thing = ?", thing)
            kept = [folded for (folded,) in found]
            if kept != made:
                yield Difference("names", (thing,), {"folded": kept}, {"folded": made})
    known = [tables.rows(each) for each, _ in _NAMED]
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
