"""What is asked for, and how an ask ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.commands.base import Command, Quantity, Slug, Text, Unit
from ledger.events.base import AskId, AskOutcome, InitiativeId, MemberId
from ledger.values import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Command):
    """Ask for something. At least one of `what` and `category` says for what."""

    asker: MemberId
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    quantity: Quantity | None = None
    unit: Unit | None = None
    needed_by: date | None = None
    initiative: InitiativeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Command):
    """End an ask."""

    ask: AskId
    outcome: AskOutcome
