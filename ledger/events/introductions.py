"""Who introduced whom, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import AskId, Event, IntroductionOutcome, MemberId, Position, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionMade(Event):
    """An introducer brought two members together, perhaps about an ask."""

    type: ClassVar[str] = "introduction-made"
    MEMBERS: ClassVar[tuple[str, ...]] = ("introducer", "first", "second")
    THINGS: ClassVar[tuple[str, ...]] = ("ask",)
    TEXTS: ClassVar[tuple[str, ...]] = ("about",)

    introducer: MemberId
    first: MemberId
    second: MemberId
    about: Text | None = None
    ask: AskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionFollowedUp(Event):
    """What came of an introduction; the latest one counts."""

    type: ClassVar[str] = "introduction-followed-up"
    TARGETS: ClassVar[tuple[str, ...]] = ("introduction",)

    introduction: Position
    outcome: IntroductionOutcome
