"""Attacks on the log through SQL: on a connection of the product's, and with the file in hand.

The first are refused. Of the second the triggers stop the naive ones; the rest can be found.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from cli_world import Natverk
from older import with_index_of_log
from samples import GIVE
from worlds import differences, founded, people

from ledger.audit import Replay
from ledger.database import Database
from ledger.dialect import SQLITE
from ledger.files import connect
from ledger.guard import unguarded
from ledger.ledger import Ledger
from ledger.rows import table_of

pytestmark = pytest.mark.file

FORGED = "(originator_id, originator_version, topic, state) SELECT originator_id,"
ATTACKS = {
    "update": "UPDATE stored_events SET state = x'00'",
    "update or replace": "UPDATE OR REPLACE stored_events SET originator_version = 1",
    "update from": "UPDATE stored_events SET topic = s.value FROM settings AS s",
    "delete": "DELETE FROM stored_events WHERE originator_version = 3",
    "delete all": "DELETE FROM stored_events",
    "replace a position": f"REPLACE INTO stored_events {FORGED} 3, 'x', x'' FROM stored_events",
    "replace a row": "INSERT OR REPLACE INTO stored_events"
    " (originator_id, originator_version, topic, state, rowid)"
    " SELECT originator_id, 4, 'x', x'', 1 FROM stored_events LIMIT 1",
    "upsert": f"INSERT INTO stored_events {FORGED} 3, 'x', x'' FROM stored_events WHERE 1"
    " ON CONFLICT DO UPDATE SET state = excluded.state",
    "leave a gap": f"INSERT INTO stored_events {FORGED} 9, 'x', x'' FROM stored_events LIMIT 1",
    "drop a trigger": "DROP TRIGGER no_update",
    "drop a trigger, if there": "DROP TRIGGER IF EXISTS main.no_gap",
    "drop the log": "DROP TABLE stored_events",
    "drop the texts": "DROP TABLE texts",
    "drop the progress": "DROP TABLE progress",
    "rename the log": "ALTER TABLE stored_events RENAME TO old_events",
    "add a column": "ALTER TABLE stored_events ADD COLUMN x",
    "drop a column": "ALTER TABLE stored_events DROP COLUMN topic",
    "a trigger of theirs": "CREATE TRIGGER mine AFTER INSERT ON stored_events BEGIN SELECT 1; END",
    "a temporary trigger": "CREATE TEMP TRIGGER mine BEFORE INSERT ON main.stored_events"
    " BEGIN SELECT RAISE(IGNORE); END",
    "a temporary log": "CREATE TEMP TABLE stored_events (originator_id, originator_version)",
    "temporary settings": "CREATE TABLE temp.settings (name, value)",
    "a temporary view": "CREATE TEMP VIEW progress AS SELECT 0 AS at, 0 AS recorded",
    "a view": "CREATE VIEW mine AS SELECT 1",
    "an index on the log": "CREATE UNIQUE INDEX mine ON stored_events (topic)",
    "a virtual table": "CREATE VIRTUAL TABLE mine USING fts5(x)",
    "writable schema": "PRAGMA writable_schema = ON",
    "writable schema, in other letters": "PRAGMA main.Writable_Schema(1)",
    "the schema itself": "UPDATE sqlite_master SET sql = '' WHERE name = 'no_update'",
    "out of the schema": "DELETE FROM sqlite_master WHERE type = 'trigger'",
    "schema version": "PRAGMA schema_version = 1",
    "journal off": "PRAGMA journal_mode = OFF",
    "journal in memory": "PRAGMA journal_mode = MEMORY",
    "no wal": "PRAGMA journal_mode = DELETE",
    "synchronous off": "PRAGMA synchronous = OFF",
    "no checks": "PRAGMA ignore_check_constraints = ON",
    "no triggers on replace": "PRAGMA recursive_triggers = OFF",
    "trusted schema": "PRAGMA trusted_schema = ON",
    "locked for good": "PRAGMA locking_mode = EXCLUSIVE",
    "another application": "PRAGMA application_id = 7",
    "another version": "PRAGMA user_version = 99",
    "attach": "ATTACH 'other.db' AS other",
    "attach itself": "ATTACH 'natverk.db' AS again",
    "detach": "DETACH main",
    "vacuum into": "VACUUM INTO 'other.db'",
    "load an extension": "SELECT load_extension('x')",
    "a tokenizer": "SELECT fts3_tokenizer('simple', x'00')",
}


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A ledger with two members, at position 3."""
    monkeypatch.chdir(tmp_path)
    with founded(tmp_path, *people("Ana", "Bo")) as made:
        yield made


def whole(ledger: Ledger) -> tuple[list[object], list[object]]:
    """The log and the schema as the file has them."""
    with closing(sqlite3.connect(ledger.database.path)) as connection:
        schema = connection.execute("SELECT * FROM sqlite_master").fetchall()
    return list(ledger.database.entries()), schema


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_a_connection_of_ours_is_refused(ledger: Ledger, attack: str) -> None:
    before = whole(ledger)
    with pytest.raises(sqlite3.Error):
        ledger.database.connection.execute(ATTACKS[attack])
    assert whole(ledger) == before
    assert not Path("other.db").exists()
    assert ledger.record(GIVE).position == 4  # and it goes on
    assert differences(ledger) == []


