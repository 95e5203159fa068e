"""`ties`: what is declared beside what shows, and the same worked out naively."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from samples import NOW
from test_corrections_histories import live
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, play

from ledger.events import Event
from ledger.values import microseconds
from projections.membership import members
from projections.ties import ties

SOUP = "soup evenings"


def found(natverk: Natverk, *asked: str) -> list[tuple[str, str]]:
    rows = natverk.rows("ties", *asked)
    return [(row["first_name"], row["second_name"]) for row in rows]


def one(natverk: Natverk, who: str, other: str, *asked: str) -> dict[str, Any] | None:
    rows = natverk.rows("ties", who, *asked)
    return next((row for row in rows if row["second_name"].startswith(other)), None)


# What is declared, what shows, and the gap between the two


def test_what_is_declared_stands_beside_what_shows(kvarteret: Natverk) -> None:
    # Given neighbours who gave nothing, a gift between two who say nothing, and two who do both
    kvarteret.does("tie", "Åsa", "Knut", "--nature", "neighbour")
    kvarteret.does("affiliate", "Eva", "Café", "--role", "baker")
    kvarteret.does("give", "Café", "Eva", "bread")
    # Then each is told once, by name
    both = ("Eva Lind", "Café Linden")
    gift, said = ("Knut Hansson", "Eva Lind"), ("Åsa Öberg", "Knut Hansson")
    assert found(kvarteret) == [said, both, gift]
    assert found(kvarteret, "--declared") == [said, both]
    assert found(kvarteret, "--revealed") == [both, gift]
    assert found(kvarteret, "--gap") == [said, gift]
    assert found(kvarteret, "Åsa", "--revealed") == []


def test_a_tie_is_seen_from_the_one_who_is_asked_about(kvarteret: Natverk) -> None:
    row = one(kvarteret, "Eva", "Knut")
    assert row is not None
    assert (row["first"], row["second"], row["given"], row["received"]) == ("m3", "m2", 1, 0)
    row = one(kvarteret, "Knut", "Eva")
    assert row is not None
    assert (row["first"], row["second"], row["given"], row["received"]) == ("m2", "m3", 0, 1)


def test_what_nobody_said_is_told_from_what_is_not_so(kvarteret: Natverk) -> None:
    kvarteret.does("tie", "Åsa", "Knut")
    row = one(kvarteret, "Åsa", "Knut")
    assert row is not None
    assert (row["natures"], row["roles"]) == ([], None)
    kvarteret.does("untie", "Åsa", "Knut")
    assert one(kvarteret, "Åsa", "Knut") is None


def test_gifts_to_everyone_and_to_an_initiative_are_no_ties(kvarteret: Natverk) -> None:
    kvarteret.does("initiative", "start", "Åsa", SOUP)
    kvarteret.does("give", "Café", "everyone", "buns")
    kvarteret.does("give", "Café", SOUP, "buns")
    assert found(kvarteret, "Café") == []


def test_an_introduction_is_of_the_two_only_when_they_met(kvarteret: Natverk) -> None:
    # Given that Åsa introduced Knut and the café
    kvarteret.does("introduce", "Åsa", "Knut", "Café")
    made = str(kvarteret.rows("introductions")[0]["position"])
    # Then she has a tie with each of them, and they have none
    assert found(kvarteret, "Åsa") == [("Åsa Öberg", "Café Linden"), ("Åsa Öberg", "Knut Hansson")]
    assert one(kvarteret, "Knut", "Café") is None
    # When they met, and when nothing came of it after all
    kvarteret.clock.advance(days=1)
    kvarteret.does("follow-up", made, "--met")
    met = one(kvarteret, "Knut", "Café")
    kvarteret.clock.advance(days=1)
    kvarteret.does("follow-up", made, "--nothing")
    # Then they had one, and have it no more
    assert met is not None
    assert met["introductions"] == 1
    assert one(kvarteret, "Knut", "Café") is None
    assert one(kvarteret, "Knut", "Café", "--as-of", "2026-11-04") is not None


def test_tellings_and_gatherings_show_ties_until_they_are_taken_back(kvarteret: Natverk) -> None:
    kvarteret.does("initiative", "start", "Åsa", SOUP)
    kvarteret.does("tell", "Åsa", "Eva", "Café", "--about", SOUP)
    kvarteret.does("gather", "soup", "--with", "Åsa", "--with", "Eva", "--with", "Knut")
    row = one(kvarteret, "Åsa", "Eva")
    assert row is not None
    assert (row["tellings"], row["gatherings"]) == (1, 1)
    assert one(kvarteret, "Eva", "Café") is None  # who heard the same need not know each other
    kvarteret.does("undo")
    kvarteret.does("undo", "11")
    assert found(kvarteret, "Åsa") == []


def test_a_reader_is_told_when_there_is_none(natverk: Natverk) -> None:
    natverk.does("init", "Linden", "--idea", "grannar")
    natverk.does("join", "Åsa")
    told = natverk("ties")
    assert (told.code, told.out, told.err) == (0, "", "there are no ties yet\n")


# A second, naive implementation


def naive(events: Sequence[Event]) -> dict[frozenset[str], dict[str, Any]]:
    """What there is between each two, from what stands in the order of time."""
    standing: list[Any] = live(events)
    everyone = [event.member for event in standing if event.type == "member-joined"]
    natures: dict[frozenset[str], set[str]] = defaultdict(set)
    roles: dict[frozenset[str], set[str]] = defaultdict(set)
    gifts: Counter[tuple[str, str]] = Counter()
    counts: dict[str, Counter[frozenset[str]]] = {
        name: Counter() for name in ("introductions", "tellings", "gatherings")
    }
    outcomes = {e.introduction: e.outcome for e in standing if e.type == "introduction-followed-up"}
    for event in standing:
        if event.type == "tie-declared":
            natures[frozenset((event.first, event.second))].add(event.nature or "")
        elif event.type == "tie-dissolved":
            words = natures[frozenset((event.first, event.second))]
            words -= {event.nature} if event.nature else set(words)
        elif event.type == "affiliation-declared":
            roles[frozenset((event.person, event.organisation))].add(event.role or "")
        elif event.type == "affiliation-ended":
            words = roles[frozenset((event.person, event.organisation))]
            words -= {event.role} if event.role else set(words)
        elif event.type == "gift-given" and event.receiver[0] == "m":
            gifts[event.giver, event.receiver] += 1
        elif event.type == "introduction-made":
            two = {event.first, event.second}
            counts["introductions"].update(frozenset((event.introducer, each)) for each in two)
            counts["introductions"][frozenset(two)] += outcomes.get(event.slot) in (
                "met",
                "collaborated",
            )
        elif event.type == "story-told":
            pairs = (frozenset((event.teller, each)) for each in event.listeners)
            counts["tellings"].update(pairs)
        elif event.type == "gathering-held":
            counts["gatherings"].update(map(frozenset, combinations(event.participants, 2)))
    between = {
        both: {
            "natures": sorted(natures[both] - {""}) if natures[both] else None,
            "roles": sorted(roles[both] - {""}) if roles[both] else None,
            "gifts": {who: gifts[who, other] for who, other in (tuple(both), tuple(both)[::-1])},
            **{name: counted[both] for name, counted in counts.items()},
        }
        for both in map(frozenset, combinations(everyone, 2))
    }
    return {both: row for both, row in between.items() if is_declared(row) or is_revealed(row)}


def is_declared(row: dict[str, Any]) -> bool:
    return row["natures"] is not None or row["roles"] is not None


def is_revealed(row: dict[str, Any]) -> bool:
    met = row["introductions"] + row["tellings"] + row["gatherings"]
    return bool(met + sum(row["gifts"].values()))


def as_naive(row: dict[str, Any]) -> dict[str, Any]:
    gifts = {row["first"]: row["given"], row["second"]: row["received"]}
    rest = ("natures", "roles", "introductions", "tellings", "gatherings")
    return {"gifts": gifts} | {name: row[name] for name in rest}


CHOSEN = {
    None: lambda row: True,
    "declared": is_declared,
    "revealed": is_revealed,
    "gap": lambda row: is_declared(row) != is_revealed(row),
}


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_the_answer_is_what_stands(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        wanted = naive(play(ledger, moves))
        at = microseconds(NOW) + 1
        for which, chosen in CHOSEN.items():
            rows = ties(ledger.database, at, None, which)  # type: ignore[arg-type]
            assert {frozenset((row["first"], row["second"])): as_naive(row) for row in rows} == {
                both: row for both, row in wanted.items() if chosen(row)
            }
            for row in rows:
                assert (row["declared"], row["revealed"]) == (
                    is_declared(as_naive(row)),
                    is_revealed(as_naive(row)),
                )
        for member in {row["id"] for row in members(ledger.database, at)} & {"m1", "m4"}:
            rows = ties(ledger.database, at, member)
            assert {row["first"] for row in rows} <= {member}
            assert {row["second"]: as_naive(row) for row in rows} == {
                other: row
                for both, row in wanted.items()
                if member in both
                for other in both - {member}
            }


@pytest.mark.parametrize("flags", [("--declared", "--gap"), ("--revealed", "--declared")])
def test_one_part_is_asked_about_at_a_time(kvarteret: Natverk, flags: tuple[str, ...]) -> None:
    assert "do not go together" in kvarteret.refuses("ties", *flags)
