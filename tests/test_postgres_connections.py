"""Connections to a ledger on a server: which network, what they read, when one is lost."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from cli_world import Natverk
from postgres_world import cut, second_network
from samples import GIVE
from servers import STORES
from worlds import differences, opened

from ledger import errors
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.personal import Key
from ledger.places import Server

psycopg = pytest.importorskip("psycopg")

from ledger.postgres.connection import Connection, connect, open_bare  # noqa: E402
from ledger.postgres.dialect import rewritten  # noqa: E402
from ledger.postgres.errors import SeveralNetworks  # noqa: E402
from ledger.postgres.store import Datastore, Recorder  # noqa: E402

pytestmark = pytest.mark.server

# The library's tests import its cipher, which needs a package that nothing here does.
sys.modules.setdefault("eventsourcing.cipher", ModuleType("eventsourcing.cipher"))
vars(sys.modules["eventsourcing.cipher"]).setdefault("AESCipher", None)
contract = import_module("eventsourcing.tests.persistence")


# The library's own tests of a recorder, run on ours


class TestTheLibrarysContract(contract.ApplicationRecorderTestCase):  # type: ignore[misc, name-defined]
    """Inserting, selecting, conflicts, notifications, concurrency; theirs, over our table."""

    EXPECT_CONTIGUOUS_NOTIFICATION_IDS = False

    def new_originator_id(self) -> str:
        """The id of a network."""
        return uuid4().hex

    @pytest.fixture(autouse=True)
    def database(self) -> Iterator[None]:
        """A database whose owner works in it, since these tests are of no network."""
        self.server = STORES.cluster.fresh()
        if "concurrent" in self._testMethodName:  # these number their events from 0
            with closing(open_bare(self.server)) as bare:
                bare.execute("DROP TRIGGER no_gap ON natverk.stored_events")
        self.stores: list[Datastore] = []
        others = set(threading.enumerate())
        yield
        for store in self.stores:
            store.close()
        for reader in set(threading.enumerate()) - others:  # they are told to stop, not awaited
            reader.join()

    def create_recorder(self) -> Recorder:
        self.stores.append(Datastore(self.server, configure=lambda _: None, most=50))
        return Recorder(self.stores[-1])


def test_the_library_reads_what_we_wrote(ledger: Ledger, server: Server) -> None:
    with closing(Datastore(server)) as store:
        stored = Recorder(store).select_events(ledger.database.network)
    ours = list(ledger.database.entries())
    assert [(s.originator_version, s.topic, s.state) for s in stored] == ours


# Which network


@pytest.mark.parametrize("plan", ["hashjoin", "nestloop"])
def test_which_of_several_networks_is_meant_has_to_be_said(
    ledger: Ledger, server: Server, plan: str
) -> None:
    with closing(second_network(server)) as other:
        # However the server finds them: roles one after the other, or all before the first.
        others = {"hashjoin", "mergejoin", "nestloop"} - {plan}
        without = "%20".join(f"-c%20enable_{each}%3Doff" for each in sorted(others))
        with pytest.raises(SeveralNetworks):
            Database.reading(Server(f"{server.uri}&options={without}"))
        with closing(connect(Server(server.uri, other.database.network))) as connection:
            assert Database(connection, server).head() == 5


def test_who_records_is_kept_with_the_address_and_without_a_password(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an address with a password, and a folder with no settings
    address: str = kvarteret.place.uri
    monkeypatch.delenv("NATVERK_LEDGER")
    with_password = address.replace("natverk@", "natverk:secret@", 1)
    # When somebody says who they are
    kvarteret.does("--ledger", with_password, "me", "Åsa")
    # Then commands in that folder go to the server, and say who recorded; the password is nowhere
    assert "secret" not in Path("natverk.toml").read_text(encoding="utf-8")
    kvarteret.does("give", "Knut", "Eva", "bröd")
    assert kvarteret.rows("log", "-n", "1", "--reverse")[0]["actor"] == "m1"


def test_an_export_goes_from_a_server_into_a_file_and_back(kvarteret: Natverk) -> None:
    # Given an export of a ledger on a server
    kvarteret.does("forget", "Eva", "--yes")
    kvarteret.does("export", "--ndjson", "out.ndjson")
    # When it is taken in into a file, and from there into another database
    kvarteret.does("--ledger", "in.db", "import", "events", "out.ndjson")
    kvarteret.does("--ledger", "in.db", "export", "--ndjson", "again.ndjson")
    other = STORES.cluster.fresh().uri
    kvarteret.does("--ledger", other, "import", "events", "again.ndjson")
    # Then all three are the same, and as they should be
    said = [kvarteret.rows("--ledger", where, "log") for where in ("in.db", other)]
    assert said[0] == said[1] != []
    for where in ("in.db", other):
        kvarteret.does("--ledger", where, "verify")


# What is read


def test_a_question_sees_one_moment_of_the_ledger(ledger: Ledger, server: Server) -> None:
    with closing(Database.reading(server)) as reading:
        assert reading.head() == 3
        ledger.record(GIVE)
        assert reading.head() == 3


def test_a_question_cannot_write(ledger: Ledger, server: Server) -> None:
    with closing(Database.reading(server)) as reading, pytest.raises(errors.LedgerReadOnly):
        reading.set("personal", 0)


@pytest.mark.parametrize(
    ("sqlite", "postgres"),
    [
        ("SELECT a FROM b WHERE c = ? AND d = ?", "SELECT a FROM b WHERE c = $1 AND d = $2"),
        ("SELECT '50 %?' WHERE a = ?", "SELECT '50 %?' WHERE a = $1"),
        ("WHERE a GLOB 'm*' AND b GLOB '????-W??'", "WHERE a LIKE 'm%' AND b LIKE '____-W__'"),
        ("WHERE a GLOB ?", "WHERE a LIKE translate($1, '*?', '%_')"),
        ("CASE WHEN end > 1 THEN end END", 'CASE WHEN "end" > 1 THEN "end" END'),
        ("a CROSS JOIN b AS c ON a.x = c.x", "a JOIN b AS c ON a.x = c.x"),
        ("ON CONFLICT (name) DO", "ON CONFLICT (originator_id, name) DO"),
        ("SELECT (x + 1) % 7", "SELECT (x + 1) % 7"),
    ],
)
def test_one_text_of_sql_is_for_both(sqlite: str, postgres: str) -> None:
    assert rewritten(sqlite) == postgres


# A connection that is lost


def test_a_connection_lost_in_between_is_made_again(ledger: Ledger) -> None:
    cut(ledger.database)
    assert ledger.record(GIVE).position == 4
    assert differences(ledger) == []


def test_a_connection_lost_twice_is_said_to_be(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = Database.ask_standing

    def lost(database: Database) -> Any:
        cut(database)
        return asks(database)

    monkeypatch.setattr(Database, "ask_standing", lost)
    with pytest.raises(errors.ConnectionLost) as raised:
        ledger.record(GIVE)
    assert not isinstance(raised.value, errors.MaybeRecorded)


@pytest.mark.parametrize("reached", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("with_key", [False, True], ids=["without a key", "with a key"])
def test_a_connection_lost_at_the_commit(
    ledger: Ledger,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    reached: bool,
    with_key: bool,
) -> None:
    # Given a connection that is lost just before the server commits, or just after
    execute, once = Connection.execute, iter([True])

    def loses(connection: Connection, sql: str, values: Any = ()) -> Any:
        if sql == "COMMIT" and next(once, False):
            if reached:
                execute(connection, sql).fetchall()
            cut(ledger.database)
        return execute(connection, sql, values)

    monkeypatch.setattr(Connection, "execute", loses)
    key = Key("given", b"key", b"mark")
    # When an entry is recorded
    if with_key:
        assert ledger.record(GIVE, key).positions == (4,)
    else:
        with pytest.raises(errors.MaybeRecorded):
            ledger.record(GIVE)
    # Then it is there once, or nobody was told that it is
    with opened(server) as after:
        assert after.database.head() == (4 if reached or with_key else 3)
        assert differences(after) == []
