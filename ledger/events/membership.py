"""Who comes in, goes, rests and is described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import Event, MemberId, MemberKind, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    """A person or organisation came in for the first time, perhaps invited."""

    type: ClassVar[str] = "member-joined"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member", "invited_by")
    TEXTS: ClassVar[tuple[str, ...]] = ("name",)

    member: MemberId
    kind: MemberKind
    name: Text
    invited_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Event):
    """A member went; open offers, asks and coming bookings end with it."""

    type: ClassVar[str] = "member-left"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReturned(Event):
    """A member who had left came back under the same id."""

    type: ClassVar[str] = "member-returned"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member", "invited_by")

    member: MemberId
    invited_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPaused(Event):
    """A member rests; offers and asks are hidden until they resume."""

    type: ClassVar[str] = "member-paused"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberResumed(Event):
    """A paused member is active again."""

    type: ClassVar[str] = "member-resumed"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDescribed(Event):
    """A member's name, contact or description changed; what is None stays."""

    type: ClassVar[str] = "member-described"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)
    TEXTS: ClassVar[tuple[str, ...]] = ("name", "contact", "about")
    ACTS: ClassVar[bool] = False

    member: MemberId
    name: Text | None = None
    contact: Text | None = None
    about: Text | None = None
