"""What people read when what they want explained or compared is not there."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from cli_world import Natverk
from test_errors_golden import GOLDEN, agrees

# By the golden file's name: the exit code, and what is asked.
CASES: dict[str, tuple[int, tuple[str, ...]]] = {
    "unknown-member": (3, ("explain", "balance", "Örjan")),
    "unknown-member-id": (3, ("explain", "member", "m99")),
    "unknown-resource": (3, ("explain", "resource", "traktor")),
    "unknown-resource-id": (3, ("explain", "resource", "r99")),
    "unknown-ask": (3, ("explain", "ask", "a99")),
    "not-there-yet": (3, ("explain", "ask", "a1", "--as-of", "2026-10-25")),
    "as-of-a-position": (2, ("balance", "--as-of", "5")),
    "as-of-an-entry": (2, ("explain", "ask", "a1", "--as-of", "#5")),
    "unit-not-a-word": (2, ("explain", "balance", "Knut", "--unit", "kilo gram")),
    "nothing-to-explain": (2, ("explain", "gift", "9")),
    "explain-in-the-future": (2, ("explain", "member", "Knut", "--as-of", "2027-01-01")),
    "diff-backwards": (2, ("diff", "--from", "2026-10-31", "--to", "2026-10-01")),
    "diff-backwards-positions": (2, ("diff", "--from", "9", "--to", "7")),
    "diff-to-the-future": (2, ("diff", "--from", "2026-10-31", "--to", "2027-01-01")),
    "diff-unknown-entry": (3, ("diff", "--from", "7", "--to", "412")),
    "diff-unclear-date": (2, ("diff", "--from", "3/11", "--to", "today")),
    "diff-half": (2, ("diff", "--from", "2026-10-31")),
    "diff-of-before-the-first": (2, ("diff", "--from", "0", "--to", "9")),
    "step-and-compare": (2, ("replay", "--step", "--compare")),
}


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_explained_says_why(name: str, kvarteret: Natverk) -> None:
    code, asked = CASES[name]
    result = kvarteret(*asked)
    assert (result.code, result.out) == (code, "")
    agrees(f"explain/{name}", result.err)


def test_what_does_not_add_up_names_both(kvarteret: Natverk) -> None:
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        connection.execute(
            'UPDATE balances SET received = 5, units = \'{"hour":[0,9000],"kg":[0,500]}\''
            " WHERE member = 'm2' AND period = 'all'"
        )
        connection.commit()
    result = kvarteret("explain", "balance", "Knut")
    assert (result.code, result.out) == (1, "")
    agrees("explain/does-not-add-up", result.err)


def test_no_golden_file_is_left_over() -> None:
    found = {path.stem for path in (GOLDEN / "explain").glob("*.txt")}
    assert found == {*CASES, "does-not-add-up"}
