"""Statements sent together: each has its answer, the first fault is told, and nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from servers import STORES

psycopg = pytest.importorskip("psycopg")

from ledger.postgres import exchange as module  # noqa: E402
from ledger.postgres.connection import as_kept  # noqa: E402
from ledger.postgres.exchange import Exchange  # noqa: E402

pytestmark = pytest.mark.server


@pytest.fixture
def bare() -> Iterator[Any]:
    server = STORES.cluster.database()
    with closing(psycopg.connect(server.uri, autocommit=True)) as connection:
        connection.prepare_threshold = None
        as_kept(connection)
        connection.execute("CREATE TEMPORARY TABLE kept (at bigint PRIMARY KEY, said text)")
        yield connection


@pytest.fixture
def exchange(bare: Any) -> Exchange:
    return Exchange(bare)


def kept(bare: Any) -> list[Any]:
    found: list[Any] = bare.execute("SELECT at, said FROM kept ORDER BY at").fetchall()
    return found


def ready(bare: Any) -> int:
    """How many statements the server keeps ready."""
    [[many]] = bare.execute("SELECT count(*) FROM pg_prepared_statements").fetchall()
    assert isinstance(many, int)
    return many


def test_each_statement_has_its_own_answer_whenever_it_is_read(
    bare: Any, exchange: Exchange
) -> None:
    with exchange.together():
        first = exchange.send("SELECT n FROM generate_series(1, $1) AS n", [5])
        exchange.send("INSERT INTO kept VALUES ($1, $2)", (1, "åtta"))
        second = exchange.send("SELECT said, at FROM kept", ())
        assert second.fetchall() == [("åtta", 1)]
        assert first.fetchone() == (1,)
        assert first.fetchmany(2) == [(2,), (3,)]
        assert first.fetchall() == [(4,), (5,)]
        assert first.fetchone() is None
    assert not exchange.going
    assert kept(bare) == [(1, "åtta")]


@pytest.mark.parametrize("read", [True, False], ids=["where an answer is read", "at the end"])
def test_the_first_fault_is_told_and_nothing_is_done_after_it(
    bare: Any, exchange: Exchange, read: bool
) -> None:
    # Given a statement that is used so often that it is prepared, and one that fails
    with exchange.together():
        for at in range(3):
            exchange.send("INSERT INTO kept VALUES ($1, $2)", (at, "before"))

    def together() -> None:
        with exchange.together():
            exchange.send("BEGIN", ())
            exchange.send("INSERT INTO kept VALUES ($1, $2)", (7, "with it"))
            exchange.send("INSERT INTO kept VALUES ($1, $2)", (1, "again"))
            after = exchange.send("SELECT $1 / 0", [1])
            if read:
                after.fetchall()
            exchange.send("COMMIT", ())

    with pytest.raises(psycopg.errors.UniqueViolation):
        together()
    bare.execute("ROLLBACK")
    # Then the connection goes on as if that had not been tried
    assert [at for at, _ in kept(bare)] == [0, 1, 2]
    with exchange.together():
        exchange.send("INSERT INTO kept VALUES ($1, $2)", (3, "after"))
        exchange.send("INSERT INTO kept VALUES ($1, $2)", (4, "after"))
    assert [at for at, _ in kept(bare)] == [0, 1, 2, 3, 4]
    assert ready(bare) == 1


def test_a_fault_here_ends_what_was_sent(bare: Any, exchange: Exchange) -> None:
    def breaks() -> None:
        with exchange.together():
            exchange.send("BEGIN", ())
            exchange.send("INSERT INTO kept VALUES ($1, $2)", (1, "half"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        breaks()
    bare.execute("ROLLBACK")
    assert kept(bare) == []


def test_the_server_keeps_no_more_statements_ready_than_it_should(
    bare: Any, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PREPARED", 4)
    with exchange.together():
        for _ in range(2):
            for number in range(3):
                exchange.send(f"SELECT {number}, $1", [1])
    assert ready(bare) == 3
    with exchange.together():
        answers = [exchange.send(f"SELECT {number % 7}, $1", [1]) for number in range(70)]
        assert [row for answer in answers for row in answer.fetchall()] == [
            (number % 7, 1) for number in range(70)
        ]
    assert ready(bare) <= 4


def test_in_between_the_connection_is_psycopgs(bare: Any, exchange: Exchange) -> None:
    with exchange.together():
        exchange.send("INSERT INTO kept VALUES ($1, $2)", (1, "before"))
        with exchange.interrupted(), bare.cursor().copy("COPY kept FROM STDIN") as copy:
            copy.write_row((2, "meanwhile"))
        answer = exchange.send("SELECT count(*) FROM kept", ())
        assert answer.fetchall() == [(2,)]


def test_more_than_fits_on_the_way_comes_over(bare: Any, exchange: Exchange) -> None:
    # Given answers and questions that are each longer than what a socket holds
    many = 3_000
    with exchange.together():
        answers = [exchange.send("SELECT $1::text", ["å" * 1_000]) for _ in range(many)]
        assert sum(len(answer.fetchall()[0][0]) for answer in answers) == many * 1_000


def test_who_has_lost_the_connection_is_told(exchange: Exchange, bare: Any) -> None:
    with closing(psycopg.connect(bare.info.dsn, autocommit=True)) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (bare.info.backend_pid,))
    for _ in range(2):
        with pytest.raises(psycopg.OperationalError), exchange.together():
            exchange.send("SELECT 1", ()).fetchall()
