"""How fast does a table of gifts go in, in whatever order its rows come?

Every import runs whole: the table is read, names become members, rules are asked,
every projection and the subject index are kept, and each row is marked as seen.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import worlds
from conftest import LARGE, Figures, peak_mebibytes

from cli.context import Session
from cli.main import run
from ledger.commands import Found
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

ROWS = 60_000
COLUMNS = "giver receiver at"


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[], Path]:
    """`fresh()`: a new ledger with nothing in it but its founding."""
    numbers = count()

    def found() -> Path:
        path = tmp_path / f"{next(numbers)}.db"
        founded = Found(name="Kvarteret Linden", idea="-", occurred_at=worlds.FOUNDED)
        Ledger.found(path, founded, PROJECTIONS, lambda: datetime.now(UTC)).close()
        return path

    return found


def importing(ledger: Path, *tables: Path) -> Path:
    """Import tables of gifts one after the other; returns the ledger."""
    for table in tables:
        arguments = ["import", "gifts", str(table), "--columns", COLUMNS, "--join-unknown"]
        with redirect_stdout(StringIO()):
            assert run(["--ledger", str(ledger), *arguments], Session()) == 0
    return ledger


def test_an_import_against_a_bare_executemany_of_the_same_bytes(
    race: Any, fresh: Any, gifts_file: Any, figures: Figures, tmp_path: Path
) -> None:
    table = gifts_file(ROWS)
    with sqlite3.connect(importing(fresh(), table)) as imported:
        stored = imported.execute("SELECT * FROM stored_events").fetchall()
    imported.close()
    numbers = count()

    def insert() -> None:
        bare = sqlite3.connect(tmp_path / f"bare{next(numbers)}.db", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute(
            "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER,"
            " topic TEXT, state BLOB, PRIMARY KEY (originator_id, originator_version))"
        )
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?)", stored)
        bare.execute("COMMIT")
        bare.close()

    ratio = race(insert, lambda: importing(fresh(), table), rounds=5)
    figures.at_least("import of gifts, all projections and the index", 1 / ratio, 0.12)


@pytest.mark.parametrize("order", ["newest first", "second half first"])
def test_the_order_of_rows_hardly_matters(
    order: str, race: Any, fresh: Any, gifts_file: Any, figures: Figures, tmp_path: Path
) -> None:
    table = gifts_file(ROWS)
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    half = len(lines) // 2
    parts = [lines[::-1]] if order == "newest first" else [lines[half:], lines[:half]]
    tables = [tmp_path / f"part{number}.csv" for number in range(len(parts))]
    for path, part in zip(tables, parts, strict=True):
        path.write_text("".join(part), encoding="utf-8")
    ratio = race(lambda: importing(fresh(), table), lambda: importing(fresh(), *tables), rounds=5)
    figures.at_most(f"import {order} against oldest first", ratio, 1.5)


def test_memory_of_a_large_import(
    benchmark: Any, fresh: Any, gifts_file: Any, figures: Figures
) -> None:
    ledger, table = fresh(), gifts_file(LARGE)
    command = [
        *(sys.executable, "-m", "cli", "--ledger", str(ledger)),
        *("import", "gifts", str(table), "--columns", COLUMNS, "--join-unknown"),
    ]
    peak = benchmark.pedantic(lambda: peak_mebibytes(command), rounds=1)
    figures.at_most("memory of importing 1,000,000 gifts", peak, 300, "MiB")
