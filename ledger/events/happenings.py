"""What is told, who gathered, what came of it all, and whom members name as givers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import (
    Event,
    InitiativeId,
    MemberId,
    Position,
    Slug,
    Text,
)
from ledger.values import OpportunityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTold(Event):
    """A teller told listeners about an initiative.

    `heard_from` is the telling in which the teller heard of it; None: nobody said.
    """

    type: ClassVar[str] = "story-told"
    MEMBERS: ClassVar[tuple[str, ...]] = ("teller",)
    GROUPS: ClassVar[tuple[str, ...]] = ("listeners",)
    THINGS: ClassVar[tuple[str, ...]] = ("initiative",)
    SOURCES: ClassVar[tuple[str, ...]] = ("heard_from",)

    teller: MemberId
    listeners: tuple[MemberId, ...]
    initiative: InitiativeId
    heard_from: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringHeld(Event):
    """Members came together, perhaps for an initiative."""

    type: ClassVar[str] = "gathering-held"
    GROUPS: ClassVar[tuple[str, ...]] = ("participants",)
    THINGS: ClassVar[tuple[str, ...]] = ("initiative",)
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    participants: tuple[MemberId, ...]
    what: Text
    initiative: InitiativeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityRealised(Event):
    """A member made something of what they got; `because_of` says of what."""

    type: ClassVar[str] = "opportunity-realised"
    MEMBERS: ClassVar[tuple[str, ...]] = ("realiser",)
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    realiser: MemberId
    kind: OpportunityKind
    what: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GiverNominated(Event):
    """A member named one who gives most, perhaps asked in a survey."""

    type: ClassVar[str] = "giver-nominated"
    MEMBERS: ClassVar[tuple[str, ...]] = ("nominator", "nominee")

    nominator: MemberId
    nominee: MemberId
    survey: Slug | None = None
