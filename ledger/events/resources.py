"""What is offered, booked, lent and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import (
    BookingId,
    Count,
    Event,
    MemberId,
    Moment,
    Opening,
    Position,
    ResourceId,
    Slug,
    Text,
    Thousandths,
    Unit,
)
from ledger.values import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceOffered(Event):
    """A member offers something.

    With a capacity it is reusable, that many at a time; with a stock it is
    consumable; with neither it stands. `open` are periods and weekly hours as
    in `openings`; empty means always.
    """

    type: ClassVar[str] = "resource-offered"
    MEMBERS: ClassVar[tuple[str, ...]] = ("owner",)
    THINGS: ClassVar[tuple[str, ...]] = ("resource",)
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    resource: ResourceId
    owner: MemberId
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    capacity: Count | None = None
    stock_thousandths: Thousandths | None = None
    unit: Unit | None = None
    open: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceWithdrawn(Event):
    """A resource is no longer offered."""

    type: ClassVar[str] = "resource-withdrawn"
    THINGS: ClassVar[tuple[str, ...]] = ("resource",)

    resource: ResourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceBooked(Event):
    """A member has a resource from `start` until just before `end`."""

    type: ClassVar[str] = "resource-booked"
    MEMBERS: ClassVar[tuple[str, ...]] = ("booker",)
    THINGS: ClassVar[tuple[str, ...]] = ("booking", "resource")

    booking: BookingId
    resource: ResourceId
    booker: MemberId
    start: Moment
    end: Moment
    count: Count = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingReleased(Event):
    """A booking ended before its time, or never began."""

    type: ClassVar[str] = "booking-released"
    THINGS: ClassVar[tuple[str, ...]] = ("booking",)

    booking: BookingId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLent(Event):
    """A member took a resource along; the entry's position is the loan."""

    type: ClassVar[str] = "resource-lent"
    MEMBERS: ClassVar[tuple[str, ...]] = ("borrower",)
    THINGS: ClassVar[tuple[str, ...]] = ("resource",)

    resource: ResourceId
    borrower: MemberId
    due: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReturned(Event):
    """A loan came back."""

    type: ClassVar[str] = "resource-returned"
    MEMBERS: ClassVar[tuple[str, ...]] = ("borrower",)
    THINGS: ClassVar[tuple[str, ...]] = ("resource",)
    TARGETS: ClassVar[tuple[str, ...]] = ("loan",)
    ACTS: ClassVar[bool] = False

    loan: Position
    resource: ResourceId
    borrower: MemberId
