"""Empty tables in place of those that are gone, so that an audit can look at all the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from ledger.audit import found_by
from ledger.database import Database
from ledger.dialect import SQLITE, Connection
from ledger.errors import LedgerDamaged
from ledger.folds import Fold
from ledger.rows import insert, table_of
from ledger.schema import SCHEMA

UNREADABLE_WITHOUT = ("settings", "progress", "folds")  # nobody opens a ledger that lacks these
FROM_ELSEWHERE = frozenset({"texts", "keys", "checkpoints"})  # that the log does not make
_TABLE = "CREATE TABLE "
_INTO_INDEX = "INSERT OR IGNORE INTO subjects VALUES (?, ?, ?, ?)"


def stand_in(database: Database, folds: Iterable[Fold]) -> list[str]:
    """Hide each table that is gone, or lacks a column, behind a temporary one; returns their names.

    They are empty, but for the subject index, by which an audit finds what it looks at.
    """
    made = _statements(folds)
    if database.dialect is not SQLITE:  # on a server only its owner could have taken one away
        lost = [name for name in made if not _is_there(database, name)]
        if lost:
            reason = f"its tables {', '.join(lost)} are gone"
            raise LedgerDamaged(path=str(database.path), reason=reason)
        return []
    hidden = _gone(database, made)
    for name in hidden:
        for statement in made[name]:
            database.cursor.execute(statement)
    if "subjects" in hidden:
        for position, topic, state in database.entries():
            insert(database.cursor, _INTO_INDEX, found_by(position, topic, state))
    return hidden


def gone(database: Database, folds: Iterable[Fold]) -> list[str]:
    """The names of the tables that are gone, or lack a column, which `stand_in` would hide."""
    return _gone(database, _statements(folds))


def _gone(database: Database, made: dict[str, list[str]]) -> list[str]:
    wanted = _columns(made)
    return [name for name in made if not wanted[name] <= _kept_columns(database, name)]


def _statements(folds: Iterable[Fold]) -> dict[str, list[str]]:
    """By the name of a table, what makes an empty one in its place."""
    made = {
        name: [f"CREATE TEMP TABLE {statement.removeprefix(_TABLE)}"]
        for statement in SCHEMA
        if statement.startswith(_TABLE) and (name := statement.split()[2]) not in UNREADABLE_WITHOUT
    }
    return made | {fold.name: list(SQLITE.create(table_of(fold), "temp.")) for fold in folds}


def _columns(made: dict[str, list[str]]) -> dict[str, set[str]]:
    """The names of the columns of each table."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statements in made.values():
            for statement in statements:
                connection.execute(statement)
        return {name: _of(connection, name) for name in made}


def _is_there(database: Database, name: str) -> bool:
    [[found]] = database.select("SELECT to_regclass(?) IS NOT NULL", database.dialect.kept + name)
    return bool(found)


def _kept_columns(database: Database, name: str) -> set[str]:
    return _of(database.connection, name, "main.")


def _of(connection: Connection, name: str, schema: str = "") -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA {schema}table_info({name})")}
