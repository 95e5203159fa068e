"""The entries of a ledger as they are recorded; nothing else waits for what others record."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NoReturn, Protocol

from ledger.closed import refusal
from ledger.database import Database
from ledger.errors import ConnectionLost, LedgerError, Unusable
from ledger.files import file_at
from ledger.places import Server

POLL_SECONDS = 0.1
TOGETHER = 500  # entries that are told of at once, at most


class FollowedIsGone(Unusable):
    """The file was deleted while it was followed, or has made way for another."""

    message = "{path} is not the ledger that was followed any more: it was deleted or replaced"
    hint = "natverk log shows what is there now, if anything is"


class Watch(Protocol):
    """What knows whether anything was recorded."""

    def attend(self) -> None:
        """Whatever is recorded from now on ends the next `wait`; outside of a transaction."""

    def wait(self, idle: Callable[[], None]) -> None:
        """Until something may have been recorded; meanwhile `idle` is called time and again.

        Raises `ConnectionLost`, `FollowedIsGone`.
        """

    def connect_again(self) -> None:
        """Take a new connection in the place of a lost one, as soon as there is one."""


class Polling:
    """A file: SQLite says at little cost whether anybody else has written to it."""

    def __init__(self, database: Database) -> None:
        self._connection = database.connection
        self._path, self._file = database.path, database.file
        self._version = 0

    def attend(self) -> None:
        """Note what is written by now."""
        self._version = self._written()

    def wait(self, idle: Callable[[], None]) -> None:
        """Until something else is written."""
        while self._written() == self._version:
            if file_at(self._path) != self._file:
                raise FollowedIsGone(path=str(self._path))
            idle()
            time.sleep(POLL_SECONDS)

    def connect_again(self) -> None:
        """A file is never lost like that."""

    def _written(self) -> int:
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version


def follow(
    database: Database,
    after: int,
    tell: Callable[[range], None],
    lost: Callable[[LedgerError], None],
    idle: Callable[[], None],
) -> NoReturn:
    """Tell of the entries after a position, and of those to come, without end.

    `tell` is called with some positions at a time, each of them once, in order; it says
    nothing before it has read all that it needs. When the connection is lost `lost` is
    told, and it goes on where it was with a new one. While it waits, nobody waits for it,
    and `idle` is called time and again. Raises `Moved` after the last entry that there will
    be, and `FollowedIsGone`.
    """
    watch = _watch(database)
    database.cursor.execute("COMMIT")
    while True:
        try:
            watch.attend()
            database.cursor.execute(database.dialect.start_reading)
            *_, head, closed = database.standing()
            while after < head:
                until = min(head, after + TOGETHER)
                tell(range(after + 1, until + 1))
                after = until
            database.cursor.execute("COMMIT")
            if closed:
                raise refusal(closed, database.path)
            watch.wait(idle)
        except ConnectionLost as error:
            lost(error)
            watch.connect_again()


def _watch(database: Database) -> Watch:
    if isinstance(database.path, Server):
        from ledger.postgres.listening import Listening  # noqa: PLC0415 - a library

        return Listening(database)
    return Polling(database)
