"""Who introduced whom, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold
from ledger.values import START_OF_TIME

if TYPE_CHECKING:
    from ledger.events import IntroductionFollowedUp, IntroductionMade


@dataclass(slots=True)
class Introduction:
    """An introduction, known by its entry `#position`; `outcome` is the latest followed up.

    `introduced_at` and `followed_up_at` are ISO times; None: not followed up.
    """

    entry: str
    introducer: str = ""
    first: str = ""
    second: str = ""
    ask: str | None = None
    introduced_at: str = ""
    outcome: str | None = None
    followed_up_at: str | None = None
    position: int = 0
    last: int = START_OF_TIME


def _made(row: Introduction, event: IntroductionMade, sign: int) -> None:
    row.introducer, row.first, row.second = event.introducer, event.first, event.second
    row.ask = event.ask
    row.introduced_at = event.occurred_at.isoformat()
    row.position = event.position


def _followed_up(row: Introduction, event: IntroductionFollowedUp, sign: int) -> None:
    row.outcome = event.outcome
    row.followed_up_at = event.occurred_at.isoformat()


INTRODUCTIONS = Fold(
    name="introductions",
    version=1,
    row=Introduction,
    key_length=1,
    timed=True,
    on={
        "introduction-made": (lambda event: ((f"#{event.position}",),), _made),
        "introduction-followed-up": (lambda event: ((f"#{event.introduction}",),), _followed_up),
    },
    ignored=areas.EVERY_TYPE - areas.INTRODUCTIONS,
)
