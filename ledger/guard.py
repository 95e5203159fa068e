"""What a connection that records refuses, whoever hands it the SQL.

The triggers of the schema stop a change of the log that goes through them. This
stops what would go around them: taking them away, changing the schema, shadowing
a table by a temporary one, another file attached, settings under which a crash
loses what was acknowledged. SQLite asks while it prepares a statement, not while
it runs, and a prepared statement is kept.

What is not SQL, such as writing to the file itself, is for an audit to find.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

LOG = "stored_events"
KEPT = frozenset({LOG, "settings", "progress", "folds", "texts", "names", "keys"})
KEPT |= {"tiles", "marks", "checkpoints", "late", "states", "saved"}
PRAGMAS = frozenset(  # that may be given a value; any may be read
    {
        *("cache_size", "cache_spill", "busy_timeout", "secure_delete", "journal_size_limit"),
        *("wal_checkpoint", "wal_autocheckpoint", "incremental_vacuum", "optimize"),
        *("integrity_check", "quick_check", "foreign_key_check", "query_only", "max_page_count"),
        *("table_info", "table_xinfo", "index_list", "index_info", "index_xinfo"),
    }
)
FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer"})
PAGES = "sqlite_dbpage"  # a table of the file's own pages, in some builds

_NEVER = frozenset(
    {
        *(sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_ALTER_TABLE),
        *(sqlite3.SQLITE_CREATE_TRIGGER, sqlite3.SQLITE_DROP_TRIGGER),
        *(sqlite3.SQLITE_CREATE_VIEW, sqlite3.SQLITE_DROP_VIEW),
        *(sqlite3.SQLITE_CREATE_VTABLE, sqlite3.SQLITE_DROP_VTABLE),
        *(sqlite3.SQLITE_CREATE_TEMP_TABLE, sqlite3.SQLITE_DROP_TEMP_TABLE),
        *(sqlite3.SQLITE_CREATE_TEMP_TRIGGER, sqlite3.SQLITE_DROP_TEMP_TRIGGER),
        *(sqlite3.SQLITE_CREATE_TEMP_VIEW, sqlite3.SQLITE_DROP_TEMP_VIEW),
        *(sqlite3.SQLITE_CREATE_TEMP_INDEX, sqlite3.SQLITE_DROP_TEMP_INDEX),
    }
)
_CHANGES = frozenset({sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_INDEXES = frozenset({sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX})
_LOOKED_AT = _NEVER | _CHANGES | _INDEXES
_LOOKED_AT |= {sqlite3.SQLITE_PRAGMA, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_DROP_TABLE}
_LOOKED_AT |= {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_CREATE_TABLE}


def guard(connection: sqlite3.Connection) -> None:
    """Refuse from now on what no recording needs; the settings have been made.

    What is refused raises `sqlite3.DatabaseError` with the code SQLITE_AUTH.
    """
    # REPLACE deletes the row whose place it takes, and only so do triggers hear of it.
    connection.execute("PRAGMA recursive_triggers = ON")
    _defend(connection, True)
    connection.set_authorizer(_allowed)


@contextmanager
def unguarded(connection: sqlite3.Connection) -> Iterator[None]:
    """For a change of the schema by natverk itself."""
    connection.set_authorizer(None)
    _defend(connection, False)
    try:
        yield
    finally:
        guard(connection)


def _defend(connection: sqlite3.Connection, on: bool) -> None:
    """SQLite's own defence against harmful SQL, where Python can ask for it (from 3.12 on)."""
    configure = getattr(connection, "setconfig", None)
    if configure is not None:
        configure(getattr(sqlite3, "SQLITE_DBCONFIG_DEFENSIVE"), on)  # noqa: B009 - new in 3.12


def _allowed(
    action: int, first: str | None, second: str | None, schema: str | None, _source: str | None
) -> int:
    """SQLite's question whether a statement may do this; the meaning of the names varies.

    https://www.sqlite.org/c3ref/c_alter_table.html
    """
    if action not in _LOOKED_AT:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        refused = (second or "").lower() in FUNCTIONS
    elif action == sqlite3.SQLITE_INSERT:
        refused = first == PAGES
    elif action in _CHANGES:
        refused = first in (LOG, PAGES)
    elif action == sqlite3.SQLITE_PRAGMA:
        refused = second is not None and (first or "").lower() not in PRAGMAS
    elif action == sqlite3.SQLITE_CREATE_TABLE:
        refused = schema == "temp"  # CREATE TABLE temp.settings
    elif action == sqlite3.SQLITE_DROP_TABLE:
        refused = first in KEPT
    elif action in _INDEXES:
        refused = second == LOG
    else:
        refused = True
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK
