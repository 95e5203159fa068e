"""How the rows of a fold lie in a table of the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any

from ledger.folds import Fold, Key

Convert = Callable[[Any], Any]

ROWS_A_STATEMENT = 50  # SQLite takes 999 values, and starting a statement costs as much as a row
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Table:
    """The table of one fold: a column for each field of its row, the key first.

    Lists and dicts are kept as JSON, totals that may pass 64 bits as text.
    """

    def __init__(self, fold: Fold) -> None:
        self.fold = fold
        self.columns = fold.columns
        self._values = attrgetter(*self.columns)
        self._to: list[tuple[int, Convert]] = []
        self._from: list[tuple[int, Convert]] = []
        for place, field in enumerate(fields(fold.row)):
            kept = _conversion(str(field.type))
            if kept is not None:
                self._to.append((place, kept[0]))
                self._from.append((place, kept[1]))
        marks = ", ".join("?" * len(self.columns))
        self._key_is = " AND ".join(f"{name} = ?" for name in self.columns[: fold.key_length])
        self._marks = marks
        self._put = f"INSERT OR REPLACE INTO {fold.name} VALUES ({marks})"
        self._get = f"SELECT * FROM {fold.name} WHERE {self._key_is}"

    def create(self, schema: str = "") -> Iterator[str]:
        """The statements that make the table, empty, with its indexes; kept, or in `temp.`."""
        names = self.columns
        key = ", ".join(names[: self.fold.key_length])
        columns = ", ".join(names)
        yield f"DROP TABLE IF EXISTS {schema or 'main.'}{self.fold.name}"
        columns += f", PRIMARY KEY ({key})"
        yield f"CREATE TABLE {schema}{self.fold.name} ({columns}) WITHOUT ROWID"
        for index in self.fold.indexes:
            name = "_".join((self.fold.name, *index))
            yield f"CREATE INDEX {schema}{name} ON {self.fold.name} ({', '.join(index)})"

    def values(self, row: Any) -> tuple[Any, ...]:
        """A row as the values of its columns."""
        read: tuple[Any, ...] = self._values(row)
        if not self._to:
            return read
        values = list(read)
        for place, convert in self._to:
            if values[place] is not None:
                values[place] = convert(values[place])
        return tuple(values)

    def row(self, values: Iterable[Any]) -> Any:
        """The row with these values of its columns."""
        read = list(values)
        for place, convert in self._from:
            if read[place] is not None:
                read[place] = convert(read[place])
        return self.fold.row(*read)

    def load(self, cursor: sqlite3.Cursor, key: Key) -> Any | None:
        """The row with a key, or None."""
        values = self.stored(cursor, key)
        return None if values is None else self.row(values)

    def stored(self, cursor: sqlite3.Cursor, key: Key) -> tuple[Any, ...] | None:
        """The values of the row with a key, as they are stored, or None."""
        values: tuple[Any, ...] | None = cursor.execute(self._get, key).fetchone()
        return values

    def find(
        self,
        cursor: sqlite3.Cursor,
        equal: Mapping[str, Any],
        beyond: Mapping[str, int] | None = None,
    ) -> list[Any]:
        """The rows with columns equal to `equal` and above `beyond`, by key."""
        tests = [f"{name} = ?" for name in equal] + [f"{name} > ?" for name in beyond or ()]
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        wanted = (*equal.values(), *(beyond or {}).values())
        found = cursor.execute(f"SELECT * FROM {self.fold.name}{where}", wanted)
        return [self.row(values) for values in found.fetchall()]

    def into(self, schema: str) -> str:
        """The statement that inserts new rows in a schema."""
        return f"INSERT INTO {schema}{self.fold.name} VALUES ({self._marks})"

    def put(self, cursor: sqlite3.Cursor, rows: Iterable[Any]) -> None:
        """Insert rows, or replace those with the same keys."""
        insert(cursor, self._put, [self.values(row) for row in rows])


def insert(cursor: sqlite3.Cursor, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows by a statement that ends in the marks of one, many with each run of it."""
    together = len(rows) - len(rows) % ROWS_A_STATEMENT
    if together:
        marks = statement[statement.rindex("(") :]
        many = statement + f", {marks}" * (ROWS_A_STATEMENT - 1)
        starts = range(0, together, ROWS_A_STATEMENT)
        parts = (rows[start : start + ROWS_A_STATEMENT] for start in starts)
        cursor.executemany(many, (list(chain.from_iterable(part)) for part in parts))
    cursor.executemany(statement, rows[together:])


@cache
def table_of(fold: Fold) -> Table:
    """The table in which a fold is kept."""
    return Table(fold)


def _json(value: Any) -> str:
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    try:
        return _dumps()(value).decode()
    except TypeError:  # a total past 64 bits
        return _ENCODER.encode(value)


@cache
def _dumps() -> Callable[[Any], bytes]:
    import orjson  # noqa: PLC0415 - a question writes no rows

    return partial(orjson.dumps, option=orjson.OPT_SORT_KEYS)


def _conversion(annotation: str) -> tuple[Convert, Convert] | None:
    if annotation.startswith(("list", "dict")):
        return _json, json.loads
    if annotation.startswith("Total"):
        return str, int
    if annotation == "bool":
        return int, bool
    return None
