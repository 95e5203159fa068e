"""Many networks replayed at once answer what they answer one after another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from worlds import Chance, founded, play

from ledger.audit import Replay
from ledger.database import Database
from ledger.each import asked_at_once, asked_of_each
from ledger.places import Server
from ledger.state import FOLDS
from projections.registry import PROJECTIONS

EVERY_FOLD = (*FOLDS, *PROJECTIONS)


def replayed(database: Database) -> tuple[str, dict[str, Any]]:
    """Every row of a network, made again from its log."""
    replay = Replay(database, EVERY_FOLD)
    replay.run()
    return database.network, {fold.name: dict(replay.tables.rows(fold)) for fold in EVERY_FOLD}


def kept_otherwise(database: Database) -> list[str]:
    """The folds whose rows are not what the log makes."""
    return sorted({each.fold for each in Replay(database, EVERY_FOLD).differences()})


@pytest.fixture
def places(tmp_path: Path) -> list[Path | Server]:
    """Six networks, each with a random history."""
    made: list[Any] = []
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with founded(folder) as ledger:
            play(ledger, Chance(seed, corrections=True).moves(60))
            made.append(ledger.database.path)
    return made


@pytest.mark.parametrize("ask", [replayed, kept_otherwise])
def test_at_once_they_answer_as_one_after_another(places: list[Path | Server], ask: Any) -> None:
    one_by_one = asked_of_each(places, ask)
    assert asked_at_once(places, ask) == one_by_one
    if ask is replayed:
        assert len({network for network, _ in one_by_one}) == 6
    else:
        assert one_by_one == [[]] * 6
