"""Who is forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command
from ledger.events.base import MemberId, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget(Command):
    """Erase a member's texts, and those of other people at the positions `redacted`."""

    member: MemberId
    redacted: tuple[Position, ...] = ()
