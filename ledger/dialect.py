"""The little in which the two databases differ: SQLite's own words for it.

All SQL is written once, as SQLite takes it. What PostgreSQL has to be told in another
way is either a method here, which `postgres.dialect` gives anew, or rewritten there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ledger.rows import Table

ROWS_A_STATEMENT = 50  # SQLite takes 999 values, and starting a statement costs as much as a row

Coming = Callable[[], list[Any]]


class Cursor(Protocol):
    """What is used of a cursor of either database."""

    row_factory: Any
    arraysize: int

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor:
        """Run one statement."""

    def executemany(self, sql: str, rows: Any, /) -> Cursor:
        """Run one statement for each of several rows."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchmany(self) -> list[Any]:
        """The next `arraysize` rows."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """All rows that are left, one by one."""


class Connection(Protocol):
    """What is used of a connection to either database."""

    def cursor(self) -> Any:
        """A cursor of its own."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Any:
        """Run one statement."""

    def executemany(self, sql: str, rows: Any, /) -> Any:
        """Run one statement for each of several rows."""

    def close(self) -> None:
        """End it."""


class Dialect:
    """SQLite's."""

    kept = "main."  # the schema of the tables that are kept
    ours = "temp."  # that of tables of the connection's own
    start_reading = "BEGIN"
    start_past = ("PRAGMA temp_store = MEMORY", "BEGIN")

    read_once: tuple[str, ...] = (f"PRAGMA cache_size = -{4 * 1024}",)  # KiB: no pages are kept

    def create(self, table: Table, schema: str = "") -> Iterator[str]:
        """The statements that make the table of a fold, empty, with its indexes."""
        fold = table.fold
        columns = f"{fold.listed}, PRIMARY KEY ({table.key})"
        yield f"DROP TABLE IF EXISTS {schema or self.kept}{fold.name}"
        yield f"CREATE TABLE {schema}{fold.name} ({columns}) WITHOUT ROWID"
        for index in fold.indexes:
            name = "_".join((fold.name, *index))
            yield f"CREATE INDEX {schema}{name} ON {fold.name} ({', '.join(index)})"

    def empty(self, table: Table) -> Iterator[str]:
        """The statements after which the kept table has no rows, in its present form."""
        return self.create(table)

    def insert(
        self, cursor: Cursor, statement: str, rows: Sequence[tuple[Any, ...]], then: str = ""
    ) -> None:
        """Insert rows by a statement that ends in the marks of one, many with each run of it.

        `then` is what the statement says after all marks.
        """
        together = len(rows) - len(rows) % ROWS_A_STATEMENT
        if together:
            marks = statement[statement.rindex("(") :]
            many = statement + f", {marks}" * (ROWS_A_STATEMENT - 1) + then
            starts = range(0, together, ROWS_A_STATEMENT)
            parts = (rows[start : start + ROWS_A_STATEMENT] for start in starts)
            cursor.executemany(many, (list(chain.from_iterable(part)) for part in parts))
        cursor.executemany(statement + then, rows[together:])

    def replacing(self, table: Table) -> tuple[str, str]:
        """What puts in rows, or replaces those with the same keys: a statement, and its end."""
        return table.replacing

    def rows_with(
        self, cursor: Cursor, table: Table, keys: Sequence[tuple[Any, ...]]
    ) -> Iterable[tuple[Any, ...]]:
        """The rows with any of some keys as they are stored, in the order of those."""
        found = (table.stored(cursor, key) for key in keys)
        return [row for row in found if row is not None]

    def by_key(self, table: Table) -> str:
        """The clause that puts rows in the order of their keys, in which they lie already."""
        return ""

    def of_types(
        self, one: str, types: Sequence[str], values: Sequence[Any]
    ) -> tuple[str, list[Any]]:
        """What a query answers for each of some types, one after the other; and its values.

        `one` asks for one type, with the mark of it after that of the first of the `values`.
        """
        first, *more = values
        return " UNION ALL ".join([one] * len(types)), [
            value for kind in types for value in (first, kind, *more)
        ]

    def delete_texts(self, cursor: Cursor, entry: int, positions: Collection[int]) -> None:
        """Delete the texts of entries at some positions, whom the entry `entry` forgets."""
        cursor.executemany("DELETE FROM texts WHERE position = ?", [(at,) for at in positions])

    def to_setting(self, value: Any) -> Any:
        """A setting as it is kept."""
        return value

    def from_setting(self, value: Any) -> Any:
        """A setting as it was made."""
        return value

    def changed_guards(self, connection: Any) -> list[str]:
        """The names of the triggers that guard the log and are not as they were made."""
        from ledger.schema import changed_triggers  # noqa: PLC0415 - only to verify

        return changed_triggers(connection)

    def coming(self, asked: Any) -> Coming:
        """The rows that answer a question, when they are wanted: read at once, as they are here.

        A question that is still open would stand in the way of who deletes for good.
        """
        rows = asked.fetchall()
        return lambda: rows

    def streaming(self, connection: Any) -> Any:
        """A cursor for an answer that is long."""
        return connection.cursor()


SQLITE = Dialect()


def dialect_of(connection: object) -> Dialect:
    """That of a connection or a cursor."""
    found: Dialect = getattr(connection, "dialect", SQLITE)
    return found
