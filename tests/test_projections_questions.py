"""Members, asks, introductions, and everything about one member."""

from __future__ import annotations

from typing import Any

import pytest
from cli_world import Natverk


def picked(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# Members


def test_members_by_name_with_their_status(kvarteret: Natverk) -> None:
    kvarteret.does("pause", "Eva")
    kvarteret.does("leave", "Knut", "--at", "2026-11-01T10:00")
    rows = kvarteret.rows("members")
    assert [list(row) for row in rows] == [
        ["id", "name", "kind", "status", "joined_at", "left_at"]
    ] * 4
    assert picked(rows, "id", "name", "kind", "status") == [
        ("m1", "Åsa Öberg", "person", "present"),
        ("m4", "Café Linden", "organisation", "present"),
        ("m3", "Eva Lind", "person", "paused"),
        ("m2", "Knut Hansson", "person", "left"),
    ]
    assert picked(rows, "joined_at", "left_at")[3] == (
        "2026-10-24T10:00:00+02:00",
        "2026-11-01T10:00:00+01:00",
    )
    assert rows[0]["left_at"] is None


def test_whoever_came_back_is_present_again(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Knut", "--at", "2026-11-01T10:00")
    kvarteret.does("join", "Knut Hansson", "--back")
    assert picked(kvarteret.rows("members"), "status", "left_at")[3] == ("present", None)


def test_a_network_of_nobody_yet_says_so(natverk: Natverk) -> None:
    natverk.does("init", "Linden", "--idea", "sharing")
    told = {
        "members": "nobody has joined yet",
        "balance": "nobody has joined yet",
        "resources": "nothing has been offered yet",
        "available": "nothing is free",
        "asks": "nothing has been asked for yet",
        "match": "no offer matches an open ask",
        "introductions": "nobody has been introduced yet",
    }
    for command, words in told.items():
        result = natverk(command)
        assert (result.code, result.out, result.err) == (0, "", f"{words}\n")
        assert natverk.rows(command) == []


# Asks


def test_an_ask_is_open_then_partly_met_then_met(kvarteret: Natverk) -> None:
    def status() -> tuple[str, str]:
        [row] = kvarteret.rows("asks")
        return row["status"], row["given"]

    assert status() == ("open", "0")
    kvarteret.does("give", "Eva", "Knut", "--hours", "1.5", "--ask", "a1")
    assert status() == ("partly-met", "1.5")
    kvarteret.does("give", "Eva", "Knut", "--hours", "2.5", "--ask", "a1")
    assert status() == ("met", "4")
    assert kvarteret.rows("asks", "--open") == []


def test_asks_have_their_fixed_fields_oldest_first(kvarteret: Natverk) -> None:
    kvarteret.does("ask", "Eva", "--kind", "other", "--category", "bread", "--at", "2026-10-25")
    rows = kvarteret.rows("asks")
    fixed = ["id", "asker", "kind", "category", "quantity", "unit", "status", "position"]
    assert [list(row)[:8] for row in rows] == [fixed] * 2
    assert picked(rows, *fixed) == [
        ("a2", "m3", "other", "bread", None, None, "open", 10),
        ("a1", "m2", "service", None, "4", "hour", "open", 8),
    ]
    assert picked(rows, "what", "asker_name") == [
        (None, "Eva Lind"),
        ("painting a fence", "Knut Hansson"),
    ]


@pytest.mark.parametrize("outcome", ["met", "withdrawn", "lapsed"])
def test_an_ask_that_was_closed_is_what_it_was_closed_as(kvarteret: Natverk, outcome: str) -> None:
    kvarteret.does("close", "a1", f"--{outcome}")
    assert picked(kvarteret.rows("asks"), "status") == [(outcome,)]
    assert kvarteret.rows("asks", "--open") == []


def test_what_those_who_left_asked_for_is_withdrawn(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Knut")
    kvarteret.does("join", "Knut Hansson", "--back", "--at", "now")
    assert picked(kvarteret.rows("asks"), "status") == [("withdrawn",)]
    assert kvarteret.rows("asks", "--open") == []


def test_what_those_who_rest_ask_for_waits(kvarteret: Natverk) -> None:
    kvarteret.does("pause", "Knut")
    assert picked(kvarteret.rows("asks"), "status") == [("open",)]
    assert kvarteret.rows("asks", "--open") == []
    kvarteret.does("resume", "Knut")
    assert picked(kvarteret.rows("asks", "--open"), "id") == [("a1",)]


# Introductions


def test_introductions_with_the_latest_outcome(kvarteret: Natverk) -> None:
    kvarteret.does("introduce", "Åsa", "Knut", "Eva", "--about", "staket", "--ask", "a1")
    kvarteret.does("introduce", "Eva", "Åsa", "Café")
    kvarteret.does("follow-up", "10", "--met", "--at", "2026-11-03T12:00")
    kvarteret.does("follow-up", "10", "--collaborated", "--at", "2026-11-03T12:00")
    rows = kvarteret.rows("introductions")
    assert list(rows[0])[:9] == [
        *("position", "introducer", "first", "second", "about", "ask"),
        *("introduced_at", "outcome", "followed_up_at"),
    ]
    assert picked(rows, "position", "introducer", "first", "second", "about", "ask", "outcome") == [
        (10, "m1", "m2", "m3", "staket", "a1", "collaborated"),
        (11, "m3", "m1", "m4", None, None, None),
    ]
    assert rows[0]["first_name"] == "Knut Hansson"


# Statement


def with_much(natverk: Natverk) -> None:
    natverk.does("describe", "Knut", "--contact", "knut@example.org")
    natverk.does("give", "Knut", "everyone", "cake", "--at", "2026-10-30")
    natverk.does("book", "lastcykel", "Knut", "--from", "2026-11-07", "--to", "2026-11-07")
    natverk.does("book", "lastcykel", "Eva", "--from", "2026-11-08", "--to", "2026-11-08")
    natverk.does("lend", "lastcykel", "Knut", "--due", "2026-11-05")
    natverk.does("introduce", "Åsa", "Knut", "Eva")


def test_a_statement_has_everything_about_one_member(kvarteret: Natverk) -> None:
    with_much(kvarteret)
    rows = kvarteret.rows("statement", "Knut")
    assert [row["section"] for row in rows] == [
        *("membership", "standing", "gift", "gift", "introduction", "ask", "booking", "loan"),
    ]
    assert rows[0]["contact"] == "knut@example.org"
    assert (rows[1]["given"], rows[1]["received"]) == (1, 1)
    assert picked(rows[2:4], "position", "direction") == [(11, "given"), (9, "received")]
    assert picked(rows[6:], "resource", "owner", "position") == [("r1", "m1", 12), ("r1", "m1", 14)]
    assert rows[7]["overdue"] is False


def test_an_owner_s_statement_tells_who_has_their_things(kvarteret: Natverk) -> None:
    with_much(kvarteret)
    kvarteret.does("withdraw", "lastcykel", "--at", "now")
    kvarteret.clock.advance(days=3)
    rows = kvarteret.rows("statement", "Åsa")
    assert picked([row for row in rows if row["section"] == "loan"], "borrower", "overdue") == [
        ("m2", True)
    ]
    assert not [row for row in rows if row["section"] in ("offer", "booking")]


def test_a_statement_has_as_many_gifts_as_wanted_newest_first(kvarteret: Natverk) -> None:
    for _ in range(25):
        kvarteret.does("give", "Åsa", "Eva", "bread")

    def gifts(*limit: str) -> list[int]:
        rows = kvarteret.rows("statement", "Eva", *limit)
        return [row["position"] for row in rows if row["section"] == "gift"]

    assert gifts() == list(range(34, 14, -1))
    assert gifts("-n", "2") == [34, 33]
    assert len(gifts("-n", "0")) == 26


def test_a_statement_is_a_page_to_read(kvarteret: Natverk) -> None:
    with_much(kvarteret)
    page = kvarteret.does("statement", "Knut")
    assert page.startswith(
        "Knut Hansson (m2), person: present, joined 2026-10-24\n"
        "contact: knut@example.org\n"
        "Knut Hansson has given 1 gift and received 1 (2 hours)\n"
        "\n"
        "gifts, newest first\n"
        "#11  2026-10-30 00:00  Knut Hansson gave everyone cake\n"
    )
    headings = [line for line in page.split("\n") if line.startswith(("open", "coming", "loans"))]
    assert headings == ["open asks", "coming bookings", "loans out"]


def test_a_statement_has_what_they_began_told_and_made_of_it(kvarteret: Natverk) -> None:
    # Given what Knut was in, a gift disputed and one confirmed
    kvarteret.does("initiative", "start", "Knut", "soup evenings")
    kvarteret.does("tell", "Knut", "Åsa", "--about", "i1")
    kvarteret.does("gather", "fika", "--with", "Åsa", "--with", "Knut")
    kvarteret.does("nominate", "Åsa", "Knut")
    kvarteret.does("opportunity", "Knut", "opened a kitchen", "--kind", "other", "--because", "9")
    kvarteret.does("close", "a1", "--lapsed")
    kvarteret.does("give", "Knut", "Eva", "soup")
    kvarteret.does("dispute", "9", "--recorded-by", "Knut")
    kvarteret.does("confirm", "16", "--recorded-by", "Eva")
    # Then his statement has it all, and Eva's none of it
    rows = {row["section"]: row for row in kvarteret.rows("statement", "Knut")}
    began = {"section": "started", "id": "i1", "what": "soup evenings", "status": "open"}
    assert rows["started"] == began
    assert (rows["closed-ask"]["id"], rows["closed-ask"]["status"]) == ("a1", "lapsed")
    entries = ("story", "gathering", "nomination", "opportunity")
    assert [rows[name]["position"] for name in entries] == [11, 12, 13, 14]
    page = kvarteret.does("statement", "Knut")
    assert "Knut Hansson gave Eva Lind soup (confirmed)\n" in page
    assert "bookkeeping, 2 hours (disputed)\n" in page
    assert "\ninitiatives started, newest first\nid  what           status\ni1  soup" in page
    assert {*entries, "started", "closed-ask"}.isdisjoint(
        row["section"] for row in kvarteret.rows("statement", "Eva")
    )


def test_a_statement_has_as_many_of_each_as_wanted(kvarteret: Natverk) -> None:
    for what in ("soup", "bread"):
        kvarteret.does("initiative", "start", "Eva", what)
        kvarteret.does("gather", "fika", "--with", "Åsa", "--with", "Eva")
        kvarteret.does("ask", "Eva", what, "--kind", "other")
    kvarteret.does("close", "a2", "--met")
    kvarteret.does("close", "a3", "--met")
    sections = ("started", "gathering", "closed-ask")
    for limit, found in (
        ("1", [["i2"], [14], ["a3"]]),
        ("2", [["i2", "i1"], [14, 11], ["a3", "a2"]]),
    ):
        rows = kvarteret.rows("statement", "Eva", "-n", limit)
        told = [
            [
                row.get("position") if name == "gathering" else row["id"]
                for row in rows
                if row["section"] == name
            ]
            for name in sections
        ]
        assert told == found


def test_a_statement_of_nobody_is_told_of(kvarteret: Natverk) -> None:
    assert kvarteret("statement", "m9").code == 3
    assert kvarteret("statement", "Gunnar").code == 3
