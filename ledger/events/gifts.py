"""Gifts, and what others say of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import (
    AskId,
    Event,
    InitiativeId,
    MemberId,
    Position,
    Receiver,
    ResourceId,
    Slug,
    Text,
    Thousandths,
    Unit,
)
from ledger.values import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftGiven(Event):
    """A giver gave something to a member, to an initiative or to everyone.

    `thousandths` of `unit`; None: a gift that nobody measured. `ask` is what
    it goes towards, `resource` what it comes from, `initiative` what it is for unless
    that is the receiver.
    """

    type: ClassVar[str] = "gift-given"
    MEMBERS: ClassVar[tuple[str, ...]] = ("giver", "receiver")
    THINGS: ClassVar[tuple[str, ...]] = ("ask", "resource", "initiative")
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    giver: MemberId
    receiver: Receiver
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    thousandths: Thousandths | None = None
    unit: Unit | None = None
    ask: AskId | None = None
    resource: ResourceId | None = None
    initiative: InitiativeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftConfirmed(Event):
    """Someone says that a gift took place as recorded.

    `giver` and `receiver` are those of the gift as it stood then; None in entries
    from before they were kept.
    """

    type: ClassVar[str] = "gift-confirmed"
    MEMBERS: ClassVar[tuple[str, ...]] = ("giver", "receiver")
    TARGETS: ClassVar[tuple[str, ...]] = ("gift",)
    ACTS: ClassVar[bool] = False

    gift: Position
    giver: MemberId | None = None
    receiver: Receiver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDisputed(Event):
    """Someone says that a gift did not take place as recorded; fields as of `GiftConfirmed`."""

    type: ClassVar[str] = "gift-disputed"
    MEMBERS: ClassVar[tuple[str, ...]] = ("giver", "receiver")
    TARGETS: ClassVar[tuple[str, ...]] = ("gift",)
    ACTS: ClassVar[bool] = False

    gift: Position
    giver: MemberId | None = None
    receiver: Receiver | None = None
