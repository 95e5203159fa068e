"""`trace`: what led to an entry and came of it, and the same worked out naively."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from test_corrections_histories import live
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, play

from ledger.events import Event
from projections.trace import slot_of, trace

Reached = tuple[int, str, int, str | None]


def traced(natverk: Natverk, position: int, *asked: str) -> list[Reached]:
    rows = natverk.rows("trace", str(position), *asked)
    return [(row["position"], row["direction"], row["depth"], row.get("relation")) for row in rows]


def records(natverk: Natverk, *line: str) -> int:
    [row] = natverk.rows(*line)
    return int(row["position"])


def lived(natverk: Natverk) -> dict[str, int]:
    """An idea that is told about, lent premises, and ends in an opportunity."""
    about = ("--about", "soup")
    start = records(natverk, "initiative", "start", "Åsa", "soup")
    told = records(natverk, "tell", "Åsa", "Knut", *about)
    retold = records(natverk, "tell", "Knut", "Café", *about, "--heard-from", str(told))
    ask = records(natverk, "ask", "Åsa", "a kitchen", "--kind", "premises", "--for", "soup")
    because = ("--because", str(retold))
    gift = records(natverk, "give", "Café", "soup", "the kitchen", "--ask", "a2", *because)
    note = records(natverk, "note", str(gift), "eleven came")
    realised = ("opportunity", "Knut", "lunches", "--kind", "product", "--because", str(gift))
    made = records(natverk, *realised)
    return {
        "start": start,
        "told": told,
        "retold": retold,
        "ask": ask,
        "gift": gift,
        "note": note,
        "made": made,
    }


# Stories


def test_an_opportunity_is_traced_back_through_gifts_asks_and_stories(kvarteret: Natverk) -> None:
    at = lived(kvarteret)
    assert traced(kvarteret, at["made"]) == [
        (at["made"], "this", 0, None),
        (at["gift"], "led-to-it", 1, "because"),
        (at["ask"], "led-to-it", 2, "ask"),
        (at["start"], "led-to-it", 3, "initiative"),
        (at["retold"], "led-to-it", 2, "because"),
        (at["told"], "led-to-it", 3, "target"),
    ]


def test_what_came_of_an_idea_is_followed_to_its_end(kvarteret: Natverk) -> None:
    at = lived(kvarteret)
    assert traced(kvarteret, at["start"]) == [
        (at["start"], "this", 0, None),
        (at["told"], "came-of-it", 1, "for-initiative"),
        (at["retold"], "came-of-it", 2, "retelling"),
        (at["gift"], "came-of-it", 3, "led-to"),
        (at["note"], "came-of-it", 4, "note"),
        (at["made"], "came-of-it", 4, "led-to"),
        (at["ask"], "came-of-it", 1, "for-initiative"),
    ]


def test_it_goes_both_ways(kvarteret: Natverk) -> None:
    at = lived(kvarteret)
    both = traced(kvarteret, at["retold"])
    assert [(row[0], row[1]) for row in both[1:]] == [
        (at["told"], "led-to-it"),
        (at["start"], "led-to-it"),
        (at["gift"], "came-of-it"),
        (at["note"], "came-of-it"),
        (at["made"], "came-of-it"),
    ]


def test_what_was_corrected_is_followed_as_it_stands(kvarteret: Natverk) -> None:
    at = lived(kvarteret)
    corrected = records(kvarteret, "correct", str(at["gift"]), "--hours", "3")
    for asked in (at["gift"], corrected):
        rows = kvarteret.rows("trace", str(asked))
        assert (rows[0]["position"], rows[0]["corrects"]) == (corrected, at["gift"])
        assert rows[-1]["position"] == at["made"]
    assert traced(kvarteret, at["made"])[1] == (corrected, "led-to-it", 1, "because")


def test_what_was_taken_back_is_marked_and_followed_no_further(kvarteret: Natverk) -> None:
    first = records(kvarteret, "give", "Eva", "Åsa", "soup")
    second = records(kvarteret, "give", "Åsa", "Knut", "soup", "--because", str(first))
    reversed_by = records(kvarteret, "reverse", str(second), "--reason", "no")
    assert traced(kvarteret, first) == [(first, "this", 0, None)]
    [row] = kvarteret.rows("trace", str(second))
    assert row["superseded_by"] == reversed_by
    kvarteret.does("undo", str(reversed_by))
    assert [row[0] for row in traced(kvarteret, first)][1:] != []


def test_people_see_trees_and_are_told_when_there_is_nothing(kvarteret: Natverk) -> None:
    at = lived(kvarteret)
    lines = kvarteret.does("trace", str(at["made"])).splitlines()
    assert lines[1:3] == ["", "what led to it:"]
    assert [line.partition("  2026")[0] for line in lines[3:]] == [
        f"└─ #{at['gift']}",
        f"   ├─ #{at['ask']}",
        f"   │  └─ #{at['start']}",
        f"   └─ #{at['retold']}",
        f"      └─ #{at['told']}",
    ]
    alone = kvarteret("trace", "1")
    assert alone.err == "nothing is written down that led to it or came of it\n"
    assert len(alone.out.splitlines()) == 1


# A second, naive implementation


def causes(event: Any, slots: dict[int, int], begun: dict[str, int]) -> set[int]:
    """The slots of what led to an entry."""
    fields = ("gift", "introduction", "loan", "target", "heard_from")
    found = {slots[at] for at in event.because_of}
    found |= {slots[at] for name in fields if (at := getattr(event, name, None))}
    things = {getattr(event, name, None) for name in ("ask", "initiative", "receiver")}
    found |= {begun[thing] for thing in things if thing in begun}
    return found - {event.slot}


def closure(start: int, steps: dict[int, set[int]]) -> set[int]:
    found, new = {start}, {start}
    while new:
        new = {near for each in new for near in steps.get(each, ())} - found
        found |= new
    return found - {start}


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_it_finds_all_that_is_connected_and_each_once(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        events: Sequence[Event] = play(ledger, moves)
        slots = {e.position: getattr(e, "entry", e.position) for e in events}
        standing: list[Any] = live(events)
        begun = {e.ask: e.slot for e in standing if e.type == "ask-made"}
        begun |= {e.initiative: e.slot for e in standing if e.type == "initiative-started"}
        back = {e.slot: causes(e, slots, begun) for e in standing}
        on: dict[int, set[int]] = {}
        for effect, found in back.items():
            for cause in found & back.keys():
                on.setdefault(cause, set()).add(effect)
        for event in events:
            first, *rows = trace(ledger.database, event.position)
            assert slot_of(first) == slots[event.position]
            reached: dict[str, list[int]] = {"led-to-it": [], "came-of-it": []}
            above = {first["position"]: (0, slot_of(first))}
            for row in rows:
                reached[row["direction"]].append(slot_of(row))
                depth, slot = above[row["through"]]
                assert row["depth"] == depth + 1
                steps = back if row["direction"] == "led-to-it" else on
                assert slot_of(row) in steps[slot]
                above[row["position"]] = (row["depth"], slot_of(row))
            start = slots[event.position]
            if start not in back:
                assert rows == []
                continue
            assert sorted(reached["led-to-it"]) == sorted(closure(start, back))
            beyond = closure(start, on) - closure(start, back)
            assert sorted(reached["came-of-it"]) == sorted(beyond)
