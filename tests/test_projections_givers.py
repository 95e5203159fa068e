"""`givers`: who gives and who is named, and the same worked out naively from what stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_corrections_histories import live
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, play

from ledger.events import Event
from ledger.refusals import UnknownSurvey
from projections.givers import givers

Row = dict[str, Any]


def rows(natverk: Natverk, *asked: str) -> dict[str, Row]:
    """The givers by the first word of their name."""
    found = natverk.rows("givers", *asked)
    return {row["name"].split()[0]: row for row in found if row["section"] == "giver"}


def seen(natverk: Natverk, *asked: str) -> dict[str, str]:
    return {name: row["seen"] for name, row in rows(natverk, *asked).items()}


def first(natverk: Natverk, name: str, *asked: str) -> tuple[int, int, str | None]:
    row = rows(natverk, *asked)[name]
    return row["first"], row["mutual"], row["share_first"]


def test_everything_that_someone_gave_is_counted_and_whom_to(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Eva", "Knut")
    kvarteret.does("give", "Eva", "Åsa")
    kvarteret.does("give", "Eva", "everyone")
    row = rows(kvarteret)["Eva"]
    assert (row["given"], row["receivers"]) == (4, 2)
    assert list(rows(kvarteret)) == ["Eva"]


def test_who_gave_first_is_told_of_those_who_gave_both_ways(kvarteret: Natverk) -> None:
    # Given Eva, who gave Knut something on the 27th
    assert first(kvarteret, "Eva") == (0, 0, None)
    # When he gives her something back, and she gives and gets on with Åsa
    kvarteret.does("give", "Knut", "Eva", "--at", "2026-10-28")
    kvarteret.does("give", "Åsa", "Eva", "--at", "2026-10-28")
    kvarteret.does("give", "Eva", "Åsa", "--at", "2026-10-29")
    # Then she gave first to one of two
    assert first(kvarteret, "Eva") == (1, 2, "0.5")
    assert first(kvarteret, "Knut") == (0, 1, "0")
    assert first(kvarteret, "Åsa") == (1, 1, "1")
    assert first(kvarteret, "Eva", "--as-of", "2026-10-28") == (1, 1, "1")
    # When an earlier gift of Knut's is written down later
    kvarteret.does("give", "Knut", "Eva", "--at", "2026-10-26")
    # Then he did
    assert first(kvarteret, "Knut") == (1, 1, "1")
    # When it is taken back
    kvarteret.does("undo")
    # Then she did
    assert first(kvarteret, "Knut") == (0, 1, "0")
    kvarteret.does("replay", "--compare")


def test_two_who_gave_at_the_same_moment_gave_neither_first(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Knut", "Eva", "--at", "2026-10-27T09:00")
    assert first(kvarteret, "Eva") == first(kvarteret, "Knut") == (0, 1, "0")


def test_nobody_is_told_to_be_overlooked_where_nobody_has_been_named(kvarteret: Natverk) -> None:
    assert "gave, not named" not in kvarteret.does("givers")
    kvarteret.does("give", "Åsa", "Knut")
    kvarteret.does("nominate", "Knut", "Eva")
    told = kvarteret.does("givers")
    [line] = [line for line in told.splitlines() if line.endswith("gave, not named")]
    assert "Åsa" in line
    assert "1: the same order, -1: the reverse, 0: as by chance\n" in told


def test_who_is_seen_and_who_is_measured(kvarteret: Natverk) -> None:
    # Given Eva, who gave and is named, Åsa, who only gave, and Café, which is only named
    kvarteret.does("give", "Åsa", "Knut")
    kvarteret.does("nominate", "Knut", "Eva")
    kvarteret.does("nominate", "Knut", "Café", "--survey", "autumn")
    kvarteret.does("nominate", "Åsa", "Café", "--survey", "autumn")
    # Then each is told apart, and Knut, who is neither, is not told of
    assert seen(kvarteret) == {"Eva": "seen-and-measured", "Åsa": "measured", "Café": "seen"}
    assert rows(kvarteret)["Café"]["named_by"] == 2
    # And a survey has only its own
    assert seen(kvarteret, "--survey", "Autumn") == {
        "Eva": "measured",
        "Åsa": "measured",
        "Café": "seen",
    }
    # And what was taken back is not seen
    kvarteret.does("undo")
    assert rows(kvarteret)["Café"]["named_by"] == 1


def test_who_names_someone_in_two_surveys_is_one_who_does(kvarteret: Natverk) -> None:
    kvarteret.does("nominate", "Knut", "Eva", "--survey", "autumn")
    kvarteret.does("nominate", "Knut", "Eva", "--survey", "spring")
    assert rows(kvarteret)["Eva"]["named_by"] == 1


def test_the_agreement_is_over_all_members_and_says_when_they_are_few(kvarteret: Natverk) -> None:
    # Given one who gives and is named, of four
    kvarteret.does("nominate", "Knut", "Eva")
    [by_gifts, by_receivers] = kvarteret.rows("givers")[-2:]
    assert (by_gifts["by"], by_receivers["by"]) == ("given", "receivers")
    assert float(by_gifts["value"]) == pytest.approx(1)
    assert (by_gifts["members"], by_gifts["too_small"]) == (4, True)
    assert "too few to mean anything" in kvarteret.does("givers")


def test_where_nobody_was_named_nothing_agrees_and_people_are_told_what_to_do(
    kvarteret: Natverk,
) -> None:
    assert kvarteret.rows("givers")[-1]["value"] is None
    result = kvarteret("givers")
    assert "natverk nominate" in result.err
    assert "undefined" in result.out


def test_givers_are_listed_by_name(kvarteret: Natverk) -> None:
    for who in ("Knut", "Åsa", "Café"):
        kvarteret.does("give", who, "everyone")
    assert list(rows(kvarteret)) == ["Åsa", "Café", "Eva", "Knut"]


# A second, naive implementation


def naive(events: Sequence[Event], survey: str | None) -> tuple[dict[str, Row], list[Any]]:
    """What is told of each giver, and the two agreements, by looking at every gift and pair."""
    standing: list[Any] = live(events)
    gifts = [event for event in standing if event.type == "gift-given"]
    members = [event.member for event in standing if event.type == "member-joined"]
    named = {
        (event.nominator, event.nominee)
        for event in standing
        if event.type == "giver-nominated" and survey in (None, event.survey)
    }
    told = {}
    for member in members:
        to = {gift.receiver for gift in gifts if gift.giver == member} & set(members)
        mutual = {gift.giver for gift in gifts if gift.receiver == member} & to
        told[member] = {
            "given": sum(gift.giver == member for gift in gifts),
            "receivers": len(to),
            "mutual": len(mutual),
            "first": sum(
                earliest(gifts, member, other) < earliest(gifts, other, member) for other in mutual
            ),
            "named_by": sum(nominee == member for _, nominee in named),
        }
    agreements = [
        tau_b([(row[by], row["named_by"]) for row in told.values()])
        for by in ("given", "receivers")
    ]
    return {m: row for m, row in told.items() if row["given"] or row["named_by"]}, agreements


def earliest(gifts: Sequence[Any], giver: str, receiver: str) -> int:
    return min(x.occurred for x in gifts if (x.giver, x.receiver) == (giver, receiver))


def tau_b(places: list[tuple[int, int]]) -> float | None:
    pairs = list(combinations(places, 2))
    same = sum((a - c) * (b - d) > 0 for (a, b), (c, d) in pairs)
    opposite = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in pairs)
    apart = [sum(one[at] != other[at] for one, other in pairs) for at in (0, 1)]
    return (same - opposite) / sqrt(apart[0] * apart[1]) if all(apart) else None


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES, survey=st.sampled_from([None, "höst"]))
def test_the_answer_is_what_stands(tmp_path: Path, moves: list[Move], survey: str | None) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        events = play(ledger, moves)
        expected, agreements = naive(events, survey)
        if survey is not None and not any(row["named_by"] for row in expected.values()):
            with pytest.raises(UnknownSurvey):
                givers(ledger.database, survey)
            return
        found = givers(ledger.database, survey)
    told = {row["id"]: row for row in found if row["section"] == "giver"}
    assert {
        id: {name: row[name] for name in expected.get(id, row)} for id, row in told.items()
    } == (expected)
    for row, value in zip(found[-2:], agreements, strict=True):
        assert (None if row["value"] is None else float(row["value"])) == (
            None if value is None else pytest.approx(value)
        )
