"""What the benchmarks share: worlds of two sizes, races against a floor, a table of figures."""

from __future__ import annotations

import gc
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import worlds

from ledger.commands import Found, Give, Join
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

ROOT = Path(__file__).parent.parent
SMALL, LARGE = 10_000, 1_000_000  # entries


@dataclass
class Figures:
    """The figures of this run, each a ratio with what it must reach."""

    rows: list[tuple[str, float, str, bool]] = field(default_factory=list)

    def at_most(self, name: str, ratio: float, reach: float, unit: str = "times") -> None:
        """Note a figure and fail the benchmark when it is above its reach."""
        self._note(name, ratio, f"at most {reach} {unit}", ratio <= reach)

    def at_least(self, name: str, ratio: float, reach: float, unit: str = "of the floor") -> None:
        """Note a figure and fail the benchmark when it is below its reach."""
        self._note(name, ratio, f"at least {reach} {unit}", ratio >= reach)

    def _note(self, name: str, ratio: float, reach: str, reached: bool) -> None:
        self.rows.append((name, ratio, reach, reached))
        assert reached, f"{name}: {ratio:.2f}, must be {reach}"


_FIGURES = Figures()


@pytest.fixture(scope="session")
def figures() -> Figures:
    """Where every benchmark notes its figure."""
    return _FIGURES


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures, one a line, after all benchmarks."""
    if _FIGURES.rows:
        terminalreporter.section("figures")
        for name, ratio, reach, reached in _FIGURES.rows:
            verdict = "reached" if reached else "NOT REACHED"
            terminalreporter.write_line(f"{ratio:8.2f}  {reach:28}  {verdict:12}  {name}")


@pytest.fixture
def race(benchmark: Any) -> Callable[..., float]:
    """`race(floor, subject)`: how many times the floor's time the subject takes.

    The two take turns, and the figure is the median of the ratios turn by turn, so
    that it holds when the machine's speed drifts. `pytest-benchmark` shows the
    subject's own times.
    """

    def run(floor: Callable[[], Any], subject: Callable[[], Any], rounds: int = 7) -> float:
        floor()
        subject()
        floors: list[float] = []

        def turn() -> None:
            floors.append(timed(floor))
            gc.collect()  # what the floor leaves is not cleared away in the subject's time

        benchmark.pedantic(subject, setup=turn, rounds=rounds, iterations=1)
        taken = benchmark.stats.stats.data
        ratio = statistics.median(a / b for a, b in zip(taken, floors, strict=True))
        benchmark.extra_info["times_the_floor"] = ratio
        return ratio

    return run


def timed(what: Callable[[], Any]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Ledger]]:
    """`world(10_000)`: a ledger of that many entries, made when first asked for."""
    made: dict[int, Ledger] = {}

    def of(events: int) -> Ledger:
        if events not in made:
            path = tmp_path_factory.mktemp("world") / f"{events}x{worlds.MEMBERS}.db"
            made[events] = worlds.ledger_of(path, events)
        return made[events]

    yield of
    for ledger in made.values():
        ledger.close()


@pytest.fixture(scope="session")
def gifts_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """`gifts_file(n)`: a table of n gifts in the order of time, without a header."""
    made: dict[int, Path] = {}

    def of(rows: int) -> Path:
        if rows not in made:
            path = tmp_path_factory.mktemp("tables") / f"{rows}.csv"
            worlds.write_gifts(path, rows)
            made[rows] = path
        return made[rows]

    return of


def of_the_tests(name: str) -> ModuleType:
    """A module of the tests, whose folder is no place to import from here: both have `worlds`."""
    if name not in sys.modules:
        spec = spec_from_file_location(name, ROOT / "tests" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def peak_mebibytes(command: list[str]) -> float:
    """Run a command in a process of its own; the most memory that it had, in MiB.

    It is started from a small process, since a child is counted with its parent's memory.
    """
    launched = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, *command],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    peak = int(launched.stdout)
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


_LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def running(*command: str) -> Callable[[], None]:
    """A process of its own, run to its end, its output read and thrown away."""

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)

    return run


@pytest.fixture(scope="session")
def million(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A ledger with 1,000,000 gifts between 500 members, and the same as a journal."""
    folder = tmp_path_factory.mktemp("million")
    path, journal = folder / "gifts.db", folder / "gifts.journal"
    chance = random.Random(5)
    founded = Found(name="Kvarteret Linden", idea="-", occurred_at=worlds.FOUNDED)
    step = timedelta(days=365 * worlds.YEARS) / LARGE
    with (
        Ledger.found(path, founded, PROJECTIONS, lambda: datetime.now(UTC)) as ledger,
        journal.open("w", encoding="utf-8") as file,
    ):
        with ledger.transaction() as transaction:
            for number in range(1, worlds.MEMBERS + 1):
                transaction.record(Join(name=f"Medlem {number}", occurred_at=worlds.FOUNDED))
        for start in range(0, LARGE, worlds.BATCH):
            with ledger.transaction() as transaction:
                for number in range(start, start + worlds.BATCH):
                    gift = worlds.gift(chance, worlds.FOUNDED + number * step)
                    transaction.record(gift)
                    file.write(_journal(gift))
    return path, journal


def _journal(gift: Give) -> str:
    quantity, unit = gift.quantity or "1", gift.unit or "gift"
    day = gift.occurred_at.date() if gift.occurred_at else ""
    return f"{day} gift\n    {gift.giver}  -{quantity} {unit}\n    {gift.receiver}\n\n"
