"""`path`: the shortest chain of ties, and the same found by walking over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import naive_measures
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import NOW
from test_corrections_histories import live
from test_projections_ties import naive as naive_ties
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, people, play

from ledger import commands as c
from ledger.events import Event
from ledger.ledger import Ledger
from ledger.values import microseconds
from projections.graph_paths import by_id, shortest_chain
from projections.membership import Presence, members
from projections.nearness import Near, Nearness, path

AT = microseconds(NOW) + 1


def tied(natverk: Natverk, *pairs: tuple[str, str]) -> None:
    for one, other in pairs:
        natverk.does("tie", one, other)


def chain(natverk: Natverk, one: str, other: str) -> tuple[list[str], list[str]]:
    """The first names of those on the chain, and of those who could introduce."""
    rows = natverk.rows("path", one, other)
    ties = [row for row in rows if row["section"] == "tie"]
    names = [ties[0]["first_name"], *(row["second_name"] for row in ties)] if ties else []
    could = [row["name"] for row in rows if row["section"] == "introducer"]
    return [name.split()[0] for name in names], [name.split()[0] for name in could]


def test_a_chain_leads_over_gifts_and_over_what_is_declared(kvarteret: Natverk) -> None:
    # Given a gift of Eva's to Knut, a tie of Knut and Åsa, and Åsa acting for the café
    tied(kvarteret, ("Knut", "Åsa"))
    kvarteret.does("affiliate", "Åsa", "Café")
    # Then one leads from the café to Eva, and Åsa is whom it could ask
    assert chain(kvarteret, "Café", "Eva") == (["Café", "Åsa", "Knut", "Eva"], ["Åsa"])
    assert chain(kvarteret, "Eva", "Café") == (["Eva", "Knut", "Åsa", "Café"], ["Knut"])


def test_all_who_could_introduce_are_told(kvarteret: Natverk) -> None:
    tied(kvarteret, ("Åsa", "Knut"), ("Åsa", "Café"), ("Eva", "Café"))
    assert chain(kvarteret, "Åsa", "Eva") == (["Åsa", "Knut", "Eva"], ["Knut", "Café"])
    told = kvarteret.does("path", "Åsa", "Eva")
    assert "who could introduce Åsa Öberg: Knut Hansson (m2), Café Linden (m4)\n" in told


def test_two_with_a_tie_need_nobody(kvarteret: Natverk) -> None:
    assert chain(kvarteret, "Knut", "Eva") == (["Knut", "Eva"], [])


def test_who_has_left_or_paused_introduces_nobody(kvarteret: Natverk) -> None:
    tied(kvarteret, ("Åsa", "Knut"), ("Åsa", "Café"), ("Eva", "Café"))
    kvarteret.does("pause", "Knut")
    assert chain(kvarteret, "Åsa", "Eva")[1] == ["Café"]
    kvarteret.does("leave", "Café")
    told = kvarteret("path", "Åsa", "Eva")
    assert (told.code, told.out) == (0, "")
    assert told.err == "no chain of ties leads from Åsa Öberg to Eva Lind\n"
    # But one who rests is found oneself
    assert chain(kvarteret, "Åsa", "Knut")[0] == ["Åsa", "Knut"]


# A second, naive implementation


def naive(events: Sequence[Event]) -> dict[str, set[str]]:
    """With whom each member has a tie."""
    near: dict[str, set[str]] = {}
    for both in naive_ties(events):
        for one in both:
            near.setdefault(one, set()).update(both - {one})
    return near


def here(ledger: Ledger) -> set[str]:
    return {row["id"] for row in members(ledger.database, AT) if row["status"] == "present"}


def as_found(rows: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    ties = [row for row in rows if row["section"] == "tie"]
    ids = [ties[0]["first"], *(row["second"] for row in ties)] if ties else []
    return ids, [row["id"] for row in rows if row["section"] == "introducer"]


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_no_chain_is_shorter(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        events = play(ledger, moves)
        assert live(events)
        near, present = naive(events), here(ledger)
        everyone = {row["id"] for row in members(ledger.database, AT)}
        for one in everyone:
            for other in everyone - {one}:
                steps = {m: near.get(m, set()) & (present | {one, other}) for m in everyone}
                away = naive_measures.reachable(other, steps)
                ids, introducers = as_found(path(ledger.database, AT, one, other))
                assert (len(ids) - 1 if ids else None) == away.get(one)
                assert all(b in steps[a] for a, b in pairwise(ids))
                could = {m for m in steps[one] if 1 < away.get(one, 0) == away.get(m, -9) + 1}
                assert introducers == sorted(could, key=by_id)
                nearness = Nearness(ledger.database, AT, Presence.of(ledger.database))
                found = away.get(one)
                between = tuple(introducers) if found == 2 else ()
                wanted = Near(found if found in (1, 2) else None, between)
                assert nearness.of(one, other) == wanted


MANY = [f"m{number}" for number in range(1, 13)]
MANY_NAMES = [f"{letter}na" for letter in "ABCDEFGHIJKL"]


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    pairs=st.sets(st.sampled_from(list(combinations(MANY, 2))), max_size=20),
    ends=st.sampled_from(list(combinations(MANY, 2))),
)
def test_looking_from_both_ends_finds_what_all_ties_say(
    tmp_path: Path, pairs: set[tuple[str, str]], ends: tuple[str, str]
) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    ties = [c.Tie(first=one, second=other) for one, other in sorted(pairs)]
    with founded(folder, *people(*MANY_NAMES), *ties) as ledger:
        for one, other in (ends, ends[::-1]):
            ids, introducers = as_found(path(ledger.database, AT, one, other))
            chain = shortest_chain(pairs, one, other)
            assert (ids, introducers) == (([], []) if chain is None else tuple(map(list, chain)))
