"""Who comes in, goes, rests and is described."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Name, Text
from ledger.events.base import MemberId, MemberKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    """Let someone new in."""

    name: Name
    kind: MemberKind = "person"
    invited_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Command):
    """Let someone who had left come back under the old id."""

    member: MemberId
    invited_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Command):
    """End a membership."""

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Command):
    """Hide a member's offers and asks until they resume."""

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """End a pause."""

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe(Command):
    """Change a member's name, contact or description."""

    member: MemberId
    name: Name | None = None
    contact: Text | None = None
    about: Text | None = None
