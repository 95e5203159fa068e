"""Where the ledgers of the tests lie: in files, or with `--store postgres` on a server.

The server is one that the tests start from the machine's own binaries, on a socket in a
folder of its own, or the one that NATVERK_TEST_POSTGRES names, whose user has to be a
superuser. Each ledger gets a database of its own, made from one that has the schema.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ledger.places import Server

NEEDED = "PostgreSQL is not there: install it, or name a server in NATVERK_TEST_POSTGRES"
SETTINGS = {  # of a server whose data nobody will miss
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "listen_addresses": "''",
    "max_connections": "50",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_min_messages": "panic",
}


# Of a server that another may follow.
REPLICATED = {"wal_level": "replica", "max_wal_senders": "4", "full_page_writes": "on"}
REPLICATED |= {"synchronous_commit": "on", "hot_standby": "on"}
NUMBERED = {"stored_events": "notification_id"} | dict.fromkeys(("texts", "names"), "id")
Snapshot = dict[str, bytes]  # by table, its rows as COPY writes them


class Cluster:
    """A PostgreSQL server of the tests, and the databases in it."""

    def __init__(self, uri: str, folder: Path | None = None, binaries: Path | None = None) -> None:
        self.uri = uri
        self.folder = folder
        self._binaries = binaries
        self._numbers = count(1)
        self._prefix = f"natverk_test_{os.getpid()}"
        self._template = ""
        self._every = ""  # the role of every network in the databases made from that
        self._once: list[str] = []
        self._used: list[str] = []
        self._clean: list[str] = []
        self._keepers: dict[str, Any] = {}
        self._killed = False

    @classmethod
    def started(cls, **settings: str) -> Cluster:
        """A new server from the machine's binaries. Raises `LookupError` without them."""
        cluster, folder = cls._in_a_folder()
        made = ["-D", f"{folder}/data", "-A", "trust", "-U", "natverk", "-E", "UTF8"]
        cluster.run("initdb", *made, "--locale=C.UTF-8", "--no-sync")
        hba = folder / "data" / "pg_hba.conf"  # who is called locked needs a password
        hba.write_text(f"local all locked scram-sha-256\n{hba.read_text()}")
        cluster._configure(SETTINGS | settings)
        cluster.start()
        return cluster

    @classmethod
    def _in_a_folder(cls) -> tuple[Cluster, Path]:
        """A server that has nothing yet, in a folder of its own."""
        binaries = find_binaries()
        folder = Path(tempfile.mkdtemp(prefix="natverk-pg-", dir="/tmp"))
        user = _other_user() if os.geteuid() == 0 else None
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        uri = f"postgresql://natverk@/postgres?host={quote(str(folder))}"
        return cls(uri, folder, binaries), folder

    def _configure(self, settings: dict[str, str]) -> None:
        with (Path(f"{self.folder}/data") / "postgresql.conf").open("a") as file:
            for name, value in settings.items():
                file.write(f"{name} = {value}\n")
            file.write(f"unix_socket_directories = '{self.folder}'\n")

    def standby(self) -> Cluster:
        """Another server that follows this one, which then acknowledges nothing without it.

        This one has been started with `REPLICATED`.
        """
        other, folder = self._in_a_folder()
        name = folder.name.replace("-", "_")
        made = ["-D", f"{folder}/data", "-d", self.uri, "-R", "-c", "fast", "--no-sync"]
        other.run("pg_basebackup", *made)
        other._configure({"cluster_name": name})
        other.start()
        self.do(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'", "SELECT pg_reload_conf()")
        of_it = f"sync_state = 'sync' AND application_name = '{name}'"
        while not self.answer(f"SELECT FROM pg_stat_replication WHERE {of_it}"):
            time.sleep(0.02)
        return other

    def kill(self) -> None:
        """End it as a machine that fails does: at once, with nothing put in order."""
        assert self.folder is not None
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        self._killed = True

    def promote(self) -> None:
        """Let a standby be the primary."""
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-s", "promote")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs, as a user who is not root."""
        assert self._binaries is not None
        user = _other_user() if os.geteuid() == 0 else None
        subprocess.run(
            [str(self._binaries / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            cwd="/",
        )

    def start(self) -> None:
        """Start it."""
        log = f"{self.folder}/log"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-l", log, "-w", "-s", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it."""
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "-w", "-s", "stop")

    def empty(self) -> Server:
        """A database with nothing in it; gone after the test."""
        self._once.append(self._created("template0"))
        return self._server(self._once[-1])

    def fresh(self) -> Server:
        """A database with the schema and no network, to be spoilt; gone after the test."""
        self._once.append(self._created(self._with_schema()))
        return self._server(self._once[-1])

    def database(self) -> Server:
        """A database with the schema and no network, which is used again after the test."""
        name = self._clean.pop() if self._clean else self._created(self._with_schema())
        self._used.append(name)
        return self._server(name)

    def release(self, server: Server) -> None:
        """A database is needed no more, and is used again."""
        name = _name_of(server)
        self._used.remove(name)
        self._empty(name)
        self._clean.append(name)

    def _with_schema(self) -> str:
        if not self._template:
            self._template = self._created("template0")
            self._every = _make_schema(self._server(self._template))
        return self._template

    def _created(self, template: str) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return name

    def _server(self, database: str) -> Server:
        before, _, after = self.uri.partition("?")
        address = before[: before.rindex("/")] if before.count("/") > 2 else before
        return Server(f"{address}/{database}{'?' if after else ''}{after}")

    def clear(self) -> None:
        """Empty what was used, and take away what was made for one test."""
        while self._used:
            self._clean.append(self._used.pop())
            self._empty(self._clean[-1])
        while self._once:
            name = self._once.pop()
            with self._connected(name) as connection:
                roles = self._roles(connection)
            self.do(
                f"DROP DATABASE {name} WITH (FORCE)", *(f"DROP ROLE IF EXISTS {x}" for x in roles)
            )

    def _connected(self, name: str) -> Any:
        import psycopg  # noqa: PLC0415 - a run on files needs none

        return psycopg.connect(self._server(name).uri)

    def _keeper(self, name: str) -> Any:
        """A connection to a database that is used again, which stays as it knows all the tables.

        No trigger keeps the log from it.
        """
        if name not in self._keepers or self._keepers[name].closed:
            self._keepers[name] = self._connected(name)
            self._keepers[name].autocommit = True
            self._keepers[name].execute("SET session_replication_role = replica")
        return self._keepers[name]

    def _roles(self, connection: Any) -> list[str]:
        """The roles of the networks in a database, and of them all unless others have it too."""
        from ledger.postgres.networks import role_of  # noqa: PLC0415 - see `_connected`

        if connection.execute("SELECT to_regclass('natverk.networks')").fetchone() == (None,):
            return []
        found = connection.execute("SELECT network FROM natverk.networks").fetchall()
        [(every,)] = connection.execute("SELECT every FROM natverk.form").fetchall()
        own = [] if every == self._every else [every]
        return [*(role_of(network) for (network,) in found), *own]

    def _empty(self, name: str) -> None:
        """Delete every row of a database, and the roles of its networks."""
        keeper = self._keeper(name)
        with keeper.transaction():
            keeper.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            emptied = ";".join(f"DELETE FROM natverk.{table}" for table in _tables())
            gone = "".join(f"; DROP ROLE IF EXISTS {role}" for role in self._roles(keeper))
            keeper.execute(emptied + gone)

    def snapshot(self, server: Server) -> Snapshot:
        """All that a database holds, to be loaded into others."""
        import psycopg  # noqa: PLC0415 - a run on files needs none

        rows: dict[str, bytes] = {}
        with psycopg.connect(server.uri) as connection, connection.cursor() as cursor:
            for table in _tables():
                with cursor.copy(f"COPY natverk.{table} TO STDOUT".encode()) as copy:
                    rows[table] = b"".join(bytes(part) for part in copy)
        return {table: lines for table, lines in rows.items() if lines}

    def load(self, server: Server, snapshot: Snapshot) -> None:
        """Put into an empty database what another held."""
        from ledger.postgres.networks import role_of  # noqa: PLC0415 - a run on files needs none
        from ledger.postgres.rights import APPLICATION  # noqa: PLC0415

        keeper = self._keeper(_name_of(server))
        with keeper.transaction(), keeper.cursor() as cursor:
            for network in snapshot["networks"].decode().split():
                role = role_of(network)
                cursor.execute(f"CREATE ROLE {role} NOLOGIN IN ROLE {APPLICATION}".encode())
            for table, lines in snapshot.items():
                with cursor.copy(f"COPY natverk.{table} FROM STDIN".encode()) as copy:
                    copy.write(lines)
            for table, column in NUMBERED.items():
                sequence = f"pg_get_serial_sequence('natverk.{table}', '{column}')"
                last = f"SELECT setval({sequence}, max({column})) FROM natverk.{table}"
                cursor.execute(last.encode())

    def answer(self, query: str) -> list[Any]:
        """The rows that a query answers, as a superuser."""
        import psycopg  # noqa: PLC0415 - a run on files needs none

        with psycopg.connect(self.uri, autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def do(self, *statements: str) -> None:
        """Run statements as a superuser."""
        self.do_in(self.uri, *statements)

    def do_in(self, uri: str, *statements: str) -> None:
        """Run them in a database of this server."""
        import psycopg  # noqa: PLC0415 - a run on files needs none

        with psycopg.connect(uri, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def end(self) -> None:
        """Leave nothing behind."""
        if not self._killed:
            self.clear()
            for keeper in self._keepers.values():
                keeper.close()
            for name in filter(None, (*self._clean, self._template)):
                self.do(f"DROP DATABASE {name} WITH (FORCE)")
            if self._every:
                self.do(f"DROP ROLE {self._every}")
        if self.folder is not None:
            if not self._killed:
                self.stop("immediate")
            shutil.rmtree(self.folder)


def _name_of(server: Server) -> str:
    """The name of a database."""
    return server.uri.partition("?")[0].rpartition("/")[2]


def _tables() -> list[str]:
    """Every table of the schema with rows of a network."""
    from ledger.postgres.schema import TABLES  # noqa: PLC0415 - a run on files needs none
    from ledger.state import FOLDS  # noqa: PLC0415
    from projections.registry import PROJECTIONS  # noqa: PLC0415

    return [
        "stored_events",
        "networks",
        "elsewhere",
        *TABLES,
        *(x.name for x in (*FOLDS, *PROJECTIONS)),
    ]


def find_binaries() -> Path:
    """The folder of the newest server's programs. Raises `LookupError`."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    if on_path is not None:
        found.append(Path(on_path).resolve())
    if not found:
        raise LookupError(NEEDED)
    return found[-1].parent


def _other_user() -> pwd.struct_passwd:
    """Whom a server may run as that root starts."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError("there is no user postgres or nobody to run a server as")


def _make_schema(server: Server) -> str:
    from ledger.postgres.connection import open_bare  # noqa: PLC0415 - see `do`
    from ledger.postgres.schema import every_of, make  # noqa: PLC0415
    from ledger.postgres.store import log_statements  # noqa: PLC0415
    from ledger.state import FOLDS  # noqa: PLC0415
    from projections.registry import PROJECTIONS  # noqa: PLC0415

    bare = open_bare(server)
    with bare.transaction():
        make(bare, log_statements(server), (*FOLDS, *PROJECTIONS))
    every = every_of(bare)
    bare.close()
    return every


class _Stores:
    """Which store the tests use, and where the ledger of a folder is."""

    def __init__(self) -> None:
        self.postgres = False
        self._cluster: Cluster | None = None
        self._places: dict[Path, Server] = {}
        self.snapshots: dict[str, Snapshot] = {}

    @property
    def cluster(self) -> Cluster:
        """The server of the tests, started when first needed. Fails without one."""
        if self._cluster is None:
            given = os.environ.get("NATVERK_TEST_POSTGRES")
            try:
                self._cluster = Cluster(given) if given else Cluster.started()
            except LookupError as error:
                pytest.exit(str(error), returncode=1)
        return self._cluster

    def place_in(self, folder: Path) -> Any:
        """The place of the ledger of a folder: its file, or a database of its own."""
        if not self.postgres:
            return folder / "natverk.db"
        if folder not in self._places:
            for gone in [each for each in self._places if not each.exists()]:
                self.cluster.release(self._places.pop(gone))
            self._places[folder] = self.cluster.database()
        return self._places[folder]

    def clear(self) -> None:
        """Take away the databases of a test."""
        self._places.clear()
        if self._cluster is not None:
            self._cluster.clear()

    def end(self) -> None:
        """Stop the server, if any was started."""
        if self._cluster is not None:
            self._cluster.end()
            self._cluster = None


STORES = _Stores()
place_in = STORES.place_in