def test_several_statements_at_once_are_refused_alike(ledger: Ledger) -> None:
    before = whole(ledger)
    for attack in ATTACKS.values():
        with suppress(sqlite3.Error):
            ledger.database.connection.executescript(f"SELECT 1; {attack}; SELECT 2")
    assert whole(ledger) == before


def test_the_settings_are_as_they_were_after_every_attack(ledger: Ledger) -> None:
    connection = ledger.database.connection
    for attack in ATTACKS.values():
        with suppress(sqlite3.Error):
            connection.execute(attack)
    settings = {"journal_mode": "wal", "synchronous": 2, "trusted_schema": 0, "locking_mode": 0}
    settings |= {"recursive_triggers": 1, "ignore_check_constraints": 0, "locking_mode": "normal"}
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings}
    assert found == settings


def test_what_recording_needs_is_allowed(ledger: Ledger) -> None:
    cursor = ledger.database.cursor
    for fold in ledger.folds:
        for statement in SQLITE.create(table_of(fold)):
            cursor.execute(statement)
    cursor.execute("INSERT OR REPLACE INTO settings VALUES ('erasing', 3)")
    cursor.execute("DELETE FROM settings WHERE name = 'erasing'")
    cursor.execute("UPDATE progress SET at = at")
    cursor.execute("DELETE FROM texts WHERE position = 2")
    cursor.execute("DROP INDEX names_folded")
    cursor.execute("CREATE INDEX names_folded ON names (folded)")
    cursor.execute("CREATE TABLE more (at INTEGER PRIMARY KEY, rows BLOB)")
    cursor.execute("PRAGMA secure_delete = ON")
    assert cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_a_question_may_have_temporary_tables(ledger: Ledger) -> None:
    with closing(connect(ledger.database.path, write=False)) as reading:
        reading.execute("CREATE TEMP TABLE counted (position INTEGER PRIMARY KEY)")
        reading.execute("INSERT INTO counted SELECT originator_version FROM stored_events")
        assert reading.execute("SELECT count(*) FROM counted").fetchone() == (3,)


def test_a_change_of_the_schema_by_natverk_itself(ledger: Ledger) -> None:
    connection = ledger.database.connection
    with unguarded(connection):
        connection.execute("ALTER TABLE keys ADD COLUMN note")
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        connection.execute("ALTER TABLE keys DROP COLUMN note")


# With the file in other hands


@pytest.mark.parametrize(
    "attack",
    [
        *("update", "delete", "delete all", "leave a gap"),
        *("replace a position", "replace a row", "upsert"),
    ],
)
def test_the_triggers_stop_the_naive(ledger: Ledger, attack: str) -> None:
    before = whole(ledger)
    with closing(sqlite3.connect(ledger.database.path)) as theirs:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            theirs.execute(ATTACKS[attack])
        theirs.commit()
    assert whole(ledger) == before


@pytest.mark.parametrize(
    "attack",
    [
        ("DROP TRIGGER no_delete", "DELETE FROM stored_events WHERE originator_version = 5"),
        ("DROP TRIGGER no_delete", "DELETE FROM stored_events WHERE originator_version = 9"),
        (
            "DROP TRIGGER no_update",
            "UPDATE stored_events SET state = replace(state, '\"m3\"', '\"m4\"')"
            " WHERE originator_version = 9",
        ),
    ],
)
def test_what_gets_past_them_is_found(kvarteret: Natverk, attack: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(kvarteret.path, isolation_level=None)) as theirs:
        for statement in attack:
            theirs.execute(statement)
    assert kvarteret("replay", "--compare").code != 0


def test_a_row_that_was_replaced_in_an_older_file_is_found(kvarteret: Natverk) -> None:
    """Its rows have ids beside their positions, and triggers know only of positions."""
    with_index_of_log(kvarteret.path)
    with closing(sqlite3.connect(kvarteret.path, isolation_level=None)) as theirs:
        theirs.execute(ATTACKS["replace a row"].replace(" 4,", " 10,"))
    assert kvarteret("replay", "--compare").code != 0


def test_bytes_changed_without_another_meaning_are_left_to_the_hashes(ledger: Ledger) -> None:
    """No replay can see a forged id of an entry; only what was promised of its bytes can."""
    path = ledger.database.path
    with closing(sqlite3.connect(path, isolation_level=None)) as theirs:
        theirs.execute("DROP TRIGGER no_update")
        [[state]] = theirs.execute("SELECT state FROM stored_events WHERE originator_version = 2")
        forged = state.replace(json.loads(state)["id"].encode(), b"f" * 32)
        assert forged != state
        theirs.execute("UPDATE stored_events SET state = ? WHERE originator_version = 2", (forged,))
    reading = Database.reading(path)
    assert list(Replay(reading, ledger.folds).differences()) == []
    reading.close()
