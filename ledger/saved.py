"""Saved states: the rows of the folds as they were at some positions, for questions about the past.

A state holds the rows that entries have touched since the state before it, so
that all of them up to one make the rows at its position. It is never changed.
Beside the states lies what makes them enough: the `late` entries, which occurred
before one that is recorded earlier, or which change what was recorded earlier.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ledger.areas import CORRECTIONS, NETWORK
from ledger.folds import in_blocks
from ledger.rows import table_of
from ledger.tables import Tables
from ledger.values import END_OF_TIME, START_OF_TIME

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.events import Event
    from ledger.folds import Entries, Fold, Key, Version
    from ledger.reading import Reading
    from ledger.runs import Run

EVERY = 20_000  # entries between two states, at least
LEVEL = 1  # of compression
APART = CORRECTIONS | NETWORK  # late whatever the time
Stored = tuple[Any, ...]  # the values of a row as they lie in its table


class Touched:
    """The keys of the rows that entries have touched, of the folds that are saved."""

    def __init__(self, folds: Iterable[Fold], version: Version) -> None:
        self.keys: dict[Fold, set[Key]] = {fold: set() for fold in folds if fold.saved}
        self._version = version

    def add(self, event: Event) -> None:
        """Count an entry in; a correction touches the rows of what it replaces too."""
        from ledger.events import version_of  # noqa: PLC0415 - which a question does without

        changed = [event]
        if event.type in CORRECTIONS:
            target: int = event.target  # type: ignore[attr-defined]
            changed += [x for x in (self._version(target), version_of(event)) if x is not None]
        for each in changed:
            for fold, keys in self.keys.items():
                if each.type in fold.on:
                    keys.update(fold.on[each.type][0](each))


def lateness(event: Event, occurred: int, largest: int) -> tuple[int | None, int]:
    """Under which time an entry is late, None when it is not; and the largest time after it.

    Times are microseconds since 1970; `occurred` is that of the event, `largest` that of
    all entries before it.
    Corrections change what is earlier, so they are late whatever the time; so is
    what is said of the network itself, which is often founded after its first gifts.
    """
    if event.type in APART:
        new = event.version if event.type in CORRECTIONS else None  # type: ignore[attr-defined]
        return START_OF_TIME, largest if new is None else max(largest, new.occurred)
    return (occurred, largest) if occurred < largest else (None, occurred)


class StateKeeper:
    """Saves a state when enough has been recorded since the last one.

    It notes which rows are written while it sees every entry, and finds out from the
    log what was touched before that.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._keys: dict[Fold, set[Key]] = {}
        self._last: int | None = None
        self._since: int | None = None  # the position after which every key is noted

    def begin(self, position: int) -> None:
        """Go on from a position; what was touched up to there and is not noted is unknown."""
        if self._since is None:
            self._since = position
        if self._last is None:
            self._last = last_state(self._reading.database)

    def touched(self, fold: Fold, rows: Iterable[Any]) -> None:
        """Note rows that are written."""
        if fold.saved:
            self._keys.setdefault(fold, set()).update(map(fold.key_of, rows))

    def keep(self, position: int, largest: int) -> None:
        """Save a state at the position at which the rows now stand, if it is time."""
        if position - (self._last or 0) < EVERY:
            return
        self._look_back()
        save(self._reading.database, position, largest, self._keys)
        self._keys.clear()
        self._last = self._since = position

    def discard(self) -> None:
        """Know nothing of what was touched."""
        self._keys.clear()
        self._last = self._since = None

    def _look_back(self) -> None:
        """Note what was touched after the last state and before what has been seen."""
        last, since = self._last or 0, self._since or 0
        for fold in self._reading.folds:
            if fold.saved:
                self._keys.setdefault(fold, set())
        earlier = Touched(self._reading.folds, self._reading.version)
        for event in self._reading.entries(last, since):
            earlier.add(event)
        for fold, keys in earlier.keys.items():
            self._keys[fold] |= keys


def last_state(database: Database) -> int:
    """The position of the last saved state, 0 when there is none."""
    found: int | None = database.select("SELECT max(position) FROM states")[0][0]
    return found or 0


def apart(database: Database, position: int) -> int:
    """How many entries up to a position are of the types `APART`."""
    query = "SELECT count(*) FROM late WHERE position <= ? AND occurred = ?"
    count: int = database.select(query, position, START_OF_TIME)[0][0]
    return count


def save(database: Database, position: int, largest: int, keys: dict[Fold, set[Key]]) -> None:
    """Save a state in the open transaction: the rows with these keys, as they are kept."""
    cursor = database.cursor
    cursor.execute("INSERT INTO states VALUES (?, ?) ON CONFLICT DO NOTHING", (position, largest))
    for fold, touched in keys.items():
        kept = database.dialect.rows_with(cursor, table_of(fold), sorted(touched))
        packed = zlib.compress(as_json(kept), LEVEL)
        cursor.execute("INSERT INTO saved VALUES (?, ?, ?)", (fold.name, position, packed))


