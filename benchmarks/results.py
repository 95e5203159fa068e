"""The figures of one run of all benchmarks, as a page: when, on what, and with which versions."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("eventsourcing", "pydantic", "orjson", "click", "numpy", "rustworkx", "psycopg")
PROGRAMS = {
    "ledger": ("ledger", "--version"),
    "hledger": ("hledger", "--version"),
    "PostgreSQL": ("psql", "--version"),
}
LOAD_AT_START = os.getloadavg()[0]


def write(path: Path, figures: Iterable[Any], failed: int, run: set[str]) -> None:
    """Write the figures, each as of `conftest.Figure`, and how many benchmarks failed.

    `run` are the names of the files with benchmarks that were run.
    """
    path.write_text("\n".join(_lines(list(figures), failed, run)) + "\n", encoding="utf-8")


def _lines(figures: list[Any], failed: int, run: set[str]) -> Iterator[str]:
    yield "# Results"
    yield ""
    yield "Written by the benchmarks; `make benchmark` runs all of them. Ratios hold elsewhere too;"
    yield "seconds do not."
    yield ""
    yield f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {_commit()}"
    yield f"- {_machine()}; load at the start {LOAD_AT_START:.1f}"
    yield f"- {', '.join(_versions())}"
    reached = sum(each.reached is True for each in figures)
    judged = sum(each.reached is not None for each in figures)
    yield f"- {reached} of {judged} figures reached; {failed} benchmarks failed"
    lacking = sorted({each.name for each in Path(__file__).parent.glob("bench_*.py")} - run)
    if lacking:
        yield f"- not in this run: {', '.join(lacking)}"
    yield ""
    yield "| Figure | Measured | Reach | |"
    yield "|---|---:|---|---|"
    for each in figures:
        shown = f"{each.value:.2f}" if each.value >= 0.1 else f"{each.value:.3f}"
        yield f"| {each.name} | {shown} | {each.reach} | {each.verdict} |"


def _commit() -> str:
    command = ("git", "describe", "--always", "--dirty")
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"commit {found.stdout.strip() or 'unknown'}"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, {platform.system()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _versions() -> Iterator[str]:
    yield f"Python {platform.python_version()}"
    yield f"SQLite {sqlite3.sqlite_version}"
    for name in PACKAGES:
        yield f"{name} {version(name)}"
    for name, command in PROGRAMS.items():
        if shutil.which(command[0]):
            said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
            yield f"{name} {_number(said)}"
    peers = Path(__file__).parent / "peers.txt"
    yield from (
        line.partition("#")[0].strip().replace("==", " ")
        for line in peers.read_text(encoding="utf-8").splitlines()
    )


def _number(said: str) -> str:
    """The first word of what a program says of itself that has a digit in it."""
    words = (word.strip(",") for word in said.split())
    return next((word for word in words if any(map(str.isdigit, word))), "unknown")
