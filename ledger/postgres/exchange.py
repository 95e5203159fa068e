"""Statements that are sent to a server together, and answered one after the other.

This is libpq's pipeline mode by the functions of `psycopg.pq`. psycopg's own pipeline has a cursor
for each statement, which takes its process four times as long for what a record says.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.waiting import Ready, Wait

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

PREPARED = 500  # statements that the server keeps ready

Reading = Generator[Wait, Ready | int | None, None]


class Answer:
    """The answer to one statement, read when it is wanted."""

    def __init__(self, exchange: Exchange) -> None:
        self.result: PGresult | None = None
        self._exchange = exchange
        self._left: Iterator[tuple[Any, ...]] | None = None

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None."""
        return next(self._rows(), None)

    def fetchmany(self, most: int) -> list[tuple[Any, ...]]:
        """The next rows, so many at most."""
        return list(islice(self._rows(), most))

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return list(self._rows())

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        if self._left is None:
            self._left = iter(self._exchange.rows(self))
        return self._left


class Exchange:
    """What is sent over one connection without waiting for answers."""

    def __init__(self, bare: psycopg.Connection[Any]) -> None:
        self.going = False
        self._bare = bare
        self._libpq = bare.pgconn
        self._unread: deque[Answer | None] = deque()  # None: to what says nothing
        self._prepared: dict[tuple[str, tuple[int, ...]], bytes | None] = {}  # the latest last
        self._names = count(1)
        self._forgotten = False  # whether it may keep statements of which nothing is known here

    @contextmanager
    def together(self) -> Iterator[None]:
        """Until the end of this, `send` waits for nothing; then all has been answered.

        The first thing that the server says is wrong is raised, where an answer is read or at
        the end; it does nothing of what was sent after that.
        """
        if self._libpq.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection is lost")
        self._begin()
        try:
            yield
        except BaseException:
            with suppress(psycopg.Error):
                self._end()
            raise
        self._end()

    @contextmanager
    def interrupted(self) -> Iterator[None]:
        """Until the end of this, the connection is psycopg's; all before has been answered."""
        going = self.going
        if going:
            self._end()
        yield
        if going:
            self._begin()

    def send(self, sql: str, values: Sequence[Any]) -> Answer:
        """Send a statement with its values for `$1` and so on."""
        of_values = Transformer(self._bare)
        dumped = of_values.dump_sequence(values, _formats(len(values)))
        types, formats = of_values.types or (), of_values.formats
        name = self._name(sql, types)
        if name is None:
            self._libpq.send_query_params(sql.encode(), dumped, types, formats)
        else:
            self._libpq.send_query_prepared(name, dumped, formats)
        answer = Answer(self)
        self._unread.append(answer)
        self._libpq.flush()  # it works on this while what comes next is found out here
        return answer

    def hurry(self) -> None:
        """Have the server answer what was sent so far; it would wait until an answer is read."""
        self._libpq.send_flush_request()
        self._libpq.flush()

    def rows(self, answer: Answer) -> list[tuple[Any, ...]]:
        """The rows of an answer, for which it waits."""
        if answer.result is None:
            self._libpq.send_flush_request()
            self._bare.wait(self._read(lambda: answer.result is not None))
        result = answer.result
        assert result is not None
        if result.status != ExecStatus.TUPLES_OK:
            return []
        loading = Transformer(self._bare)
        loading.set_pgresult(result)
        return loading.load_rows(0, result.ntuples, tuple)

    def _name(self, sql: str, types: tuple[int, ...]) -> bytes | None:
        """That of the statement that was prepared; one that is used once is not."""
        key = (sql, types)
        known = key in self._prepared
        name = self._prepared.pop(key, None)
        if known and name is None:
            name = b"natverk_%d" % next(self._names)
            self._libpq.send_prepare(name, sql.encode(), types)
            self._unread.append(None)
        self._prepared[key] = name
        if len(self._prepared) > PREPARED:
            oldest = self._prepared.pop(next(iter(self._prepared)))
            if oldest is not None:
                self._tell(b"DEALLOCATE " + oldest)
        return name

    def _tell(self, sql: bytes) -> None:
        self._libpq.send_query_params(sql, None)
        self._unread.append(None)

    def _begin(self) -> None:
        self._libpq.enter_pipeline_mode()
        self.going = True
        if self._forgotten:
            self._tell(b"DEALLOCATE ALL")
            self._forgotten = False

    def _end(self) -> None:
        """Read all that was not, and raise what was wrong with any of it."""
        if not self.going:  # as what was read apart has failed
            return
        try:
            if self._libpq.status == ConnStatus.OK:
                self._libpq.pipeline_sync()
                self._unread.append(None)
                self._bare.wait(self._read(lambda: not self._unread))
        finally:
            self.going = False
            self._unread.clear()
            if self._libpq.status == ConnStatus.OK:
                self._libpq.exit_pipeline_mode()

    def _read(self, enough: Callable[[], bool]) -> Reading:
        wrong: psycopg.Error | None = None
        while self._libpq.flush():
            if ((yield Wait.RW) or 0) & Ready.R:
                self._libpq.consume_input()
        while not enough():
            while self._libpq.is_busy():
                if (yield Wait.R):
                    self._libpq.consume_input()
            result = self._libpq.get_result()
            if result is not None:  # else the end of what came of one
                said = self._take(result)
                wrong = wrong or said
        if wrong is not None:
            raise wrong

    def _take(self, result: PGresult) -> psycopg.Error | None:
        answer = self._unread.popleft()
        if answer is not None:
            answer.result = result
        if result.status != ExecStatus.FATAL_ERROR:
            return None
        self._prepared.clear()  # what was to be prepared after it was not
        self._forgotten = True
        if self._libpq.status != ConnStatus.OK:
            raise psycopg.OperationalError(result.get_error_message())
        return error_from_result(result)


@cache
def _formats(values: int) -> Sequence[PyFormat]:
    return [PyFormat.AUTO] * values
