"""Corrections in random histories: what is kept is what a replay makes, and every rule holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from samples import CIA, ENDORSE, GIVE, START_INITIATIVE, ZONE, day
from worlds import CORRECTED_MOVES, Chance, Log, Move, differences, founded, opened, people, play

from ledger.areas import CORRECTIONS
from ledger.commands import Correct
from ledger.decisions.timeline import COMING_AND_GOING, check, check_membership, check_resource
from ledger.events import Event, subjects_of, version_of
from ledger.ledger import Ledger
from ledger.revisions import CorrectionInTheWay
from ledger.state import BOOKINGS, FOLDS, LOANS, MEMBERS, RESOURCES
from ledger.state.lookup import State
from ledger.tables import Tables, replay
from projections.registry import PROJECTIONS

EVERY_FOLD = (*FOLDS, *PROJECTIONS)
histories = settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def new(folder: Path) -> Path:
    made = folder / str(len(list(folder.iterdir())))
    made.mkdir()
    return made


def live(events: Sequence[Event]) -> list[Event]:
    """What stands in the slots, found naively, in the order of the timeline."""
    gone = {event.target for event in events if event.type in CORRECTIONS}  # type: ignore[attr-defined]
    versions = [version_of(event) for event in events if event.position not in gone]
    standing = [event for event in versions if event is not None]
    return sorted(standing, key=lambda event: (event.occurred, event.slot))


def rows_of(tables: Tables) -> dict[str, dict[Any, Any]]:
    return {
        fold.name: {
            key: row
            for key, row in tables.rows(fold).items()
            if fold.name not in ("ids", "superseded") and row != fold.row(*key)
        }
        for fold in EVERY_FOLD
    }


def played(folder: Path, moves: Sequence[Move]) -> tuple[Ledger, list[Event]]:
    ledger = founded(new(folder))
    return ledger, play(ledger, moves)


def compare(folder: Path, moves: Sequence[Move]) -> None:
    ledger, events = played(folder, moves)
    with ledger:
        assert differences(ledger) == []
        replayed = replay(EVERY_FOLD, events, Log(events))
        naive = replay(EVERY_FOLD, live(events))
        assert rows_of(replayed) == rows_of(naive)
    with opened(ledger.database.path) as again:
        assert differences(again) == []


def judge(folder: Path, moves: Sequence[Move]) -> None:
    ledger, events = played(folder, moves)
    with ledger:
        entries = live(events)
        tables = replay(FOLDS, entries)
        state = Standing(tables, Naive(entries), len(events), ZONE)
        for entry in entries:
            check(entry, state)
        for (member,) in tables.rows(MEMBERS):
            own = [e for e in entries if e.type in COMING_AND_GOING and e.member == member]  # type: ignore[attr-defined]
            check_membership(member, own)
        for (resource,), row in tables.rows(RESOURCES).items():
            bookings = tables.find(BOOKINGS, {"resource": resource})
            check_resource(row, bookings, tables.find(LOANS, {"resource": resource}), state)


class Standing(State):
    """The network of what stands, in which nothing has a successor."""

    def standing(self, position: int) -> Event | None:
        return self.log.entry(position)


class Naive:
    """A log that is searched from end to end."""

    def __init__(self, entries: Sequence[Event]) -> None:
        self._entries = {entry.slot: entry for entry in entries}

    def entry(self, position: int) -> Event | None:
        return self._entries.get(position)

    def entries_about(self, subject: str, types: Iterable[str]) -> list[Event]:
        found = (entry for entry in self._entries.values() if entry.type in types)
        return [entry for entry in found if subject in subjects_of(entry)]


@histories
@given(moves=CORRECTED_MOVES)
def test_rows_kept_through_corrections_are_those_of_what_stands(
    folder: Path, moves: list[Move]
) -> None:
    compare(folder, moves)


@histories
@given(moves=CORRECTED_MOVES)
def test_every_rule_holds_of_what_stands_after_corrections(folder: Path, moves: list[Move]) -> None:
    judge(folder, moves)


def test_a_correction_that_is_refused_leaves_no_row_behind(folder: Path) -> None:
    # Given an initiative that another one than its starter vouches for
    before = [
        *people("Ana", "Bo", "Cia"),
        replace(START_INITIATIVE, occurred_at=day(4)),
        replace(ENDORSE, occurred_at=day(5)),
    ]
    with founded(new(folder), *before) as ledger, ledger.transaction() as transaction:
        # When a correction would have them start it, and be in it, and is refused
        with pytest.raises(CorrectionInTheWay):
            transaction.record(Correct(target=5, changes={"starter": CIA}))
        transaction.record(GIVE)
    # Then nothing is kept of their being in it
    with opened(ledger.database.path) as again:
        assert differences(again) == []


@pytest.mark.torture
def test_two_thousand_histories_with_corrections(folder: Path) -> None:
    for seed in range(2_000):
        moves = Chance(seed, corrections=True).moves(1 + seed % 120)
        compare(folder, moves)
        judge(folder, moves)
