"""Words about earlier entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import Event, MemberId, Position, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Event):
    """Words about an earlier entry; `members` are those the entry is about."""

    type: ClassVar[str] = "note-added"
    TARGETS: ClassVar[tuple[str, ...]] = ("target",)
    TEXTS: ClassVar[tuple[str, ...]] = ("text",)
    ACTS: ClassVar[bool] = False

    target: Position
    members: tuple[MemberId, ...] = ()
    text: Text