def as_json(rows: Iterable[Stored]) -> bytes:
    """Rows in the form in which a state holds them; they come in the order of their keys."""
    import orjson  # noqa: PLC0415 - a question saves nothing

    return orjson.dumps(list(rows))


def rows_at(database: Database, fold: Fold, position: int) -> dict[Key, Stored]:
    """The rows of a fold at a saved state, by key, as they lay in their table."""
    query = "SELECT rows FROM saved WHERE fold = ? AND position <= ? ORDER BY position"
    length = fold.key_length
    rows: dict[Key, Stored] = {}
    for (packed,) in database.stream(query, fold.name, position):
        for values in json.loads(zlib.decompress(packed)):
            rows[tuple(values[:length])] = values
    return rows


def state_before(database: Database, before: int, known_at: int) -> tuple[int, int]:
    """The last state at most at `known_at` all of whose entries occurred before a time.

    And the position up to which entries have to be read one by one: that of the
    state after it, or `known_at`. Beyond, only late entries can have occurred before.
    """
    state = database.select(
        "SELECT max(position) FROM states WHERE position <= ? AND largest < ?", known_at, before
    )[0][0]
    state = state or 0
    following = database.select(
        "SELECT min(position) FROM states WHERE position > ? AND position <= ?", state, known_at
    )[0][0]
    return state, following or known_at


def late_entries(database: Database, after: int, known_at: int, before: int) -> list[int]:
    """The positions in (after, known_at] of late entries that occurred before a time."""
    query = (
        "SELECT position FROM late WHERE position > ? AND position <= ? AND occurred < ?"
        " ORDER BY position"
    )
    return [position for (position,) in database.select(query, after, known_at, before)]


def saved_rows(database: Database, fold: Fold, position: int) -> bytes | None:
    """What the state of a fold at a position holds, as `as_json` makes it; None: not readable."""
    query = "SELECT rows FROM saved WHERE fold = ? AND position = ?"
    found = database.select(query, fold.name, position)
    try:
        return zlib.decompress(found[0][0])
    except (IndexError, TypeError, zlib.error):
        return None


def remake(reading: Reading, folds: Sequence[Fold]) -> Tables:
    """The rows of folds up to where the kept ones stand, from nothing; their states saved anew."""
    from ledger.runs import Run  # noqa: PLC0415 - which a question does without
    from ledger.versions import Said  # noqa: PLC0415

    database = reading.database
    database.cursor.executemany("DELETE FROM saved WHERE fold = ?", [(x.name,) for x in folds])
    remaking = Remaking(folds, Said(database))
    at, _ = database.progress()
    runs = map(Run, in_blocks(reading.entries(0, at)))
    for position, fold, packed in remaking.states(runs, stops(database)):
        row = (fold.name, position, zlib.compress(packed, LEVEL))
        database.cursor.execute("INSERT INTO saved VALUES (?, ?, ?)", row)
    return remaking.tables


def stops(database: Database) -> list[int]:
    """The positions of the saved states, in order."""
    found = database.select("SELECT position FROM states ORDER BY position")
    return [position for (position,) in found]


class Remaking:
    """A replay that stops at the saved states, for what they should hold."""

    def __init__(self, folds: Sequence[Fold], log: Entries) -> None:
        self._saved = [fold for fold in folds if fold.saved]
        self.tables = Tables(folds, log=log, tracked=self._saved)

    def states(
        self, runs: Iterable[Run], stops: Iterable[int]
    ) -> Iterator[tuple[int, Fold, bytes]]:
        """Fold runs of entries; at each stop, position, fold and what its state should hold."""
        coming = iter(stops)
        stop = next(coming, END_OF_TIME)
        for run in runs:
            while run and run.last >= stop:
                upto = bisect_right(run.positions, stop)
                self.tables.apply_run(run[:upto])
                if upto and run.positions[upto - 1] == stop:
                    yield from self._states(stop)
                run = run[upto:]  # noqa: PLW2901 - what is left of it
                stop = next(coming, END_OF_TIME)
            if run:
                self.tables.apply_run(run)
        self.tables.settle()

    def _states(self, position: int) -> Iterator[tuple[int, Fold, bytes]]:
        self.tables.settle(self._saved)
        for fold in self._saved:
            keys = self.tables.changed[fold.name]
            values = table_of(fold).values
            rows = (values(self.tables.get(fold, *key)) for key in sorted(keys))
            yield position, fold, as_json(rows)
            keys.clear()
