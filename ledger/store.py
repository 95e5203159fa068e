"""The log in the library's table: our append, and its recorder around it.

The table, the stored form, the pool, the datastore and the recorder are those
of the `eventsourcing` library, which can read what is written here. The append
is ours, since reading, deciding and writing belong under one lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from ledger import files
from ledger.dialect import Cursor
from ledger.files import connect
from ledger.folds import Fold
from ledger.rows import insert

ASKING_MS = 8  # in which SQLite looks for a lock after 1, 2 and 5 ms

StoredRow = tuple[str, int, str, bytes]  # network in hex, position, topic, state


class Connection(SQLiteConnection):
    """A pooled connection that also lends its bare sqlite3 connection."""

    def __init__(self, bare: sqlite3.Connection, max_age: float | None) -> None:
        super().__init__(bare, max_age)
        self.bare = bare


class Pool(SQLiteConnectionPool):
    """Connections with the settings of the ledger."""

    def _create_connection(self) -> Connection:
        bare = connect(Path(self.db_name), write=True)
        bare.row_factory = sqlite3.Row
        return Connection(bare, self.max_age)


class Datastore(SQLiteDatastore):
    """The library's datastore over our connections."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.pool = Pool(db_name=str(path))


class Recorder(SQLiteApplicationRecorder):
    """The library's recorder, with an append that takes part in a larger transaction."""

    def append(self, cursor: Cursor, rows: Sequence[StoredRow]) -> None:
        """Insert entries at the positions that follow the last; the caller holds the lock."""
        insert(cursor, self.insert_events_statement, rows)

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int] | None:
        ids = [stored.originator_id for stored in stored_events]
        rows = [
            (id.hex if isinstance(id, UUID) else id, s.originator_version, s.topic, s.state)
            for id, s in zip(ids, stored_events, strict=True)
        ]
        try:
            self.append(c.sqlite_cursor, rows)
        except sqlite3.IntegrityError as conflict:
            raise IntegrityError(str(conflict)) from conflict
        c.execute(self.select_max_notification_id_statement)
        last = c.fetchone()[0] or 0
        return list(range(last - len(rows) + 1, last + 1))


class Store:
    """The log of one ledger, open for writing over one connection."""

    def __init__(self, path: Path) -> None:
        self._datastore = Datastore(path)
        self.recorder = Recorder(self._datastore)
        self._connection = self._datastore.pool.get_connection(is_writer=True)
        assert isinstance(self._connection, Connection)
        self.connection = self._connection.bare

    def prepare(self, folds: Sequence[Fold]) -> None:
        """Nothing: the tables of folds that are to be made anew are made in that transaction."""

    def has_moved(self, update: sqlite3.Cursor) -> bool:
        """Whether an update of the one row of `progress` found it where it was expected."""
        return update.rowcount == 1

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that takes the write lock first; committed whole or rolled back."""
        self._take_lock()
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def _take_lock(self) -> None:
        """Begin with the write lock, for which one who waits asks anew every few milliseconds.

        SQLite itself soon looks for it only ten times a second, and where several record all the
        time, it may find it taken again each time until it gives up.
        """
        tries = int(files.BUSY_SECONDS * 1000) // ASKING_MS
        self.connection.execute(f"PRAGMA busy_timeout = {ASKING_MS}")
        try:
            while not self.connection.in_transaction:
                try:
                    self.connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    tries -= 1
                    if tries < 1 or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                        raise
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(files.BUSY_SECONDS * 1000)}")

    def close(self) -> None:
        """Give the connection back and close the pool."""
        self._datastore.pool.put_connection(self._connection)
        self._datastore.close()
