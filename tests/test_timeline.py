"""`timeline`: the network's story."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from test_corrections_histories import live
from worlds import CORRECTED_MOVES, Move, founded, play

from projections.timeline import TOLD, timeline


def told(natverk: Natverk, *asked: str) -> list[str]:
    return [row["sentence"] for row in natverk.rows("timeline", *asked)]


def test_it_tells_what_happened_the_newest_first(kvarteret: Natverk) -> None:
    lines = kvarteret.does("timeline", "-n", "3").splitlines()
    assert lines == [
        "2026-10-27  Eva Lind gave Knut Hansson bookkeeping, 2 hours (#9)",
        "2026-10-26  Knut Hansson asks for painting a fence (a1), 4 hours (#8)",
        "2026-10-25  Café Linden offers coffee (r2), 20 cups (#7)",
    ]


def test_it_says_that_there_is_more_only_when_there_is(kvarteret: Natverk) -> None:
    more = "there is more before that; -n 0 tells all\n"
    for asked in ((), ("--json",)):
        assert kvarteret("timeline", "-n", "8", *asked).err == more
        assert kvarteret("timeline", "-n", "9", *asked).err == ""
        assert kvarteret("timeline", "-n", "0", *asked).err == ""


def test_what_is_between_a_few_is_left_out(kvarteret: Natverk) -> None:
    before = told(kvarteret)
    kvarteret.does("lend", "lastcykel", "Eva")
    kvarteret.does("return", "lastcykel")
    kvarteret.does("book", "lastcykel", "Knut", "--from", "2026-12-01", "--to", "2026-12-02")
    kvarteret.does("pause", "Knut")
    kvarteret.does("describe", "Eva", "--about", "keeps bees")
    kvarteret.does("nominate", "Knut", "Eva")
    kvarteret.does("confirm", "9", "--recorded-by", "Knut")
    kvarteret.does("note", "9", "three evenings")
    assert told(kvarteret) == before


def test_it_tells_what_stands_when_it_happened(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "9", "--at", "2026-10-25T20:00", "--hours", "3")
    kvarteret.does("reverse", "8", "--reason", "no")
    rows = kvarteret.rows("timeline", "-n", "2")
    assert [(row["position"], row.get("corrects")) for row in rows] == [(10, 9), (7, None)]
    assert rows[0]["sentence"] == "Eva Lind gave Knut Hansson bookkeeping, 3 hours"
    assert told(kvarteret, "-n", "1", "--as-of", "2026-10-24") != told(kvarteret, "-n", "1")


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_everything_common_that_stands_is_told_once(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        standing: list[Any] = [e for e in live(play(ledger, moves)) if e.type in TOLD]
        standing.sort(key=lambda e: (e.occurred, e.position), reverse=True)
        rows = list(timeline(ledger.database))
        assert [row["position"] for row in rows] == [e.position for e in standing]
        assert [row["type"] for row in rows] == [e.type for e in standing]
        assert list(timeline(ledger.database, 3)) == rows[:3]
