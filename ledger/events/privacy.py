"""Who is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import Event, MemberId, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberForgotten(Event):
    """A member's texts were erased, and they left; nothing new is said of them.

    `redacted` are the positions of other people's texts that were erased with theirs. A later
    entry of the same member erases more of those, and changes nothing else.
    """

    type: ClassVar[str] = "member-forgotten"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)
    ACTS: ClassVar[bool] = False

    member: MemberId
    redacted: tuple[Position, ...] = ()
