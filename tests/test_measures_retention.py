"""How many of those who joined in a period stayed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.state.members import Member
from ledger.values import microseconds
from projections.measures_retention import Cohort, retention

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1) // timedelta(microseconds=1)


def on(day: int) -> int:
    """The start of a day, counted from the first of January."""
    return microseconds(START) + day * DAY


def member(number: int, *spans: tuple[int, int | None]) -> Member:
    joined = (START + timedelta(days=spans[0][0])).isoformat()
    return Member(
        f"m{number}",
        "person",
        position=number,
        joined_at=joined,
        spans=[[on(start), None if end is None else on(end)] for start, end in spans],
    )


STAYED, LEFT, RETURNED = member(2, (3, None)), member(3, (5, 40)), member(4, (9, 20), (90, None))
FEBRUARY = member(5, (35, None))


def test_a_cohort_counts_who_is_there_when_the_window_ends() -> None:
    rows = [STAYED, LEFT, RETURNED, FEBRUARY]
    assert retention(rows, 30 * DAY, on(200)) == [
        Cohort("2026-01", joined=3, observed=3, retained=2),
        Cohort("2026-02", joined=1, observed=1, retained=1),
    ]


def test_who_was_away_meanwhile_is_retained_when_back_in_time() -> None:
    (cohort,) = retention([RETURNED], 90 * DAY, on(200))
    assert cohort.retained == 1
    (cohort,) = retention([RETURNED], 60 * DAY, on(200))
    assert cohort.retained == 0


def test_who_joined_too_late_for_the_window_is_not_counted_yet() -> None:
    (cohort,) = retention([STAYED, LEFT], 30 * DAY, on(34))
    assert cohort == Cohort("2026-01", joined=2, observed=1, retained=1)
    (cohort,) = retention([STAYED], 30 * DAY, on(32))
    assert cohort.retention.value is None


def test_who_joins_later_or_never_did_is_of_no_cohort() -> None:
    assert retention([STAYED, Member("m9")], DAY, on(2)) == []


def test_who_paused_is_a_member() -> None:
    paused = replace(STAYED, pauses=[[on(10), None]])
    assert retention([paused], 30 * DAY, on(99)) == retention([STAYED], 30 * DAY, on(99))


@pytest.mark.parametrize(("by", "period"), [("year", "2026"), ("quarter", "2026-Q1")])
def test_a_cohort_may_be_of_a_quarter_or_a_year(by: str, period: str) -> None:
    (cohort,) = retention([STAYED, FEBRUARY], 30 * DAY, on(99), by)  # type: ignore[arg-type]
    assert (cohort.period, cohort.joined) == (period, 2)


DAYS = st.lists(st.integers(0, 400), min_size=1, max_size=5, unique=True).map(sorted)


@given(st.lists(DAYS, max_size=6), st.integers(1, 200), st.integers(0, 500))
def test_cohorts_add_up_whatever_the_periods(
    changes: list[list[int]], window: int, today: int
) -> None:
    rows = [
        member(number, *zip(days[::2], [*days[1::2], None], strict=False))
        for number, days in enumerate(changes, start=1)
    ]
    joined = [days[0] for days in changes if days[0] <= today]
    for by in ("month", "quarter", "year"):
        cohorts = retention(rows, window * DAY, on(today), by)  # type: ignore[arg-type]
        assert sum(cohort.joined for cohort in cohorts) == len(joined)
        assert sum(cohort.observed for cohort in cohorts) == sum(
            day + window <= today for day in joined
        )
        there = [
            sum(day <= days[0] + window for day in days) % 2 == 1
            for days in changes
            if days[0] + window <= today
        ]
        assert sum(cohort.retained for cohort in cohorts) == sum(there)
