"""Connections to a ledger in a PostgreSQL database, in the form in which SQLite's are used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, NoReturn

import psycopg
import psycopg.rows
from psycopg import errors as refusals
from psycopg.adapt import Dumper, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from ledger import errors
from ledger.files import BUSY_SECONDS, VERSION
from ledger.places import Server
from ledger.postgres.dialect import CHOSEN, POSTGRES, ROLE, SCHEMA, rewritten
from ledger.postgres.directory import STEPS, nothing_for, way_to
from ledger.postgres.errors import (
    DirectoryInCircles,
    NoRoleOfLedger,
    SeveralNetworks,
    error_of,
    error_of_connecting,
)
from ledger.rows import ROWS_A_STATEMENT

CONNECT_SECONDS = 10
PREPARED = 500  # statements that are kept prepared
FETCHED = 2_000  # rows of a long answer that come together

SAFE = (
    f"SET search_path = {SCHEMA}, pg_temp; SET lock_timeout = '{BUSY_SECONDS}s';"
    " SET timezone = 'UTC'; SET jit = off;"
)
# The networks whose roles the user has, found from the user: however many others there are.
_GRANTED = (
    f"SELECT substr(rolname, {len(ROLE) + 1}) FROM pg_roles WHERE oid IN ("
    "WITH RECURSIVE mine (role) AS (SELECT oid FROM pg_roles WHERE rolname = session_user"
    " UNION SELECT roleid FROM pg_auth_members JOIN mine ON member = role) SELECT role FROM mine)"
)
# Those that the user may use, beside the form of the schema. `whichever`: there is.
ALLOWED = (
    f"(SELECT *, pg_has_role(session_user, every, 'MEMBER') AS whichever FROM {SCHEMA}.form)"
    f" AS form JOIN {SCHEMA}.networks ON whichever OR network IN ({_GRANTED})"
)
# What takes the role of a network, or an owner's for whichever network is set; only once all
# networks are counted, as whoever has taken a role may not see what others could.
TAKE = (
    f"SELECT version, networks, network, (SELECT uri FROM {SCHEMA}.elsewhere"
    " WHERE networks = 1 AND elsewhere.network = counted.network),"
    f" CASE WHEN networks = 1 THEN set_config('{CHOSEN}', network, false) END,"
    " CASE WHEN networks = 1 THEN set_config('role', role, false) END FROM ("
    "SELECT max(version) AS version, count(*) AS networks, min(network) AS network,"
    f" min(CASE WHEN whichever THEN every ELSE '{ROLE}' || network END) AS role"
    f" FROM (SELECT * FROM {ALLOWED} {{only}} LIMIT 2) AS found) AS counted"
)
# Everything that a connection needs before its first question, in one exchange. A role is
# taken in it, also by an owner, so that nobody can do more by accident.
_BEGIN = f"{SAFE} {TAKE}"


_INSERTS = re.compile(r"(INSERT INTO .* VALUES )(\(\?(?:, \?)*\))( ON CONFLICT .*|)")


class _Whole(Loader):
    """A numeric without decimals, which sums of whole numbers are."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class _ZeroOrOne(Dumper):
    """What is true or not, as it is kept: as a number."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"


class Cursor:
    """A cursor that takes SQL as it is written for both databases.

    What the server says is wrong becomes an error of ours.
    """

    dialect = POSTGRES

    def __init__(self, connection: Connection) -> None:
        self.row_factory: Any = None
        self.arraysize = 1
        self._connection = connection
        self._ran = connection.bare.cursor()

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed; waits until it has."""
        if self._ran.rowcount < 0:
            with self._connection.failing():
                self._connection.wait()
        return self._ran.rowcount

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        """Run one statement; where statements are sent together, it waits for no answer."""
        with self._connection.failing():
            # A cursor of its own each time: an answer that is on its way belongs to its question.
            self._ran = self._connection.bare.cursor()
            self._ran.execute(rewritten(sql), tuple(values))
        return self

    def executemany(self, sql: str, rows: Any) -> Cursor:
        """Run one statement for each of several rows; what inserts them takes a few at once."""
        rows = list(rows)
        with self._connection.together():
            inserting = _INSERTS.fullmatch(sql)
            if inserting is None or len(rows) > ROWS_A_STATEMENT:
                for row in rows:
                    self.execute(sql, row)
            elif rows:
                into, marks, then = inserting.groups()
                many = f"{into}{', '.join([marks] * len(rows))}{then}"
                self.execute(many, [value for row in rows for value in row])
        return self

    def fetchone(self) -> Any:
        """The next row, or None."""
        with self._connection.failing():
            return self._ran.fetchone()

    def fetchmany(self) -> list[Any]:
        """The next `arraysize` rows."""
        with self._connection.failing():
            return self._ran.fetchmany(self.arraysize)

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        with self._connection.failing():
            return self._ran.fetchall()

    def __iter__(self) -> Iterator[Any]:
        yield from self.fetchall()


