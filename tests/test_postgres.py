"""A ledger on a PostgreSQL server: who may do what, who waits for whom, and many networks."""

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
from samples import GIVE, NOTE
from servers import STORES
from worlds import FOUNDED, Clock, differences, founded, opened, people

from ledger import errors
from ledger import ledger as shell
from ledger.commands import Forget
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.personal import Key
from ledger.places import Server
from projections.reciprocity import balance
from projections.registry import PROJECTIONS

psycopg = pytest.importorskip("psycopg")

from ledger.postgres.connection import Connection, connect, open_bare  # noqa: E402
from ledger.postgres.dialect import rewritten  # noqa: E402
from ledger.postgres.errors import NoRoleOfLedger, OwnerNeeded, RightsChanged, SeveralNetworks  # noqa: E402
from ledger.postgres.guards import changed_guards  # noqa: E402
from ledger.postgres.schema import add_network  # noqa: E402
from ledger.postgres.store import Datastore, Recorder  # noqa: E402
from ledger.verify import Verification  # noqa: E402

pytestmark = pytest.mark.server

# The library's tests import its cipher, which needs a package that nothing here does.
sys.modules.setdefault("eventsourcing.cipher", ModuleType("eventsourcing.cipher"))
vars(sys.modules["eventsourcing.cipher"]).setdefault("AESCipher", None)
contract = import_module("eventsourcing.tests.persistence")

