"""`natverk log` and `natverk show`: the entries, and what others say of one."""

from __future__ import annotations

import pytest
from cli_world import Natverk


def positions(natverk: Natverk, *arguments: str) -> list[int]:
    return [row["position"] for row in natverk.rows("log", *arguments)]


def test_the_log_shows_the_newest_first(kvarteret: Natverk) -> None:
    assert positions(kvarteret) == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert positions(kvarteret, "--reverse") == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_a_late_entry_stands_where_it_occurred(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Knut", "Eva", "bread", "--at", "2026-10-25T12:00")
    assert positions(kvarteret)[:4] == [9, 8, 10, 7]


def test_twenty_entries_are_shown_unless_asked_for_more(kvarteret: Natverk) -> None:
    for _ in range(15):
        kvarteret.does("give", "Knut", "Eva")
    shown = kvarteret("log", "--json")
    assert len(shown.json()) == 20
    assert "earlier entries" in shown.err
    everything = kvarteret("log", "-n", "0", "--json")
    assert len(everything.json()) == 24
    assert everything.err == ""
    assert positions(kvarteret, "-n", "2", "--reverse") == [23, 24]


def test_the_log_of_a_member_a_type_and_a_period(kvarteret: Natverk) -> None:
    assert positions(kvarteret, "--member", "Knut") == [9, 8, 3]
    assert positions(kvarteret, "--type", "ask-made") == [8]
    assert positions(kvarteret, "--since", "2026-10-26") == [9, 8]
    assert positions(kvarteret, "--until", "2026-10-25", "--since", "2026-10-25") == [7, 6]
    assert positions(kvarteret, "--until", "2026-10-26T09:00") == [8, 7, 6, 5, 4, 3, 2, 1]
    assert positions(kvarteret, "--until", "2026-10-26T08:59") == [7, 6, 5, 4, 3, 2, 1]
    assert positions(kvarteret, "--member", "Eva", "--type", "ask-made") == []


def test_an_empty_answer_says_so(kvarteret: Natverk) -> None:
    result = kvarteret("log", "--until", "2020-01-01")
    assert (result.code, result.out, result.err) == (0, "", "no entries\n")
    assert kvarteret("log", "--until", "2020-01-01", "--json").json() == []


def test_an_unknown_type_lists_the_types(kvarteret: Natverk) -> None:
    result = kvarteret("log", "--type", "gift")
    assert result.code == 2
    assert "there is no type of entry “gift”" in result.err
    assert "gift-given" in result.err


@pytest.mark.parametrize("number", ["-1", "many"])
def test_a_number_of_entries_that_is_none_is_refused(kvarteret: Natverk, number: str) -> None:
    assert kvarteret("log", "-n", number).code == 2


def test_a_line_of_the_log_says_what_happened(kvarteret: Natverk) -> None:
    line = kvarteret.does("log", "-n", "1")
    assert line.startswith("#9  2026-10-27 09:00  Eva Lind gave Knut Hansson")
    assert "bookkeeping" in line


def test_a_text_of_several_lines_stays_on_one(kvarteret: Natverk) -> None:
    kvarteret.does("note", "9", "first\nsecond")
    assert len(kvarteret.does("log", "-n", "0").splitlines()) == 10


def test_the_rows_of_the_log_have_the_promised_fields(kvarteret: Natverk) -> None:
    row = kvarteret.rows("log", "-n", "1")[0]
    assert list(row)[:5] == ["position", "type", "occurred_at", "recorded_at", "actor"]
    assert row["occurred_at"] == "2026-10-27T09:00:00+01:00"
    assert (row["giver"], row["receiver"], row["quantity"], row["unit"]) == (
        "m3",
        "m2",
        "2",
        "hour",
    )


def test_show_tells_all_about_an_entry(kvarteret: Natverk) -> None:
    kvarteret.does("note", "9", "three evenings")
    kvarteret.does("confirm", "9", "--recorded-by", "Knut")
    kvarteret.does("give", "Knut", "Åsa", "soup", "--because", "9")
    rows = kvarteret.rows("show", "#9")
    assert [(row["position"], row.get("relation")) for row in rows] == [
        (9, None),
        (10, "note"),
        (11, "confirmation"),
        (12, "led-to"),
    ]
    told = kvarteret.does("show", "9")
    for words in ("bookkeeping", "three evenings", "confirmed:", "led to:", "Eva Lind (m3)"):
        assert words in told


def test_show_leads_back_to_what_an_entry_comes_of(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Knut", "Åsa", "soup", "--because", "9")
    kvarteret.does("note", "10", "with bread")
    assert [row.get("relation") for row in kvarteret.rows("show", "10")] == [
        None,
        "because",
        "note",
    ]
    assert [row.get("relation") for row in kvarteret.rows("show", "11")] == [None, "target"]


def test_an_introduction_shows_what_came_of_it(kvarteret: Natverk) -> None:
    kvarteret.does("introduce", "Åsa", "Knut", "Eva")
    kvarteret.does("follow-up", "10", "--met")
    assert kvarteret.rows("show", "10")[1]["relation"] == "follow-up"


def test_an_entry_that_is_not_there_is_unknown(kvarteret: Natverk) -> None:
    result = kvarteret("show", "99")
    assert (result.code, result.out) == (3, "")
    assert "there is no entry #99" in result.err
    assert kvarteret("show", "nine").code == 2
