"""Many rows at once on a server: the same rows as one by one, and held to the same rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from postgres_world import found_in, user
from servers import STORES, Snapshot
from worlds import CORRECTED_MOVES, FOUNDED, Clock, Move, day, differences, opened, play

from ledger.bulk import Bulk
from ledger.commands import Give
from ledger.dialect import SQLITE
from ledger.errors import LedgerError
from ledger.ledger import Ledger
from ledger.places import Server
from ledger.rows import table_of
from projections.registry import PROJECTIONS

psycopg = pytest.importorskip("psycopg")

from ledger.postgres import dialect, loading  # noqa: E402
from ledger.postgres.connection import Cursor, connect  # noqa: E402

pytestmark = pytest.mark.server

ONE_BY_ONE, ALL = 10**9, 1  # from how many rows on they are copied
DIFFICULT = '"hjälp", \\N \\. \\x41 {1,NULL}'  # in any form in which rows may be sent
MANY = dialect.COPIED + 50
INTO_LOG = (
    f"INSERT INTO {dialect.SCHEMA}.stored_events"
    " (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
)
INTO_LATE = "INSERT INTO late (position, occurred) VALUES (?, ?)"


def found(random: int = 1) -> Ledger:
    """A network in a database of its own, with ids that come to the same each time."""
    server = STORES.cluster.fresh()
    return Ledger.found(server, FOUNDED, PROJECTIONS, Clock(), Random(random).randbytes)


def take(ledger: Ledger, rows: int) -> None:
    """Bring in a table of gifts, by members who join with it; some come more than once."""
    bulk = Bulk(ledger, "gifts", Give, "a table", join=True)
    chance = Random(2)
    with bulk.transaction() as transaction:
        for number in range(rows):
            what = f"{DIFFICULT} {number // 2}"
            given = {"kind": "time", "what": what, "occurred_at": day(3)}
            giver, receiver = chance.sample(range(rows // 2), 2)
            bulk.take(transaction, given, {"giver": f"Åsa {giver}", "receiver": f"Bo {receiver}"})


def held(ledger: Ledger) -> Snapshot:
    """All that is kept, with its numbers and in its order."""
    place = ledger.database.path
    assert isinstance(place, Server)
    return STORES.cluster.snapshot(place)


def check_rows_with_keys(ledger: Ledger) -> None:
    """Rows asked for together are those that are found one by one."""
    database = ledger.database
    for fold in ledger.folds:
        keys = [fold.key_of(row) for row in database.find(fold)][::-2]
        keys += [tuple(0 if isinstance(part, int) else "-" for part in key) for key in keys[:1]]
        asked = database.cursor, table_of(fold), keys
        assert dialect.POSTGRES.rows_with(*asked) == SQLITE.rows_with(*asked)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that rows are copied into from now on."""
    seen: list[str] = []
    copy = Cursor.copy

    def noted(self: Cursor, sql: str, rows: Any) -> None:
        seen.append(sql)
        copy(self, sql, rows)

    monkeypatch.setattr(Cursor, "copy", noted)
    return seen


# The same comes of it


def test_a_table_comes_to_the_same_rows_as_one_by_one(
    monkeypatch: pytest.MonkeyPatch, copies: list[str]
) -> None:
    kept = []
    for copied in (ONE_BY_ONE, dialect.COPIED):
        monkeypatch.setattr(dialect, "COPIED", copied)
        with found() as ledger:
            take(ledger, MANY)
            kept.append(held(ledger))
            assert bool(copies) is (copied != ONE_BY_ONE)
            assert differences(ledger) == []
    assert kept[0] == kept[1]


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_whatever_is_recorded_comes_to_the_same_rows(moves: list[Move]) -> None:
    kept = []
    for copied in (ONE_BY_ONE, ALL):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dialect, "COPIED", copied)
            with found() as ledger:
                play(ledger, moves)
                kept.append(held(ledger))
                check_rows_with_keys(ledger)
    assert kept[0] == kept[1]


def test_few_rows_take_no_detour(copies: list[str]) -> None:
    with found() as ledger:
        take(ledger, 50)
    assert copies == []


# It breaks off


@pytest.mark.parametrize("at", range(1, 6))
def test_a_table_that_breaks_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    with found() as ledger:
        before = held(ledger)
        copy, times = Cursor.copy, iter(range(1, 100))

        def breaks(self: Cursor, sql: str, rows: Any) -> None:
            def some() -> Iterator[Any]:
                yield from rows[:100]
                raise KeyboardInterrupt

            copy(self, sql, some() if next(times) == at else rows)

        with monkeypatch.context() as patch:
            patch.setattr(Cursor, "copy", breaks)
            with pytest.raises(KeyboardInterrupt):
                take(ledger, MANY)
        assert held(ledger) == before
        take(ledger, MANY)
        assert differences(ledger) == []
        assert found_in(ledger.database.path) == []  # type: ignore[arg-type]


# The rules hold for it


@pytest.mark.parametrize(
    ("network", "first", "reason"),
    [(None, 5, "no gap"), (None, 3, "duplicate key"), ("ab" * 16, 1, "row-level security")],
)
def test_the_log_takes_only_what_follows_in_it(
    ledger: Ledger, server: Server, network: str | None, first: int, reason: str
) -> None:
    before = list(ledger.database.entries())
    positions = range(first, first + MANY)
    rows = [(network or ledger.database.network, at, "x", b"x") for at in positions]
    with closing(connect(server)) as connection, pytest.raises(LedgerError, match=reason):
        loading.load(connection.cursor(), INTO_LOG, rows, "")
    assert list(ledger.database.entries()) == before
    assert found_in(server) == []


def test_a_temporary_table_of_the_same_name_gets_nothing(server: Server) -> None:
    with closing(connect(server)) as connection:
        connection.execute("CREATE TABLE pg_temp.late (position text, occurred text)")
        connection.execute("SET search_path = pg_temp, natverk")
        rows = [(at, at) for at in range(10, 10 + MANY)]
        assert loading.load(connection.cursor(), INTO_LATE, rows, "")
        counted = "SELECT count(*) FROM {}.late WHERE position::bigint >= 10"
        for schema, many in (("natverk", MANY), ("pg_temp", 0)):
            assert connection.execute(counted.format(schema)).fetchone() == (many,)


def test_where_nobody_may_make_temporary_tables_rows_go_one_by_one(copies: list[str]) -> None:
    with found() as made:
        place = made.database.path
    assert isinstance(place, Server)
    database = place.uri.partition("?")[0].rpartition("/")[2]
    STORES.cluster.do(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
    with user(place, "cautious") as theirs:
        STORES.cluster.do(f"GRANT natverk_{made.database.network} TO cautious")
        with opened(theirs) as ledger:
            take(ledger, MANY)
            assert differences(ledger) == []
    assert copies == []
