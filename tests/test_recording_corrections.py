"""Putting entries right: what is corrected, taken back and undone, and what every answer says then.

`kvarteret` has nine entries, see conftest.py; #9 is a gift of 2 hours from Eva to Knut.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk

WEEK = ("--from", "2026-12-01", "--to", "2026-12-03")
BECAUSE = ("--reason", "recorded twice")


def units(natverk: Natverk, who: str) -> Any:
    return natverk.rows("balance", who)[0]["units"]


# Correcting


def test_a_corrected_gift_is_told_as_it_should_have_been(kvarteret: Natverk) -> None:
    out = kvarteret.does("correct", "9", "--hours", "3")

    assert out.startswith(
        "#10  2026-11-03 12:00  corrected #9: Eva Lind gave Knut Hansson bookkeeping, 3 hours\n"
    )
    assert "Eva Lind has given 1 gift (3 hours) and received 0\n" in out
    assert units(kvarteret, "Knut") == {"hour": {"given": "0", "received": "3"}}
    kvarteret.does("replay", "--compare")


def test_the_row_of_a_correction_holds_the_whole_new_entry(kvarteret: Natverk) -> None:
    (row,) = kvarteret.rows("correct", "9", "--what", "the books", "--at", "2026-10-28T10:00")

    assert (row["type"], row["entry"], row["target"]) == ("entry-corrected", 9, 9)
    assert row["occurred_at"] == "2026-11-03T12:00:00+01:00"
    new = row["replacement"]
    assert (new["type"], new["what"], new["quantity"]) == ("gift-given", "the books", "2")
    assert new["occurred_at"] == "2026-10-28T10:00:00+01:00"


def test_a_correction_of_the_time_says_when(kvarteret: Natverk) -> None:
    out = kvarteret.does("correct", "9", "--at", "2026-10-28T10:00")

    assert "bookkeeping, 2 hours, on 2026-10-28 10:00\n" in out


def test_a_quantity_alone_keeps_its_unit(kvarteret: Natverk) -> None:
    assert kvarteret.rows("correct", "9", "--quantity", "4")[0]["replacement"]["unit"] == "hour"


def test_who_no_longer_received_has_nothing_and_is_told_so(kvarteret: Natverk) -> None:
    out = kvarteret.does("correct", "9", "--receiver", "alla")

    assert "Knut Hansson has given 0 gifts and received 0" in out
    assert units(kvarteret, "Knut") == {}
    assert "gifts" not in kvarteret.does("statement", "Knut").partition("\n\n")[2]


def test_nothing_is_said_any_more_of_what_is_left_out(kvarteret: Natverk) -> None:
    (row,) = kvarteret.rows("correct", "9", "--without", "quantity", "--without", "what")

    assert not {"quantity", "unit", "what"} & set(row["replacement"])
    assert "Eva Lind gave Knut Hansson something" in kvarteret.does("log", "-n", "1")


EACH: dict[str, tuple[list[tuple[str, ...]], tuple[str, ...], tuple[str, Any]]] = {
    "network": ([], ("1", "--name", "Linden"), ("name", "Linden")),
    "join": ([], ("3", "--name", "Knut Ek"), ("name", "Knut Ek")),
    "kind of member": ([], ("5", "--person"), ("kind", "person")),
    "inviter": ([], ("5", "--invited-by", "Eva"), ("invited_by", "m3")),
    "offer": ([], ("6", "--capacity", "2"), ("capacity", 2)),
    "owner": ([], ("6", "--owner", "Eva"), ("owner", "m3")),
    "stock": ([], ("7", "--stock", "30"), ("stock", "30")),
    "ask": ([], ("8", "--by", "2026-12-01"), ("needed_by", "2026-12-01")),
    "asker": ([], ("8", "--asker", "Åsa"), ("asker", "m1")),
    "category": ([], ("9", "--category", "books"), ("category", "books")),
    "towards": ([], ("9", "--ask", "a1"), ("ask", "a1")),
    "because": ([], ("9", "--because", "8"), ("because_of", [8])),
    "booking": (
        [("correct", "6", "--capacity", "3"), ("book", "lastcykel", "Knut", *WEEK)],
        ("11", "--quantity", "2"),
        ("count", 2),
    ),
    "booked until": (
        [("book", "lastcykel", "Knut", *WEEK)],
        ("10", "--to", "2026-12-01"),
        ("end", "2026-12-02T00:00:00+01:00"),
    ),
    "due": (
        [("lend", "lastcykel", "Knut")],
        ("10", "--due", "2026-11-05"),
        ("due", "2026-11-06T00:00:00+01:00"),
    ),
    "borrower": ([("lend", "lastcykel", "Knut")], ("10", "--borrower", "Eva"), ("borrower", "m3")),
    "outcome": ([("close", "a1", "--met")], ("10", "--lapsed"), ("outcome", "lapsed")),
    "introducer": (
        [("introduce", "Åsa", "Knut", "Eva")],
        ("10", "--introducer", "Café"),
        ("introducer", "m4"),
    ),
    "what came of it": (
        [("introduce", "Åsa", "Knut", "Eva"), ("follow-up", "10", "--met")],
        ("11", "--collaborated"),
        ("outcome", "collaborated"),
    ),
    "note": ([("note", "9", "rain")], ("10", "--text", "snow"), ("text", "snow")),
    "contact": (
        [("describe", "Eva", "--contact", "070")],
        ("10", "--contact", "071"),
        ("contact", "071"),
    ),
    "open": ([], ("6", "--open", "2026-12-01"), ("open", ["P"])),
}


@pytest.mark.parametrize("name", EACH)
def test_every_kind_of_entry_is_put_right(name: str, kvarteret: Natverk) -> None:
    before, changes, (field, value) = EACH[name]
    for earlier in before:
        kvarteret.does(*earlier)

    (row,) = kvarteret.rows("correct", *changes)

    said = row["replacement"][field]
    assert len(said) == 1 if field == "open" else said == value
    kvarteret.does("replay", "--compare")


def test_a_corrected_name_is_the_name_everywhere(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "3", "--name", "Nils Ek")

    assert "Nils Ek" in kvarteret.does("members")
    assert kvarteret.rows("statement", "Nils")[0]["id"] == "m2"
    assert kvarteret("statement", "Knut").code == 3


# Taking back


def test_an_entry_taken_back_counts_nowhere(kvarteret: Natverk) -> None:
    out = kvarteret.does("reverse", "9", *BECAUSE)

    assert out.startswith("#10  2026-11-03 12:00  took back #9: recorded twice\n")
    assert "Knut Hansson has given 0 gifts and received 0" in out
    assert kvarteret.rows("status")[0]["gifts"] == 0
    assert [row["section"] for row in kvarteret.rows("statement", "Eva")] == [
        "membership",
        "standing",
    ]


def test_an_offer_and_an_ask_taken_back_are_shown_nowhere(kvarteret: Natverk) -> None:
    kvarteret.does("reverse", "6", *BECAUSE)
    kvarteret.does("reverse", "8", *BECAUSE)

    for question in ("resources", "available", "asks", "match", "status"):
        out = kvarteret.does(question)
        assert "lastcykel" not in out
        assert "painting" not in out
    assert kvarteret.rows("status")[0]["open_asks"] == 0
    assert "painting" not in kvarteret.does("statement", "Knut")
    assert kvarteret("withdraw", "lastcykel").code == 3
    assert kvarteret("match", "a1").code == 3


def test_an_introduction_taken_back_waits_for_nobody(kvarteret: Natverk) -> None:
    kvarteret.does("introduce", "Åsa", "Knut", "Eva", "--at", "2026-10-01")
    kvarteret.does("undo")

    assert kvarteret.rows("introductions") == []
    assert kvarteret.rows("status")[0]["unfollowed"] == []
    assert "introductions" not in kvarteret.does("statement", "Knut")


def test_a_gift_that_was_disputed_is_taken_back_with_what_was_said(kvarteret: Natverk) -> None:
    kvarteret.does("dispute", "9", "--recorded-by", "Knut")
    kvarteret.does("reverse", "9", *BECAUSE)

    assert units(kvarteret, "Knut") == {}
    kvarteret.does("replay", "--compare")


# Undoing


def test_undo_takes_back_the_last_entry_and_says_which(kvarteret: Natverk) -> None:
    result = kvarteret("undo")

    assert result.out.startswith("#10  2026-11-03 12:00  took back #9\n")
    assert "undone: #9  2026-10-27 09:00  Eva Lind gave Knut Hansson bookkeeping" in result.err


def test_undo_takes_back_ones_own_last_entry(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Åsa", "Knut", "bread", "--recorded-by", "Åsa")
    kvarteret.does("give", "Eva", "Knut", "soup")

    assert kvarteret.rows("undo", "--recorded-by", "Åsa")[0]["target"] == 10


def test_an_undone_correction_records_the_old_values_again(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--hours", "3")
    result = kvarteret("undo")

    assert "corrected #10: Eva Lind gave Knut Hansson bookkeeping, 2 hours" in result.out
    assert "what was so before is recorded again" in result.err
    assert units(kvarteret, "Knut") == {"hour": {"given": "0", "received": "2"}}


def test_an_undone_taking_back_puts_the_entry_there_again(kvarteret: Natverk) -> None:
    kvarteret.does("reverse", "8", *BECAUSE)
    kvarteret.does("undo", "10")

    assert kvarteret.rows("asks")[0]["id"] == "a1"
    assert "painting a fence" in kvarteret.does("asks", "--open")


# The log and show


def test_the_log_marks_what_was_superseded(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--hours", "3")
    kvarteret.does("reverse", "10", *BECAUSE)

    out = kvarteret.does("log")
    assert "bookkeeping, 2 hours (corrected by #10, taken back by #11)\n" in out
    assert "bookkeeping, 3 hours (taken back by #11)\n" in out
    rows = {row["position"]: row.get("superseded_by") for row in kvarteret.rows("log", "-n", "0")}
    assert {at: by for at, by in rows.items() if by} == {9: 10, 10: 11}


def relations(natverk: Natverk, position: str) -> list[tuple[int, str | None]]:
    return [(row["position"], row.get("relation")) for row in natverk.rows("show", position)]


def test_show_links_an_entry_and_its_corrections_both_ways(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--hours", "3")
    kvarteret.does("confirm", "10", "--recorded-by", "Knut")
    kvarteret.does("reverse", "10", *BECAUSE)
    kvarteret.does("note", "9", "it was raining")

    said = [(11, "confirmation"), (13, "note")]
    first, second = (10, "corrected-by"), (12, "taken-back-by")
    assert relations(kvarteret, "9") == [(9, None), first, second, *said]
    assert relations(kvarteret, "10") == [(10, None), (9, "corrects"), second, *said]
    assert relations(kvarteret, "12") == [
        *((12, None), (9, "takes-back"), (10, "takes-back")),
        *said,
    ]


def test_show_says_that_what_an_entry_is_about_was_corrected(kvarteret: Natverk) -> None:
    kvarteret.does("confirm", "9", "--recorded-by", "Knut")
    kvarteret.does("correct", "9", "--hours", "3")

    assert "bookkeeping, 2 hours (corrected by #11)" in kvarteret.does("show", "10")
    assert "happened_at   2026-10-27 09:00" in kvarteret.does("show", "11")


def test_a_note_that_was_corrected_is_shown_as_it_stands(kvarteret: Natverk) -> None:
    kvarteret.does("note", "9", "it was raining")
    kvarteret.does("correct", "10", "--text", "it was snowing")

    _gift, note = kvarteret.rows("show", "9")
    assert (note["position"], note["corrects"], note["text"]) == (11, 10, "it was snowing")


# Everything else that reads entries


def test_a_statement_shows_what_stands(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--what", "the books", "--receiver", "Åsa")
    kvarteret.does("introduce", "Åsa", "Knut", "Eva", "--about", "bees")
    kvarteret.does("correct", "11", "--about", "wasps")

    rows = kvarteret.rows("statement", "Åsa")
    (gift,) = [row for row in rows if row["section"] == "gift"]
    assert (gift["position"], gift["corrects"], gift["what"]) == (10, 9, "the books")
    assert gift["direction"] == "received"
    (made,) = [row for row in rows if row["section"] == "introduction"]
    assert (made["position"], made["about"]) == (12, "wasps")


def test_tables_hold_what_stands_and_the_log_all(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--what", "the books")
    kvarteret.does("reverse", "6", *BECAUSE)
    kvarteret.does("export", "--csv", "tables")

    gifts = Path("tables/gifts.csv").read_text(encoding="utf-8-sig")
    assert "the books" in gifts
    assert "bookkeeping" not in gifts
    assert "lastcykel" not in Path("tables/resources.csv").read_text(encoding="utf-8-sig")
    entries = Path("tables/entries.csv").read_text(encoding="utf-8-sig")
    assert "bookkeeping" in entries
    assert "the books" in entries


def test_tables_without_the_personal_part_have_no_corrected_words(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--what", "the books")
    kvarteret.does("reverse", "10", *BECAUSE)
    kvarteret.does("export", "--csv", "tables", "--without-personal")

    for table in Path("tables").iterdir():
        assert "the books" not in table.read_text(encoding="utf-8-sig")
        assert "recorded twice" not in table.read_text(encoding="utf-8-sig")


def test_corrections_are_taken_in_from_an_export(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--what", "the books")
    kvarteret.does("correct", "3", "--name", "Nils Ek")
    kvarteret.does("reverse", "10", *BECAUSE)
    kvarteret.does("export", "--ndjson", "all.ndjson")
    copy = ("--ledger", "copy.db")
    kvarteret.does("import", "events", "all.ndjson", *copy)

    assert kvarteret.rows("log", *copy) == kvarteret.rows("log")
    assert kvarteret.rows("statement", "Nils", *copy) == kvarteret.rows("statement", "Nils")
    kvarteret.does("replay", "--compare", *copy)
