"""What people gather around: who is in it, and who vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import Event, InitiativeId, MemberId, Slug, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeStarted(Event):
    """A member began something that others may gather around; who starts it is in it."""

    type: ClassVar[str] = "initiative-started"
    MEMBERS: ClassVar[tuple[str, ...]] = ("starter",)
    THINGS: ClassVar[tuple[str, ...]] = ("initiative",)
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    initiative: InitiativeId
    starter: MemberId
    what: Text | None = None
    category: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeJoined(Event):
    """A member is in an initiative from now on."""

    type: ClassVar[str] = "initiative-joined"
    MEMBERS: ClassVar[tuple[str, ...]] = ("participant",)
    THINGS: ClassVar[tuple[str, ...]] = ("initiative",)

    initiative: InitiativeId
    participant: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeLeft(Event):
    """A member is no longer in an initiative."""

    type: ClassVar[str] = "initiative-left"
    MEMBERS: ClassVar[tuple[str, ...]] = ("participant",)
    THINGS: ClassVar[tuple[str, ...]] = ("initiative",)
    ACTS: ClassVar[bool] = False

    initiative: InitiativeId
    participant: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeConcluded(Event):
    """An initiative is over; nothing more is asked for it, and nobody joins it."""

    type: ClassVar[str] = "initiative-concluded"
    THINGS: ClassVar[tuple[str, ...]] = ("initiative",)

    initiative: InitiativeId


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeEndorsed(Event):
    """A member vouches for an initiative."""

    type: ClassVar[str] = "initiative-endorsed"
    MEMBERS: ClassVar[tuple[str, ...]] = ("endorser",)
    THINGS: ClassVar[tuple[str, ...]] = ("initiative",)

    initiative: InitiativeId
    endorser: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementWithdrawn(Event):
    """A member no longer vouches for an initiative."""

    type: ClassVar[str] = "endorsement-withdrawn"
    MEMBERS: ClassVar[tuple[str, ...]] = ("endorser",)
    THINGS: ClassVar[tuple[str, ...]] = ("initiative",)
    ACTS: ClassVar[bool] = False

    initiative: InitiativeId
    endorser: MemberId
