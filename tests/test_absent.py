"""What is asked about was not there by then, or was taken back: the answer says which."""

from __future__ import annotations

import pytest
from cli_world import Natverk
from test_errors_golden import GOLDEN, agrees

Line = tuple[str, ...]
NILS: Line = ("join", "Nils", "--at", "2026-10-30")
THEN: Line = ("--as-of", "2026-10-29")
BACK: Line = ("undo", "10")

# By the golden file's name: the exit code, what is recorded before, and what is asked.
CASES: dict[str, tuple[int, list[Line], Line]] = {
    "status-before-the-founding": (1, [], ("status", "--as-of", "2026-10-20")),
    "member-joined-later": (3, [NILS], ("balance", "Nils", *THEN)),
    "member-known-later": (3, [NILS], ("explain", "member", "Nils", "--known-at", "9")),
    "member-joined-later-as-corrected": (
        3,
        [NILS, ("correct", "10", "--at", "2026-10-31")],
        ("statement", "Nils", "--as-of", "2026-10-30"),
    ),
    "resource-offered-later": (
        3,
        [],
        ("explain", "resource", "lastcykel", "--as-of", "2026-10-24"),
    ),
    "ask-made-later": (3, [], ("explain", "ask", "a1", "--known-at", "7")),
    "member-taken-back": (3, [NILS, BACK], ("explain", "member", "m5")),
    "member-taken-back-by-then": (
        3,
        [NILS, BACK, ("undo", "11")],
        ("explain", "balance", "m5", "--known-at", "11"),
    ),
    "resource-taken-back": (3, [("reverse", "6", "--reason", "x")], ("explain", "resource", "r1")),
    "ask-taken-back": (3, [("undo", "8")], ("explain", "ask", "a1")),
    "ask-taken-back-and-given-to": (3, [("undo", "8")], ("give", "Åsa", "Eva", "--ask", "a1")),
    "booking-taken-back": (
        3,
        [("book", "r1", "Eva", "--from", "2026-12-01", "--to", "2026-12-01"), ("undo", "10")],
        ("release", "b1"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_there_says_since_when_or_no_more(name: str, kvarteret: Natverk) -> None:
    code, before, asked = CASES[name]
    for earlier in before:
        kvarteret.does(*earlier)
    result = kvarteret(*asked)
    assert (result.code, result.out) == (code, "")
    agrees(f"absent/{name}", result.err)


def test_what_stands_again_is_there_again(kvarteret: Natverk) -> None:
    for line in (NILS, BACK, ("undo", "11")):
        kvarteret.does(*line)
    assert kvarteret.rows("explain", "member", "m5")[-1]["status"] == "present"
    assert kvarteret("statement", "m5", *THEN).code == 3


def test_a_gift_from_before_anyone_joined_is_found_when_they_have(kvarteret: Natverk) -> None:
    # Given that Nils gave before he joined
    kvarteret.does(*NILS)
    kvarteret.does("give", "Nils", "Eva", "bread", "--at", "2026-10-28")
    # Then a question of that time about him says that he was no member, the log has the gift
    assert "was not a member by then" in kvarteret.refuses("balance", "Nils", *THEN)
    assert "bread" in kvarteret.does("log", "--member", "Nils", *THEN)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (GOLDEN / "absent").glob("*.txt")} == {*CASES}
