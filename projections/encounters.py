"""How often two members met through introductions, tellings and gatherings."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold
from ledger.state.ties import in_order

if TYPE_CHECKING:
    from ledger.events import GatheringHeld, IntroductionMade, StoryTold

Pairs = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Encounter:
    """Two members, the one with the lower id `first`, and what they were in together.

    `presented` counts introductions in which one of them introduced the other to somebody,
    `introduced` are the slots of those in which they were introduced to each other, lowest
    first. `tellings` counts those in which one told the other, `gatherings` those of both.
    """

    first: str
    second: str
    presented: int = 0
    introduced: list[int] = field(default_factory=list)
    tellings: int = 0
    gatherings: int = 0


def _of_introduction(event: IntroductionMade) -> Pairs:
    return tuple(in_order(*two) for two in combinations(_three(event), 2))


def _three(event: IntroductionMade) -> tuple[str, str, str]:
    return event.introducer, event.first, event.second


def _introduced(row: Encounter, event: IntroductionMade, sign: int) -> None:
    if event.introducer in (row.first, row.second):
        row.presented += sign
    elif sign > 0:
        insort(row.introduced, event.slot)
    else:
        row.introduced.remove(event.slot)


def _of_telling(event: StoryTold) -> Pairs:
    return tuple(in_order(event.teller, listener) for listener in dict.fromkeys(event.listeners))


def _told(row: Encounter, event: StoryTold, sign: int) -> None:
    row.tellings += sign


def _of_gathering(event: GatheringHeld) -> Pairs:
    return tuple(in_order(*two) for two in combinations(dict.fromkeys(event.participants), 2))


def _gathered(row: Encounter, event: GatheringHeld, sign: int) -> None:
    row.gatherings += sign


ENCOUNTERS = Fold(
    name="encounters",
    version=1,
    row=Encounter,
    key_length=2,
    on={
        "introduction-made": (_of_introduction, _introduced),
        "story-told": (_of_telling, _told),
        "gathering-held": (_of_gathering, _gathered),
    },
    ignored=areas.EVERY_TYPE - {"introduction-made"} - areas.STORIES - areas.GATHERINGS,
    indexes=(("second",),),
)
