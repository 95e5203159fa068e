"""`natverk explain`: every entry that made a number or a status, and it adds up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from cli_world import Natverk

from ledger import commands as c
from ledger.database import Database
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

Line = tuple[Any, ...]


def put_right(natverk: Natverk, command: c.Command) -> None:
    with Ledger(natverk.place, PROJECTIONS, natverk.clock) as ledger:
        ledger.record(command)


def lines(natverk: Natverk, *asked: str, show: str) -> list[Line]:
    """The position of each line, and some of its fields."""
    fields = ("position", *show.split())
    return [tuple(row[name] for name in fields) for row in natverk.rows("explain", *asked)]


# Balances


def test_every_gift_is_a_line_and_the_last_one_is_the_balance(kvarteret: Natverk) -> None:
    # Given a gift of 2 hours to Knut, one of his that nobody measured, and one that is late
    kvarteret.does("give", "Knut", "Åsa", "ved")
    kvarteret.does("give", "Knut", "everyone", "bullar", "--quantity", "12", "--unit", "piece")
    kvarteret.does("give", "Åsa", "Knut", "hjälp", "--hours", "1", "--at", "2026-10-26T12:00")
    # When his balance is explained
    told = kvarteret.rows("explain", "balance", "Knut")
    # Then the gifts come in the order in which they occurred, with the balance after each
    assert [(row["position"], row["given"], row["received"]) for row in told] == [
        (12, 0, 1),
        (9, 0, 2),
        (10, 1, 2),
        (11, 2, 2),
    ]
    [balance] = kvarteret.rows("balance", "Knut")
    assert told[-1]["units"] == balance["units"]
    assert told[0]["units"] == {"hour": {"given": "0", "received": "1"}}


def test_one_unit_has_only_its_own_gifts(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Knut", "Eva", "bullar", "--quantity", "12", "--unit", "piece")
    assert lines(kvarteret, "balance", "Knut", "--unit", "Hour", show="received units") == [
        (9, 1, {"hour": {"given": "0", "received": "2"}})
    ]


def test_a_unit_that_never_was_is_an_empty_answer(kvarteret: Natverk) -> None:
    told = kvarteret("explain", "balance", "Knut", "--unit", "ton")
    assert (told.code, told.out, told.err) == (0, "", "no gift has been measured in ton\n")
    assert kvarteret.rows("explain", "balance", "Knut", "--unit", "ton") == []


def test_what_was_corrected_is_shown_beside_what_counts(kvarteret: Natverk) -> None:
    # Given a gift of 2 hours that was 3, and one that never was
    kvarteret.does("give", "Åsa", "Knut", "ved")
    put_right(kvarteret, c.Correct(target=9, changes={"quantity": "3"}))
    put_right(kvarteret, c.Reverse(target=10, reason="it was for Eva"))
    # When the balance is explained
    shown = "entry superseded_by received units"
    three = {"hour": {"given": "0", "received": "3"}}
    # Then what stands is last, and what does not count changes nothing
    assert lines(kvarteret, "balance", "Knut", show=shown) == [
        (10, 10, 12, 0, {}),
        (9, 9, 11, 0, {}),
        (11, 9, None, 1, three),
    ]
    told = kvarteret.does("explain", "balance", "Knut").splitlines()
    assert told[1].endswith("  not counted: taken back by #12")
    assert "  Eva Lind gave Knut Hansson bookkeeping, 2 hours  " in told[2]
    assert told[2].endswith("  not counted: corrected by #11")
    assert "  Eva Lind gave Knut Hansson bookkeeping, 3 hours  " in told[3]
    assert told[3].endswith("  corrects #9")


def test_what_was_taken_back_keeps_its_place_in_time_before_what_counts(
    kvarteret: Natverk,
) -> None:
    # Given a gift taken back between two that stand, the last one corrected twice
    kvarteret.does("give", "Åsa", "Knut", "ved")
    kvarteret.does("give", "Åsa", "Knut", "bröd")
    put_right(kvarteret, c.Reverse(target=10, reason="it was for Eva"))
    put_right(kvarteret, c.Correct(target=11, changes={"what": "kaka"}))
    put_right(kvarteret, c.Correct(target=13, changes={"what": "kakor"}))
    # Then each version is above the one that put it right, and the last line counts
    assert lines(kvarteret, "balance", "Knut", show="superseded_by received") == [
        (9, None, 1),
        (10, 12, 1),
        (11, 13, 1),
        (13, 14, 1),
        (14, None, 2),
    ]


def test_a_gift_that_was_another_member_s_is_not_counted_for_the_first(kvarteret: Natverk) -> None:
    put_right(kvarteret, c.Correct(target=9, changes={"receiver": "m1"}))
    assert lines(kvarteret, "balance", "Knut", show="superseded_by received") == [(9, 10, 0)]
    assert lines(kvarteret, "balance", "Åsa", show="superseded_by received") == [(10, None, 1)]


def test_a_gift_says_by_which_entries_it_was_confirmed_or_disputed(kvarteret: Natverk) -> None:
    # Given three gifts to Knut: one confirmed by both, one disputed, one disputed and corrected
    for _ in range(2):
        kvarteret.does("give", "Åsa", "Knut", "ved")
    kvarteret.does("confirm", "9", "--recorded-by", "Knut")
    kvarteret.does("confirm", "9", "--recorded-by", "Eva")
    kvarteret.does("dispute", "10", "--recorded-by", "Åsa")
    kvarteret.does("dispute", "11", "--recorded-by", "Knut")
    kvarteret.does("correct", "11", "--what", "ask")
    # Then each says so, and the counts at the end are those of the balance
    shown = "answer answered_by confirmed disputed"
    assert lines(kvarteret, "balance", "Knut", show=shown) == [
        (9, "confirmed", [12, 13], 1, 0),
        (10, "disputed", [14], 1, 1),
        (11, None, [], 1, 1),
        (16, None, [], 1, 1),
    ]
    [balance] = kvarteret.rows("balance", "Knut")
    assert (balance["confirmed"], balance["disputed"]) == (1, 1)
    told = kvarteret.does("explain", "balance", "Knut").splitlines()
    assert told[1].endswith("  confirmed by #12, #13")
    assert told[2].endswith("  disputed by #14")
    # And a unit has those of its own
    assert lines(kvarteret, "balance", "Knut", "--unit", "hour", show="confirmed disputed") == [
        (9, 1, 0)
    ]


# Members


def test_coming_and_going_is_told_with_the_status_after_each(kvarteret: Natverk) -> None:
    kvarteret.does("pause", "Eva", "--at", "2026-10-30")
    kvarteret.does("describe", "Eva", "--about", "keeps bees", "--at", "2026-10-31")
    kvarteret.does("leave", "Eva", "--at", "2026-11-01")
    kvarteret.does("join", "Eva Lind", "--back", "--invited-by", "Åsa")
    assert lines(kvarteret, "member", "Eva", show="type status") == [
        (4, "member-joined", "present"),
        (10, "member-paused", "paused"),
        (11, "member-described", "paused"),
        (12, "member-left", "left"),
        (13, "member-returned", "present"),
    ]
    assert lines(kvarteret, "member", "Åsa", show="type status") == [
        (2, "member-joined", "present")
    ]


def test_being_forgotten_is_a_line_of_all_that_it_ends(kvarteret: Natverk) -> None:
    kvarteret.does("forget", "Knut", "--yes")
    assert lines(kvarteret, "member", "m2", show="type status") == [
        (3, "member-joined", "present"),
        (10, "member-forgotten", "forgotten"),
    ]
    assert lines(kvarteret, "ask", "a1", show="type status") == [
        (8, "ask-made", "open"),
        (10, "member-forgotten", "withdrawn"),
    ]


# Resources


def test_a_stock_is_told_down_to_what_is_left(kvarteret: Natverk) -> None:
    take = ("give", "Café", "everyone", "--resource", "coffee", "--unit", "cup", "--quantity")
    kvarteret.does(*take, "5")
    kvarteret.does(*take, "12")
    kvarteret.does(*take, "3")
    assert lines(kvarteret, "resource", "coffee", show="left status") == [
        (7, "20", "offered"),
        (10, "15", "offered"),
        (11, "3", "offered"),
        (12, "0", "used-up"),
    ]


def test_loans_and_bookings_are_counted_while_they_last(kvarteret: Natverk) -> None:
    # Given a loan that came back, a booking that is over, one that was released and one to come
    kvarteret.does("lend", "lastcykel", "Eva", "--at", "2026-10-26T10:00")
    kvarteret.does("return", "lastcykel", "--at", "2026-10-27T10:00")
    week = ("--at", "2026-10-28T10:00")
    kvarteret.does("book", "r1", "Knut", "--from", "2026-10-29", "--to", "2026-10-30", *week)
    kvarteret.does("book", "r1", "Knut", "--from", "2026-12-01", "--to", "2026-12-02")
    kvarteret.does("release", "b2")
    kvarteret.does("book", "r1", "Eva", "--from", "2026-12-01", "--to", "2026-12-02")
    # Then each is a line, and so is the end of what ended by itself
    assert lines(kvarteret, "resource", "r1", show="type lent booked status") == [
        (6, "resource-offered", 0, 0, "offered"),
        (10, "resource-lent", 1, 0, "offered"),
        (11, "resource-returned", 0, 0, "offered"),
        (12, "resource-booked", 0, 1, "offered"),
        (None, "booking-over", 0, 0, "offered"),
        (13, "resource-booked", 0, 1, "offered"),
        (14, "booking-released", 0, 0, "offered"),
        (15, "resource-booked", 0, 1, "offered"),
    ]
    over = kvarteret.does("explain", "resource", "r1").splitlines()[5]
    assert over.split("  ", 3)[-1].strip().startswith("2026-10-30 24:00  booking b1 was over")


def test_the_owner_s_leaving_is_a_line_of_what_it_ends(kvarteret: Natverk) -> None:
    kvarteret.does("book", "r1", "Knut", "--from", "2026-12-01", "--to", "2026-12-02")
    kvarteret.does("pause", "Åsa", "--at", "2026-11-03T11:00")
    kvarteret.does("leave", "Åsa")
    assert lines(kvarteret, "resource", "r1", show="type booked status") == [
        (6, "resource-offered", 0, "offered"),
        (11, "member-paused", 0, "paused"),
        (10, "resource-booked", 1, "paused"),
        (12, "member-left", 0, "ended"),
    ]


# Asks


def test_an_ask_is_told_from_its_making_to_its_end(kvarteret: Natverk) -> None:
    kvarteret.does("introduce", "Åsa", "Knut", "Eva", "--ask", "a1", "--at", "2026-10-26T10:00")
    kvarteret.does("give", "Eva", "Knut", "--ask", "a1", "--hours", "1.5")
    kvarteret.does("give", "Eva", "Knut", "--ask", "a1", "--hours", "3")
    kvarteret.does("close", "a1", "--met")
    assert lines(kvarteret, "ask", "a1", show="type gifts given status") == [
        (8, "ask-made", 0, "0", "open"),
        (10, "introduction-made", 0, "0", "open"),
        (11, "gift-given", 1, "1.5", "partly-met"),
        (12, "gift-given", 2, "4.5", "met"),
        (13, "ask-closed", 2, "4.5", "met"),
    ]
    assert "  1.5 of 4 hours      1  partly met\n" in kvarteret.does("explain", "ask", "a1")


def test_the_asker_s_leaving_is_a_line_and_pausing_is_none(kvarteret: Natverk) -> None:
    kvarteret.does("pause", "Knut", "--at", "2026-11-01")
    kvarteret.does("leave", "Knut")
    assert lines(kvarteret, "ask", "a1", show="type status") == [
        (8, "ask-made", "open"),
        (11, "member-left", "withdrawn"),
    ]


# The past


def test_the_past_has_only_what_was_there_and_known(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Åsa", "Knut", "ved", "--at", "2026-10-25")
    put_right(kvarteret, c.Correct(target=9, changes={"quantity": "3"}))

    def at(*past: str) -> list[Line]:
        return lines(kvarteret, "balance", "Knut", *past, show="superseded_by received")

    assert at() == [(10, None, 1), (9, 11, 1), (11, None, 2)]
    assert at("--as-of", "2026-10-26") == [(10, None, 1)]
    assert at("--known-at", "10") == [(10, None, 1), (9, None, 2)]
    assert at("--known-at", "9") == [(9, None, 1)]


def test_it_reads_no_more_than_the_entries_about_it(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a network where others do much
    for _ in range(20):
        kvarteret.does("give", "Åsa", "Eva", "bröd")
    kvarteret.does("leave", "Eva")
    read: list[int] = []
    entry = Database.entry

    def counted(self: Database, position: int) -> tuple[str, bytes] | None:
        read.append(position)
        return entry(self, position)

    monkeypatch.setattr(Database, "entry", counted)
    # When something is explained, then only what is about it is read
    asked = {
        ("balance", "Knut"): {9},
        ("member", "Knut"): {3},
        ("resource", "r2"): {7, 5},
        ("ask", "a1"): {8, 3},
    }
    for question, about in asked.items():
        read.clear()
        kvarteret.does("explain", *question)
        assert set(read) == about


# It adds up, or it fails


@pytest.mark.parametrize(
    ("statement", "asked"),
    [
        ("UPDATE balances SET received = 2 WHERE member = 'm2'", ("balance", "Knut")),
        (
            "UPDATE balances SET units = '{\"hour\":[0,9]}' WHERE member = 'm2'",
            ("balance", "Knut", "--unit", "hour"),
        ),
        ("UPDATE answers SET said = '{}' WHERE entry = '#9'", ("balance", "Knut")),
        ("UPDATE members SET spans = '[[0,1]]' WHERE member = 'm2'", ("member", "Knut")),
        ("UPDATE resources SET taken = '3000' WHERE resource = 'r2'", ("resource", "coffee")),
        ("UPDATE asks SET gifts = 1 WHERE ask = 'a1'", ("ask", "a1")),
        ("DELETE FROM subjects WHERE position = 9", ("balance", "Knut")),
    ],
)
def test_what_does_not_add_up_is_an_error(
    kvarteret: Natverk, statement: str, asked: tuple[str, ...]
) -> None:
    kvarteret.does("confirm", "9", "--recorded-by", "Knut")
    kvarteret.does("explain", *asked)
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        assert connection.execute(statement).rowcount
        connection.commit()
    told = kvarteret("explain", *asked)
    assert (told.code, told.out) == (1, "")
    assert "it does not add up" in told.err
    assert "natverk replay --compare" in told.err
