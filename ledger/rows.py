"""How the rows of a fold lie in a table of the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache, partial
from itertools import islice
from operator import attrgetter
from typing import Any

from ledger.dialect import Cursor, dialect_of
from ledger.folds import Fold, Key

Convert = Callable[[Any], Any]

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
        self.key = ", ".join(self.columns[: fold.key_length])
        self.marks = f"({marks})"
        self.replacing = (f"INSERT OR REPLACE INTO {fold.name} VALUES {self.marks}", "")
        self._select = f"SELECT {fold.listed} FROM {fold.name}"
        self._get = f"{self._select} WHERE {self._key_is}"

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
        """The row with these values of its columns; any that follow say of which network it is."""
        read = list(islice(values, len(self.columns)))
        for place, convert in self._from:
            if read[place] is not None:
                read[place] = convert(read[place])
        return self.fold.row(*read)

    def load(self, cursor: Cursor, key: Key) -> Any | None:
        """The row with a key, or None."""
        values = self.stored(cursor, key)
        return None if values is None else self.row(values)

    def stored(self, cursor: Cursor, key: Key) -> tuple[Any, ...] | None:
        """The values of the row with a key, as they are stored, or None."""
        values: tuple[Any, ...] | None = cursor.execute(self._get, key).fetchone()
        return values

    def find(
        self,
        cursor: Cursor,
        equal: Mapping[str, Any],
        beyond: Mapping[str, int] | None = None,
    ) -> list[Any]:
        """The rows with columns equal to `equal` and above `beyond`, by key."""
        tests = [f"{name} = ?" for name in equal] + [f"{name} > ?" for name in beyond or ()]
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        wanted = (*equal.values(), *(beyond or {}).values())
        found = cursor.execute(f"{self._select}{where}{dialect_of(cursor).by_key(self)}", wanted)
        return [self.row(values) for values in found.fetchall()]

    def into(self, schema: str) -> str:
        """The statement that inserts new rows in a schema."""
        return f"INSERT INTO {schema}{self.fold.name} ({self.fold.listed}) VALUES {self.marks}"

    def put(self, cursor: Cursor, rows: Iterable[Any]) -> None:
        """Insert rows, or replace those with the same keys."""
        statement, then = dialect_of(cursor).replacing(self)
        insert(cursor, statement, [self.values(row) for row in rows], then)


def insert(cursor: Cursor, statement: str, rows: Sequence[tuple[Any, ...]], then: str = "") -> None:
    """Insert rows, however many, by a statement that names the columns and ends in their marks.

    `then` is what the statement says after all marks.
    """
    dialect_of(cursor).insert(cursor, statement, rows, then)


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
