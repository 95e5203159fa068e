"""Connections to a ledger in a PostgreSQL database, in the form in which SQLite's are used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import psycopg
import psycopg.rows
from psycopg import errors as refusals
from psycopg.adapt import Dumper, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper

from ledger import errors
from ledger.files import BUSY_SECONDS, VERSION
from ledger.networks import only_one
from ledger.places import Server
from ledger.postgres.cursor import Cursor, Streaming
from ledger.postgres.dialect import CHOSEN, POSTGRES, ROLE, SCHEMA
from ledger.postgres.directory import STEPS, nothing_for, way_to
from ledger.postgres.errors import (
    AddressUnreadable,
    DirectoryInCircles,
    NoRoleOfLedger,
    SeveralNetworks,
    error_of,
    error_of_connecting,
)
from ledger.postgres.exchange import Answer, Exchange

CONNECT_SECONDS = 10
_PORT = re.compile("[0-9]{0,5}")

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


class _Whole(Loader):
    """A numeric without decimals, which sums of whole numbers are."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class _ZeroOrOne(Dumper):
    """What is true or not, as it is kept: as a number."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"


class _Failing:
    """Turns what psycopg raises into errors of ours; by far faster than a generator."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def __enter__(self) -> None:
        """Nothing."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Raise the error of ours, if psycopg has raised one."""
        if isinstance(error, psycopg.Error):
            raise_ours(error, self._server)


class Connection:
    """A psycopg connection in the form in which a ledger uses SQLite's."""

    dialect = POSTGRES

    def __init__(self, bare: psycopg.Connection[Any], server: Server) -> None:
        self.bare = bare
        self.server = server
        self._exchange = Exchange(bare)
        self._failing = _Failing(server)

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

    def run(self, sql: str, values: Sequence[Any]) -> psycopg.RawCursor[Any] | Answer:
        """Run a statement as PostgreSQL takes it; its answer is for whoever wants it."""
        if self._exchange.going:
            return self._exchange.send(sql, values)
        # A cursor of its own each time: another question may come before its answer is read.
        return psycopg.RawCursor(self.bare).execute(sql, tuple(values))

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        status = self.bare.info.transaction_status
        return self._exchange.going or status != TransactionStatus.IDLE

    @contextmanager
    def together(self) -> Iterator[None]:
        """Statements are sent without waiting for the answers to those before, until one is read.

        At the end all have been answered.
        """
        if self._exchange.going:
            yield
            return
        with self.failing(), self._exchange.together():
            yield

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Statements are answered one by one, until the end of this: so `COPY` wants it."""
        with self.failing(), self._exchange.interrupted():
            yield

    def hurry(self) -> None:
        """Let the answers to all that was sent together come, without waiting for them."""
        if self._exchange.going:
            self._exchange.hurry()

    def failing(self) -> _Failing:
        """Turn what psycopg raises into errors of ours."""
        return self._failing

    def connect_again(self) -> None:
        """Take a new connection to the server in the place of one that was lost."""
        self.close()
        self.bare = connect(self.server).bare
        self._exchange = Exchange(self.bare)

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
    for port in str(said.get("port", "")).split(","):
        if not _PORT.fullmatch(port.strip()):
            # A password that is not quoted as it should be may be taken for a port.
            shown = f"“{port}”" if f":{port}" in str(server) else "what stands for the port"
            raise AddressUnreadable(path=str(server), reason=f"{shown} is not a port number")
    ours = {"connect_timeout": CONNECT_SECONDS, "application_name": "natverk"}
    ours = {name: value for name, value in ours.items() if name not in said}
    return {**ours, "autocommit": True, "client_encoding": "utf-8"}


def enter(bare: psycopg.Connection[Any], server: Server) -> Server | None:
    """Take the role of the network on a connection, with settings that keep it safe.

    Or say where the network is that is not here, or which is meant where others are not whole.
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
        meant = only_one(server)
        if meant is None:
            raise SeveralNetworks(path=str(server))
        return meant
    if version > VERSION:
        raise errors.LedgerFromTheFuture(path=str(server), version=version, known=VERSION)
    # psycopg would deallocate what an exchange has prepared together with its own.
    bare.prepare_threshold = None
    as_kept(bare)
    return None


def as_kept(bare: psycopg.Connection[Any]) -> None:
    """Let values come and go as they are kept."""
    bare.adapters.register_loader("numeric", _Whole)
    bare.adapters.register_dumper(bool, _ZeroOrOne)
    bare.adapters.register_dumper(int, Int8BinaryDumper)  # and not by size: that is one statement
