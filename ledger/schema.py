"""The tables of a ledger but those of the folds, and the triggers that guard the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

# The library's columns. A file has one network, so that a position is all that a row needs to be
# found by; older files have an index beside it, and all else that is done with them is the same.
LOG = (
    "CREATE TABLE stored_events (originator_id TEXT NOT NULL,"
    " originator_version INTEGER PRIMARY KEY, topic TEXT, state BLOB)"
)
SCHEMA = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    "CREATE TABLE progress (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " recorded INTEGER NOT NULL, largest INTEGER NOT NULL, tree BLOB NOT NULL)",
    "CREATE TABLE late (position INTEGER PRIMARY KEY, occurred INTEGER NOT NULL)",
    "CREATE TABLE states (position INTEGER PRIMARY KEY, largest INTEGER NOT NULL)",
    "CREATE TABLE saved (fold TEXT, position INTEGER, rows BLOB NOT NULL,"
    " PRIMARY KEY (fold, position))",
    "CREATE TABLE tiles (height INTEGER, number INTEGER, root BLOB NOT NULL,"
    " PRIMARY KEY (height, number)) WITHOUT ROWID",
    "CREATE TABLE marks (tile INTEGER PRIMARY KEY, marks BLOB NOT NULL)",
    "CREATE TABLE checkpoints (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,"
    " note TEXT NOT NULL, UNIQUE (size, root))",
    "CREATE TABLE folds (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE subjects (subject TEXT, type TEXT, occurred INTEGER, position INTEGER,"
    " PRIMARY KEY (subject, type, occurred, position)) WITHOUT ROWID",
    "CREATE TABLE texts (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, field TEXT NOT NULL,"
    " salt BLOB NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX texts_position ON texts (position, field)",
    "CREATE TABLE names (id INTEGER PRIMARY KEY, thing TEXT NOT NULL, folded TEXT NOT NULL)",
    "CREATE INDEX names_folded ON names (folded)",
    "CREATE INDEX names_thing ON names (thing)",
    "CREATE TABLE keys (namespace TEXT, key BLOB, fingerprint BLOB, positions TEXT NOT NULL,"
    " PRIMARY KEY (namespace, key)) WITHOUT ROWID",
    "CREATE TRIGGER no_update BEFORE UPDATE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER no_delete BEFORE DELETE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER no_gap BEFORE INSERT ON stored_events"
    " WHEN NEW.originator_version IS NOT (SELECT coalesce(max(originator_version), 0) + 1"
    " FROM stored_events WHERE originator_id = NEW.originator_id)"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only and has no gap'); END",
)


def changed_triggers(connection: sqlite3.Connection) -> list[str]:
    """The names of triggers that are gone, changed or not of the schema."""
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    kept = dict(connection.execute(query).fetchall())
    ours = {each.split()[2]: each for each in SCHEMA if each.startswith("CREATE TRIGGER")}
    return sorted(name for name in kept | ours if kept.get(name) != ours.get(name))
