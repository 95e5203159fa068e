"""Many networks replayed from nothing: how much sooner several at once, on two processors?

What comes of each must be the same as one after another, or this fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import worlds
from conftest import Figures

from ledger.audit import Replay
from ledger.database import Database
from ledger.each import asked_at_once, asked_of_each
from ledger.state import FOLDS
from projections.registry import PROJECTIONS

NETWORKS, ENTRIES = 24, 50_000  # with a tenth of it, to start processes takes as long as they save


def replayed(database: Database) -> dict[str, int]:
    """How many rows of each fold a network has, made again from its log."""
    replay = Replay(database, (*FOLDS, *PROJECTIONS))
    replay.run()
    return replay.rows()


def test_many_networks_at_once(
    tmp_path: Path, race: Callable[..., float], figures: Figures
) -> None:
    places = [tmp_path / f"{number}.db" for number in range(NETWORKS)]
    worlds.ledger_of(places[0], ENTRIES).close()
    for place in places[1:]:
        shutil.copy(places[0], place)
    answers: dict[str, Any] = {}

    def one_by_one() -> None:
        answers["one by one"] = asked_of_each(places, replayed)

    def at_once() -> None:
        answers["at once"] = asked_at_once(places, replayed)

    ratio = race(one_by_one, at_once, rounds=3)
    assert answers["at once"] == answers["one by one"]
    name = f"{NETWORKS} networks of {ENTRIES} entries replayed at once by Dask"
    figures.at_least(name, 1 / ratio, 1.3, "times one after another")
