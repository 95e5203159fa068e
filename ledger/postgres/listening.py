"""Waiting for what is recorded in a network on a server."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from ledger.errors import ConnectionLost
from ledger.postgres.errors import ServerUnreachable
from ledger.postgres.networks import role_of
from ledger.postgres.store import LISTENED

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.postgres.connection import Connection

# Of silence: then a question shows whether the connection stands, and the network is still here.
PATIENCE_SECONDS = 10
IDLE_SECONDS = 0.5  # between calls of `idle`
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0  # between attempts to connect


class Listening:
    """A connection that is notified of what is recorded in its network."""

    def __init__(self, database: Database) -> None:
        self._connection = cast("Connection", database.connection)
        self._role = role_of(database.network)
        self._on: object = None  # the connection on which it listens

    def attend(self) -> None:
        """Listen, and hold what says so; waits for a write that began when nobody did."""
        if self._on is not self._connection.bare:
            self._connection.execute("SET lock_timeout = 0")  # however long an import takes
            self._connection.execute(f"LISTEN {self._role}")
            self._connection.execute(f"SELECT pg_advisory_lock_shared({LISTENED})").fetchone()
            self._on = self._connection.bare

    def wait(self, idle: Callable[[], None]) -> None:
        """Until a notification comes, or none has for long."""
        bare = self._connection.bare
        # What was read together with an answer: psycopg would wait for the next to be sent.
        notified = bare.pgconn.notifies() is not None
        until = time.monotonic() + PATIENCE_SECONDS
        while not notified and time.monotonic() < until:
            idle()
            with self._connection.failing():
                notified = bool(list(bare.notifies(timeout=IDLE_SECONDS, stop_after=1)))

    def connect_again(self) -> None:
        """Take a new connection in the place of the lost one; until a server answers."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return self._connection.connect_again()
            except (ConnectionLost, ServerUnreachable):
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
