"""Cursors over a connection to PostgreSQL, in the form in which SQLite's are used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg

from ledger.dialect import ROWS_A_STATEMENT
from ledger.postgres.dialect import POSTGRES, STATEMENTS, rewritten
from ledger.postgres.exchange import Answer

if TYPE_CHECKING:
    from ledger.postgres.connection import Connection

FETCHED = 2_000  # rows of a long answer that come together

_INSERTS = re.compile(r"(.*INSERT INTO .* VALUES )(\(\?(?:, \?)*\))( ON CONFLICT .*|\) SELECT .*|)")


class Cursor:
    """A cursor that takes SQL as it is written for both databases.

    What the server says is wrong becomes an error of ours.
    """

    dialect = POSTGRES

    def __init__(self, connection: Connection) -> None:
        self.row_factory: Any = None
        self.arraysize = 1
        self._connection = connection
        self._ran: psycopg.RawCursor[Any] | Answer  # a new one for each statement

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        """Run one statement; where statements are sent together, it waits for no answer."""
        with self._connection.failing():
            self._ran = self._connection.run(rewritten(sql), values)
        return self

    def executemany(self, sql: str, rows: Any) -> Cursor:
        """Run one statement for each of several rows; what inserts them takes a few at once."""
        rows = list(rows)
        if not rows:
            return self
        many = _inserting(sql, len(rows)) if len(rows) <= ROWS_A_STATEMENT else None
        if many is not None:
            return self.execute(many, [value for row in rows for value in row])
        with self._connection.together():
            for row in rows:
                self.execute(sql, row)
        return self

    def copy(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Give rows to a `COPY` from here."""
        with self._connection.apart(), self._connection.bare.cursor().copy(sql.encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def hurry(self) -> None:
        """Have the server answer what was sent so far; it would wait until an answer is read."""
        with self._connection.failing():
            self._connection.hurry()

    def fetchone(self) -> Any:
        """The next row, or None."""
        with self._connection.failing():
            return self._ran.fetchone()

    def fetchmany(self) -> list[Any]:
        """The next `arraysize` rows."""
        with self._connection.failing():
            return self._ran.fetchmany(self.arraysize)

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        with self._connection.failing():
            return self._ran.fetchall()

    def __iter__(self) -> Iterator[Any]:
        yield from self.fetchall()


@lru_cache(STATEMENTS)
def _inserting(sql: str, rows: int) -> str | None:
    """The statement that inserts so many rows, by one that inserts one; None for any other."""
    found = _INSERTS.fullmatch(sql)
    if found is None:
        return None
    into, marks, then = found.groups()
    return f"{into}{', '.join([marks] * rows)}{then}"


class Streaming(Cursor):
    """A cursor for a long answer, of which the server keeps what is not fetched yet."""

    _numbers = count(1)

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._name = ""

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        """Ask; only the first rows come at once."""
        self._name = f"long_{next(self._numbers)}"
        hold = "" if self._connection.in_transaction else "WITH HOLD "
        return super().execute(f"DECLARE {self._name} NO SCROLL CURSOR {hold}FOR {sql}", values)

    def fetchone(self) -> Any:
        """The next row, or None."""
        return next(iter(self._fetch(1)), None)

    def fetchmany(self) -> list[Any]:
        """The next `arraysize` rows."""
        return self._fetch(self.arraysize)

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return list(self)

    def __iter__(self) -> Iterator[Any]:
        while rows := self._fetch(FETCHED):
            yield from rows

    def _fetch(self, most: int) -> list[Any]:
        if not self._name:
            return []
        rows = Cursor(self._connection).execute(f"FETCH {most} FROM {self._name}").fetchall()
        if len(rows) < most:
            Cursor(self._connection).execute(f"CLOSE {self._name}")
            self._name = ""
        return rows