class Streaming(Cursor):
    """A cursor for a long answer, of which the server keeps what is not fetched yet."""

    _numbers = count(1)

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._name = ""

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        """Ask; only the first rows come at once."""
        self._name = f"long_{next(self._numbers)}"
        hold = "" if self._connection.in_transaction else "WITH HOLD "
        return super().execute(f"DECLARE {self._name} NO SCROLL CURSOR {hold}FOR {sql}", values)

    def fetchone(self) -> Any:
        """The next row, or None."""
        return next(iter(self._fetch(1)), None)

    def fetchmany(self) -> list[Any]:
        """The next `arraysize` rows."""
        return self._fetch(self.arraysize)

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return list(self)

    def __iter__(self) -> Iterator[Any]:
        while rows := self._fetch(FETCHED):
            yield from rows

    def _fetch(self, most: int) -> list[Any]:
        if not self._name:
            return []
        rows = Cursor(self._connection).execute(f"FETCH {most} FROM {self._name}").fetchall()
        if len(rows) < most:
            Cursor(self._connection).execute(f"CLOSE {self._name}")
            self._name = ""
        return rows


class Connection:
    """A psycopg connection in the form in which a ledger uses SQLite's."""

    dialect = POSTGRES

    def __init__(self, bare: psycopg.Connection[Any], server: Server) -> None:
        self.bare = bare
        self.server = server
        self._together = 0

    def cursor(self) -> Cursor:
        """A cursor."""
        return Cursor(self)

    def streaming(self) -> Streaming:
        """A cursor for a long answer."""
        return Streaming(self)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        """Run one statement."""
        return Cursor(self).execute(sql, values)

    def executemany(self, sql: str, rows: Any) -> Cursor:
        """Run one statement for each of several rows."""
        return Cursor(self).executemany(sql, rows)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._together > 0 or self.bare.info.transaction_status != TransactionStatus.IDLE

    @contextmanager
    def together(self) -> Iterator[None]:
        """Statements are sent without waiting for the answers to those before, until one is read.

        At the end all have been answered.
        """
        if self._together:
            yield
            return
        with self.failing(), self.bare.pipeline():
            self._together += 1
            try:
                yield
            finally:
                self._together -= 1

    def wait(self) -> None:
        """Until everything that was sent together is answered."""
        pipeline = self.bare._pipeline  # which `pipeline()` gives only to whoever began it
        if pipeline is not None:
            pipeline.sync()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Turn what psycopg raises into errors of ours."""
        try:
            yield
        except psycopg.Error as error:
            raise_ours(error, self.server)

    def connect_again(self) -> None:
        """Take a new connection to the server in the place of one that was lost."""
        self.close()
        self.bare = connect(self.server).bare

    def close(self) -> None:
        """End it."""
        self.bare.close()


def raise_ours(error: psycopg.Error, server: Server) -> NoReturn:
    """Raise the error of ours that says what the server said."""
    raise error_of(error, server) from error


def connect(server: Server) -> Connection:
    """A connection to the ledger on a server, in the role of its network.

    Where the directory of the database says that the network is elsewhere, to there. Raises
    `LedgerMissing`, `NoRoleOfLedger`, `SeveralNetworks`, `LedgerFromTheFuture`,
    `DirectoryInCircles` and what `errors.error_of` says.
    """
    for _ in range(STEPS):
        connection = Connection(open_bare(server), server)
        try:
            further = enter(connection.bare, server)
        except BaseException:
            connection.close()
            raise
        if further is None:
            return connection
        connection.close()
        server = further
    raise DirectoryInCircles(path=str(server), network=server.network)


def open_bare(server: Server) -> psycopg.Connection[Any]:
    """A connection to the database, nothing set and nothing checked."""
    try:
        return psycopg.connect(server.uri, **parameters(server))
    except psycopg.Error as error:
        raise error_of_connecting(error, server) from error


def parameters(server: Server) -> dict[str, Any]:
    """How psycopg connects, beside what the URI says. Raises `AddressUnreadable`."""
    try:
        said = conninfo_to_dict(server.uri)
    except psycopg.Error as error:
        raise error_of_connecting(error, server) from error
    ours = {"connect_timeout": CONNECT_SECONDS, "application_name": "natverk"}
    ours = {name: value for name, value in ours.items() if name not in said}
    return {**ours, "autocommit": True, "client_encoding": "utf-8"}


def enter(bare: psycopg.Connection[Any], server: Server) -> Server | None:
    """Take the role of the network on a connection, with settings that keep it safe.

    Or say where the network is that is not here.
    """
    network = server.network
    only = "" if network is None else f"WHERE network = '{bytes.fromhex(network).hex()}'"
    with Connection(bare, server).failing():
        try:
            ran = bare.cursor(row_factory=psycopg.rows.tuple_row)
            ran.execute(_BEGIN.replace("{only}", only))
            while ran.nextset():
                pass
            [(version, networks, there, uri, *_)] = ran.fetchall()
            if networks == 0 and network is not None:
                ran.execute(f"SELECT uri FROM {SCHEMA}.elsewhere WHERE network = %s", (network,))
                [uri] = ran.fetchone() or [None]
        except (refusals.UndefinedTable, refusals.InvalidSchemaName):
            raise errors.LedgerMissing(path=str(server)) from None
        except refusals.InsufficientPrivilege:
            raise NoRoleOfLedger(path=str(server), user=bare.info.user) from None
    if uri is not None and not server.here:
        return way_to(uri, network or there, server)
    if networks == 0:
        raise nothing_for(bare, server)
    if networks > 1:
        raise SeveralNetworks(path=str(server))
    if version > VERSION:
        raise errors.LedgerFromTheFuture(path=str(server), version=version, known=VERSION)
    bare.prepared_max = PREPARED
    as_kept(bare)
    return None


def as_kept(bare: psycopg.Connection[Any]) -> None:
    """Let values come and go as they are kept."""
    bare.adapters.register_loader("numeric", _Whole)
    bare.adapters.register_dumper(bool, _ZeroOrOne)
