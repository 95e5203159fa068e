"""The same gifts in ledger, hledger, beancount and natverk: from what lies on the disk to balances.

Each is a process of its own, from its start to its end. The peers read their journal anew each
time; so does `natverk replay`, which makes every projection and not only balances. `natverk
balance` reads the rows that each record has brought up to date.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Figures, Gifts, peak_mebibytes, timed

PEERS = ("ledger", "hledger", "beancount")
ROUNDS = {1_000: 9, 10_000: 7, 100_000: 3, 1_000_000: 1}
LARGEST = max(ROUNDS)
# How many times as fast a replay must be. With 100,000 gifts the others take a few times as long
# as ledger, so that six times as fast as they would be faster than what is asked against it.
LEAST = {("ledger", 100_000): 0.77, ("ledger", LARGEST): 1.0}
LEAST |= {("hledger", LARGEST): 6.0, ("beancount", LARGEST): 6.0}
NATVERK = (sys.executable, "-m", "cli", "--ledger")
BEANCOUNT = ROOT / ".venv-peers" / "bin" / "python"
COLUMNS = "giver receiver at quantity unit"


@pytest.fixture(scope="module", autouse=True)
def _peers() -> None:
    lacking = [name for name in ("ledger", "hledger") if shutil.which(name) is None]
    lacking += [] if BEANCOUNT.exists() else ["beancount"]
    if lacking:
        pytest.fail(f"{', '.join(lacking)} to race against: `make benchmark` installs them")


def commands(gifts: Gifts) -> dict[str, list[str]]:
    """What each is told to do, by its name."""
    return {
        "ledger": ["ledger", "-f", str(gifts.journal), "balance"],
        "hledger": ["hledger", "-f", str(gifts.journal), "balance"],
        "beancount": [
            *(str(BEANCOUNT), str(Path(__file__).parent / "beancount_balances.py")),
            str(gifts.beancount),
        ],
        "natverk balance": [*NATVERK, str(gifts.ledger), "balance"],
        "natverk replay": [*NATVERK, str(gifts.ledger), "replay"],
    }


def run(command: list[str]) -> None:
    """One of them, its output read and thrown away."""
    environment = os.environ | {"BEANCOUNT_DISABLE_LOAD_CACHE": "1"}
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment)


@pytest.mark.parametrize("count", ROUNDS)
def test_balances_of_the_same_gifts(
    count: int, benchmark: Any, gifts: Callable[[int], Gifts], figures: Figures
) -> None:
    told = commands(gifts(count))
    if count < LARGEST:
        for command in told.values():
            run(command)
    turns = [turn(told) for _ in range(ROUNDS[count] - 1)]
    turns.append(benchmark.pedantic(turn, args=(told,), rounds=1))
    taken = {name: statistics.median(each[name] for each in turns) for name in told}
    for name, seconds in taken.items():
        figures.note(f"{count:,} gifts, {name}", seconds, "s")

    def against(name: str, peer: str) -> float:
        return statistics.median(each[peer] / each[name] for each in turns)

    with figures.together():
        fastest = min(PEERS, key=taken.__getitem__)
        named = f"`natverk balance` of {count:,} gifts"
        if count < 10_000:
            slower = 1 / against("natverk balance", fastest)
            figures.at_most(f"{named}, against {fastest}", slower, 2.5)
        for peer in PEERS if count >= 10_000 else ():
            least = 40 if (peer, count) == ("ledger", LARGEST) else 1
            faster = against("natverk balance", peer)
            figures.at_least(f"{named}, against {peer}", faster, least, "times as fast")
        for peer in PEERS if count >= 100_000 else ():
            faster = against("natverk replay", peer)
            name = f"`natverk replay` of {count:,} gifts, against {peer}"
            least = LEAST.get((peer, count))
            if least is None:
                figures.note(name, faster, "times as fast")
            else:
                figures.at_least(name, faster, least, "times as fast")


def turn(told: dict[str, list[str]]) -> dict[str, float]:
    """The seconds that each of them takes, one after the other."""
    return {name: timed(partial(run, command)) for name, command in told.items()}


def test_memory_beside_ledger(
    benchmark: Any, gifts: Callable[[int], Gifts], figures: Figures
) -> None:
    told = commands(gifts(LARGEST))
    replay = benchmark.pedantic(lambda: peak_mebibytes(told["natverk replay"]), rounds=1)
    share = replay / peak_mebibytes(told["ledger"])
    figures.at_most(f"memory of `natverk replay` of {LARGEST:,} gifts", share, 0.2, "of ledger's")


@pytest.mark.parametrize("count", [100_000, LARGEST])
def test_an_import_against_beancount_reading_the_same(
    count: int, benchmark: Any, gifts: Callable[[int], Gifts], figures: Figures, tmp_path: Path
) -> None:
    made = gifts(count)
    path = str(tmp_path / "imported.db")
    run([*NATVERK, path, "init", "Kvarteret Linden", "--idea", "lending", "--at", "2024-01-01"])
    how = ["--columns", COLUMNS, "--join-unknown"]
    command = [*NATVERK, path, "import", "gifts", str(made.table), *how]
    imported = benchmark.pedantic(lambda: timed(partial(run, command)), rounds=1)
    read = timed(partial(run, commands(made)["beancount"]))
    name = f"import of {count:,} gifts, against beancount reading them"
    figures.at_most(name, imported / read, 1)
