"""How long does it take to check everything there is?

The peer is `ledger balance` on a journal with the same gifts, which makes balances and
checks nothing else.
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
        running(sys.executable, "-m", "cli", "--ledger", str(path), "verify"),
        rounds=3,
    )
    figures.at_most("verify 1,000,000 gifts against `ledger balance`", ratio, 1.5)


def test_memory_of_a_million_gifts(benchmark: Any, million: Any, figures: Figures) -> None:
    command = [sys.executable, "-m", "cli", "--ledger", str(million[0]), "verify"]
    peak = benchmark.pedantic(lambda: peak_mebibytes(command), rounds=1)
    figures.at_most("memory of verifying 1,000,000 gifts", peak, 250, "MiB")
