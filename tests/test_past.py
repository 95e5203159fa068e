"""The two time axes: a ledger as it was known at a position, of what had occurred by a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import ZONE, day
from worlds import CORRECTED_MOVES, Chance, Clock, Move, founded, people, play, record

from ledger import commands as c
from ledger import saved
from ledger.areas import CORRECTIONS
from ledger.events import Event, version_of
from ledger.ledger import Ledger
from ledger.past import Past, position_at
from ledger.refusals import UnknownId
from ledger.rows import table_of
from ledger.state import FOLDS
from ledger.tables import replay
from ledger.values import END_OF_TIME, microseconds
from projections.asks import asks
from projections.availability import Period, available
from projections.first import first
from projections.givers import givers
from projections.glance import glance
from projections.initiatives import initiative, initiatives
from projections.introductions import introductions
from projections.matching import match
from projections.membership import members
from projections.nearness import path
from projections.network_measures import measure_rows
from projections.offers import resources
from projections.opportunities import opportunities
from projections.reciprocity import balance_by, balance_rows, balance_with
from projections.registry import PROJECTIONS
from projections.spread import spread
from projections.statement import statement
from projections.ties import ties
from projections.timeline import timeline
from projections.trace import trace
from projections.vitality import vitality
from projections.weave import weave

EVERY_FOLD = (*FOLDS, *PROJECTIONS)
QUESTIONS = {
    "members": members,
    "balance": lambda past, at: balance_rows(past),
    "balance by week": lambda past, at: balance_by(past, "week"),
    "balance with": lambda past, at: balance_with(past, "m1", "m2"),
    "asks": asks,
    "resources": resources,
    "available": lambda past, at: available(past, Period.moment(at), at, ZONE),
    "match": match,
    "initiatives": initiatives,
    "an initiative": lambda past, at: initiative(past, "i1", at, ZONE),
    "first": lambda past, at: first(past, at, ZONE),
    "first of one": lambda past, at: first(past, at, ZONE, "m1"),
    "givers": lambda past, at: givers(past),
    "measures": lambda past, at: measure_rows(past, at, ZONE),
    "measures of a week": lambda past, at: measure_rows(past, at, ZONE, 7),
    "trace": lambda past, at: trace(past, 8),
    "opportunities": lambda past, at: opportunities(past),
    "timeline": lambda past, at: list(timeline(past)),
    "vitality": lambda past, at: vitality(past, at, ZONE),
    "spread": lambda past, at: spread(past, "i1"),
    "introductions": lambda past, at: introductions(past),
    "ties": ties,
    "weave": lambda past, at: weave(past, datetime.fromtimestamp(at / 1e6, ZONE), None),
    "path": lambda past, at: path(past, at, "m1", "m3"),
    "ties of one": lambda past, at: ties(past, at, "m1", "gap"),
    "statement": lambda past, at: statement(past, "m1", at),
    "status": lambda past, at: glance(past, datetime.fromtimestamp(at / 1e6, ZONE)),
    "log": lambda past, at: past.positions(),
}
histories = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
_numbers = count()


@pytest.fixture(scope="module", autouse=True)
def _small_states() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saved, "EVERY", 7)
        yield


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as made:
        yield Path(made)


def new(folder: Path) -> Path:
    made = folder / str(next(_numbers))
    made.mkdir()
    return made


def past_of(ledger: Ledger, before: int, known_at: int) -> Past:
    return Past.of(ledger.database.path, EVERY_FOLD, before, known_at)


def what_stood(events: Sequence[Event], before: int, known_at: int) -> list[Event]:
    """The naive second implementation: what stood in the slots then, in the order of time."""
    known = events[:known_at]
    gone = {event.target for event in known if event.type in CORRECTIONS}  # type: ignore[attr-defined]
    versions = [version_of(event) for event in known if event.position not in gone]
    standing = [event for event in versions if event is not None and event.occurred < before]
    return sorted(standing, key=lambda event: (event.occurred, event.slot))


def rows_of(past: Past) -> dict[str, set[tuple[Any, ...]]]:
    """The rows of each fold that differ from ones that nothing has touched."""
    return {
        fold.name: {
            values
            for values in past.select(f"SELECT * FROM {fold.name}")
            if values != table_of(fold).values(fold.row(*values[: fold.key_length]))
        }
        for fold in EVERY_FOLD
        if fold.name not in ("ids", "superseded")
    }


def naive_rows(events: Sequence[Event], before: int, known_at: int) -> dict[str, Any]:
    tables = replay(EVERY_FOLD, what_stood(events, before, known_at))
    return {
        fold.name: {
            table_of(fold).values(row)
            for key, row in tables.rows(fold).items()
            if row != fold.row(*key)
        }
        for fold in EVERY_FOLD
        if fold.name not in ("ids", "superseded")
    }


def answers(past: Past) -> dict[str, Any]:
    at = min(past.before, microseconds(day(31))) - 1
    return {name: answer(question, past, at) for name, question in QUESTIONS.items()}


def answer(question: Any, past: Past, at: int) -> Any:
    """What a question answers; somebody unknown at that time is an answer too."""
    try:
        return question(past, at)
    except UnknownId as unknown:
        return str(unknown)


def remember(ledger: Ledger, events: Sequence[Event], pairs: Sequence[tuple[int, int]]) -> Any:
    """The rows of each pair, which are those of the naive implementation, and its answers."""
    rows, told = {}, {}
    for before, known_at in pairs:
        past = past_of(ledger, before, known_at)
        rows[before, known_at] = rows_of(past)
        assert rows[before, known_at] == naive_rows(events, before, known_at)
        assert past.later == len(recorded(events)) - len(recorded(events, before, known_at))
        past.close()
        past = past_of(ledger, before, known_at)
        told[before, known_at] = answers(past)
        past.close()
    return rows, told


def recorded(
    events: Sequence[Event], before: int = END_OF_TIME, known_at: int = END_OF_TIME
) -> list[Event]:
    """The entries, corrections left out, that were known at a position and occurred before."""
    entries = [event for event in events[:known_at] if event.type not in CORRECTIONS]
    return [event for event in entries if event.occurred < before]


def compare(folder: Path, moves: Sequence[Move], cuts: Sequence[tuple[int, float]]) -> None:
    """Given a history, when more is recorded, then no answer about the past changes."""
    half = len(moves) // 2
    with founded(new(folder)) as ledger:
        events = play(ledger, moves[:half])
        pairs = [
            (microseconds(day(on)) if on < 31 else END_OF_TIME, round(share * len(events)))
            for on, share in cuts
        ]
        pairs = [pair for pair in pairs if pair[1]]
        rows, told = remember(ledger, events, pairs)
        record(ledger, moves[half:])
        more = list(ledger.entries())
        rows_then, told_then = remember(ledger, more, pairs)
        assert rows_then == rows
        if not any(event.type == "member-forgotten" for event in more[len(events) :]):
            assert told_then == told  # else texts have been erased, and the names that rows go by


@histories
@given(
    moves=CORRECTED_MOVES,
    cuts=st.lists(st.tuples(st.integers(-2, 31), st.floats(0, 1)), min_size=1, max_size=3),
)
def test_an_answer_about_the_past_never_changes(
    folder: Path, moves: list[Move], cuts: list[tuple[int, float]]
) -> None:
    compare(folder, moves, cuts)


@pytest.mark.torture
def test_no_answer_changes_in_two_thousand_histories(folder: Path) -> None:
    for seed in range(2_000):
        moves = Chance(seed, corrections=True).moves(2 + seed % 120)
        compare(folder, moves, [(seed % 33 - 2, seed % 10 / 10), (31, 1.0), (seed % 29, 1.0)])


def test_a_time_leads_to_the_last_position_recorded_by_then(folder: Path) -> None:
    # Given three entries, recorded an hour apart
    clock = Clock()
    with founded(new(folder), *people("Ana", "Bo"), clock=clock) as ledger:
        clock.move(hours=1)
        first = microseconds(clock.now)
        ledger.record(c.Give(giver="m1", receiver="m2"))
        clock.move(hours=1)
        ledger.record(c.Give(giver="m2", receiver="m1"))
        # Then each moment has its position
        assert position_at(ledger.database, first - 1) == 3
        assert position_at(ledger.database, first) == 4
        assert position_at(ledger.database, microseconds(clock.now)) == 5
        assert position_at(ledger.database, 0) == 0


def test_what_was_not_counted_is_counted(folder: Path) -> None:
    # Given a gift, another one later, and a correction of the first
    with founded(new(folder), *people("Ana", "Bo")) as ledger:
        ledger.record(c.Give(giver="m1", receiver="m2", occurred_at=day(5)))
        ledger.record(c.Give(giver="m1", receiver="m2", occurred_at=day(9)))
        ledger.record(c.Correct(target=4, changes={"receiver": "everyone"}))
        # When the past is asked about
        past = past_of(ledger, microseconds(day(7)), 4)
        # Then it says what it leaves out
        assert (past.later, past.corrections_since) == (1, 1)
        assert balance_with(past, "m1", "m2")[0]["given"] == 1
        past.close()
        past = past_of(ledger, microseconds(day(7)), 6)
        assert (past.later, past.corrections_since) == (1, 0)
        assert balance_with(past, "m1", "m2")[0]["given"] == 0
        past.close()
