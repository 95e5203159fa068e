"""What is told, who gathered, what came of it all, and whom members name as givers."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Text, Word
from ledger.events.base import InitiativeId, MemberId, Position
from ledger.values import OpportunityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Command):
    """Tell others about an initiative."""

    teller: MemberId
    listeners: tuple[MemberId, ...]
    initiative: InitiativeId
    heard_from: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather(Command):
    """Come together, perhaps for an initiative."""

    participants: tuple[MemberId, ...]
    what: Text
    initiative: InitiativeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Realise(Command):
    """Make an opportunity of earlier entries, which `because_of` names."""

    realiser: MemberId
    kind: OpportunityKind
    what: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominate(Command):
    """Name someone who gives most."""

    nominator: MemberId
    nominee: MemberId
    survey: Word | None = None