TWO = people("Ana", "Bo")
REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two members, at position 3."""
    with founded(tmp_path, *TWO) as made:
        yield made


@pytest.fixture
def server(ledger: Ledger) -> Server:
    """Where that ledger is."""
    assert isinstance(ledger.database.path, Server)
    return ledger.database.path


@pytest.fixture
def attacker(server: Server) -> Iterator[Any]:
    """Someone who has the role of the network and a connection of their own."""
    with closing(connect(server)) as connection:
        yield connection.bare


def second_network(server: Server, network: str = "ab" * 16) -> Ledger:
    """Another network in the same database, with three members and a gift."""
    with closing(open_bare(server)) as bare, bare.transaction():
        add_network(bare, network, b"s" * 32)
    ledger = Ledger(Server(server.uri, network), PROJECTIONS, Clock())
    for command in (FOUNDED, *people("Cy", "Di", "Eo"), GIVE):
        ledger.record(command)
    return ledger


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


# Who has the role of a network can add to its log, and do nothing else to it

NEXT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
    " SELECT originator_id, {at}, 'x', 'x' FROM stored_events LIMIT 1"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = 'x'",
        "UPDATE stored_events SET originator_version = 9 WHERE originator_version = 3",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "DROP TABLE stored_events",
        "ALTER TABLE stored_events DISABLE TRIGGER ALL",
        "ALTER TABLE stored_events DISABLE ROW LEVEL SECURITY",
        "DROP TRIGGER no_update ON stored_events",
        "CREATE OR REPLACE FUNCTION no_gap() RETURNS trigger LANGUAGE sql AS ''",
        "CREATE RULE r AS ON INSERT TO stored_events DO INSTEAD NOTHING",
        "DROP POLICY own ON stored_events",
        "SET session_replication_role = replica",
        "INSERT INTO stored_events SELECT * FROM stored_events ON CONFLICT"
        " (originator_id, originator_version) DO UPDATE SET state = 'x'",
        NEXT.format(at=5),
        NEXT.format(at=0),
        NEXT.format(at=-1),
        "DELETE FROM texts",
        "UPDATE texts SET text = 'x'",
        "TRUNCATE texts",
        "DELETE FROM keys",
        "UPDATE keys SET positions = '[]'",
        "DELETE FROM settings",
        "DELETE FROM checkpoints",
        "UPDATE checkpoints SET root = 'x'",
        "UPDATE progress SET at = 1",
        "DELETE FROM progress",
        "SELECT erase(3, '{2}')",
        "SELECT erase(4, '{2}')",
        "INSERT INTO networks VALUES ('ff')",
        "UPDATE form SET version = 9",
        "CREATE TABLE natverk.more (x int)",
        "CREATE FUNCTION natverk.more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_who_records_can_only_add_to_the_log(
    ledger: Ledger, server: Server, attacker: Any, statement: str
) -> None:
    before = list(ledger.database.entries()), ledger.database.select("SELECT text FROM texts")
    with pytest.raises(REFUSED):
        attacker.execute(statement)
    assert (
        list(ledger.database.entries()),
        ledger.database.select("SELECT text FROM texts"),
    ) == before
    assert found_in(server) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE natverk.stored_events SET state = 'x'",
        "DELETE FROM natverk.stored_events",
        "TRUNCATE natverk.stored_events",
        NEXT.format(at=9).replace("stored", "natverk.stored"),
    ],
)
def test_neither_does_the_owner_by_mistake(ledger: Ledger, server: Server, statement: str) -> None:
    with closing(open_bare(server)) as owner, pytest.raises(psycopg.errors.RaiseException):
        owner.execute(statement)


def test_a_trigger_that_is_taken_away_is_found(ledger: Ledger, tmp_path: Path) -> None:
    server = STORES.cluster.fresh()
    Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
    with closing(open_bare(server)) as owner:
        owner.execute("ALTER TABLE natverk.stored_events DISABLE TRIGGER no_delete")
        owner.execute("GRANT DELETE ON natverk.texts TO natverk_app")
        owner.execute("ALTER FUNCTION natverk.erase RESET search_path")
    assert found_in(server) == ["Unguarded"]
    with closing(connect(server)) as connection:
        assert changed_guards(connection) == ["DELETE ON texts", "erase", "no_delete"]


def found_in(server: Server) -> list[str]:
    with closing(Database.reading(server)) as database:
        ledger_folds = (*_rule_folds(), *PROJECTIONS)
        return [type(x.error).__name__ for x in Verification(database, ledger_folds).findings()]


def _rule_folds() -> Any:
    from ledger.state import FOLDS  # noqa: PLC0415

    return FOLDS


@pytest.mark.parametrize("table", ["stored_events", "texts", "fresh"])
def test_a_temporary_table_fools_no_function(
    ledger: Ledger, server: Server, attacker: Any, table: str
) -> None:
    # Given one who makes tables of their own in the place of those that functions look into
    like = "stored_events" if table == "fresh" else table
    attacker.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM natverk.{like}")
    attacker.execute("SET search_path = pg_temp, natverk")
    if table == "stored_events":
        state = '{"type":"member-forgotten","member":"m2"}'
        forged = (ledger.database.network, 8, "member-forgotten", state.encode())
        attacker.execute("INSERT INTO stored_events VALUES (%s, %s, %s, %s)", forged)
    # When they use those to add an entry after a gap, or to erase a text
    for statement in (
        NEXT.format(at=9).replace("INTO ", "INTO natverk."),
        "SELECT erase(8, '{3}')",
    ):
        with pytest.raises(psycopg.errors.RaiseException):
            attacker.execute(statement)
    # Then nothing has come of it
    assert ledger.database.head() == 3
    assert ledger.database.text(3, "name") == "Bo"


# Forgetting


def test_a_forgetting_deletes_the_texts_about_a_member_and_no_other(ledger: Ledger) -> None:
    ledger.record(GIVE)
    ledger.record(NOTE)
    kept = ledger.database.text(3, "name")
    ledger.record(Forget(member="m1"))
    assert ledger.database.text(2, "name") is None
    assert ledger.database.text(3, "name") == kept == "Bo"
    assert not ledger.erasing
    assert differences(ledger) == []


def test_the_texts_of_others_are_not_erased_with_a_members(
    ledger: Ledger, server: Server, attacker: Any
) -> None:
    at = ledger.record(Forget(member="m1")).position
    with pytest.raises(psycopg.errors.RaiseException, match="does not forget"):
        attacker.execute("SELECT erase(%s, '{3}')", (at,))
    with pytest.raises(psycopg.errors.RaiseException, match="forgets nobody"):
        attacker.execute("SELECT erase(2, '{2}')")
    assert ledger.database.text(3, "name") == "Bo"


# Founding


@pytest.mark.parametrize("step", ["_current_store", "Writer"])
def test_a_founding_that_breaks_off_leaves_no_network(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    server = STORES.cluster.empty()
    with monkeypatch.context() as patch:
        patch.setattr(shell, step, breaks)
        with pytest.raises(KeyboardInterrupt):
            Ledger.found(server, FOUNDED, PROJECTIONS, Clock())
    with pytest.raises(errors.LedgerMissing):
        Database.reading(server)
    with Ledger.found(server, FOUNDED, PROJECTIONS, Clock()) as ledger:
        assert ledger.database.head() == 1


def test_several_who_found_at_once_found_one_network() -> None:
    server, founded_by, told = STORES.cluster.empty(), [], []

    def found() -> None:
        try:
            Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
            founded_by.append(threading.current_thread())
        except errors.LedgerExists as error:
            told.append(error)

    founders = [threading.Thread(target=found) for _ in range(6)]
    for each in founders:
        each.start()
    for each in founders:
        each.join()
    assert (len(founded_by), len(told)) == (1, 5)
    with closing(Database.reading(server)) as reading:
        assert reading.head() == 1


def test_a_ledger_of_a_later_version_is_left_alone() -> None:
    server = STORES.cluster.fresh()
    Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
    with closing(open_bare(server)) as owner:
        owner.execute("UPDATE natverk.form SET version = version + 1")
    for opens in (opened, Database.reading):
        with pytest.raises(errors.LedgerFromTheFuture):
            opens(server)


# Several networks in one database


def test_two_networks_in_one_database_know_nothing_of_each_other(
    ledger: Ledger, server: Server
) -> None:
    with closing(second_network(server)) as other:
        assert ledger.database.head() == 3
        assert other.database.head() == 5
        assert balance(other.database, "m1").given == 1
        assert balance(ledger.database, "m1").given == 0
        ledger.record(GIVE)
        assert differences(ledger) == differences(other) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM stored_events WHERE originator_id = '{other}'",
        "SELECT * FROM texts WHERE originator_id = '{other}'",
        "SELECT * FROM members WHERE originator_id = '{other}'",
        "SELECT * FROM settings WHERE originator_id = '{other}'",
    ],
)
def test_nobody_sees_rows_of_another_network(
    ledger: Ledger, server: Server, attacker: Any, statement: str
) -> None:
    with closing(second_network(server)) as other:
        network = other.database.network
        assert attacker.execute(statement.format(other=network)).fetchall() == []
        with closing(open_bare(server)) as owner:  # who is no role of a network
            owner.execute("SET search_path = natverk")
            assert owner.execute(statement.format(other=network)).fetchall() != []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
        " VALUES ('{other}', 6, 'x', 'x')",
        "INSERT INTO texts (position, field, salt, text, originator_id)"
        " VALUES (1, 'name', 'x', 'x', '{other}')",
        "UPDATE members SET originator_id = '{other}'",
    ],
)
def test_nobody_writes_rows_of_another_network(
    ledger: Ledger, server: Server, attacker: Any, statement: str
) -> None:
    with closing(second_network(server)) as other:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attacker.execute(statement.format(other=other.database.network))
        assert attacker.execute("DELETE FROM members").rowcount == 2
        assert differences(other) == []


def test_a_user_sees_the_network_whose_role_they_have(ledger: Ledger, server: Server) -> None:
    with closing(second_network(server)) as other, user(server, "anna") as anna:
        with pytest.raises(NoRoleOfLedger) as raised:
            Database.reading(anna)
        assert raised.value.facts["user"] == "anna"
        with closing(open_bare(server)) as owner:
            owner.execute(f"GRANT natverk_{other.database.network} TO anna")
        with closing(Database.reading(anna)) as seen:
            assert seen.network == other.database.network
            assert seen.head() == 5
        with closing(open_bare(anna)) as bare:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                bare.execute(f"SET ROLE natverk_{ledger.database.network}")
            # Without having taken the role, whatever is asked has no rows.
            assert bare.execute("SELECT * FROM natverk.stored_events").fetchall() == []
            with pytest.raises(psycopg.errors.RaiseException):
                bare.execute("SELECT natverk.erase(2, '{2}')")


def test_which_of_several_networks_is_meant_has_to_be_said(ledger: Ledger, server: Server) -> None:
    with closing(second_network(server)) as other:
        with pytest.raises(SeveralNetworks):
            Database.reading(server)
        with closing(connect(Server(server.uri, other.database.network))) as connection:
            assert Database(connection, server).head() == 5


class user:
    """A user who may log in, and where they find the ledger."""

    def __init__(self, server: Server, name: str) -> None:
        self._server, self._name = server, name

    def __enter__(self) -> Server:
        STORES.cluster.do(f"DROP ROLE IF EXISTS {self._name}", f"CREATE ROLE {self._name} LOGIN")
        return Server(f"{self._server.uri}&user={self._name}".replace("natverk@", "", 1))

    def __exit__(self, *_: object) -> None:
        STORES.cluster.do(f"DROP ROLE {self._name}")


# Who waits for whom


def test_two_networks_never_wait_for_each_other(ledger: Ledger, server: Server) -> None:
    with closing(second_network(server)) as other, ledger.transaction() as transaction:
        transaction.record(GIVE)
        other.database.connection.execute("SET lock_timeout = '1ms'")
        assert other.record(GIVE).position == 6


def test_who_records_in_the_same_network_waits(ledger: Ledger, server: Server) -> None:
    with opened(server) as other:
        other.database.connection.execute("SET lock_timeout = '50ms'")
        with ledger.transaction() as transaction:
            transaction.record(GIVE)
            with pytest.raises(errors.LedgerLocked):
                other.record(GIVE)
        assert other.record(GIVE).position == 5


def test_eight_who_record_at_once_leave_no_gap(ledger: Ledger, server: Server) -> None:
    each, failed = 25, []

    def record() -> None:
        try:
            with opened(server) as mine:
                for _ in range(each):
                    mine.record(GIVE)
        except BaseException as error:  # told below
            failed.append(error)

    writers = [threading.Thread(target=record) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    with opened(server) as after:
        positions = [position for position, _, _ in after.database.entries()]
        assert positions == list(range(1, 3 + 8 * each + 1))
        assert differences(after) == []


def test_a_question_sees_one_moment_of_the_ledger(ledger: Ledger, server: Server) -> None:
    with closing(Database.reading(server)) as reading:
        assert reading.head() == 3
        ledger.record(GIVE)
        assert reading.head() == 3


def test_a_question_cannot_write(ledger: Ledger, server: Server) -> None:
    with closing(Database.reading(server)) as reading, pytest.raises(errors.LedgerReadOnly):
        reading.set("personal", 0)


# A connection that is lost


def cut(ledger: Ledger) -> None:
    """End the connection of a ledger from the server's side."""
    connection: Any = ledger.database.connection
    STORES.cluster.do(f"SELECT pg_terminate_backend({connection.bare.info.backend_pid}, 1000)")


