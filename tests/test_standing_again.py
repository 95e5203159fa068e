"""What was taken back and stands again is marked with what holds now, and linked both ways."""

from __future__ import annotations

import pytest
from cli_world import Natverk

GIFT = "Eva Lind gave Knut Hansson bookkeeping, 2 hours"

# By what is done to the gift #9: the end of its line in the log, and its two marks.
MARKS: dict[str, tuple[list[tuple[str, ...]], str, tuple[int, int | None]]] = {
    "taken back": ([("undo", "9")], " (taken back by #10)", (10, None)),
    "put back": (
        [("undo", "9"), ("undo", "10")],
        " (taken back by #10, stands again through #11)",
        (10, 11),
    ),
    "put back and taken back": (
        [("undo", "9"), ("undo", "10"), ("undo", "11")],
        " (taken back by #10, and again by #12)",
        (10, 12),
    ),
    "corrected twice": (
        [("correct", "9", "--hours", "3"), ("correct", "10", "--hours", "4")],
        " (corrected by #10)",
        (10, 11),
    ),
    "corrected and taken back": (
        [("correct", "9", "--hours", "3"), ("reverse", "10", "--reason", "x")],
        " (corrected by #10, taken back by #11)",
        (10, 11),
    ),
}


@pytest.mark.parametrize("name", MARKS)
def test_an_entry_is_marked_with_what_holds_now(name: str, kvarteret: Natverk) -> None:
    done, mark, (superseded_by, newest) = MARKS[name]
    for line in done:
        kvarteret.does(*line)
    lines = kvarteret.does("log", "-n", "0").splitlines()
    assert next(line for line in lines if line.lstrip().startswith("#9 ")).endswith(GIFT + mark)
    row = next(row for row in kvarteret.rows("log", "-n", "0") if row["position"] == 9)
    assert (row["superseded_by"], row.get("newest")) == (superseded_by, newest)


def test_what_put_it_back_names_it_and_what_it_undid_is_marked(kvarteret: Natverk) -> None:
    kvarteret.does("undo", "9", "--recorded-by", "Eva")
    kvarteret.does("undo", "10", "--recorded-by", "Åsa")
    newest, before, *_ = kvarteret.does("log").splitlines()
    assert newest.endswith(f"Åsa Öberg put #9 back: {GIFT}")
    assert before.endswith("Eva Lind took back #9 (undone by #11)")
    shown = kvarteret.does("show", "9")
    assert "stands again through #11" in shown.splitlines()[0]
    assert "newest        #11" in shown


def test_as_was_known_before_it_stood_again_it_was_taken_back(kvarteret: Natverk) -> None:
    kvarteret.does("undo", "9")
    kvarteret.does("undo", "10")
    known = kvarteret.does("show", "9", "--known-at", "10")
    assert known.splitlines()[0].endswith("(taken back by #10)")


def test_a_correction_that_stands_again_is_the_one_put_back(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--hours", "3")
    kvarteret.does("reverse", "10", "--reason", "x")
    out = kvarteret.does("undo", "11")
    assert "put #10 back: Eva Lind gave Knut Hansson bookkeeping, 3 hours" in out
