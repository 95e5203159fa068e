"""When a resource is open: what people write, and what that means on the clock."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger import errors
from ledger.openings import check_opening, covers, described, open_periods, parse_opening

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MINUTE = timedelta(minutes=1)


def at(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def opening(text: str) -> str:
    return parse_opening(text, STOCKHOLM)


def is_open(openings: list[str], start: str, end: str) -> bool:
    return covers([opening(each) for each in openings], at(start), at(end), STOCKHOLM)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("mon-fri 09:00-17:00", "BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0/PT8H"),
        ("Mån – Fre 9.00–17.00", "BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0/PT8H"),
        ("sat 10-14", "BYDAY=SA;BYHOUR=10;BYMINUTE=0/PT4H"),
        ("Lördagar 10-14", "BYDAY=SA;BYHOUR=10;BYMINUTE=0/PT4H"),
        ("tis,tors 18:00-21:00", "BYDAY=TU,TH;BYHOUR=18;BYMINUTE=0/PT3H"),
        ("tors, tisdag 18:30-21:00", "BYDAY=TU,TH;BYHOUR=18;BYMINUTE=30/PT2H30M"),
        ("fri-mon 12-12:45", "BYDAY=MO,FR,SA,SU;BYHOUR=12;BYMINUTE=0/PT45M"),
        ("daily 8-20", "BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=8;BYMINUTE=0/PT12H"),
        ("varje dag 00-24", "BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0;BYMINUTE=0/PT24H"),
        ("fri 22-02", "BYDAY=FR;BYHOUR=22;BYMINUTE=0/PT4H"),
    ],
)
def test_weekly_hours_are_written_in_english_or_swedish(written: str, stored: str) -> None:
    assert opening(written) == "RRULE:FREQ=WEEKLY;" + stored


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2026-12-01 10:00-12:00", "2026-12-01T10:00:00+01:00", "2026-12-01T12:00:00+01:00"),
        ("2026-12-01 22-02", "2026-12-01T22:00:00+01:00", "2026-12-02T02:00:00+01:00"),
        (
            "2026-12-01T10:00/2026-12-03T12:00",
            "2026-12-01T10:00:00+01:00",
            "2026-12-03T12:00:00+01:00",
        ),
        ("2026-12-01", "2026-12-01T00:00:00+01:00", "2026-12-02T00:00:00+01:00"),
        ("2026-12-01/2026-12-03", "2026-12-01T00:00:00+01:00", "2026-12-04T00:00:00+01:00"),
        ("2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("2026-10-25 02-03", "2026-10-25T02:00:00+02:00", "2026-10-25T03:00:00+01:00"),
    ],
)
def test_a_single_period_is_stored_with_its_offsets(written: str, start: str, end: str) -> None:
    assert opening(written) == f"{start}/{end}"


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("3/11", errors.AmbiguousDate),
        ("3/11/2026 10-12", errors.AmbiguousDate),
        ("03.11.2026", errors.AmbiguousDate),
        ("", errors.NotAnOpening),
        ("9-17", errors.NotAnOpening),
        ("mon", errors.NotAnOpening),
        ("mo 9-17", errors.NotAnOpening),
        ("mon, 9-17", errors.NotAnOpening),
        ("mon 9-25", errors.NotAnOpening),
        ("mon 24-02", errors.NotAnOpening),
        ("mon 9:60-10", errors.NotAnOpening),
        ("mon 9-12,13-17", errors.NotAnOpening),
        ("mon ٩-١٧", errors.NotAnOpening),
        ("mon 9-17" + " " * 300 + "or so", errors.NotAnOpening),
        ("2026-02-30", errors.NotAnOpening),
        ("2026-12-01T10:00", errors.NotAnOpening),
        ("2026-12-01/2026-12-03T10:00", errors.NotAnOpening),
        ("mon 9-9", errors.EmptyOpening),
        ("2026-12-03/2026-12-01", errors.EmptyOpening),
        ("2026-03-29 02:15-02:45", errors.EmptyOpening),  # the clock skips that half hour
        ("9999-12-31", errors.TimeOutOfRange),
        ("0001-01-01", errors.TimeOutOfRange),
    ],
)
def test_what_is_unclear_is_refused(written: str, refusal: type[errors.LedgerError]) -> None:
    with pytest.raises(refusal) as refused:
        opening(written)
    assert str(refused.value)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "mon-fri 9-17",
        "RRULE:FREQ=WEEKLY;BYDAY=TU,MO;BYHOUR=9;BYMINUTE=0/PT8H",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,MO;BYHOUR=9;BYMINUTE=0/PT8H",
        "RRULE:FREQ=WEEKLY;BYDAY=XX;BYHOUR=9;BYMINUTE=0/PT8H",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;BYHOUR=09;BYMINUTE=0/PT8H",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;BYHOUR=24;BYMINUTE=0/PT8H",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0/PT60M",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0/PT25H",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0/PT",
        "2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00",
        "2026-12-01T10:00:00/2026-12-01T12:00:00",
        "2026-12-01T10:00:00Z/2026-12-01T12:00:00Z",
        "2026-12-01T10:00+01:00/2026-12-01T12:00+01:00",
        "2026-12-01T10:00:00.5+01:00/2026-12-01T12:00:00+01:00",
        None,
        9,
    ],
)
def test_only_the_one_stored_form_is_taken_from_an_event(stored: object) -> None:
    with pytest.raises(errors.LedgerError):
        check_opening(stored)


def test_without_openings_a_resource_is_always_open() -> None:
    assert is_open([], "2026-12-01T03:00", "2036-12-01T03:00")
    assert open_periods([], at("2026-12-01T03:00"), at("2026-12-01T03:00"), STOCKHOLM) == []


def test_a_booking_lies_within_the_hours_to_the_minute() -> None:
    hours = ["mon-fri 9-17"]
    assert is_open(hours, "2026-12-01T09:00", "2026-12-01T17:00")
    assert not is_open(hours, "2026-12-01T08:59", "2026-12-01T17:00")
    assert not is_open(hours, "2026-12-01T09:00", "2026-12-01T17:01")
    assert not is_open(hours, "2026-12-05T09:00", "2026-12-05T10:00")


def test_hours_that_touch_or_overlap_are_one() -> None:
    assert is_open(["tue 9-12", "tue 12-17"], "2026-12-01T10:00", "2026-12-01T16:00")
    assert is_open(["fri 20-02", "sat 0-10"], "2026-12-04T21:00", "2026-12-05T09:00")
    assert not is_open(["tue 9-12", "tue 12:01-17"], "2026-12-01T10:00", "2026-12-01T16:00")


def test_a_single_period_fills_the_gap_between_weekly_hours() -> None:
    hours = ["tue-wed 9-17", "2026-12-01 17:00-24:00", "2026-12-02 0-9"]
    assert is_open(hours, "2026-12-01T09:00", "2026-12-02T17:00")
    assert not is_open(hours, "2026-12-08T09:00", "2026-12-09T17:00")


def test_the_night_that_shows_an_hour_twice_is_open_both_times() -> None:
    night = [opening("sat 22-02:30")]
    first, second = at("2026-10-25T02:15"), at("2026-10-25T02:15").replace(fold=1)
    start = at("2026-10-24T22:00")
    assert covers(night, start, first + MINUTE, STOCKHOLM)
    assert covers(night, start, second.astimezone(UTC) + MINUTE, STOCKHOLM)
    [(opens, closes)] = open_periods(night, start, second.astimezone(UTC) + 99 * MINUTE, STOCKHOLM)
    assert closes - opens == timedelta(hours=5, minutes=30)


def test_hours_that_the_clock_skips_take_no_time() -> None:
    day = at("2026-03-29T00:00"), at("2026-03-30T00:00")
    assert open_periods([opening("sun 02:15-02:45")], *day, STOCKHOLM) == []
    [(opens, closes)] = open_periods([opening("sun 01:30-03:30")], *day, STOCKHOLM)
    assert closes - opens == timedelta(hours=1)
    assert is_open(["sun 0-2", "sun 03-24"], "2026-03-29T00:00", "2026-03-30T00:00")


def test_centuries_cost_no_more_than_a_day() -> None:
    began = time.perf_counter()
    assert is_open(["daily 0-24"], "1801-01-01T00:00", "9990-01-01T00:00")
    assert is_open(["mon-thu 0-24", "fri 0-12", "fri 12-24", "sat 0-24", "sun 0-24"],
                   "1801-01-01T00:00", "9990-01-01T00:00")  # fmt: skip
    assert not is_open(["daily 0-23:59"], "1801-01-01T00:00", "9990-01-01T00:00")
    assert is_open(["daily 9-17", "1850-01-01/9000-01-01"], "1850-01-01T09:00", "9000-01-01T17:00")
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("mån-fre 9-17", "Mon–Fri 09:00–17:00"),
        ("tis,tors 18-21", "Tue, Thu 18:00–21:00"),
        ("fri-mon 0-24", "Mon, Fri–Sun 00:00–24:00"),
        ("dagligen 20-2", "daily 20:00–02:00"),
        ("2026-12-01 10-12", "2026-12-01 10:00–12:00"),
        ("2026-12-01 10-24", "2026-12-01 10:00–00:00"),
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01/2026-12-03", "2026-12-01 – 2026-12-03"),
        ("2026-12-01T10:00/2026-12-03T12:00", "2026-12-01 10:00 – 2026-12-03 12:00"),
    ],
)
def test_an_opening_is_said_in_few_words_that_can_be_written_again(written: str, said: str) -> None:
    assert described(opening(written)) == said
    assert opening(said) == opening(written)


# Against an implementation that looks at every minute of the clock

ZONES = st.sampled_from(
    [
        STOCKHOLM,
        ZoneInfo("America/Havana"),  # changes at midnight
        ZoneInfo("Australia/Lord_Howe"),  # changes by half an hour
        ZoneInfo("UTC"),
    ]
)
NIGHTS = st.sampled_from(  # around which clocks change, and a plain one
    [date(2026, *day) for day in [(3, 8), (3, 29), (4, 5), (6, 2), (10, 4), (10, 25), (11, 1)]]
)
QUARTERS = st.integers(0, 95).map(lambda quarter: quarter * 15)
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@st.composite
def weekly(draw: st.DrawFn) -> tuple[set[int], int, int]:
    """Days, the minute of opening, and minutes open."""
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    return days, draw(QUARTERS), draw(st.integers(1, 96)) * 15


def as_written(hours: tuple[set[int], int, int]) -> str:
    days, start, minutes = hours
    end = (start + minutes - 1) % 1440 + 1
    assume(start != end)
    names = ",".join(DAY_NAMES[day] for day in days)
    return f"{names} {start // 60}:{start % 60:02}-{end // 60}:{end % 60:02}"


def minutes_open(
    hours: tuple[set[int], int, int], start: datetime, end: datetime, zone: ZoneInfo
) -> set[datetime]:
    """Every minute from start to end that lies between the first and last that the clock allows."""
    days, first_minute, minutes = hours
    shown = {
        moment: moment.astimezone(zone).replace(tzinfo=None)
        for moment in (start + n * MINUTE for n in range(-3000, (end - start) // MINUTE + 3000))
    }
    found: set[datetime] = set()
    for back in range(-3, 5):
        day = start.astimezone(zone).date() + timedelta(days=back)
        if day.weekday() in days:
            opens = datetime.combine(day, clock()) + first_minute * MINUTE
            closes = opens + minutes * MINUTE
            inside = [moment for moment, wall in shown.items() if opens <= wall < closes]
            if inside:
                count = (inside[-1] - inside[0]) // MINUTE + 1
                found.update(inside[0] + n * MINUTE for n in range(count))
    return {moment for moment in found if start <= moment < end}


@given(st.lists(weekly(), min_size=1, max_size=3), ZONES, NIGHTS, QUARTERS, st.integers(1, 120))
def test_covers_agrees_with_looking_at_every_minute(
    hours: list[tuple[set[int], int, int]],
    zone: ZoneInfo,
    night: date,
    minute: int,
    quarters: int,
) -> None:
    openings = [parse_opening(as_written(each), zone) for each in hours]
    start = datetime.combine(night, clock(), UTC) + (minute - 720) * MINUTE
    end = start + quarters * 15 * MINUTE
    expected = set().union(*(minutes_open(each, start, end, zone) for each in hours))
    periods = open_periods(openings, start, end, zone)
    assert sum(((b - a) // MINUTE for a, b in periods), 0) == len(expected)
    assert all(a in expected and b - MINUTE in expected for a, b in periods)
    assert covers(openings, start, end, zone) == (len(expected) == quarters * 15)


@given(st.one_of(weekly().map(as_written), st.dates(date(1800, 1, 2), date(9998, 12, 30)).map(str)),
       ZONES)  # fmt: skip
def test_what_was_parsed_is_in_the_stored_form(written: str, zone: ZoneInfo) -> None:
    stored = parse_opening(written, zone)
    assert check_opening(stored) == stored == parse_opening(stored, zone)


@given(st.one_of(st.text(), st.from_regex(r"[a-zåäö,-]{0,12} [0-9:./T-]{0,30}", fullmatch=True)))
def test_nothing_but_our_own_errors_comes_of_any_text(text: str) -> None:
    with contextlib.suppress(errors.LedgerError):
        assert check_opening(opening(text))
