"""`natverk status`: today at a glance, and what to do next."""

from __future__ import annotations

from typing import Any

import pytest
from cli_world import Natverk


def status(natverk: Natverk) -> dict[str, Any]:
    (row,) = natverk.rows("status")
    assert isinstance(row, dict)
    return row


def test_an_empty_network_says_how_to_begin(natverk: Natverk) -> None:
    natverk.does("init", "Linden", "--idea", "grannar som hjälps åt")
    row = status(natverk)
    assert (row["name"], row["idea"], row["members"]) == ("Linden", "grannar som hjälps åt", 0)
    assert row["next"] == ["natverk join NAME"]
    natverk.does("join", "Åsa")
    natverk.does("join", "Knut")
    begun = [step.split()[1] for step in status(natverk)["next"]]
    assert begun == ["offer", "ask", "give"]


def test_the_network_at_a_glance(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Eva", "--at", "yesterday")
    kvarteret.does("pause", "Åsa")
    kvarteret.does("give", "Knut", "Åsa", "soup")
    row = status(kvarteret)
    assert (row["members"], row["paused"], row["left"]) == (3, 1, 1)
    assert (row["gifts"], row["gifts_this_month"]) == (2, 1)
    assert (row["open_asks"], row["offers"]) == (1, 1), "Åsa's offer rests while she does"
    assert row["position"] == 12
    told = kvarteret.does("status")
    assert told.startswith("Kvarteret Linden: grannar som hjälps åt\n")
    for words in ("3 members", "1 gift this month, 2 in all", "1 open ask", "#12"):
        assert words in told


def test_matching_is_advised_when_something_matches(kvarteret: Natverk) -> None:
    # Given an ask for painting, and nothing like it
    assert "natverk match" not in status(kvarteret)["next"]
    # When something like it is offered
    kvarteret.does("offer", "Eva", "painting", "--kind", "service")
    # Then it is worth a look, and not once it rests
    assert "natverk match" in status(kvarteret)["next"]
    kvarteret.does("pause", "Eva")
    assert "natverk match" not in status(kvarteret)["next"]


@pytest.mark.parametrize("past", [("--as-of", "2026-11-03 11:30"), ("--known-at", "8")])
def test_about_the_past_there_is_nothing_to_do(kvarteret: Natverk, past: tuple[str, str]) -> None:
    kvarteret.does("withdraw", "lastcykel", "--at", "2026-11-03 10:00")
    kvarteret.does("withdraw", "coffee", "--at", "2026-11-03 10:00")
    assert status(kvarteret)["next"] == ["natverk offer WHO WHAT --kind KIND"]
    assert kvarteret.rows("status", *past)[0]["next"] == []
    assert "What to do next" not in kvarteret.does("status", *past)


def test_asks_past_their_day_and_near_it(kvarteret: Natverk) -> None:
    when = ("--at", "2026-10-26")
    for what, day in (("late", "2026-11-02"), ("today", "2026-11-03"), ("far", "2026-12-24")):
        kvarteret.does("ask", "Eva", what, "--kind", "other", "--by", day, *when)
    row = status(kvarteret)
    assert (row["asks_past"], row["asks_near"]) == (["a2"], ["a3"])
    assert "natverk close a2 --lapsed" in row["next"]
    assert "past its day: late (a2)" in kvarteret.does("status")


def test_an_ask_that_somebody_gave_towards_looks_met(kvarteret: Natverk) -> None:
    kvarteret.does("ask", "Eva", "a ladder", "--kind", "equipment")
    assert status(kvarteret)["asks_given"] == []
    kvarteret.does("give", "Åsa", "Eva", "--ask", "a2")
    assert status(kvarteret)["asks_given"] == ["a2"]
    assert "natverk close a2 --met" in status(kvarteret)["next"]
    kvarteret.does("close", "a2", "--met")
    assert status(kvarteret)["asks_given"] == []


def test_loans_that_should_be_back(kvarteret: Natverk) -> None:
    kvarteret.does("lend", "lastcykel", "Eva", "--due", "2026-11-04")
    assert status(kvarteret)["overdue"] == []
    kvarteret.clock.advance(days=3)
    assert status(kvarteret)["overdue"] == [10]
    assert "overdue: lastcykel (Eva Lind)" in kvarteret.does("status")
    assert "natverk return r1" in status(kvarteret)["next"]
    kvarteret.does("return", "lastcykel")
    assert status(kvarteret)["overdue"] == []


def test_coming_bookings(kvarteret: Natverk) -> None:
    for day in (12, 10, 14, 16):
        start, end = f"2026-11-{day}T09:00", f"2026-11-{day}T12:00"
        kvarteret.does("book", "lastcykel", "Knut", "--from", start, "--to", end)
    kvarteret.does("release", "b3")
    assert status(kvarteret)["bookings"] == ["b2", "b1", "b4"]
    told = kvarteret.does("status")
    assert "lastcykel is booked by Knut Hansson, 2026-11-10 09:00 to 12:00 (b2)" in told
    kvarteret.clock.advance(days=8)
    assert status(kvarteret)["bookings"] == ["b1", "b4"]
    kvarteret.does("leave", "Knut")
    assert status(kvarteret)["bookings"] == []


def test_an_introduction_that_nobody_followed_up(kvarteret: Natverk) -> None:
    kvarteret.does("introduce", "Åsa", "Knut", "Eva")
    assert status(kvarteret)["unfollowed"] == []
    kvarteret.clock.advance(days=15)
    assert status(kvarteret)["unfollowed"] == [10]
    assert "natverk follow-up 10 --met" in status(kvarteret)["next"]
    kvarteret.does("follow-up", "10", "--nothing")
    assert status(kvarteret)["unfollowed"] == []


def test_status_where_there_is_no_ledger_says_how_to_begin(natverk: Natverk) -> None:
    result = natverk("status")
    assert (result.code, result.out) == (4, "")
    assert "natverk init" in result.err
