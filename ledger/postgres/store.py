"""The log in the library's table in a PostgreSQL database: our append, its recorder around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import ConnectionPool, PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import dict_row

from ledger import errors
from ledger.files import BUSY_SECONDS
from ledger.folds import Fold
from ledger.networks import named, networks_of
from ledger.places import Server
from ledger.postgres import networks, schema
from ledger.postgres.connection import (
    connect,
    enter,
    open_bare,
    parameters,
    raise_ours,
)
from ledger.postgres.cursor import Cursor
from ledger.postgres.dialect import CHOSEN, ROLE, SCHEMA
from ledger.postgres.errors import MayNotFound, NetworkExists, OwnerNeeded
from ledger.rows import insert
from ledger.store import StoredRow
from ledger.values import fold

_APPEND = (
    f"INSERT INTO {SCHEMA}.stored_events (originator_id, originator_version, topic, state)"
    " VALUES (?, ?, ?, ?)"
)
# Whoever follows a network holds this lock, together with others. Without them nobody is notified,
# as all who notify, in whatever network, commit one after the other.
LISTENED = f"hashtextextended(current_setting('{CHOSEN}'), 0)"
_NOTIFY = (
    f"SELECT pg_notify('{ROLE}' || current_setting('{CHOSEN}'), '')"
    f" WHERE NOT pg_try_advisory_xact_lock({LISTENED})"
)
_LOCK = "SELECT 1 FROM progress FOR UPDATE"


class Datastore(PostgresDatastore):
    """The library's datastore over our connections, one of them unless more are asked for."""

    def __init__(
        self,
        server: Server,
        configure: Callable[[psycopg.Connection[Any]], None] | None = None,
        most: int = 1,
    ) -> None:
        super().__init__("", "", 0, "", "", schema=SCHEMA, originator_id_type="text")

        def entered(bare: psycopg.Connection[Any]) -> None:
            enter(bare, server)

        self.pool = ConnectionPool(
            server.uri,
            kwargs=parameters(server) | {"row_factory": dict_row},
            configure=configure or entered,
            min_size=1,
            max_size=most,
            num_workers=1,
            open=False,
        )

    def register_type_adapters(self) -> None:
        """Nothing: our append needs no type of the library's."""


class Recorder(PostgresApplicationRecorder):
    """The library's recorder, with an append that takes part in a larger transaction."""

    def append(self, cursor: Cursor, rows: Sequence[StoredRow]) -> None:
        """Insert entries at the positions that follow the last; the caller holds the lock."""
        insert(cursor, f"WITH appended AS ({_APPEND}", rows, f") {_NOTIFY}")

    def _insert_stored_events(
        self, curs: Any, stored_events: Sequence[StoredEvent], **_: Any
    ) -> None:
        for stored in stored_events:
            row = (stored.originator_id, stored.originator_version, stored.topic, stored.state)
            curs.execute(_APPEND.replace("?", "%s"), row)

    def _fetch_ids_after_insert_events(
        self, curs: Any, stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int]:
        last = curs.execute(self.max_notification_id_statement).fetchone()["max"]
        return list(range(last - len(stored_events) + 1, last + 1))


class Store:
    """The log of one ledger, open for writing over one connection."""

    def __init__(self, server: Server) -> None:
        # The pool would wait for a server that is not there, and for a password that is wrong.
        self.connection = connect(server)
        self._datastore = Datastore(self.connection.server)
        self.recorder = Recorder(self._datastore)

    def prepare(self, folds: Sequence[Fold]) -> None:
        """Give the tables of folds that are to be made anew the columns that they have now.

        In the tables are the rows of every network, each of which makes its own anew. Only
        the owner can. Raises `OwnerNeeded`.
        """
        other = [fold for fold in folds if not schema.is_current(self.connection, fold)]
        if not other:
            return
        server = self.connection.server
        bare = open_bare(server)
        try:
            with bare.transaction():
                # Others would wait behind it for whoever has a question open.
                bare.execute(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
                schema.renew(bare, other)
        except psycopg.errors.InsufficientPrivilege:
            raise OwnerNeeded(path=str(server), user=bare.info.user) from None
        except psycopg.Error as error:
            raise_ours(error, server)
        finally:
            bare.close()

    def has_moved(self, update: Cursor) -> bool:
        """True: nobody else can have moved it, as its row has been locked since it was read.

        To wait for the number of rows would cost an exchange.
        """
        return True

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that takes the network's lock first; committed whole or rolled back.

        Nobody else records in the network until it ends; other networks are not concerned.
        """
        committing = False
        try:
            with self.connection.together():
                self.connection.execute("BEGIN")
                self.connection.execute(_LOCK)
                yield
                committing = True
                self.connection.execute("COMMIT")
        except errors.ConnectionLost as lost:
            if committing:
                raise errors.MaybeRecorded(**lost.facts) from lost
            raise
        except BaseException:
            self._roll_back()
            raise

    def connect_again(self) -> None:
        """Take a new connection in the place of one that was lost."""
        self.connection.connect_again()

    def _roll_back(self) -> None:
        if not self.connection.bare.closed and self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection, and the pool."""
        self.connection.close()
        self._datastore.close()


@contextmanager
def made(
    server: Server,
    folds: Sequence[Fold],
    network: str,
    secret: bytes,
    *,
    name: str | None = None,
    closed: str = "",
) -> Iterator[Server]:
    """An empty network, and the schema if there is none; gone if nothing came into the network.

    See `networks.add_network`. With the `name` that it is to have, nobody else founds one
    meanwhile. Raises `MayNotFound`,
    `NetworkExists` where one has that name, and what `connection.open_bare` raises.
    """
    bare = open_bare(server)
    try:
        with _founding(bare, server):
            if name is not None:
                bare.execute("SELECT pg_advisory_lock(hashtext('natverk'))")
            with bare.transaction():
                schema.make(bare, log_statements(server), folds)
            if name is not None:
                refuse_existing_on(server, name, network)
            with bare.transaction():
                networks.add_network(bare, network, secret, closed)
        try:
            yield Server(server.uri, network)
        except BaseException:
            with _founding(bare, server), bare.transaction():
                networks.remove_network(bare, network)
            raise
    finally:
        bare.close()


@contextmanager
def _founding(bare: psycopg.Connection[Any], server: Server) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        reason = error.diag.message_primary
        raise MayNotFound(path=str(server), user=bare.info.user, reason=reason) from error
    except psycopg.Error as error:
        raise_ours(error, server)


def refuse_existing_on(server: Server, name: str, network: str | None = None) -> None:
    """Raise `NetworkExists` when the database has another network of that name, or that id."""
    try:
        with networks_of(server) as asked:
            others = [each for each in named(asked) if each.id != network]
    except errors.LedgerMissing:
        return
    if any(fold(name) in (fold(each.name), each.id) for each in others):
        raise NetworkExists(path=str(server), name=name)


def log_statements(server: Server) -> list[str]:
    """The library's own statements for its table."""
    datastore = Datastore(server)
    made = Recorder(datastore).sql_create_statements
    return [statement.as_string() for statement in made]
