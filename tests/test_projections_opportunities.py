"""`opportunities`: what was made of what, and the same worked out naively."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from test_corrections_histories import live
from test_projections_trace import causes, closure, records
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, play

from ledger.values import OPPORTUNITY_KINDS
from projections.opportunities import opportunities

BEHIND = ("gifts", "introductions", "stories", "gatherings")


def test_nothing_realised_yet_says_so(kvarteret: Natverk) -> None:
    result = kvarteret("opportunities")
    assert (result.code, result.out) == (0, "")
    assert result.err == "no opportunity has been realised yet\n"
    assert kvarteret.rows("opportunities") == []


def test_the_gifts_introductions_and_stories_behind_it_however_far(kvarteret: Natverk) -> None:
    # Given an introduction that led to a gift, and a story that was told on
    met = records(kvarteret, "introduce", "Åsa", "Eva", "Café")
    gift = records(kvarteret, "give", "Café", "Eva", "the kitchen", "--because", str(met))
    kvarteret.does("initiative", "start", "Eva", "soup")
    told = records(kvarteret, "tell", "Eva", "Knut", "--about", "soup")
    on = ("--heard-from", str(told), "--about", "soup")
    retold = records(kvarteret, "tell", "Knut", "Åsa", *on)
    gathered = records(kvarteret, "gather", "fika", "--with", "Åsa", "--with", "Eva")
    # When an opportunity came of the gift, of what was told on and of a gathering
    because = [each for at in (gift, retold, gathered) for each in ("--because", str(at))]
    made = records(kvarteret, "opportunity", "Eva", "lunches", "--kind", "product", *because)
    # Then all of them are behind it
    [row] = kvarteret.rows("opportunities")
    assert (row["position"], row["kind"], row["what"]) == (made, "product", "lunches")
    assert (row["gifts"], row["introductions"]) == ([gift], [met])
    assert (row["stories"], row["gatherings"]) == ([told, retold], [gathered])
    assert kvarteret.does("opportunities").endswith(f"#{told}, #{retold}  #{gathered}\n")
    # And what is taken back is behind it no more
    kvarteret.does("reverse", str(met), "--reason", "they knew each other")
    assert kvarteret.rows("opportunities")[0]["introductions"] == []


def test_they_come_by_kind_and_then_by_time(kvarteret: Natverk) -> None:
    for kind, on in (("funding", "1"), ("product", "3"), ("product", "2")):
        when = ("--at", f"2026-11-0{on}T10:00")
        kvarteret.does("opportunity", "Eva", kind + on, "--kind", kind, "--because", "9", *when)
    rows = kvarteret.rows("opportunities")
    assert [row["what"] for row in rows] == ["product2", "product3", "funding1"]
    assert "a product  #12" in kvarteret.does("opportunities")


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_the_answer_is_what_stands(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        events = play(ledger, moves)
        slots = {e.position: getattr(e, "entry", e.position) for e in events}
        standing: dict[int, Any] = {e.slot: e for e in live(events)}
        begun = {e.ask: s for s, e in standing.items() if e.type == "ask-made"}
        begun |= {e.initiative: s for s, e in standing.items() if e.type == "initiative-started"}
        back = {slot: causes(e, slots, begun) for slot, e in standing.items()}
        wanted = [
            (OPPORTUNITY_KINDS.index(e.kind), e.occurred, e.position, behind(slot, back, standing))
            for slot, e in standing.items()
            if e.type == "opportunity-realised"
        ]
        found = opportunities(ledger.database)
    assert [(row["position"], [row[name] for name in BEHIND]) for row in found] == [
        (position, led) for _, _, position, led in sorted(wanted)
    ]


def behind(slot: int, back: dict[int, set[int]], standing: dict[int, Any]) -> list[list[int]]:
    led = [standing[each] for each in closure(slot, back) if each in standing]
    led.sort(key=lambda e: (e.occurred, e.position))
    types = ("gift-given", "introduction-made", "story-told", "gathering-held")
    return [[e.position for e in led if e.type == kind] for kind in types]
