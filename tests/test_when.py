"""What people write when they say when, and what it is taken to mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cli.when import (
    NoSuchDate,
    NoSuchTime,
    NotAMoment,
    ShownTwiceByTheClocks,
    SkippedByTheClocks,
    UnclearDate,
    iso,
    parse_moment,
    shown,
    start_of_day,
)
from ledger import errors
from ledger.values import moment_at

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 23, 9, 15, 30, tzinfo=STOCKHOLM)  # a Monday
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Stockholm", "Asia/Kathmandu", "Pacific/Apia")]
)
MICROSECONDS = st.integers(-(5 * 10**15), 250 * 10**15)  # the years 1811 to 9892
MOMENTS = MICROSECONDS.map(moment_at)


def when(text: str, **how: bool) -> str:
    """What `text` means on Monday 23 November 2026, 09:15:30 in Stockholm."""
    return parse_moment(text, NOW, STOCKHOLM, **how).isoformat()


def refused(text: str, error: type[errors.LedgerError], **how: bool) -> str:
    """The hint that comes with the refusal of `text`."""
    with pytest.raises(error) as raised:
        when(text, **how)
    assert str(raised.value)  # every fact of the message is there
    return raised.value.hint.format(**raised.value.facts)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-03T14:30", "2026-11-03T14:30:00+01:00"),
        ("2026-11-03 14:30", "2026-11-03T14:30:00+01:00"),
        ("2026-11-03 14.30", "2026-11-03T14:30:00+01:00"),
        ("2026-11-03 kl. 14", "2026-11-03T14:00:00+01:00"),
        ("2026-11-03T14:30:05", "2026-11-03T14:30:05+01:00"),
        ("2026-11-03T14:30:05.250", "2026-11-03T14:30:05.250000+01:00"),
        ("2026-07-03 14:30", "2026-07-03T14:30:00+02:00"),
        ("2026\u201311\u201303 14:30", "2026-11-03T14:30:00+01:00"),
        ("2026-11-03 24:00", "2026-11-04T00:00:00+01:00"),
        (" 2026-11-03  8:05 ", "2026-11-03T08:05:00+01:00"),
    ],
)
def test_a_time_without_an_offset_is_on_the_networks_own_clock(written: str, meant: str) -> None:
    assert when(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-03T13:30Z",
        "2026-11-03 13:30 Z",
        "2026-11-03t13:30:00z",
        "2026-11-03T14:30+01:00",
        "2026-11-03T08:30-05:00",
        "2026-11-03T08:30-0500",
        "2026-11-03 08:30:00-05",
        "2026-11-03 19:15 +05:45",
    ],
)
def test_a_time_with_an_offset_is_that_moment_wherever_the_network_is(written: str) -> None:
    assert when(written) == "2026-11-03T14:30:00+01:00"


def test_what_looks_like_hours_is_not_taken_for_an_offset() -> None:
    refused("2026-11-03 10:00-11:00", NotAMoment)


def test_a_date_alone_means_the_start_of_that_day() -> None:
    assert when("2026-11-03") == "2026-11-03T00:00:00+01:00"


def test_a_period_takes_in_the_whole_of_its_last_day() -> None:
    assert when("2026-11-03", end=True) == "2026-11-04T00:00:00+01:00"
    assert when("2026-12-31", end=True) == "2027-01-01T00:00:00+01:00"
    assert when("yesterday", end=True) == "2026-11-23T00:00:00+01:00"


def test_a_period_that_ends_at_a_time_ends_then() -> None:
    assert when("2026-11-03 14:30", end=True) == "2026-11-03T14:30:00+01:00"


@pytest.mark.parametrize("written", ["now", "nu", "today", "Idag", "i dag", "2026-11-23", "mån"])
def test_what_happened_today_happened_now(written: str) -> None:
    assert when(written) == NOW.isoformat()
    assert when(written, end=True) == NOW.isoformat()


def test_in_a_period_today_is_the_whole_day() -> None:
    assert when("today", today_is_now=False) == "2026-11-23T00:00:00+01:00"
    assert when("today", today_is_now=False, end=True) == "2026-11-24T00:00:00+01:00"
    assert when("now", today_is_now=False) == NOW.isoformat()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yesterday", "2026-11-22T00:00:00+01:00"),
        ("igår", "2026-11-22T00:00:00+01:00"),
        ("I GÅR", "2026-11-22T00:00:00+01:00"),
        ("igar", "2026-11-22T00:00:00+01:00"),
        ("tomorrow", "2026-11-24T00:00:00+01:00"),
        ("i morgon", "2026-11-24T00:00:00+01:00"),
        ("imorgon", "2026-11-24T00:00:00+01:00"),
        ("yesterday 14:30", "2026-11-22T14:30:00+01:00"),
        ("igår kl 18.30", "2026-11-22T18:30:00+01:00"),
        ("igår kl18", "2026-11-22T18:00:00+01:00"),
        ("yesterday at 18:30", "2026-11-22T18:30:00+01:00"),
        ("i dag 8", "2026-11-23T08:00:00+01:00"),
    ],
)
def test_days_have_words_in_english_and_swedish(written: str, meant: str) -> None:
    assert when(written) == meant


@pytest.mark.parametrize("written", ["8:05", "kl 8.05", "kl. 08:05", "klockan 8.05", "at 8:05"])
def test_a_time_alone_is_todays(written: str) -> None:
    assert when(written) == "2026-11-23T08:05:00+01:00"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("friday", "2026-11-20T00:00:00+01:00"),
        ("Fri", "2026-11-20T00:00:00+01:00"),
        ("fredag 18", "2026-11-20T18:00:00+01:00"),
        ("tors", "2026-11-19T00:00:00+01:00"),
        ("tisdag", "2026-11-17T00:00:00+01:00"),
        ("LÖR", "2026-11-21T00:00:00+01:00"),
        ("lordag", "2026-11-21T00:00:00+01:00"),
        ("sön kl 10", "2026-11-22T10:00:00+01:00"),
        ("monday 08:00", "2026-11-23T08:00:00+01:00"),
    ],
)
def test_a_weekday_is_the_latest_one(written: str, meant: str) -> None:
    assert when(written) == meant


def test_a_weekday_of_a_booking_is_the_next_one() -> None:
    assert when("fredag 18", future=True) == "2026-11-27T18:00:00+01:00"
    assert when("monday 18", future=True) == "2026-11-23T18:00:00+01:00"
    assert when("sunday", future=True, end=True) == "2026-11-30T00:00:00+01:00"


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("3/11", "2026-11-03 or 2026-03-11"),
        ("3-11", "2026-11-03 or 2026-03-11"),
        ("3.11. 14:30", "2026-11-03 or 2026-03-11"),
        ("3/11-26", "2026-11-03 or 2026-03-11"),
        ("3/11-97", "1997-11-03 or 1997-03-11"),
        ("11.3.2026", "2026-03-11 or 2026-11-03"),
        ("26-11-03", "2003-11-26 or 2026-11-03"),
        ("24/12", "2025-12-24"),
        ("11/11", "2026-11-11"),
        ("2026/11/03", "2026-11-03"),
        ("2026-11-3", "2026-11-03"),
    ],
)
def test_a_date_that_people_read_differently_is_refused(written: str, readings: str) -> None:
    assert refused(written, UnclearDate) == f"write {readings}"


def test_an_unclear_date_of_a_booking_is_one_to_come() -> None:
    assert refused("3/12", UnclearDate, future=True) == "write 2026-12-03 or 2027-03-12"


@pytest.mark.parametrize("written", ["2026-02-30", "2026-13-01", "0000-01-01", "2025-02-29 10:00"])
def test_a_date_that_does_not_exist_is_refused(written: str) -> None:
    refused(written, NoSuchDate)


@pytest.mark.parametrize("written", ["yesterday 25:00", "2026-11-03 14:75", "24:01", "23:59:60"])
def test_a_time_that_does_not_exist_is_refused(written: str) -> None:
    refused(written, NoSuchTime)


@pytest.mark.parametrize("written", ["0900-01-01", "1799-12-31", "9999-01-01", "9998-12-31 24:00"])
def test_a_year_that_must_be_a_slip_is_refused(written: str) -> None:
    refused(written, errors.TimeOutOfRange)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "soon", "kl", "fredag kl", "fr", "14", "14.30", "31/31", "20261103", "2026-11"),
        *("now 14:30", "yesterday 14:30Z", "2026-11-03 foo", "2026-11-03T", "\x1b[31m", "mon-fri"),
    ],
)
def test_other_words_are_refused_with_what_can_be_written(written: str) -> None:
    assert "2026-11-03T14:30" in refused(written, NotAMoment)


def test_a_time_that_the_clocks_skip_is_refused_with_what_may_be_meant() -> None:
    hint = refused("2026-03-29 02:30", SkippedByTheClocks)
    assert "2026-03-29T01:30:00+01:00 or 2026-03-29T03:30:00+02:00" in hint


def test_a_time_that_the_clocks_show_twice_is_refused_with_both() -> None:
    hint = refused("2026-10-25 02:30", ShownTwiceByTheClocks)
    assert "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00" in hint
    assert when("2026-10-25T02:30+01:00") == "2026-10-25T02:30:00+01:00"


def test_a_day_that_has_no_midnight_still_has_a_start() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # the clocks go from 00:00 to 01:00
    assert start_of_day(date(2026, 4, 24), cairo).isoformat() == "2026-04-24T01:00:00+03:00"
    havana = ZoneInfo("America/Havana")  # and here back from 01:00 to 00:00
    assert start_of_day(date(2026, 11, 1), havana).isoformat() == "2026-11-01T00:00:00-04:00"


def test_today_is_where_the_network_is() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already Monday in Stockholm
    assert parse_moment("yesterday", late, STOCKHOLM).date() == date(2026, 11, 22)
    assert parse_moment("today", late, STOCKHOLM) == late


@given(MOMENTS, ZONES)
def test_what_is_written_for_machines_reads_back_as_the_same_moment(
    moment: datetime, zone: ZoneInfo
) -> None:
    assert parse_moment(iso(moment, zone), NOW, STOCKHOLM) == moment


@given(MOMENTS, ZONES)
def test_what_is_shown_to_people_reads_back_to_the_minute(moment: datetime, zone: ZoneInfo) -> None:
    local = moment.astimezone(zone)
    assume(local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset())
    read = parse_moment(shown(moment, zone), NOW, zone)
    assert read == local.replace(second=0, microsecond=0)


@given(st.dates(date(1801, 1, 1), date(9990, 1, 1)), ZONES)
def test_a_day_ends_where_the_next_begins(day: date, zone: ZoneInfo) -> None:
    end = parse_moment(day.isoformat(), NOW, zone, end=True, today_is_now=False)
    after = parse_moment(f"{day + timedelta(days=1)}", NOW, zone, today_is_now=False)
    assert end == after


@given(st.text(max_size=30) | st.from_regex(r"[0-9a-zåäö :./TZ+-]{1,20}", fullmatch=True))
def test_whatever_is_written_is_a_moment_or_an_error_of_ours(text: str) -> None:
    try:
        assert parse_moment(text, NOW, STOCKHOLM).tzinfo is STOCKHOLM
    except errors.Usage as error:
        error.hint.format(**error.facts)  # which has all the facts that it names
