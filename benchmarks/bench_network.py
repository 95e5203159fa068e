"""What do the questions about a whole network cost, beside a replay of its ledger?

And what does it cost to record, now that ties, stories and initiatives are kept too?
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import networks
import pytest
import worlds
from conftest import LARGE, Figures

from ledger import commands as c
from ledger.audit import Replay
from ledger.database import Database
from ledger.folds import Fold
from ledger.ledger import Ledger
from ledger.state import FOLDS
from ledger.values import microseconds
from projections.givers import givers
from projections.registry import PROJECTIONS
from projections.spread import spread
from projections.vitality import vitality
from projections.weave import weave

SHARE = 1 / 20  # of a replay
NOW = worlds.FOUNDED.astimezone(worlds.ZONE).replace(year=worlds.FOUNDED.year + worlds.YEARS)
QUESTIONS: dict[str, Callable[[Database], Any]] = {
    "weave": lambda database: weave(database, NOW),
    "vitality": lambda database: vitality(database, microseconds(NOW), worlds.ZONE),
    "givers": givers,
    "spread": lambda database: spread(database, "i1"),
}


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger of a million entries by ten thousand members."""
    path = tmp_path_factory.mktemp("network") / f"{LARGE}x{networks.MEMBERS}.db"
    with networks.network_of(path, LARGE) as ledger:
        yield ledger


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_about_the_whole_network(
    question: str, race: Any, network: Ledger, figures: Figures
) -> None:
    ask = QUESTIONS[question]
    assert ask(network.database)
    ratio = race(
        lambda: Replay(network.database, (*FOLDS, *PROJECTIONS)).run(),
        lambda: ask(network.database),
        rounds=3,
    )
    figures.at_most(f"{question}, 1,000,000 entries, 10,000 members, of a replay", ratio, SHARE)


EARLIER = {"balances", "pairs", "introductions", "answers"}  # what was kept of gifts and meetings
RECORDED = 300  # entries, each time


def _gifts() -> Iterator[c.Command]:
    chance = random.Random(3)
    while True:
        yield replace(worlds.gift(chance, worlds.FOUNDED), occurred_at=None)


def _life() -> Iterator[c.Command]:
    """Whatever happens in a network, four of five times a gift."""
    life = networks.Life(random.Random(3))
    while True:
        yield replace(life.next(worlds.FOUNDED + timedelta(days=1)), occurred_at=None)


@pytest.mark.parametrize(("what", "commands"), [("gift", _gifts), ("entry of any type", _life)])
def test_recording_with_all_that_is_kept(
    what: str,
    commands: Callable[[], Iterator[c.Command]],
    race: Any,
    figures: Figures,
    tmp_path: Path,
) -> None:
    earlier = tuple(fold for fold in PROJECTIONS if fold.name in EARLIER)
    ledgers = [_beginning(tmp_path / "earlier.db", earlier), _beginning(tmp_path / "all.db")]
    ratio = race(*(_recording(ledger, commands()) for ledger in ledgers))
    for ledger in ledgers:
        ledger.close()
    figures.at_most(f"record one {what}, all of a network kept, against gifts alone", ratio, 1.25)


def _beginning(path: Path, folds: Sequence[Fold] = PROJECTIONS) -> Ledger:
    founded = c.Found(name="Kvarteret Linden", idea="-", occurred_at=worlds.FOUNDED)
    ledger = Ledger.found(path, founded, folds, lambda: datetime.now(UTC))
    with ledger.transaction() as transaction:
        for command in networks.beginning():
            transaction.record(command)
    return ledger


def _recording(ledger: Ledger, commands: Iterator[c.Command]) -> Callable[[], None]:
    def record() -> None:
        for command in islice(commands, RECORDED):
            ledger.record(command)

    return record
