"""The same SQL as PostgreSQL takes it.

What SQLite calls a function is a function of the same name in the schema; see `schema`. The
network of a row is its column `originator_id`, which goes last, is filled by default, and is
the first part of every key; row-level security shows only the rows of one network, so that
no query names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from itertools import count
from typing import Any

from ledger.dialect import Coming, Cursor, Dialect
from ledger.rows import Table

SCHEMA = "natverk"
ROLE = "natverk_"  # and the network's id: who may read and record in it
EVERY = f"{ROLE}every_"  # and some digits of its own: who may in every network of one database
CHOSEN = "natverk.network"  # the setting that says in which of them
NETWORK = "originator_id"
TEXT = 'text COLLATE "C"'  # in the order of its characters, whatever the database's own order
COPIED = 500  # rows and more that come together go by `COPY`
STATEMENTS = 2_000  # whose rewriting is remembered

_QUOTED = re.compile(r"('(?:[^']|'')*')")
_MARK = re.compile(r"\?")
_GLOB = re.compile(r"\bGLOB (\?|'[^']*')")
_WILD = str.maketrans("*?", "%_")
_REWRITTEN = (
    (re.compile(r"\bend\b"), '"end"'),  # a column; in CASE it is written END
    (re.compile(r"\bCROSS JOIN (\w+(?: AS \w+)?) ON\b"), r"JOIN \1 ON"),
    (re.compile(r"\bON CONFLICT \("), f"ON CONFLICT ({NETWORK}, "),
    (re.compile(r"\bgroup_concat\("), "string_agg("),
    (re.compile(r"\bLIMIT -1\b"), ""),
    (re.compile(r"\bLIMIT \?"), "LIMIT nullif(?::bigint, -1)"),
    (re.compile(r"\bAS BLOB\)"), "AS bytea)"),
    # Which only the function of the schema may.
    (re.compile(r"\bDELETE FROM (names|saved) WHERE \w+ = \?"), r"SELECT clear('\1', ?)"),
)


@lru_cache(STATEMENTS)
def rewritten(sql: str) -> str:
    """A statement as PostgreSQL takes it."""
    number = count(1)
    parts = _QUOTED.split(_GLOB.sub(_like, sql))
    for at in range(0, len(parts), 2):  # outside of quotes
        for pattern, words in _REWRITTEN:
            parts[at] = pattern.sub(words, parts[at])
        parts[at] = _MARK.sub(lambda _: f"${next(number)}", parts[at])
    return "".join(parts)


def _like(found: re.Match[str]) -> str:
    pattern = found[1]
    return "LIKE translate(?, '*?', '%_')" if pattern == "?" else f"LIKE {pattern.translate(_WILD)}"


class Postgres(Dialect):
    """PostgreSQL's."""

    kept = f"{SCHEMA}."
    ours = "pg_temp."
    start_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    start_past = (
        "BEGIN ISOLATION LEVEL REPEATABLE READ",
        f"SET LOCAL search_path = pg_temp, {SCHEMA}",
    )
    read_once = ()

    def create(self, table: Table, schema: str = "") -> Iterator[str]:
        """The statements that make the table of a fold, empty, with its indexes."""
        fold, schema = table.fold, schema or self.kept
        columns, key = columns_of(table), table.key
        network = ""
        if schema == self.kept:
            columns, network = f"{columns}, {NETWORK_COLUMN}", f"{NETWORK}, "
        yield f"DROP TABLE IF EXISTS {schema}{fold.name}"
        yield f"CREATE TABLE {schema}{fold.name} ({columns}, PRIMARY KEY ({network}{key}))"
        for index in fold.indexes:
            name = "_".join((fold.name, *index))
            yield f"CREATE INDEX {name} ON {schema}{fold.name} ({network}{', '.join(index)})"

    def empty(self, table: Table) -> Iterator[str]:
        """The statement after which the kept table has no rows of the network."""
        yield f"SELECT clear('{table.fold.name}')"

    def replacing(self, table: Table) -> tuple[str, str]:
        """What puts in rows, or replaces those with the same keys: a statement, and its end."""
        return _replacing(table)

    def rows_with(
        self, cursor: Cursor, table: Table, keys: Sequence[tuple[Any, ...]]
    ) -> Iterable[tuple[Any, ...]]:
        """The rows with any of some keys as they are stored, in the order of those."""
        if not keys:
            return []
        arrays = [list(parts) for parts in zip(*keys, strict=True)]
        found = cursor.execute(_rows_with(table), arrays).fetchall()
        rows = {row[: table.fold.key_length]: row for row in found}
        return [rows[key] for key in keys if key in rows]

    def by_key(self, table: Table) -> str:
        """The clause that puts rows in the order of their keys."""
        return f" ORDER BY {table.key}"

    def of_types(
        self, one: str, types: Sequence[str], values: Sequence[Any]
    ) -> tuple[str, list[Any]]:
        """What a query answers for each of some types, which is planned once; and its values."""
        each = one.replace("type = ?", 'type = kind COLLATE "C"')
        query = f"SELECT found.* FROM unnest(?::text[]) AS kinds (kind), LATERAL ({each}) AS found"
        return query, [list(types), *values]

    def delete_texts(self, cursor: Cursor, entry: int, positions: Collection[int]) -> None:
        """Delete the texts of entries at some positions, whom the entry `entry` forgets.

        Only the function of the schema can; it checks that they are about whom that forgets.
        """
        cursor.execute("SELECT erase(?, ?)", (entry, sorted(positions))).fetchone()

    def to_setting(self, value: Any) -> Any:
        """A setting as it is kept: JSON, bytes as an object with their hex digits."""
        return json.dumps({"hex": value.hex()} if isinstance(value, bytes) else value)

    def from_setting(self, value: Any) -> Any:
        """A setting as it was made."""
        made = json.loads(value)
        return bytes.fromhex(made["hex"]) if isinstance(made, dict) else made

    def changed_guards(self, connection: Any) -> list[str]:
        """The names of the triggers that guard the log and are not as they were made."""
        from ledger.postgres.guards import changed_guards  # noqa: PLC0415 - only to verify

        return changed_guards(connection)

    def coming(self, asked: Any) -> Coming:
        """The rows that answer a question, which come while something else is done."""
        asked.hurry()
        answer: Coming = asked.fetchall
        return answer

    def streaming(self, connection: Any) -> Any:
        """A cursor that has the server keep what is not fetched yet."""
        return connection.streaming()

    def insert(
        self, cursor: Cursor, statement: str, rows: Sequence[tuple[Any, ...]], then: str = ""
    ) -> None:
        """Insert rows, many by `COPY` where that is allowed."""
        if len(rows) >= COPIED:
            from ledger.postgres.loading import load  # noqa: PLC0415 - only for many

            if load(cursor, statement, rows, then):
                return
        super().insert(cursor, statement, rows, then)


