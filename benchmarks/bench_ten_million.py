"""Ten million gifts in one file: what do they take, and does anything take longer for it?

They go in as a table, by the product's own import, into a ledger that has members, live offers,
open asks and introductions; so has the small one, which gets its few gifts in the same way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import worlds
from bench_import import COLUMNS
from bench_questions import QUESTIONS, asking
from bench_record import recording
from conftest import SMALL, Figures, peak_mebibytes

from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

pytestmark = pytest.mark.long
GIFTS = 10_000_000
NAMES = "Medlem {} Linden"


@dataclass
class World:
    """A ledger that a table was imported into, and the most memory of that, in MiB."""

    path: Path
    memory: float

    def open(self) -> Ledger:
        """The ledger, to ask and to record into."""
        return Ledger(self.path, PROJECTIONS, lambda: datetime.now(UTC))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the worlds are; gone afterwards, since they are large."""
    with TemporaryDirectory(prefix="natverk-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def ten_million(folder: Path) -> World:
    return _imported(folder, GIFTS)


@pytest.fixture(scope="module")
def both(folder: Path, ten_million: World) -> Iterator[tuple[Ledger, Ledger]]:
    """The small ledger and the large one."""
    small = _imported(folder, SMALL - worlds.FIXED)
    with small.open() as few, ten_million.open() as many:
        yield few, many


def _imported(folder: Path, gifts: int) -> World:
    path, table = folder / f"{gifts}.db", folder / f"{gifts}.csv"
    worlds.ledger_of(path, worlds.FIXED).close()
    worlds.write_gifts(table, gifts, names=NAMES)
    memory = peak_mebibytes(_natverk(path, "import", "gifts", str(table), "--columns", COLUMNS))
    table.unlink()
    return World(path, memory)


def _natverk(path: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "cli", "--ledger", str(path), *arguments]


def test_the_size_of_the_file(ten_million: World, figures: Figures) -> None:
    with ten_million.open() as ledger:
        [[entries, bare]] = ledger.database.select(
            "SELECT count(*), sum(length(state)) FROM stored_events"
        )
    assert entries == worlds.FIXED + GIFTS
    figures.at_most("file of 10,000,000 gifts", ten_million.path.stat().st_size / bare, 2.5)


def test_memory_of_importing(ten_million: World, figures: Figures) -> None:
    figures.at_most("memory of importing 10,000,000 gifts", ten_million.memory, 400, "MiB")


def test_memory_of_verifying_which_finds_nothing(ten_million: World, figures: Figures) -> None:
    peak = peak_mebibytes(_natverk(ten_million.path, "verify"))
    figures.at_most("memory of verifying 10,000,000 gifts", peak, 400, "MiB")


def test_recording_a_gift(race: Any, both: tuple[Ledger, Ledger], figures: Figures) -> None:
    small, large = map(recording, both)
    ratio = race(small, large, rounds=11)
    figures.at_most("record one gift at 10,000,000 entries against 10,000", ratio, 1.5)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question(
    question: str, race: Any, both: tuple[Ledger, Ledger], figures: Figures
) -> None:
    small, large = (ledger.database for ledger in both)
    ratio = race(*asking(QUESTIONS[question], small, large), rounds=31)
    figures.at_most(f"{question} at 10,000,000 entries against 10,000", ratio, 1.5)
