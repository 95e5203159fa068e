"""What people read when a correction or an answer is refused; see test_errors_golden.py."""

from __future__ import annotations

import sqlite3

import pytest
from cli_world import Natverk
from test_errors_golden import GOLDEN, _log, agrees

Line = tuple[str, ...]
WEEK = ("--from", "2026-12-01", "--to", "2026-12-03")
BOOKED: Line = ("book", "lastcykel", "Knut", *WEEK)
TWICE: Line = ("correct", "9", "--hours", "3")
TAKEN_BACK: Line = ("reverse", "9", "--reason", "recorded twice")
BIKES: Line = ("offer", "Eva", "bikes", "--kind", "equipment", "--capacity", "2")
GIVEN_BY_EVA: Line = ("give", "Eva", "Åsa", "bread", "--at", "2026-11-01T12:00")

# By the golden file's name: the exit code, what is recorded before, and what is refused.
CASES: dict[str, tuple[int, list[Line], Line]] = {
    # which entry
    "unknown-entry": (3, [], ("correct", "412", "--hours", "3")),
    "not-an-entry": (2, [], ("reverse", "nine", "--reason", "x")),
    "undo-unknown-entry": (3, [], ("undo", "412")),
    "corrected-twice": (1, [TWICE], ("correct", "9", "--hours", "4")),
    "reversed-after-a-correction": (1, [TWICE], TAKEN_BACK),
    "corrected-after-a-reversal": (1, [TAKEN_BACK], TWICE),
    "corrected-after-two-corrections": (1, [TWICE, ("correct", "10", "--hours", "4")], TWICE),
    "corrected-after-correction-and-reversal": (
        1,
        [TWICE, ("reverse", "10", "--reason", "recorded twice")],
        TWICE,
    ),
    "reversed-twice": (1, [TAKEN_BACK], TAKEN_BACK),
    "undone-twice": (1, [("undo", "9")], ("undo", "9")),
    "a-reversal-corrected": (1, [TAKEN_BACK], ("correct", "10", "--hours", "3")),
    "a-reversal-reversed": (1, [TAKEN_BACK], ("reverse", "10", "--reason", "no")),
    "founding-reversed": (1, [], ("reverse", "1", "--reason", "x")),
    "founding-undone": (1, [], ("undo", "1")),
    "nothing-of-theirs-to-undo": (1, [], ("undo", "--recorded-by", "Eva")),
    "reason-missing": (2, [], ("reverse", "9")),
    # what changes
    "nothing-given": (2, [], ("correct", "9")),
    "nothing-changed": (2, [], ("correct", "9", "--giver", "Eva", "--hours", "2")),
    "no-such-field": (2, [], ("correct", "9", "--stock", "3")),
    "no-outcome": (2, [], ("correct", "9", "--met")),
    "another-outcome": (2, [("close", "a1", "--met")], ("correct", "10", "--nothing")),
    "two-outcomes": (2, [("close", "a1", "--met")], ("correct", "10", "--met", "--lapsed")),
    "without-what-is-needed": (2, [BOOKED], ("correct", "10", "--without", "resource")),
    "without-what-is-unknown": (2, [], ("correct", "9", "--without", "giver")),
    "said-and-unsaid": (2, [], ("correct", "9", "--hours", "3", "--without", "quantity")),
    "hours-and-quantity": (2, [], ("correct", "9", "--hours", "3", "--quantity", "3")),
    "kind-of-a-member": (2, [], ("correct", "9", "--person")),
    "kind-of-a-gift": (2, [], ("correct", "5", "--kind", "service")),
    "two-kinds": (2, [], ("correct", "5", "--kind", "service", "--person")),
    "unknown-member": (3, [], ("correct", "9", "--giver", "Örjan")),
    "capacity-zero": (2, [], ("correct", "6", "--capacity", "0")),
    "gift-to-oneself": (1, [], ("correct", "9", "--receiver", "Eva")),
    "in-the-future": (1, [], ("correct", "9", "--at", "2026-12-24")),
    "stock-exceeded": (
        1,
        [("give", "Café", "Knut", "--resource", "r2", "--quantity", "5", "--unit", "cup")],
        ("correct", "10", "--quantity", "21"),
    ),
    # who answers
    "nobody-confirms": (1, [], ("confirm", "9")),
    "no-party-disputes": (1, [], ("dispute", "9", "--recorded-by", "Åsa")),
    "own-record-confirmed": (
        1,
        [("give", "Eva", "Åsa", "bread", "--recorded-by", "Åsa")],
        ("confirm", "10", "--recorded-by", "Åsa"),
    ),
    # other entries are in the way
    "join-with-a-gift": (1, [], ("reverse", "4", "--reason", "never joined")),
    "offer-with-a-booking": (1, [BOOKED], ("undo", "6")),
    "ask-with-a-gift": (
        1,
        [("give", "Åsa", "Knut", "--ask", "a1")],
        ("reverse", "8", "--reason", "never asked"),
    ),
    "capacity-below-bookings": (
        1,
        [
            BIKES,
            ("book", "bikes", "Knut", *WEEK),
            ("book", "bikes", "Åsa", *WEEK),
        ],
        ("correct", "10", "--capacity", "1"),
    ),
    "stock-below-gifts": (
        1,
        [("give", "Café", "Knut", "--resource", "r2", "--quantity", "5", "--unit", "cup")],
        ("correct", "7", "--stock", "4"),
    ),
    "released-booking-revived": (
        1,
        [BOOKED, ("release", "b1"), ("book", "lastcykel", "Eva", *WEEK)],
        ("reverse", "11", "--reason", "it was not given back"),
    ),
    "leaving-before-a-gift": (
        1,
        [GIVEN_BY_EVA, ("leave", "Eva")],
        ("correct", "11", "--at", "2026-10-30"),
    ),
    "leaving-undone-before-a-return": (
        1,
        [("leave", "Eva", "--at", "2026-10-30"), ("join", "Eva Lind", "--back")],
        ("undo", "10"),
    ),
    "asked-after-a-gift": (
        1,
        [("close", "a1", "--met", "--at", "2026-10-28")],
        ("correct", "8", "--at", "2026-10-30"),
    ),
    "gift-after-its-confirmation": (
        1,
        [("confirm", "9", "--recorded-by", "Knut", "--at", "2026-10-28")],
        ("correct", "9", "--at", "2026-10-30"),
    ),
    "answer-to-what-was-taken-back": (
        1,
        [TAKEN_BACK],
        ("confirm", "9", "--recorded-by", "Knut"),
    ),
    "name-taken-since": (
        1,
        [("describe", "Eva", "--name", "Ewa Lind"), ("join", "Eva Lind")],
        ("undo", "10"),
    ),
    "name-taken-since-left-out": (
        1,
        [("describe", "Eva", "--name", "Ewa", "--about", "bees"), ("join", "Eva Lind")],
        ("correct", "10", "--without", "name"),
    ),
    "name-taken-when-put-back": (
        1,
        [("join", "Ida"), ("undo", "10"), ("join", "Ida")],
        ("undo", "11"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_refused_says_why(name: str, kvarteret: Natverk) -> None:
    code, before, arguments = CASES[name]
    for earlier in before:
        kvarteret.does(*earlier)
    log = _log(kvarteret.place)

    result = kvarteret(*arguments)

    assert result.out == ""
    assert result.code == code
    assert _log(kvarteret.place) == log
    agrees(f"corrections/{name}", result.err)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[0] == 1])
def test_a_dry_run_is_refused_alike(name: str, kvarteret: Natverk) -> None:
    code, before, arguments = CASES[name]
    for earlier in before:
        kvarteret.does(*earlier)

    assert kvarteret(*arguments, "--dry-run").code == code


def test_an_entry_whose_words_were_erased_is_not_written_anew(kvarteret: Natverk) -> None:
    connection = sqlite3.connect(kvarteret.path)
    connection.execute("DELETE FROM texts WHERE position = 9")
    connection.commit()
    connection.close()

    agrees("corrections/words-erased", kvarteret.refuses(*TWICE))


def test_no_golden_file_is_left_over() -> None:
    found = {path.stem for path in (GOLDEN / "corrections").glob("*.txt")}
    assert found == {*CASES, "words-erased", "nothing-to-undo"}
