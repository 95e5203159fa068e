"""What members gave and received: described, never owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cli_world import Natverk
from hypothesis import given
from hypothesis import strategies as st

from ledger.database import Database
from ledger.events import GiftGiven
from ledger.tables import replay
from projections.glance import glance
from projections.reciprocity import ALL_TIME, BALANCES, PAIRS, balance_rows

START = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def gifts(draw: st.DrawFn) -> list[GiftGiven]:
    drawn = []
    for position in range(1, draw(st.integers(0, 30)) + 1):
        giver, receiver = draw(
            st.lists(
                st.sampled_from(["m1", "m2", "m3", "everyone"]), min_size=2, max_size=2, unique=True
            ).filter(lambda pair: pair[0] != "everyone")
        )
        unit = draw(st.sampled_from([None, "hour", "kg"]))
        at = START + timedelta(days=draw(st.integers(0, 800)))
        drawn.append(
            GiftGiven(
                id="0" * 32,
                occurred_at=at,
                recorded_at=at,
                position=position,
                giver=giver,
                receiver=receiver,
                kind="other",
                thousandths=None if unit is None else draw(st.integers(1, 10**18 - 1)),
                unit=unit,
            )
        )
    return drawn


@given(gifts())
def test_over_everyone_as_much_is_given_as_received(given_: list[GiftGiven]) -> None:
    by_period: dict[str, list[int]] = {}
    by_unit: dict[tuple[str, str], list[int]] = {}
    for row in replay([BALANCES], given_).rows(BALANCES).values():
        totals = by_period.setdefault(row.period, [0, 0])
        totals[0] += row.given
        totals[1] += row.received
        for unit, (out, back) in row.units.items():
            measured = by_unit.setdefault((row.period, unit), [0, 0])
            measured[0] += out
            measured[1] += back
    assert all(out == back for out, back in by_period.values())
    assert all(out == back for out, back in by_unit.values())
    assert by_period.get(ALL_TIME, [0])[0] == len(given_)


@given(gifts())
def test_pairs_add_up_to_balances(given_: list[GiftGiven]) -> None:
    tables = replay([BALANCES, PAIRS], given_)
    out: Counter[str] = Counter()
    for pair in tables.rows(PAIRS).values():
        out[pair.giver] += pair.gifts
    for row in tables.rows(BALANCES).values():
        if row.period == ALL_TIME:
            assert row.given == out[row.member]


@given(gifts())
def test_a_gift_taken_back_leaves_no_trace(given_: list[GiftGiven]) -> None:
    tables = replay([BALANCES, PAIRS], given_)
    for gift in given_:
        tables.apply(gift, -1)
    rows = [*tables.rows(BALANCES).values()]
    assert all((row.given, row.received, row.units) == (0, 0, {}) for row in rows)


def test_balance_has_everyone_by_name_with_zeros(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Café")
    nothing = {"given": 0, "received": 0, "confirmed": 0, "disputed": 0}
    assert kvarteret.rows("balance") == [
        {"id": "m1", "name": "Åsa Öberg", **nothing, "units": {}},
        {"id": "m4", "name": "Café Linden", **nothing, "units": {}},
        {
            "id": "m3",
            "name": "Eva Lind",
            **nothing,
            "given": 1,
            "units": {"hour": {"given": "2", "received": "0"}},
        },
        {
            "id": "m2",
            "name": "Knut Hansson",
            **nothing,
            "received": 1,
            "units": {"hour": {"given": "0", "received": "2"}},
        },
    ]


def test_a_gift_to_everyone_is_received_by_no_member(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Åsa", "everyone", "bread")
    rows = {row["id"]: (row["given"], row["received"]) for row in kvarteret.rows("balance")}
    assert rows == {"m1": (1, 0), "m2": (0, 1), "m3": (1, 0), "m4": (0, 0)}


def test_what_two_have_given_each_other(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Knut", "Eva", "bread", "--quantity", "1.5", "--unit", "kg")
    kvarteret.does("give", "Knut", "Åsa", "bread")
    [row] = kvarteret.rows("balance", "Knut", "--with", "Eva")
    assert row == {
        "id": "m2",
        "name": "Knut Hansson",
        "given": 1,
        "received": 1,
        "confirmed": 0,
        "disputed": 0,
        "units": {
            "hour": {"given": "0", "received": "2"},
            "kg": {"given": "1.5", "received": "0"},
        },
        "with": "m3",
        "with_name": "Eva Lind",
    }


def test_a_year_is_the_sum_of_its_months(kvarteret: Natverk) -> None:
    for at in ("2025-12-31", "2026-01-01", "2026-11-02"):
        kvarteret.does("give", "Eva", "Åsa", "--hours", "1.25", "--at", at)

    def given(by: str) -> list[tuple[str, int, str]]:
        rows = kvarteret.rows("balance", "Eva", "--by", by)
        return [(row["period"], row["given"], row["units"]["hour"]["given"]) for row in rows]

    assert given("month") == [
        ("2025-12", 1, "1.25"),
        ("2026-01", 1, "1.25"),
        ("2026-10", 1, "2"),
        ("2026-11", 1, "1.25"),
    ]
    assert given("year") == [("2025", 1, "1.25"), ("2026", 3, "4.5")]
    assert given("week")[:2] == [("2026-W01", 2, "2.5"), ("2026-W44", 1, "2")]


def test_periods_without_who_are_for_each_member(kvarteret: Natverk) -> None:
    rows = kvarteret.rows("balance", "--by", "month")
    assert [(row["id"], row["period"]) for row in rows] == [("m3", "2026-10"), ("m2", "2026-10")]


def test_with_and_by_do_not_go_together(kvarteret: Natverk) -> None:
    result = kvarteret("balance", "Knut", "--with", "Eva", "--by", "year")
    assert result.code == 2
    assert result.err.splitlines() == [
        "natverk: error: --with and --by do not go together; give one of them",
        "natverk: hint: see natverk balance --help",
    ]


def test_with_needs_the_one_whose_balance_it_is(kvarteret: Natverk) -> None:
    result = kvarteret("balance", "--with", "Eva")
    assert result.code == 2
    assert result.err.startswith("natverk: error: --with needs the member")


def test_the_balance_of_an_unknown_member_is_told_of(kvarteret: Natverk) -> None:
    assert kvarteret("balance", "m77").code == 3
    assert kvarteret("balance", "everyone").code == 3


def test_the_words_of_debt_are_not_used(kvarteret: Natverk) -> None:
    said = (
        kvarteret.does("balance")
        + kvarteret.does("balance", "Knut")
        + kvarteret.does("statement", "Knut")
    )
    assert not any(word in said.lower() for word in ("owes", "debt", " -", "\x1b"))


@pytest.mark.file
@pytest.mark.parametrize("question", [balance_rows, lambda database: glance(database, START)])
def test_what_is_of_all_time_is_found_without_reading_every_period(
    kvarteret: Natverk, question: Callable[[Database], Any]
) -> None:
    asked: list[str] = []
    with closing(Database.reading(kvarteret.place)) as database:
        database.connection.set_trace_callback(asked.append)
        question(database)
        database.connection.set_trace_callback(None)
        joined = [query for query in asked if "JOIN balances" in query]
        plans = [database.select(f"EXPLAIN QUERY PLAN {query}") for query in joined]
    assert plans
    assert not any("SCAN balances" in step for plan in plans for *_, step in plan)
