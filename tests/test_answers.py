"""Confirmed and disputed gifts: who may say so, and what balances show beside the total."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from worlds import CORRECTED_MOVES, Move, founded, play

from ledger import events as e
from ledger.areas import CORRECTIONS
from ledger.events import Event, version_of
from ledger.values import EVERYONE
from projections.answers import Counts, answers, answers_between, answers_of

BY_KNUT = ("--recorded-by", "Knut")


def counts(natverk: Natverk, who: str, *further: str) -> tuple[int, int]:
    (row,) = natverk.rows("balance", who, *further)
    return row["confirmed"], row["disputed"]


def test_both_parties_balances_count_a_confirmed_gift(kvarteret: Natverk) -> None:
    kvarteret.does("confirm", "9", *BY_KNUT)

    assert counts(kvarteret, "Eva") == counts(kvarteret, "Knut") == (1, 0)
    assert counts(kvarteret, "Åsa") == (0, 0)
    assert counts(kvarteret, "Eva", "--with", "Knut") == (1, 0)
    assert counts(kvarteret, "Eva", "--with", "Åsa") == (0, 0)
    (row,) = [row for row in kvarteret.rows("statement", "Knut") if row["section"] == "standing"]
    assert (row["confirmed"], row["disputed"]) == (1, 0)
    assert "and received 1 (2 hours); 1 confirmed\n" in kvarteret.does("statement", "Knut")


def test_the_columns_are_there_when_there_is_an_answer(kvarteret: Natverk) -> None:
    assert "confirmed" not in kvarteret.does("balance")
    kvarteret.does("dispute", "9", *BY_KNUT)
    heading, *_rows = kvarteret.does("balance").splitlines()
    assert "gifts given  received  disputed  measured, given" in heading


def test_the_last_word_counts_and_one_dispute_is_enough(kvarteret: Natverk) -> None:
    kvarteret.does("confirm", "9", *BY_KNUT)
    kvarteret.does("dispute", "9", "--recorded-by", "Eva")
    assert counts(kvarteret, "Eva") == (0, 1)
    kvarteret.does("confirm", "9", "--recorded-by", "Eva")
    assert counts(kvarteret, "Eva") == (1, 0)


def test_a_late_word_is_not_the_last_one(kvarteret: Natverk) -> None:
    kvarteret.does("confirm", "9", *BY_KNUT)
    kvarteret.does("dispute", "9", *BY_KNUT, "--at", "2026-10-28")

    assert counts(kvarteret, "Knut") == (1, 0)


def test_answers_follow_the_gift_when_it_is_corrected(kvarteret: Natverk) -> None:
    kvarteret.does("dispute", "9", *BY_KNUT)
    kvarteret.does("correct", "9", "--receiver", "Åsa")
    assert counts(kvarteret, "Knut") == counts(kvarteret, "Eva") == (0, 0)

    kvarteret.does("confirm", "9", "--recorded-by", "Åsa")
    assert counts(kvarteret, "Åsa") == counts(kvarteret, "Eva") == (1, 0)


def test_what_was_said_before_a_gift_was_put_right_is_put_aside(kvarteret: Natverk) -> None:
    kvarteret.does("confirm", "9", *BY_KNUT)
    kvarteret.does("correct", "9", "--hours", "20", "--recorded-by", "Eva")
    assert counts(kvarteret, "Eva") == (0, 0)
    assert "recorded gift" in kvarteret.refuses("confirm", "9", "--recorded-by", "Eva")
    kvarteret.does("confirm", "9", *BY_KNUT)
    assert counts(kvarteret, "Eva") == (1, 0)
    kvarteret.does("replay", "--compare")


def test_a_gift_taken_back_is_not_counted_until_it_stands_and_is_confirmed_again(
    kvarteret: Natverk,
) -> None:
    kvarteret.does("confirm", "9", *BY_KNUT)
    kvarteret.does("reverse", "9", "--reason", "by mistake")
    assert counts(kvarteret, "Eva") == (0, 0)
    kvarteret.does("undo", "11")
    assert counts(kvarteret, "Eva") == (0, 0)
    kvarteret.does("confirm", "9", *BY_KNUT)
    assert counts(kvarteret, "Eva") == (1, 0)
    kvarteret.does("replay", "--compare")


def test_a_gift_to_everyone_is_confirmed_by_any_member(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Eva", "everyone", "soup")
    kvarteret.does("confirm", "10", "--recorded-by", "Café")

    assert counts(kvarteret, "Eva") == (1, 0)
    assert counts(kvarteret, "Eva", "--with", "everyone") == (1, 0)
    assert counts(kvarteret, "Café") == (0, 0)


def test_an_answer_that_was_taken_back_counts_no_more(kvarteret: Natverk) -> None:
    kvarteret.does("confirm", "9", *BY_KNUT)
    kvarteret.does("undo", "10")

    assert counts(kvarteret, "Knut") == (0, 0)


# A second, naive implementation


def naive(events: list[Event]) -> dict[str, Counts]:
    gone = {event.target for event in events if event.type in CORRECTIONS}  # type: ignore[attr-defined]
    versions = [version_of(event) for event in events if event.position not in gone]
    live: list[Any] = [event for event in versions if event is not None]
    live.sort(key=lambda event: (event.occurred, event.slot))
    words: Counter[tuple[str, str]] = Counter()
    for gift in live:
        if not isinstance(gift, e.GiftGiven):
            continue
        last = {
            event.actor: event.type
            for event in live
            if isinstance(event, e.GiftConfirmed | e.GiftDisputed)
            and event.gift == gift.slot
            and event.position > gift.position
        }
        parties = {gift.giver, gift.receiver}
        said = {word for who, word in last.items() if who in parties or gift.receiver[0] != "m"}
        for word in ("gift-disputed", "gift-confirmed"):
            if word in said:
                words.update((member, word) for member in parties)
                break
    return {
        member: Counts(words[member, "gift-confirmed"], words[member, "gift-disputed"])
        for member, _ in words
    }


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_counts_are_what_the_live_entries_say(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        wanted = naive(play(ledger, moves))
        found = answers(ledger.database)
        assert {member: each for member, each in found.items() if any(each)} == wanted
        for member in ("m1", "m2", "m3", "m4"):
            assert answers_of(ledger.database, member) == wanted.get(member, Counts())
        others = ("m2", "m3", "m4", "i1", "i2", "i3", EVERYONE)
        between = [answers_between(ledger.database, "m1", other) for other in others]
        assert Counts(*map(sum, zip(*between, strict=True))) == wanted.get("m1", Counts())
