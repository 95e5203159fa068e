"""Random histories with corrections: what is explained adds up, and differences can be applied."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import NOW, day
from test_past import EVERY_FOLD, new
from worlds import CORRECTED_MOVES, Chance, Move, founded, play

from ledger import saved
from ledger.audit import Replay
from ledger.database import Database
from ledger.past import Past
from ledger.refusals import UnknownId
from ledger.rows import table_of
from ledger.stepping import steps
from ledger.values import END_OF_TIME, microseconds
from projections.diff import answers, differences, own
from projections.explain import Explained, OfBalance, OfMember
from projections.explain_things import OfAsk, OfInitiative, OfResource

AFTER_ALL = microseconds(NOW) + 1
IDS = [f"{letter}{number}" for letter in "mrai" for number in range(1, 7)]
Cut = tuple[int, float]
CUTS = st.lists(st.tuples(st.integers(-2, 31), st.floats(0, 1)), min_size=2, max_size=2)
histories = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", autouse=True)
def _small_states() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saved, "EVERY", 7)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("histories")


def explained(database: Database, id: str) -> list[Explained]:
    """Everything that can be explained about an id."""
    if id[0] == "m":
        return [
            OfMember(database, id),
            OfBalance(database, id),
            *(OfBalance(database, id, unit) for unit in ("hour", "cup")),
        ]
    return [{"r": OfResource, "a": OfAsk, "i": OfInitiative}[id[0]](database, id)]


def add_up(database: Database, at: int) -> int:
    """Explain everything there is, which raises or ends as is kept; how many lines that took."""
    count = 0
    for each in (each for id in IDS for each in explained(database, id)):
        try:
            lines = each.lines(at)
        except UnknownId:
            continue
        if lines:
            kept = each.kept(at)
            shown = kept.keys() & each.values(at).keys()
            assert {name: lines[-1][name] for name in shown} == {name: kept[name] for name in shown}
        count += len(lines)
    return count


def applied(first: dict[str, Any], changes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The first answers with the differences put in."""
    made = copy.deepcopy(first)
    for change in changes:
        rows, id = made[change["section"]], change["id"]
        if change["field"] is None and change["after"] is None:
            assert rows.pop(id) == change["before"]
        elif change["field"] is None:
            assert id not in rows
            rows[id] = change["after"]
        else:
            row = rows.setdefault(id, {})
            assert row.get(change["field"], type(change["before"])()) == change["before"]
            row[change["field"]] = change["after"]
    return made


def bare(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Answers with only the fields that differences are about."""
    return {
        section: {id: own(section, row) for id, row in found.items()}
        for section, found in rows.items()
    }


def without_nothing(
    rows: dict[str, dict[str, Any]], fields: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The same, every balance with all its fields, those of nothing left out."""
    balances = {id: fields | row for id, row in rows["balance"].items() if any(row.values())}
    return rows | {"balance": balances}


def compare(folder: Path, moves: Sequence[Move], cuts: Sequence[Cut]) -> None:
    """Given a history, then everything adds up, now and in two pasts, which differ as is said."""
    with founded(new(folder)) as ledger:
        head = len(play(ledger, moves))
        assert add_up(ledger.database, AFTER_ALL) > 0
        path = ledger.database.path
        told = []
        for on, share in cuts:
            before = microseconds(day(on)) if on < 31 else END_OF_TIME
            at = min(before, AFTER_ALL) - 1
            with closing(Past.of(path, EVERY_FOLD, before, round(share * head))) as past:
                add_up(past, at)
                told.append(answers(past, at))
    first, second = told
    changes = list(differences(first, second))
    before, after = bare(first), bare(second)
    fields = {
        name: type(value)() for row in after["balance"].values() for name, value in row.items()
    }
    made = without_nothing(applied(before, changes), fields)
    assert made == without_nothing(after, fields)
    assert bool(changes) == (without_nothing(before, fields) != without_nothing(after, fields))


def walk(folder: Path, moves: Sequence[Move], cut: Cut) -> None:
    """Given a history, then what the steps changed, all together, is what a replay makes."""
    with founded(new(folder)) as ledger:
        head = len(play(ledger, moves))
        known_at = round(cut[1] * head)
        before = microseconds(day(cut[0])) if cut[0] < 31 else END_OF_TIME
        made: dict[tuple[Any, ...], Any] = {}
        for step in steps(ledger.database, EVERY_FOLD, known_at, before):
            for change in step.changes:
                place = (change.fold, *change.key)
                assert made.get((*place, change.column), change.before) == change.before
                made[*place, change.column] = change.after
        replay = Replay(ledger.database, EVERY_FOLD)
        replay.run(known_at, before)
    for fold in EVERY_FOLD:
        table = table_of(fold)
        for key, row in replay.tables.rows(fold).items():
            untouched = table.values(fold.row(*key))
            columns = zip(fold.columns, untouched, table.values(row), strict=True)
            for column, default, value in columns:
                assert made.pop((fold.name, *key, column), default) == value
    assert made == {}


@histories
@given(moves=CORRECTED_MOVES, cut=st.tuples(st.integers(-2, 31), st.floats(0, 1)))
def test_what_the_steps_changed_is_what_a_replay_makes(
    folder: Path, moves: list[Move], cut: Cut
) -> None:
    walk(folder, moves, cut)


@histories
@given(moves=CORRECTED_MOVES, cuts=CUTS)
def test_everything_adds_up_and_differences_lead_from_one_past_to_the_other(
    folder: Path, moves: list[Move], cuts: list[Cut]
) -> None:
    compare(folder, moves, cuts)


@pytest.mark.torture
def test_two_thousand_histories_add_up_and_can_be_walked(folder: Path) -> None:
    for seed in range(2_000):
        moves = Chance(seed, corrections=True).moves(2 + seed % 120)
        compare(folder, moves, [(seed % 33 - 2, seed % 10 / 10), (31, 1.0)])
        walk(folder, moves, (seed % 33 - 2, seed % 10 / 10))
