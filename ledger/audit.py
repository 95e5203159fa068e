"""Replay the log from nothing, and compare what is kept with what comes of it.

Everything streams: memory grows with the rows of the folds, not with the log.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from operator import gt
from typing import Any

from ledger.codec import decode
from ledger.database import Database
from ledger.errors import DamagedEntry
from ledger.events import Event
from ledger.folds import Fold
from ledger.index import IndexRow, index_rows, occurred_before
from ledger.indexed import IndexSums, Lateness
from ledger.personal import name_now
from ledger.rows import table_of
from ledger.runs import Run, Runs
from ledger.saved import Remaking, saved_rows, stops
from ledger.state import NAMED
from ledger.tables import Tables
from ledger.values import END_OF_TIME, START_OF_TIME
from ledger.versions import Said

_INDEX = "SELECT subject, type, occurred, position FROM subjects"
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
        self._runs = Runs(frozenset(chain.from_iterable(fold.by_columns for fold in folds)))
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
        self.tables = Tables(self._folds, log=self, before=before)
        with straight_through(self._database):
            for run in self._read(known_at):
                counted = run
                if before < END_OF_TIME and max(run.occurred, default=before) >= before:
                    counted = Run(list(occurred_before(run.events, before)))
                self.events += len(counted)
                self.tables.apply_run(counted)
            self.tables.settle()

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
        with straight_through(self._database):
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
        for position, *times in self._lateness.differ(self._database):
            before, after = ({"occurred": each} for each in times)
            yield Difference("late", (position,), before, after)
        yield from _names(self._database, self.tables)

    def _read(self, until: int) -> Iterator[Run]:
        for block in self._database.blocks(until=until):
            self.position = block[-1][0]
            yield from self._runs.of(block)

    def _marked(self, runs: Iterable[Run]) -> Iterator[Run]:
        """Note of each entry what index and lateness should say of it."""
        for run in runs:
            if run:
                self._note_times(run)
                self._index.add(run)
                self._lateness.see(run)
                self.events += len(run)
                yield run

    def _note_times(self, run: Run) -> None:
        occurred, recorded = run.occurred, run.recorded
        in_order = recorded[0] >= self._recorded and recorded == sorted(recorded)
        if in_order and not any(map(gt, occurred, recorded)):
            self._recorded = recorded[-1]
            return
        for event, at, known in zip(run.events, occurred, recorded, strict=True):
            if known < self._recorded or at > known:
                self._judge_times(event, at, known)
            self._recorded = max(self._recorded, known)

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


@contextmanager
def straight_through(database: Database) -> Iterator[None]:
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
            gc.freeze()  # and so all that was made is old, and not looked through at once
            gc.unfreeze()
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
