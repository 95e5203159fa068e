"""Who may do what with a ledger on a server: attacks by those who have the role of a network."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postgres_world import found_in, second_network, user
from samples import GIVE, NOTE
from servers import STORES
from worlds import FOUNDED, Clock, differences

from ledger.commands import Forget
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.places import Server
from projections.reciprocity import balance
from projections.registry import PROJECTIONS

psycopg = pytest.importorskip("psycopg")

from ledger.postgres.connection import connect, open_bare  # noqa: E402
from ledger.postgres.errors import NoRoleOfLedger  # noqa: E402
from ledger.postgres.guards import changed_guards  # noqa: E402
from ledger.postgres.schema import every_of  # noqa: E402

pytestmark = pytest.mark.server

REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)
NEXT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
    " SELECT originator_id, {at}, 'x', 'x' FROM stored_events LIMIT 1"
)


# Who has the role of a network can add to its log, and do nothing else to it


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
        "INSERT INTO stored_events SELECT originator_id, 4, 'x', 'x', 9 FROM stored_events LIMIT 1",
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
        "DELETE FROM members",
        "SELECT clear('stored_events')",
        "SELECT clear('texts')",
        "SELECT clear('settings')",
        "SELECT erase(3, '{2}')",
        "SELECT erase(4, '{2}')",
        "INSERT INTO networks VALUES ('ff')",
        "UPDATE form SET version = 9",
        "UPDATE elsewhere SET uri = 'postgresql:///x'",
        "INSERT INTO elsewhere VALUES (repeat('ab', 16), '', 'postgresql:///x')",
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
        owner.execute("GRANT UPDATE ON natverk.members TO natverk_app")
        owner.execute(f"GRANT TRUNCATE ON natverk.members TO {every_of(owner)}")
        owner.execute("GRANT UPDATE (state) ON natverk.stored_events TO natverk_app")
        owner.execute("ALTER FUNCTION natverk.erase RESET search_path")
    assert found_in(server) == ["Unguarded"]
    with closing(connect(server)) as connection:
        assert changed_guards(connection) == [
            "DELETE ON texts",
            "TRUNCATE ON members",
            "UPDATE ON members",
            "UPDATE ON stored_events",
            "erase",
            "no_delete",
        ]


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


LOCKS = ("SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE")


def test_nobody_locks_a_table_against_other_networks(
    ledger: Ledger, server: Server, attacker: Any
) -> None:
    # Given every table that networks share
    found = "SELECT relname FROM pg_class WHERE relnamespace = 'natverk'::regnamespace"
    tables = [name for (name,) in attacker.execute(f"{found} AND relkind = 'r'")]
    assert {"stored_events", "progress", "members"} <= {*tables}
    # When one network would lock it in a way that two writers are not compatible with
    for table in tables:
        for lock in LOCKS:
            with pytest.raises(REFUSED), attacker.transaction():
                attacker.execute(f"LOCK TABLE natverk.{table} IN {lock} MODE")
    # Then it can not; and what it can lock stops no other
    with closing(second_network(server)) as other, attacker.transaction():
        for table in tables:
            if table not in ("networks", "form", "elsewhere", "stored_events", "progress"):
                attacker.execute(f"LOCK TABLE natverk.{table} IN ROW EXCLUSIVE MODE")
        attacker.execute("SELECT * FROM progress FOR UPDATE")
        other.database.connection.execute("SET lock_timeout = '1ms'")
        assert other.record(GIVE).position == 6


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
        attacker.execute("SELECT clear('members'), clear('names', 'm1'), clear('saved')")
        assert attacker.execute("SELECT * FROM members").fetchall() == []
        assert differences(other) == []
        assert other.database.select("SELECT * FROM names WHERE thing = 'm1'")


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
