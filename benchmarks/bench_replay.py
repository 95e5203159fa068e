"""How long does it take to make everything again from the log alone?

The peer is `ledger balance` on a journal with the same gifts. Both read and check
every entry; `ledger` makes one balance of each account, natverk every projection.
"""

from __future__ import annotations

import random
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import worlds
from conftest import LARGE, Figures, peak_mebibytes, running

from ledger.commands import Found, Give, Join
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS


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
