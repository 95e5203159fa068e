"""Who reported an entry is said where that is not the one whom the entry is about."""

from __future__ import annotations

import pytest
from cli_world import Natverk

WEEK = ("--from", "2026-12-01", "--to", "2026-12-03")
Line = tuple[str, ...]

# What is recorded before, an entry, and the member whom it is about.
ENTRIES: dict[str, tuple[list[Line], Line, str]] = {
    "a gift": ([], ("give", "Knut", "Eva", "bread"), "Knut"),
    "a leaving": ([], ("leave", "Eva"), "Eva"),
    "an offer": ([], ("offer", "Eva", "bikes", "--kind", "equipment"), "Eva"),
    "a withdrawal": ([], ("withdraw", "lastcykel"), "Åsa"),
    "a booking": ([], ("book", "lastcykel", "Eva", *WEEK), "Eva"),
    "a release": ([("book", "lastcykel", "Eva", *WEEK)], ("release", "b1"), "Eva"),
    "a loan": ([], ("lend", "lastcykel", "Eva"), "Eva"),
    "a return": ([("lend", "lastcykel", "Eva")], ("return", "lastcykel"), "Eva"),
    "an ask": ([], ("ask", "Eva", "help", "--kind", "time"), "Eva"),
    "a closing": ([], ("close", "a1", "--met"), "Knut"),
    "an introduction": ([], ("introduce", "Åsa", "Knut", "Eva"), "Åsa"),
}


def last_line(natverk: Natverk) -> str:
    position = natverk.rows("status")[0]["position"]
    return natverk.does("show", str(position)).splitlines()[0]


@pytest.mark.parametrize("name", ENTRIES)
def test_another_one_reported_it(name: str, kvarteret: Natverk) -> None:
    before, entry, _ = ENTRIES[name]
    for earlier in before:
        kvarteret.does(*earlier)
    echo = kvarteret.does(*entry, "--recorded-by", "Café")

    assert last_line(kvarteret).endswith(" (reported by Café Linden)")
    assert "reported by" not in echo
    assert "(reported by Café Linden)" in kvarteret.does("log")


@pytest.mark.parametrize("name", ENTRIES)
def test_what_one_records_of_oneself_is_not_reported(name: str, kvarteret: Natverk) -> None:
    before, entry, who = ENTRIES[name]
    for earlier in before:
        kvarteret.does(*earlier)
    kvarteret.does(*entry, "--recorded-by", who)

    assert "reported by" not in last_line(kvarteret)


def test_a_statement_says_who_reported_a_gift(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Eva", "Knut", "soup", "--recorded-by", "Knut")

    assert "gave Knut Hansson soup (reported by Knut Hansson)" in kvarteret.does("statement", "Eva")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (("confirm", "9"), "Knut Hansson confirmed gift #9"),
        (("dispute", "9"), "Knut Hansson disputed gift #9"),
        (("note", "9", "rain"), "note on #9 by Knut Hansson: rain"),
        (("correct", "9", "--hours", "3"), "Knut Hansson corrected #9: Eva Lind gave"),
        (("reverse", "9", "--reason", "no"), "Knut Hansson took back #9: no"),
    ],
)
def test_who_says_something_is_named_in_it(entry: Line, said: str, kvarteret: Natverk) -> None:
    kvarteret.does(*entry, "--recorded-by", "Knut")

    assert said in last_line(kvarteret)
    assert "reported by" not in last_line(kvarteret)
