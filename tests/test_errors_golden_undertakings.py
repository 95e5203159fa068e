"""What people read when a tie, an initiative or what comes of one is refused."""

from __future__ import annotations

import pytest
from cli_world import Natverk
from test_errors_golden import GOLDEN, agrees

Line = tuple[str, ...]
START = ("initiative", "start")
STARTED: Line = (*START, "Åsa", "soup evenings", "--at", "2026-10-28")
OTHER: Line = (*START, "Eva", "a tool library", "--at", "2026-10-28")
JOIN: Line = ("initiative", "join", "Knut")
CONCLUDE: Line = ("initiative", "conclude", "soup", "--at")
OVER: Line = (*CONCLUDE, "2026-10-30")
NEEDED: Line = ("ask", "Åsa", "a kitchen", "--kind", "premises", "--for", "soup")
TELL: Line = ("tell", "Åsa", "Knut", "--about", "soup")
RETELL: Line = ("tell", "Eva", "Knut", "--about", "soup", "--heard-from")
OPPORTUNITY: Line = ("opportunity", "Eva", "a van", "--kind")

# By the golden file's name: the exit code, what is recorded before, and what is refused.
CASES: dict[str, tuple[int, list[Line], Line]] = {
    "not-a-person": (1, [], ("affiliate", "Café", "Café")),
    "not-an-organisation": (1, [], ("affiliate", "Knut", "Eva")),
    "tied-to-self": (1, [], ("tie", "Knut", "Knut")),
    "role-not-a-word": (2, [], ("affiliate", "Knut", "Café", "--role", "head of soup")),
    "unknown-initiative": (3, [STARTED], (*JOIN, "choir")),
    "no-initiative-yet": (3, [], (*JOIN, "choir")),
    "unknown-initiative-id": (3, [], ("endorse", "Knut", "i9")),
    "initiative-without-words": (2, [], (*START, "Åsa")),
    "joined-before-it-began": (1, [STARTED], (*JOIN, "soup", "--at", "2026-10-27")),
    "joined-when-it-is-over": (1, [STARTED, OVER], (*JOIN, "soup")),
    "concluded-earlier": (1, [STARTED, OVER], (*CONCLUDE, "2026-10-29")),
    "endorses-their-own": (1, [STARTED], ("endorse", "Åsa", "soup")),
    "for-another-initiative": (
        1,
        [STARTED, OTHER, NEEDED],
        ("give", "Eva", "Åsa", "--ask", "a2", "--for", "a tool"),
    ),
    "for-two-initiatives": (1, [STARTED, OTHER], ("give", "Eva", "soup", "--for", "a tool")),
    "told-themselves": (1, [STARTED], ("tell", "Åsa", "Åsa", "--about", "soup")),
    "heard-elsewhere": (1, [STARTED, TELL], (*RETELL, "11")),
    "heard-in-no-story": (1, [STARTED], (*RETELL, "9")),
    "gathered-alone": (2, [], ("gather", "soup", "--with", "Åsa", "--with", "Åsa")),
    "nothing-behind-it": (2, [], (*OPPORTUNITY, "product")),
    "another-kind": (2, [], (*OPPORTUNITY, "premises", "--because", "9")),
    "nominates-themselves": (1, [], ("nominate", "Eva", "Eva")),
    "receiver-ambiguous": (3, [(*START, "Åsa", "Eva Linds soppa")], ("give", "Knut", "Eva L")),
    "initiative-taken-back": (3, [STARTED, ("undo", "10")], ("initiative", "show", "i1")),
    "initiative-started-later": (
        3,
        [STARTED],
        ("initiative", "show", "i1", "--as-of", "2026-10-27"),
    ),
    "unknown-survey": (
        3,
        [("nominate", "Knut", "Eva", "--survey", "autumn-2026")],
        ("givers", "--survey", "spring"),
    ),
    "no-survey-yet": (3, [], ("givers", "--survey", "spring")),
    "window-of-no-days": (2, [], ("measures", "--window", "0")),
    "ties-declared-and-revealed": (2, [], ("ties", "--declared", "--revealed")),
    "path-to-themselves": (2, [], ("path", "Eva", "m3")),
    "path-to-nobody": (3, [], ("path", "Eva", "m9")),
    "ties-of-nobody": (3, [], ("ties", "m9")),
    "trace-of-an-unknown-entry": (3, [], ("trace", "99")),
    "timeline-of-fewer-than-none": (2, [], ("timeline", "-n", "-1")),
    "vitality-by-the-week": (2, [], ("vitality", "--by", "week")),
    "trace-of-no-entry": (2, [], ("trace", "a1")),
    "spread-of-an-unknown-initiative": (3, [], ("spread", "i9")),
    "unknown-initiative-balance": (3, [], ("balance", "Eva", "--with", "i9")),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_refused_says_why(name: str, kvarteret: Natverk) -> None:
    code, before, refused = CASES[name]
    for earlier in before:
        kvarteret.does(*earlier)
    head = kvarteret.rows("status")[0]["position"]
    result = kvarteret(*refused)
    assert (result.code, result.out) == (code, "")
    assert kvarteret.rows("status")[0]["position"] == head
    agrees(f"undertakings/{name}", result.err)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (GOLDEN / "undertakings").glob("*.txt")} == {*CASES}
