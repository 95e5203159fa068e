"""Words about earlier entries."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Text
from ledger.events.base import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Command):
    """Add words to an entry."""

    target: Position
    text: Text