def test_a_connection_lost_in_between_is_made_again(ledger: Ledger) -> None:
    cut(ledger)
    assert ledger.record(GIVE).position == 4
    assert differences(ledger) == []


def test_a_connection_lost_twice_is_said_to_be(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: Any) -> None:
        cut(ledger)

    monkeypatch.setattr(Ledger, "_start", lost)
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
                execute(connection, sql)
                connection.wait()
            cut(ledger)
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


# Another version of natverk


def older(owner: Any) -> None:
    """As an earlier version would have left a table."""
    owner.execute("ALTER TABLE natverk.pairs DROP COLUMN gifts")
    owner.execute("UPDATE natverk.folds SET version = 0 WHERE name = 'pairs'")


def test_the_owner_brings_tables_up_to_date_and_each_network_its_rows() -> None:
    server = STORES.cluster.fresh()
    Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
    with closing(open_bare(server)) as owner:
        [(network,)] = owner.execute("SELECT network FROM natverk.networks").fetchall()
        with closing(second_network(server)) as other:
            assert balance(other.database, "m1").given == 1
        older(owner)
        with user(server, "anna") as anna:
            owner.execute(f"GRANT natverk_{network} TO anna")
            with pytest.raises(OwnerNeeded):
                opened(anna)
        for each in (network, "ab" * 16):
            with opened(Server(server.uri, each)) as ledger:
                assert differences(ledger) == []
                assert found_in(Server(server.uri, each)) == []


