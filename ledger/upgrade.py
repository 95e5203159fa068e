"""A ledger of an earlier schema is brought up to the current one; its log stays as it is."""

from __future__ import annotations

import sqlite3

from ledger.codec import decode
from ledger.database import Database
from ledger.events import Event
from ledger.files import VERSION, StrPath, make_safe, open_file, translated
from ledger.personal import REQUESTS, mac, secret_of
from ledger.saved import lateness
from ledger.schema import SCHEMA
from ledger.tree import rebuild
from ledger.values import START_OF_TIME

_COLUMNS = {  # of `progress`
    "largest": f"INTEGER NOT NULL DEFAULT {START_OF_TIME}",
    "tree": "BLOB NOT NULL DEFAULT x''",
}


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether a ledger has the current schema."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version >= VERSION


def upgrade(path: StrPath) -> None:
    """Make what the current schema has beside the log, from the log, all at once."""
    with translated(path):
        connection = open_file(path, write=True)
        try:
            make_safe(connection)
            connection.execute("BEGIN IMMEDIATE")
            if not is_current(connection):
                _upgrade(connection, path)
            connection.execute("COMMIT")
            connection.execute("VACUUM")  # what was deleted was not overwritten before
        finally:
            connection.close()


def _upgrade(connection: sqlite3.Connection, path: StrPath) -> None:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    for statement in SCHEMA:
        if statement.split()[2] not in there:
            connection.execute(statement)
    columns = {row[1] for row in connection.execute("PRAGMA table_info(progress)")}
    for name, kind in _COLUMNS.items():
        if name not in columns:
            connection.execute(f"ALTER TABLE progress ADD COLUMN {name} {kind}")
    database = Database(connection, path)
    _note_lateness(database)
    _hash_keys(database)
    if not database.select("SELECT 1 FROM texts LIMIT 1"):
        database.set("personal", 0)
    rebuild(database)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _hash_keys(database: Database) -> None:
    """Keep the keys of requests as keyed hashes; people put names into them."""
    secret = secret_of(database)
    for key, mark, at in database.select(
        "SELECT key, fingerprint, positions FROM keys WHERE namespace = 'request'"
    ):
        row = (REQUESTS, mac(secret, key), mark, at)
        database.cursor.execute("INSERT INTO keys VALUES (?, ?, ?, ?)", row)
    database.cursor.execute("DELETE FROM keys WHERE namespace = 'request'")


def _lateness(event: Event, largest: int) -> tuple[int | None, int]:
    return lateness(event, event.occurred, largest)


def _note_lateness(database: Database) -> None:
    largest, late = START_OF_TIME, []
    at, _ = database.progress()
    for position, topic, state in database.entries(until=at):
        occurred, largest = _lateness(decode(topic, state, position), largest)
        if occurred is not None:
            late.append((position, occurred))
    database.cursor.execute("DELETE FROM late")
    database.cursor.executemany("INSERT INTO late VALUES (?, ?)", late)
    database.cursor.execute("UPDATE progress SET largest = ?", (largest,))
