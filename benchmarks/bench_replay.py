"""How long does it take to make everything again from the log alone?

The peer is `ledger balance` on a journal with the same gifts. Both read and check
every entry; `ledger` makes one balance of each account, natverk every projection.
"""

from __future__ import annotations

import shutil
import sys
from typing import Any

import pytest
from conftest import Figures, peak_mebibytes, running


def test_a_million_gifts_against_ledger(race: Any, million: Any, figures: Figures) -> None:
    if shutil.which("ledger") is None:
        pytest.fail("install ledger (a Debian package of that name) to race against it")
    path, journal = million
    ratio = race(
        running("ledger", "-f", str(journal), "balance"),
        running(sys.executable, "-m", "cli", "--ledger", str(path), "replay"),
        rounds=3,
    )
    figures.at_most("replay of 1,000,000 gifts against `ledger balance`", ratio, 1.0)


def test_memory_of_a_million_gifts(benchmark: Any, million: Any, figures: Figures) -> None:
    command = [sys.executable, "-m", "cli", "--ledger", str(million[0]), "replay"]
    peak = benchmark.pedantic(lambda: peak_mebibytes(command), rounds=1)
    figures.at_most("memory of replaying 1,000,000 gifts", peak, 200, "MiB")