def test_rows_of_another_version_are_made_anew_by_whoever_comes(
    ledger: Ledger, server: Server
) -> None:
    ledger.record(GIVE)
    ledger.close()
    with closing(open_bare(server)) as owner:
        owner.execute("UPDATE natverk.folds SET version = 0; DELETE FROM natverk.pairs")
    with opened(server) as again:
        assert differences(again) == []


def test_what_fails_at_the_end_of_a_write_leaves_nothing() -> None:
    server = STORES.cluster.fresh()
    made = Ledger.found(server, FOUNDED, PROJECTIONS, Clock())
    with closing(open_bare(server)) as owner, made as ledger:
        ledger.record(TWO[0])
        ledger.record(TWO[1])
        owner.execute("REVOKE UPDATE ON natverk.progress FROM natverk_app")
        with pytest.raises(RightsChanged):
            ledger.record(GIVE)
        owner.execute("GRANT UPDATE ON natverk.progress TO natverk_app")
        owner.execute("REVOKE INSERT ON natverk.pairs FROM natverk_app")
        with pytest.raises(RightsChanged):
            ledger.record(GIVE)
        assert ledger.database.head() == 3
        owner.execute("GRANT INSERT ON natverk.pairs TO natverk_app")
        assert ledger.record(GIVE).position == 4
        assert differences(ledger) == []


