"""Ledgers in files as earlier versions of natverk made them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ledger.schema import SCHEMA

LOG = (
    "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER,"
    " topic TEXT, state BLOB, PRIMARY KEY (originator_id, originator_version))"
)
LOG_INDEX = "sqlite_autoindex_stored_events_1"


def with_index_of_log(path: Path) -> None:
    """Make the log again as one that entries are found in by an index, which could hold several."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        entries = connection.execute("SELECT * FROM stored_events ORDER BY 2").fetchall()
        connection.execute("DROP TABLE stored_events")
        connection.execute(LOG)
        connection.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?)", entries)
        for statement in SCHEMA:
            if statement.startswith("CREATE TRIGGER"):
                connection.execute(statement)
