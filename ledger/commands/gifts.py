"""Gifts, and what others say of them."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Quantity, Slug, Text, Unit
from ledger.events.base import AskId, InitiativeId, MemberId, Position, Receiver, ResourceId
from ledger.values import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Give(Command):
    """Give to a member, an initiative or everyone.

    No kind: that of the ask or resource, else other. No initiative: that of the ask.
    """

    giver: MemberId
    receiver: Receiver
    kind: Kind | None = None
    what: Text | None = None
    category: Slug | None = None
    quantity: Quantity | None = None
    unit: Unit | None = None
    ask: AskId | None = None
    resource: ResourceId | None = None
    initiative: InitiativeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Command):
    """Say that a gift took place as recorded."""

    gift: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Command):
    """Say that a gift did not take place as recorded."""

    gift: Position
