"""What does it cost to say who gives, against making everything again from nothing?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import worlds
from conftest import LARGE, Figures

from ledger.audit import Replay
from ledger.commands import Nominate
from ledger.ledger import Ledger
from projections.givers import givers

MEMBERS = 10_000
NAMED = 100  # members whom others name


@pytest.fixture(scope="session")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger of a million entries and 10,000 members, of whom half named somebody."""
    path: Path = tmp_path_factory.mktemp("givers") / "natverk.db"
    ledger = worlds.ledger_of(path, LARGE - MEMBERS // 2, MEMBERS)
    with ledger.transaction() as transaction:
        for number in range(1, MEMBERS // 2 + 1):
            nominee = f"m{MEMBERS - number % NAMED}"
            transaction.record(Nominate(nominator=f"m{number}", nominee=nominee, survey="spring"))
    yield ledger
    ledger.close()


def test_givers_against_a_replay(race: Any, named: Ledger, figures: Figures) -> None:
    def replay() -> None:
        Replay(named.database, named.folds).run()

    ratio = race(replay, lambda: givers(named.database), rounds=3)
    figures.at_most("givers at 1,000,000 entries and 10,000 members, of a replay", ratio, 0.05)
