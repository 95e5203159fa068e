"""Offering, booking, lending and taking back, by the command line."""

from __future__ import annotations

import pytest
from cli_world import Natverk

BOOK = ("book", "lastcykel", "Knut")


def test_something_reusable_is_offered_with_its_hours(kvarteret: Natverk) -> None:
    offer = ("offer", "Eva", "lokalen", "--kind", "premises", "--capacity", "2")
    (row,) = kvarteret.rows(*offer, "--open", "mån-fre 09-17", "--open", "2026-12-24")

    assert row["type"] == "resource-offered"
    assert (row["resource"], row["owner"], row["capacity"]) == ("r3", "m3", 2)
    assert row["open"] == [
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0/PT8H",
        "2026-12-24T00:00:00+01:00/2026-12-25T00:00:00+01:00",
    ]


def test_a_stock_is_a_decimal_in_text(kvarteret: Natverk) -> None:
    stock = ("--kind", "other", "--stock", "2,5", "--unit", "Kg")
    (row,) = kvarteret.rows("offer", "Eva", "äpplen", *stock)

    assert (row["stock"], row["unit"]) == ("2.5", "kg")


def test_a_category_stands_for_what_is_offered(kvarteret: Natverk) -> None:
    kvarteret.does("offer", "Eva", "--kind", "service", "--category", "cykel-vård")

    assert kvarteret.rows("withdraw", "cykel-vard")[0]["resource"] == "r3"


def test_a_booking_says_its_id_and_takes_in_its_last_day(kvarteret: Natverk) -> None:
    days = ("--from", "2026-12-01", "--to", "2026-12-03")
    out = kvarteret.does(*BOOK, *days)

    assert "Knut Hansson booked lastcykel (b1), 2026-12-01 00:00 to 2026-12-03 24:00" in out
    (row,) = kvarteret.rows("log", "-n", "1")
    assert row["booking"] == "b1"
    assert row["end"] == "2026-12-04T00:00:00+01:00"


def test_a_booking_of_today_is_of_the_whole_day(kvarteret: Natverk) -> None:
    (row,) = kvarteret.rows(*BOOK, "--from", "today", "--to", "today")

    assert row["start"] == "2026-11-03T00:00:00+01:00"
    assert row["end"] == "2026-11-04T00:00:00+01:00"


def test_a_weekday_of_a_booking_is_the_coming_one(kvarteret: Natverk) -> None:
    (row,) = kvarteret.rows(*BOOK, "--from", "friday 10:00", "--to", "fredag 12:00")

    assert row["start"] == "2026-11-06T10:00:00+01:00"
    assert row["end"] == "2026-11-06T12:00:00+01:00"


def test_several_of_one_thing_are_booked_at_once(kvarteret: Natverk) -> None:
    kvarteret.does("offer", "Eva", "stolar", "--kind", "equipment", "--capacity", "10")
    day = ("--from", "2026-12-01", "--to", "2026-12-01")

    assert kvarteret.rows("book", "stolar", "Knut", *day, "--quantity", "7")[0]["count"] == 7
    said = kvarteret.refuses("book", "stolar", "Åsa", *day, "--quantity", "4")
    assert "taken then by b1: 3 of 10 free" in said


def test_what_is_released_is_free_again(kvarteret: Natverk) -> None:
    days = ("--from", "2026-12-01", "--to", "2026-12-03")
    kvarteret.does(*BOOK, *days)
    assert "b1" in kvarteret.does("release", "B1")

    assert kvarteret.rows("book", "r1", "Eva", *days)[0]["booking"] == "b2"


def test_withdrawing_tells_what_ends_and_what_is_still_out(kvarteret: Natverk) -> None:
    kvarteret.does("lend", "lastcykel", "Eva", "--due", "tomorrow")
    kvarteret.does(*BOOK, "--from", "2026-12-01", "--to", "2026-12-03")
    result = kvarteret("withdraw", "lastcykel", "--json")

    assert [row["type"] for row in result.json()] == ["resource-withdrawn"]
    assert "booking b1 ends with it: lastcykel, Knut Hansson" in result.err
    assert "still lent out: lastcykel (r1), to Eva Lind" in result.err


def test_withdrawing_twice_records_nothing_more(kvarteret: Natverk) -> None:
    kvarteret.does("withdraw", "lastcykel")

    assert kvarteret.rows("withdraw", "lastcykel") == []


def test_a_loan_goes_out_and_comes_back(kvarteret: Natverk) -> None:
    (lent,) = kvarteret.rows("lend", "lastcykel", "Knut", "--due", "2026-11-10")
    assert lent["due"] == "2026-11-11T00:00:00+01:00"
    assert "due 2026-11-10 24:00" in kvarteret.does("log", "-n", "1")

    (returned,) = kvarteret.rows("return", "lastcykel")
    assert (returned["borrower"], returned["loan"]) == ("m2", lent["position"])


def test_who_returns_is_said_when_several_have_one(kvarteret: Natverk) -> None:
    kvarteret.does("offer", "Eva", "stolar", "--kind", "equipment", "--capacity", "10")
    kvarteret.does("lend", "stolar", "Knut")
    kvarteret.does("lend", "stolar", "Åsa")

    result = kvarteret("return", "stolar")
    assert result.code == 3
    assert "Knut Hansson (m2), Åsa Öberg (m1)" in result.err
    assert kvarteret.rows("return", "stolar", "Åsa")[0]["borrower"] == "m1"


@pytest.mark.parametrize("written", ["0", "-1", "1.5", "nan", "1e3", "two", "1" * 100_000])
def test_what_is_counted_takes_whole_numbers_only(kvarteret: Natverk, written: str) -> None:
    days = ("--from", "2026-12-01", "--to", "2026-12-01")
    result = kvarteret(*BOOK, *days, "--quantity", written)

    assert result.code == 2
    assert "--quantity takes a whole number from 1" in result.err
    assert len(result.err) < 200
