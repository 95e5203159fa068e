"""What keeps an entry from being taken back."""

from __future__ import annotations

from cli_world import Natverk


def test_a_joining_is_not_taken_back_under_a_booking(kvarteret: Natverk) -> None:
    kvarteret.does("book", "lastcykel", "Knut", "--from", "2026-12-01", "--to", "2026-12-03")
    for joined in ("2", "3"):  # of the owner, and of who booked it
        said = kvarteret.refuses("reverse", joined, "--reason", "wrong person")
        assert "would no longer be right" in said
        assert "#10" in said


def test_nobody_takes_back_their_own_joining(natverk: Natverk) -> None:
    natverk.does("init", "Linden", "--idea", "grannar")
    natverk.does("join", "Olle")
    natverk.does("me", "Olle")
    assert "who is said to record" in natverk.refuses("undo", "2")
    natverk.does("join", "Eva")
    assert "#3" in natverk.refuses("undo", "2", "--recorded-by", "Eva")  # which Olle recorded


def test_what_is_refused_leaves_every_row_as_it_was(kvarteret: Natverk) -> None:
    # Given an ask that was closed, opened again by taking that back, and closed otherwise
    kvarteret.does("close", "a1", "--withdrawn")
    kvarteret.does("undo", "10")
    kvarteret.does("close", "a1", "--lapsed")
    # When the first closing is to hold again
    assert "#12" in kvarteret.refuses("undo", "11")
    kvarteret.does("give", "Åsa", "Knut", "bröd")
    # Then the second one still does
    assert kvarteret.rows("asks")[0]["status"] == "lapsed"
    kvarteret.does("replay", "--compare")
