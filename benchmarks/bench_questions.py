"""Does any question take longer because the ledger is longer?

Both worlds have the same members, live offers, open asks and introductions, so
that the answers have the same size.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import worlds
from conftest import LARGE, SMALL, Figures

from ledger.database import Database
from ledger.names import resolve
from ledger.values import microseconds
from projections.asks import asks
from projections.availability import Period, available
from projections.entries import entry_rows
from projections.introductions import introductions
from projections.matching import match
from projections.membership import members
from projections.reciprocity import balance_by, balance_rows, balance_with
from projections.statement import statement

NOW = microseconds(datetime(2026, 6, 1, tzinfo=UTC))
Question = Callable[[Database], Any]

QUESTIONS: dict[str, Question] = {
    "members": lambda db: members(db, NOW),
    "balance": balance_rows,
    "balance WHO": lambda db: [balance_rows(db, f"m{n}") for n in range(1, 21)],
    "balance WHO --with WHO": lambda db: [balance_with(db, "m1", f"m{n}") for n in range(2, 22)],
    "balance WHO --by year": lambda db: balance_by(db, "year", "m7"),
    "available": lambda db: available(db, Period.moment(NOW), NOW, worlds.ZONE),
    "asks --open": lambda db: asks(db, NOW, open_only=True),
    "match": lambda db: match(db, NOW),
    "match ASK": lambda db: match(db, NOW, "a7"),
    "introductions": introductions,
    "statement WHO": lambda db: statement(db, "m7", NOW),
    "log": lambda db: list(entry_rows(db, db.positions(newest_first=True, limit=20))),
    "log --member WHO": lambda db: list(
        entry_rows(db, db.positions("m7", newest_first=True, limit=20))
    ),
    "log --type T": lambda db: list(
        entry_rows(db, db.positions(types=["introduction-made"], newest_first=True, limit=20))
    ),
    "log --member WHO --type T": lambda db: list(
        entry_rows(db, db.positions("m7", ["introduction-made"], newest_first=True, limit=20))
    ),
    "show POS": lambda db: list(entry_rows(db, [777])),
    "a name": lambda db: [resolve(db, f"Medlem {n} Lin", "member") for n in range(1, 51)],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_costs_the_same_in_a_long_ledger(
    question: str, race: Any, world: Any, figures: Figures
) -> None:
    small, large = world(SMALL).database, world(LARGE).database
    ratio = race(*asking(QUESTIONS[question], small, large), rounds=31)
    figures.at_most(f"{question} at 1,000,000 entries against 10,000", ratio, 1.3)


def asking(
    question: Question, small: Database, large: Database
) -> tuple[Callable[[], None], Callable[[], None]]:
    """A question to each of two ledgers, whose answers are equally long, for a race.

    Ten times in a row, since what takes microseconds is lost in what a race takes to begin.
    """
    assert _size(question(small)) == pytest.approx(_size(question(large)), rel=0.1)

    def to(database: Database) -> Callable[[], None]:
        def ask() -> None:
            for _ in range(10):
                question(database)

        return ask

    return to(small), to(large)


def _size(answer: Any) -> int:
    return len(answer) if isinstance(answer, list) else 1
