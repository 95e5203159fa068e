"""What people gather around: who is in it, and who vouches for it."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Slug, Text
from ledger.events.base import InitiativeId, MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class StartInitiative(Command):
    """Begin something to gather around. At least one of `what` and `category` says what."""

    starter: MemberId
    what: Text | None = None
    category: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinInitiative(Command):
    """Be in an initiative from now on."""

    participant: MemberId
    initiative: InitiativeId


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveInitiative(Command):
    """Be no longer in an initiative."""

    participant: MemberId
    initiative: InitiativeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclude(Command):
    """End an initiative."""

    initiative: InitiativeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorse(Command):
    """Vouch for an initiative."""

    endorser: MemberId
    initiative: InitiativeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Unendorse(Command):
    """Vouch for an initiative no longer."""

    endorser: MemberId
    initiative: InitiativeId
