"""What is offered, booked, lent and taken back."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Moment, Quantity, Slug, Text, Unit
from ledger.events.base import BookingId, Count, MemberId, Opening, ResourceId
from ledger.values import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Command):
    """Offer a resource. At least one of `what` and `category` says what it is."""

    owner: MemberId
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    capacity: Count | None = None
    stock: Quantity | None = None
    unit: Unit | None = None
    open: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """Stop offering a resource."""

    resource: ResourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Book(Command):
    """Reserve `count` of a resource from `start` until just before `end`."""

    resource: ResourceId
    booker: MemberId
    start: Moment
    end: Moment
    count: Count = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    """Give a booking back."""

    booking: BookingId


@dataclass(frozen=True, slots=True, kw_only=True)
class Lend(Command):
    """Let a member take a resource along, until `due` or until it is returned."""

    resource: ResourceId
    borrower: MemberId
    due: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnResource(Command):
    """Take a loan back; `borrower` is needed when several have one."""

    resource: ResourceId
    borrower: MemberId | None = None