def test_a_table_that_is_gone_is_damage() -> None:
    server = STORES.cluster.fresh()
    Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
    with closing(open_bare(server)) as owner:
        owner.execute("DROP TABLE natverk.pairs")
    with opened(server) as ledger, pytest.raises(errors.LedgerDamaged):
        differences(ledger)


# The command line


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


def test_a_ledger_on_a_server_that_cannot_be_read_is_damaged(natverk: Natverk) -> None:
    server = STORES.cluster.fresh()
    natverk.does("--ledger", server.uri, "init", "Linden", "--idea", "dela")
    natverk.does("--ledger", server.uri, "verify")
    with closing(open_bare(server)) as owner:
        owner.execute("DROP TABLE natverk.keys")
    for command in (
        ("verify",),
        ("join", "Åsa", "--id", "x"),
        ("export", "--ndjson", "out.ndjson"),
    ):
        refused = natverk("--ledger", server.uri, *command)
        assert refused.code == 4
        assert "is damaged: " in refused.err


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


# What is said differently


@pytest.mark.parametrize(
    ("sqlite", "postgres"),
    [
        ("SELECT a FROM b WHERE c = ? AND d = ?", "SELECT a FROM b WHERE c = %s AND d = %s"),
        ("SELECT '50 %?' WHERE a = ?", "SELECT '50 %%?' WHERE a = %s"),
        ("WHERE a GLOB 'm*' AND b GLOB '????-W??'", "WHERE a LIKE 'm%%' AND b LIKE '____-W__'"),
        ("WHERE a GLOB ?", "WHERE a LIKE translate(%s, '*?', '%%_')"),
        ("CASE WHEN end > 1 THEN end END", 'CASE WHEN "end" > 1 THEN "end" END'),
        ("a CROSS JOIN b AS c ON a.x = c.x", "a JOIN b AS c ON a.x = c.x"),
        ("ON CONFLICT (name) DO", "ON CONFLICT (originator_id, name) DO"),
        ("SELECT (x + 1) % 7", "SELECT (x + 1) %% 7"),
    ],
)
def test_one_text_of_sql_is_for_both(sqlite: str, postgres: str) -> None:
    assert rewritten(sqlite) == postgres
