"""The file that holds a ledger: connections, settings, schema, plain questions.

All that a question needs; it imports neither the event classes nor a validation library. The
log is the library's own table; beside it lie the personal texts and names, the idempotency
keys, the subject index, the rows of the folds, and the one position at which all these stand.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from ledger import errors
from ledger.areas import EVERY_TYPE
from ledger.dialect import Connection, Cursor, dialect_of
from ledger.folds import BLOCK, Fold
from ledger.places import Place, Server
from ledger.rows import table_of
from ledger.values import END_OF_TIME, START_OF_TIME

StrPath = str | os.PathLike[str]

_QUOTED = str.maketrans({"%": "%25", "?": "%3f", "#": "%23"})  # in a file: address
APPLICATION_ID = 0x6E617476  # "natv"
VERSION = 2  # of the schema outside the folds; see `upgrade`
INDEX_VERSION = 1  # of the subject index
BUSY_SECONDS = 30
LOOKING_MS = 1000  # for a lock, of one who only looks
CACHE_KIBIBYTES = 64 * 1024  # of a connection that records; random pages are touched again
CHECKPOINT_PAGES = 4_000  # of 4 KiB; pages that many entries touch are copied back once
EVERYTHING = ""  # the subject that every entry is about
REPLACING = "="  # before the type of what a correction puts in a slot, in the subject index
# By the letter of an id: the type of the entry that gives it, the text there, the id's field.
NAMED_BY = {
    "m": ("member-joined", "name", "member"),
    "r": ("resource-offered", "what", "resource"),
    "a": ("ask-made", "what", "ask"),
    "i": ("initiative-started", "what", "initiative"),
}

_SET = "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_LIVE = (
    " AND NOT EXISTS (SELECT 1 FROM superseded"
    " WHERE superseded.position = subjects.position AND successor > 0)"
)


@contextmanager
def translated(path: Place) -> Iterator[None]:
    """Turn what sqlite3 raises about the file at `path` into errors of ours.

    What a server says is turned into them where it is said.
    """
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_AUTH:
            raise  # the guard's: a mistake of ours, and nothing about the file
        raise error_of(error, str(path)) from error


def connection_to(place: Place) -> Connection:
    """A connection that asks, to a ledger that is there, wherever it is."""
    if isinstance(place, Server):
        from ledger.postgres.connection import connect as connect_to  # noqa: PLC0415 - a library

        return connect_to(place)
    return connect(place, write=False)


def connect(path: StrPath, *, write: bool) -> sqlite3.Connection:
    """A connection to an existing ledger in a file, with the settings that keep it safe.

    Raises `LedgerMissing`, `NotALedger`, `LedgerFromTheFuture`, `LedgerReadOnly`,
    `LedgerLocked`, `LedgerDamaged`.
    """
    check_file(path, write=write)
    with translated(path):
        connection = open_file(path, write=write)
        try:
            application, version = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("application_id", "user_version")
            )
            if application != APPLICATION_ID:
                raise errors.NotALedger(path=str(path))
            if version > VERSION:
                raise errors.LedgerFromTheFuture(path=str(path), version=version, known=VERSION)
            if write:
                from ledger.guard import guard  # noqa: PLC0415 - a question records nothing

                make_safe(connection)
                guard(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def check_file(path: StrPath, *, write: bool) -> None:
    """Raises `LedgerMissing`, `NotALedger`, `LedgerUnreachable`, `LedgerReadOnly`."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise errors.NotALedger(path=str(path))
        if found.st_size == 0:
            raise errors.LedgerMissing(path=str(path))
    except (FileNotFoundError, NotADirectoryError):
        raise errors.LedgerMissing(path=str(path)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise errors.LedgerUnreachable(path=str(path), reason=reason) from error
    if write and not os.access(path, os.W_OK):
        raise errors.LedgerReadOnly(path=str(path))


def open_file(path: StrPath, *, write: bool, alone: bool = False) -> sqlite3.Connection:
    """A bare connection to a file that exists, nothing set and nothing checked.

    `alone`: nobody can be writing to it, and nothing is made beside it.
    """
    mode = ("rw" if write else "ro") + ("&immutable=1" if alone else "")
    file = os.path.abspath(path).translate(_QUOTED)
    return sqlite3.connect(
        f"file:{file}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
    )


def open_to_look(path: StrPath) -> sqlite3.Connection:
    """A bare connection that reads, also where nothing can be written beside the file."""
    connection = open_file(path, write=False)
    connection.execute(f"PRAGMA busy_timeout = {LOOKING_MS}")
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        wal = f"{os.fspath(path)}-wal"
        read_whole = not os.path.exists(wal) or not os.stat(wal).st_size
        if read_whole and code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            connection.close()
            return open_file(path, write=False, alone=True)
    return connection


def make_safe(connection: sqlite3.Connection) -> None:
    """The settings of a connection that records; the file is one of ours."""
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
    connection.execute("PRAGMA temp_store = MEMORY")  # and never lies in another file


class Database:
    """The tables of one ledger over one connection."""

    def __init__(self, connection: Connection, path: Place) -> None:
        self.connection = connection
        self.path = path
        self.dialect = dialect_of(connection)
        self.cursor: Cursor = connection.cursor()
        self.cursor.row_factory = None

    @cached_property
    def network(self) -> str:
        """The id of the network, 32 hex digits. Raises `LedgerDamaged`."""
        network = self.setting("network")
        if not isinstance(network, str):
            raise errors.LedgerDamaged(path=str(self.path), reason="whose entries it has is lost")
        return network

    @classmethod
    def reading(cls, path: Place) -> Database:
        """Open for questions: one unchanging view of the ledger until closed."""
        database = cls(connection_to(path), path)
        with translated(path):
            database.cursor.execute(database.dialect.start_reading)
        return database

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def setting(self, name: str) -> Any:
        """A setting of the ledger itself, None when it was never made."""
        row = self.cursor.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else self.dialect.from_setting(row[0])

    def set(self, name: str, value: Any) -> None:
        """Make a setting of the ledger itself, in the open transaction."""
        self.cursor.execute(_SET, (name, self.dialect.to_setting(value)))

    def head(self) -> int:
        """The position of the last entry."""
        query = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
        head = self.cursor.execute(query, (self.network,)).fetchone()[0]
        return head or 0

    def progress(self) -> tuple[int, int]:
        """The position at which index and rows stand, and the latest recorded time there."""
        found = self.cursor.execute("SELECT at, recorded FROM progress").fetchone()
        if found is None or not all(type(each) is int for each in found):
            raise errors.LedgerDamaged(path=str(self.path), reason="where its rows stand is lost")
        return found[0], found[1]

    def largest(self) -> int:
        """The latest time at which an entry up to there occurred; see `saved.lateness`."""
        found: int = self.cursor.execute("SELECT largest FROM progress").fetchone()[0]
        return found

    def versions(self) -> dict[str, int]:
        """The version of each fold that made its rows."""
        return dict(self.cursor.execute("SELECT name, version FROM folds").fetchall())

    def outdated(self, folds: Iterable[Fold]) -> list[Fold]:
        """The folds whose rows were made by another version of themselves."""
        kept = self.versions()
        return [fold for fold in folds if kept.get(fold.name) != fold.version]

    def load(self, fold: Fold, *key: Any) -> Any:
        """The row of a fold with a key; one that nothing has touched has only defaults."""
        row = table_of(fold).load(self.cursor, key)
        return fold.row(*key) if row is None else row

    def find(self, fold: Fold, **equal: Any) -> list[Any]:
        """The rows of a fold whose columns have these values, by key."""
        return table_of(fold).find(self.cursor, equal)

    def select(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query of a projection's own answers."""
        return self.cursor.execute(query, values).fetchall()

    def stream(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """As `select`, row by row, for answers that are long."""
        cursor = self._streaming()
        for row in cursor.execute(query, values):  # noqa: UP028 - that closes it, perhaps too late
            yield row

    def entry(self, position: int) -> tuple[str, bytes] | None:
        """The topic and the stored bytes of an entry, or None."""
        query = (
            "SELECT topic, CAST(state AS BLOB) FROM stored_events"
            " WHERE originator_id = ? AND originator_version = ?"
        )
        found = self.cursor.execute(query, (self.network, position)).fetchone()
        return None if found is None else (found[0], found[1] or b"")

    def entries(self, after: int = 0, until: int = END_OF_TIME) -> Iterator[tuple[int, str, bytes]]:
        """Position, topic and stored bytes of the entries in (after, until], in order."""
        for block in self.blocks(after, until):
            yield from block

    def blocks(
        self, after: int = 0, until: int = END_OF_TIME
    ) -> Iterator[list[tuple[int, str, bytes]]]:
        """The same as `entries`, some hundreds together.

        A position that is no number, which is not of our making, is no position.
        """
        query = (
            "SELECT originator_version, topic, state FROM stored_events"
            " WHERE originator_id = ? AND originator_version > ? AND originator_version <= ?"
            " AND typeof(originator_version) = 'integer' ORDER BY originator_version"
        )
        cursor = self._streaming()
        cursor.arraysize = BLOCK
        cursor.execute(query, (self.network, after, until))
        while block := cursor.fetchmany():
            yield block

    def _streaming(self) -> Cursor:
        cursor: Cursor = self.dialect.streaming(self.connection)
        cursor.row_factory = None
        return cursor

    def positions(
        self,
        subject: str = EVERYTHING,
        types: Iterable[str] | None = None,
        *,
        since: int = START_OF_TIME,
        before: int = END_OF_TIME,
        until: int = END_OF_TIME,
        live: bool = False,
        newest_first: bool = False,
        limit: int = -1,
    ) -> list[int]:
        """The positions of entries about a subject that occurred in [since, before).

        None after the position `until`. With `live`, those of the versions that stand
        in the slots, which occurred when they say. In the order of (occurred_at,
        position), or the reverse. Costs as much as the answer is long, however long
        the ledger.
        """
        order = "DESC" if newest_first else "ASC"
        wanted: Sequence[str] = sorted(EVERY_TYPE if types is None else types)
        if live:
            wanted = [*wanted, *(REPLACING + kind for kind in wanted)]
        one = (
            "SELECT * FROM (SELECT occurred, position FROM subjects"
            " WHERE subject = ? AND type = ? AND occurred >= ? AND occurred < ? AND position <= ?"
            f"{_LIVE if live else ''} ORDER BY occurred {order}, position {order} LIMIT ?) AS one"
        )
        query, values = self.dialect.of_types(one, wanted, (subject, since, before, until, limit))
        query += f" ORDER BY occurred {order}, position {order} LIMIT ?"
        found = self.cursor.execute(query, [*values, limit]).fetchall() if wanted else []
        return [position for _, position in found]

    def name_of_newcomer(self, id: str) -> str | None:
        """What something was called whose entry was taken back; None: nothing, or it is erased."""
        if id[0] not in NAMED_BY:
            return None
        import json  # noqa: PLC0415 - few questions name what was taken back

        kind, field, given = NAMED_BY[id[0]]
        for position in self.positions(id, {kind}):
            stored = self.entry(position)
            try:
                event = {} if stored is None else json.loads(stored[1])
            except ValueError:
                continue
            if event.get(given) == id:
                return self.text(position, field) or event.get("category")
        return None

    def text(self, position: int, field: str) -> str | None:
        """A personal text, None when there is none or it has been erased."""
        found = self.cursor.execute(
            "SELECT text FROM texts WHERE position = ? AND field = ?", (position, field)
        ).fetchone()
        return None if found is None else found[0]


def error_of(error: sqlite3.Error | UnicodeDecodeError, path: str) -> errors.LedgerError:
    """The error of ours that says what sqlite3 found wrong with the file.

    It raises UnicodeDecodeError when it would speak of a name that is spoilt.
    """
    words = str(error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return errors.LedgerLocked(path=path)
    if code == sqlite3.SQLITE_NOTADB:
        return errors.NotALedger(path=path)
    if code == sqlite3.SQLITE_READONLY:
        return errors.LedgerReadOnly(path=path)
    if code == sqlite3.SQLITE_FULL:
        return errors.DiskFull(path=path)
    if code == sqlite3.SQLITE_IOERR:
        return errors.DiskFailed(path=path, reason=words)
    if code == sqlite3.SQLITE_CANTOPEN:
        return errors.LedgerUnreachable(path=path, reason=words)
    return errors.LedgerDamaged(path=path, reason=words)
