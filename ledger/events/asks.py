"""What is asked for, and how an ask ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.events.base import (
    AskId,
    AskOutcome,
    Event,
    InitiativeId,
    MemberId,
    Slug,
    Text,
    Thousandths,
    Unit,
)
from ledger.values import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class AskMade(Event):
    """A member asks for something, perhaps so much of it, by a date, or for an initiative."""

    type: ClassVar[str] = "ask-made"
    MEMBERS: ClassVar[tuple[str, ...]] = ("asker",)
    THINGS: ClassVar[tuple[str, ...]] = ("ask", "initiative")
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    ask: AskId
    asker: MemberId
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    thousandths: Thousandths | None = None
    unit: Unit | None = None
    needed_by: date | None = None
    initiative: InitiativeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskClosed(Event):
    """An ask ended: met, withdrawn or lapsed."""

    type: ClassVar[str] = "ask-closed"
    THINGS: ClassVar[tuple[str, ...]] = ("ask",)

    ask: AskId
    outcome: AskOutcome