def of_role(role: str) -> str:
    """The network of a role in SQL; null for one that is no network's."""
    return f"CASE WHEN starts_with({role}, '{ROLE}') THEN substr({role}, {len(ROLE) + 1}) END"


# Whichever it is filled with, the policies of the role let only rows of its network in.
NETWORK_COLUMN = (
    f"{NETWORK} {TEXT} NOT NULL DEFAULT CASE WHEN starts_with(current_user::text, '{EVERY}')"
    f" THEN current_setting('{CHOSEN}') ELSE {of_role('current_user::text')} END"
)
POSTGRES = Postgres()


def columns_of(table: Table) -> str:
    """The columns of a fold's table with their types."""
    return ", ".join(f"{field.name} {_type(str(field.type))}" for field in fields(table.fold.row))


def _type(annotation: str) -> str:
    """Of a column: totals and JSON are kept as text, truth as 0 or 1."""
    return "bigint" if annotation in ("int", "int | None", "bool") else TEXT


@cache
def _rows_with(table: Table) -> str:
    key = fields(table.fold.row)[: table.fold.key_length]
    arrays = ", ".join(f"?::{_type(str(part.type)).split()[0]}[]" for part in key)
    names = ", ".join(f"k{at}" for at, _ in enumerate(key))
    return (
        f"SELECT {table.fold.listed} FROM {table.fold.name}"
        f" JOIN unnest({arrays}) AS wanted ({names}) ON ({table.key}) = ({names})"
    )


@cache
def _replacing(table: Table) -> tuple[str, str]:
    rest = table.columns[table.fold.key_length :]
    change = ", ".join(f"{name} = excluded.{name}" for name in rest)
    does = f"UPDATE SET {change}" if change else "NOTHING"
    into = table.into("")
    return into, f" ON CONFLICT ({table.key}) DO {does}"
