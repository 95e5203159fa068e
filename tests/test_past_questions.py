"""`--as-of` and `--known-at` on the command line."""

from __future__ import annotations

import pytest
from cli_world import Natverk

PAST_QUESTIONS = (
    ("members",),
    ("balance",),
    ("balance", "Knut", "--with", "Eva"),
    ("resources",),
    ("available",),
    ("asks",),
    ("match",),
    ("introductions",),
    ("weave",),
    ("ties",),
    ("path", "Åsa", "Eva"),
    ("ties", "Eva", "--gap"),
    ("statement", "Knut"),
    ("status",),
    ("log", "-n", "0"),
    ("show", "9"),
    ("trace", "9"),
    ("timeline",),
    ("vitality",),
    ("opportunities",),
)


@pytest.mark.parametrize("question", PAST_QUESTIONS, ids=" ".join)
def test_an_answer_about_the_past_stays_as_it_was(
    kvarteret: Natverk, question: tuple[str, ...]
) -> None:
    # Given an answer about a past that is named in full
    then = ("--as-of", "2026-10-28", "--known-at", "9")
    before = kvarteret(*question, *then)
    assert before.code == 0
    # When more is recorded, late and now, and the past is corrected
    kvarteret.does("give", "Åsa", "Knut", "bröd", "--at", "2026-10-25")
    kvarteret.does("leave", "Eva")
    kvarteret.does("describe", "Knut", "--name", "Knut Ek")
    kvarteret.does(
        "give", "Café", "everyone", "--resource", "coffee", "--quantity", "3", "--unit", "cup"
    )
    kvarteret.clock.advance(days=40)
    # Then the answer is the same, but for how much it leaves out
    after = kvarteret(*question, *then)
    assert after.out == before.out
    assert "not counted: 4 later entries" in after.err


def test_a_late_entry_counts_when_it_occurred_and_is_unknown_before_it_was_recorded(
    kvarteret: Natverk,
) -> None:
    # Given a gift of the 25th that is recorded now
    kvarteret.does("give", "Åsa", "Knut", "bröd", "--at", "2026-10-25")

    # Then it is in what had occurred by then, as is known now, and not as was known then
    def given(*past: str) -> int:
        [row] = kvarteret.rows("balance", "Åsa", *past)
        return int(row["given"])

    assert given("--as-of", "2026-10-24") == 0
    assert given("--as-of", "2026-10-25") == 1
    assert given("--as-of", "2026-10-25", "--known-at", "9") == 0
    assert given("--known-at", "9") == 0
    assert given("--known-at", "10") == 1


def test_a_time_known_at_is_answered_with_the_position_it_leads_to(kvarteret: Natverk) -> None:
    recorded = kvarteret.clock.now
    kvarteret.clock.advance(days=2)
    kvarteret.does("give", "Åsa", "Knut", "bröd")
    kvarteret.clock.advance(days=2)
    told = kvarteret("balance", "Åsa", "--known-at", f"{recorded:%Y-%m-%d}", "--json")
    assert told.json()[0]["given"] == 0
    assert told.err == "as of 2026-11-03 24:00, known at #9; not counted: 1 later entry\n"


def test_what_was_free_is_asked_of_the_past_without_another_word(kvarteret: Natverk) -> None:
    # Given a stock from which something was taken on the 30th
    take = ("give", "Café", "everyone", "--resource", "coffee", "--quantity", "5", "--unit", "cup")
    kvarteret.does(*take, "--at", "2026-10-30")

    def cups(*when: str) -> str:
        [row] = kvarteret.rows("available", "--kind", "other", *when)
        return str(row["free"])

    # Then before that there was more
    assert cups("--at", "2026-10-29") == "20"
    assert cups() == "15"
    assert cups("--as-of", "2026-10-29") == "20"


def test_names_are_as_they_were(kvarteret: Natverk) -> None:
    kvarteret.does("describe", "Knut", "--name", "Knut Ek")
    kvarteret.clock.advance(days=1)
    names = {row["id"]: row["name"] for row in kvarteret.rows("members", "--known-at", "9")}
    assert names["m2"] == "Knut Hansson"


def test_replay_stops_at_a_past(kvarteret: Natverk) -> None:
    told = kvarteret("replay", "--as-of", "2026-10-25", "--known-at", "8", "--json")
    assert (told.json()["events"], told.json()["position"]) == (7, 8)
