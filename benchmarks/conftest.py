"""What the benchmarks share: worlds of two sizes, races against a floor, a table of figures."""

from __future__ import annotations

import gc
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
import results
import worlds

from ledger.commands import Found, Give, Join
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

ROOT = Path(__file__).parent.parent
SMALL, LARGE = 10_000, 1_000_000  # entries


class Figure(NamedTuple):
    """What was measured, with what it must reach, or in which unit it is."""

    name: str
    value: float
    reach: str
    reached: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether it is reached, in a word or two."""
        return {True: "reached", False: "NOT REACHED", None: ""}[self.reached]


@dataclass
class Figures:
    """The figures of this run: mostly ratios, with what they must reach."""

    rows: list[Figure] = field(default_factory=list)
    _waiting: list[str] | None = None

    def at_most(self, name: str, ratio: float, reach: float, unit: str = "times") -> None:
        """Note a figure and fail the benchmark when it is above its reach."""
        self._judge(Figure(name, ratio, f"at most {reach} {unit}", ratio <= reach))

    def at_least(self, name: str, ratio: float, reach: float, unit: str = "of the floor") -> None:
        """Note a figure and fail the benchmark when it is below its reach."""
        self._judge(Figure(name, ratio, f"at least {reach} {unit}", ratio >= reach))

    def note(self, name: str, value: float, unit: str) -> None:
        """Note a figure that has nothing to reach."""
        self.rows.append(Figure(name, value, unit))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Note several figures before the benchmark fails for any of them."""
        self._waiting = []
        yield
        failed, self._waiting = self._waiting, None
        assert not failed, "; ".join(failed)

    def _judge(self, figure: Figure) -> None:
        self.rows.append(figure)
        if figure.reached:
            return
        failed = f"{figure.name}: {figure.value:.2f}, must be {figure.reach}"
        if self._waiting is None:
            pytest.fail(failed)
        self._waiting.append(failed)


_FIGURES = Figures()


@pytest.fixture(scope="session")
def figures() -> Figures:
    """Where every benchmark notes its figure."""
    return _FIGURES


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures, one a line, after all benchmarks, and in the file that is named for them."""
    if not _FIGURES.rows:
        return
    terminalreporter.section("figures")
    for each in _FIGURES.rows:
        line = f"{each.value:8.2f}  {each.reach:28}  {each.verdict:12}  {each.name}"
        terminalreporter.write_line(line.rstrip())
    path = os.environ.get("NATVERK_RESULTS")
    if path:
        ended = {kind: terminalreporter.stats.get(kind, []) for kind in ("passed", "failed")}
        run = {
            Path(each.nodeid.partition("::")[0]).name for kind in ended.values() for each in kind
        }
        results.write(Path(path), _FIGURES.rows, len(ended["failed"]), run)


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
            gc.collect()  # what one leaves is not cleared away in the other's time,
            floors.append(timed(floor))
            gc.collect()  # and both begin with cold caches, which this leaves behind

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


class Gifts(NamedTuple):
    """The same gifts between 500 members in four forms, each a file."""

    ledger: Path
    journal: Path  # as ledger and hledger read it
    beancount: Path
    table: Path


@pytest.fixture(scope="session")
def gifts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Gifts]:
    """`gifts(n)`: that many gifts, made when first asked for."""
    made: dict[int, Gifts] = {}

    def of(count: int) -> Gifts:
        if count not in made:
            folder = tmp_path_factory.mktemp(f"gifts{count}")
            names = ("gifts.db", "gifts.journal", "gifts.beancount", "gifts.csv")
            made[count] = Gifts(*(folder / name for name in names))
            _write(made[count], count)
        return made[count]

    return of


@pytest.fixture(scope="session")
def million(gifts: Callable[[int], Gifts]) -> tuple[Path, Path]:
    """A ledger with 1,000,000 gifts between 500 members, and the same as a journal."""
    return gifts(LARGE)[:2]


def _write(files: Gifts, count: int) -> None:
    chance = random.Random(5)
    founded = Found(name="Kvarteret Linden", idea="-", occurred_at=worlds.FOUNDED)
    step = timedelta(days=365 * worlds.YEARS) / count
    with (
        Ledger.found(files.ledger, founded, PROJECTIONS, lambda: datetime.now(UTC)) as ledger,
        files.journal.open("w", encoding="utf-8") as journal,
        files.beancount.open("w", encoding="utf-8") as beancount,
        files.table.open("w", encoding="utf-8") as table,
    ):
        with ledger.transaction() as transaction:
            for number in range(1, worlds.MEMBERS + 1):
                transaction.record(Join(name=f"Medlem {number}", occurred_at=worlds.FOUNDED))
                beancount.write(f"{worlds.FOUNDED.date()} open Assets:M{number}\n")
        for start in range(0, count, worlds.BATCH):
            with ledger.transaction() as transaction:
                for number in range(start, min(start + worlds.BATCH, count)):
                    gift = worlds.gift(chance, worlds.FOUNDED + number * step)
                    transaction.record(gift)
                    journal.write(_journal(gift))
                    beancount.write(_beancount(gift))
                    table.write(_line(gift))


def _journal(gift: Give) -> str:
    quantity, unit = gift.quantity or "1", gift.unit or "gift"
    day = gift.occurred_at.date() if gift.occurred_at else ""
    return f"{day} gift\n    {gift.giver}  -{quantity} {unit}\n    {gift.receiver}\n\n"


def _beancount(gift: Give) -> str:
    quantity, unit = gift.quantity or "1", (gift.unit or "gift").upper()
    day = gift.occurred_at.date() if gift.occurred_at else ""
    giver, receiver = f"Assets:{gift.giver.upper()}", f"Assets:{gift.receiver.upper()}"
    return f'{day} * "gift"\n  {giver}  -{quantity} {unit}\n  {receiver}\n\n'


def _line(gift: Give) -> str:
    at = gift.occurred_at.isoformat() if gift.occurred_at else ""
    giver, receiver = f"Medlem {gift.giver[1:]}", f"Medlem {gift.receiver[1:]}"
    return f"{giver},{receiver},{at},{gift.quantity or ''},{gift.unit or ''}\n"
