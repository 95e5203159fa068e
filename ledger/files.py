"""Connections to the file that holds a ledger, and what sqlite3 finds wrong with it."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from ledger import errors
from ledger.dialect import Connection
from ledger.places import Place, Server

StrPath = str | os.PathLike[str]

_QUOTED = str.maketrans({"%": "%25", "?": "%3f", "#": "%23"})  # in a file: address
APPLICATION_ID = 0x6E617476  # "natv"
VERSION = 2  # of the schema outside the folds; see `upgrade`
BUSY_SECONDS = 30
LOOKING_MS = 1000  # for a lock, of one who only looks
CACHE_KIBIBYTES = 64 * 1024  # of a connection that records; random pages are touched again
CHECKPOINT_PAGES = 4_000  # of 4 KiB; pages that many entries touch are copied back once


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


def file_at(path: Place) -> tuple[int, int] | None:
    """Which file has a name: its device and inode, None where there is none."""
    if isinstance(path, Server):
        return None
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
