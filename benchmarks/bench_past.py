"""What does an answer about the past cost, against making everything again from nothing?

One entry in a hundred was recorded late, up to a year, and one in a thousand is a
correction of an earlier gift.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import worlds
from conftest import LARGE, Figures

from ledger.audit import Replay
from ledger.commands import Command, Correct, Found, Join
from ledger.errors import LedgerError
from ledger.ledger import Ledger
from ledger.past import Past
from ledger.state import FOLDS
from ledger.values import microseconds
from projections.asks import asks
from projections.membership import members
from projections.offers import resources
from projections.reciprocity import balance_rows
from projections.registry import PROJECTIONS

EVERY_FOLD = (*FOLDS, *PROJECTIONS)
YEAR = timedelta(days=365)
SHARES = (0.03, 0.25, 0.5, 0.77, 0.98)  # of all the time, and of all positions


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger of a million entries, late ones and corrections among them."""
    path = tmp_path_factory.mktemp("past") / f"{LARGE}x{worlds.MEMBERS}.db"
    founded = Found(name="Kvarteret Linden", idea="-", occurred_at=worlds.FOUNDED)
    with Ledger.found(path, founded, PROJECTIONS, lambda: datetime.now(UTC)) as ledger:
        commands = _commands(LARGE - 1)
        while ledger.database.head() < LARGE:
            with ledger.transaction() as transaction:
                for _ in range(min(worlds.BATCH, LARGE - ledger.database.head())):
                    try:
                        transaction.record(next(commands))
                    except LedgerError:  # the gift was corrected before
                        continue
        ledger.database.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield ledger


def _commands(count: int) -> Iterator[Command]:
    chance = random.Random(7)
    for number in range(1, worlds.MEMBERS + 1):
        yield Join(name=f"Medlem {number}", occurred_at=worlds.FOUNDED)
    step = worlds.YEARS * YEAR / count
    number = 0
    while True:
        number += 1
        at = worlds.FOUNDED + timedelta(days=1) + min(number, count) * step
        if chance.random() < 0.01:
            at -= YEAR * chance.random()
        if chance.random() < 0.001 and number > worlds.MEMBERS:
            receiver = f"m{chance.randint(1, worlds.MEMBERS)}"
            target = chance.randint(worlds.MEMBERS + 2, number)
            yield Correct(target=target, changes={"receiver": receiver})
        else:
            yield worlds.gift(chance, max(at, worlds.FOUNDED))


QUESTIONS: dict[str, Callable[[Past, int], Any]] = {
    "balance of all": lambda past, at: balance_rows(past),
    "balance of one": lambda past, at: balance_rows(past, "m7"),
    "members": members,
    "asks": asks,
    "resources": resources,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_past_against_a_replay(
    race: Any, lived: Ledger, figures: Figures, question: str
) -> None:
    database = lived.database
    pasts = [
        (microseconds(worlds.FOUNDED + share * worlds.YEARS * YEAR), known)
        for share in SHARES
        for known in (LARGE, int(share * LARGE))
    ]

    def replay() -> None:
        Replay(database, EVERY_FOLD).run()

    def ask() -> None:
        for before, known_at in pasts:
            with closing(Past.of(Path(database.path), EVERY_FOLD, before, known_at)) as past:
                QUESTIONS[question](past, before - 1)

    ratio = race(replay, ask, rounds=1) / len(pasts)
    figures.at_most(f"{question}, of ten pasts in turn, against a replay", ratio, 0.1)
