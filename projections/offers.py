"""What is and was offered, and who has it now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ledger.openings import described
from ledger.refusals import UnknownId
from ledger.rows import table_of
from ledger.state.ends import end_of_booking, end_of_offer
from ledger.state.members import MEMBERS
from ledger.state.resources import BOOKINGS, LOANS, RESOURCES, Booking, Loan, Resource
from ledger.values import END_OF_TIME, decimal_text
from projections.membership import Presence, called
from projections.worded import worded

if TYPE_CHECKING:
    from ledger.database import Database

Worded = list[tuple[Resource, str | None]]  # offers, and what each is in words
LIVE = ("offered", "paused")
_COMING_BOOKERS = "SELECT DISTINCT booker FROM bookings WHERE resource = ? AND end > ?"


def resources(database: Database, at: int) -> list[dict[str, Any]]:
    """Everything that is or was offered: what still is first, each part oldest first.

    Each: `id, owner, kind, category, status, capacity, stock, left, unit, open,
    borrowers, overdue, bookings, offered_at, position, owner_name, what`. `status`
    is `offered`, `paused`, `withdrawn`, `ended` (the owner left) or `used-up`;
    `borrowers` are those who have it on loan, `overdue` those of them who should
    have brought it back, `bookings` counts those that are not over at the time
    `at`, microseconds since 1970.
    """
    return sorted(
        _rows(database, at, Presence.of(database), " WHERE resources.position > 0"),
        key=lambda row: row["status"] not in LIVE,
    )


def offers_of(database: Database, member: str, at: int) -> list[dict[str, Any]]:
    """What one member offers, paused or not, oldest first; rows as of `resources`."""
    rows = _rows(database, at, Presence.of(database), " WHERE owner = ? AND live = 1", member)
    return [row for row in rows if row["status"] in LIVE]


def resource_row(database: Database, resource: str, at: int) -> dict[str, Any]:
    """The row of one resource, as of `resources`. Raises `UnknownId`."""
    kept: Resource = database.load(RESOURCES, resource)
    if not kept.exists:
        raise UnknownId(what="resource", id=resource)
    bookers = database.select(_COMING_BOOKERS, resource, at)
    people = {kept.owner, *(booker for (booker,) in bookers)}
    presence = Presence(database.load(MEMBERS, member) for member in people)
    [row] = _rows(database, at, presence, " WHERE resource = ?", resource)
    return row


def offers(database: Database, where: str, *values: Any) -> Worded:
    """The offers that a condition finds, oldest first, with what they are in words."""
    found = worded(database, RESOURCES, where, *values)
    return sorted(found, key=lambda pair: (pair[0].offered, pair[0].position))


def bookings_after(
    database: Database, resource: Resource, at: int, presence: Presence
) -> Iterator[tuple[Booking, int]]:
    """The bookings of a resource that are not over at `at`, each with when it really ends."""
    query = "SELECT * FROM bookings WHERE resource = ? AND end > ?"
    for columns in database.select(query, resource.resource, at):
        booking: Booking = table_of(BOOKINGS).row(columns)
        end = real_end(booking, resource, presence)
        if end > max(at, booking.start):
            yield booking, end


def bookings_found(
    database: Database, presence: Presence, query: str, *values: Any
) -> Iterator[tuple[Booking, Resource, int]]:
    """The bookings that a query finds, each with its resource and when it really ends."""
    for columns in database.select(query, *values):
        booking: Booking = table_of(BOOKINGS).row(columns)
        resource: Resource = database.load(RESOURCES, booking.resource)
        if not resource.exists:  # of the past: it was booked before it was offered
            continue
        yield booking, resource, real_end(booking, resource, presence)


def overdue(loan: Loan, at: int) -> bool:
    """Whether a loan is out although it was due back."""
    return loan.out and (END_OF_TIME if loan.due is None else loan.due) <= at


def real_end(booking: Booking, resource: Resource, presence: Presence) -> int:
    """When a booking ends, release and the leaving of those whom it needs counted in."""
    offered_until = end_of_offer(resource, presence.member(resource.owner))
    return end_of_booking(booking, offered_until, presence.member(booking.booker))


def _rows(
    database: Database, at: int, presence: Presence, where: str, *values: Any
) -> list[dict[str, Any]]:
    found = offers(database, where, *values)
    names = called(database, (row.owner for row, _ in found))
    return [
        {
            "id": row.resource,
            "owner": row.owner,
            "kind": row.kind,
            "category": row.category,
            "status": status_of(row, presence, at),
            "capacity": None if row.capacity is None else str(row.capacity),
            "stock": None if row.stock is None else decimal_text(row.stock),
            "left": None if row.stock is None else decimal_text(row.stock - row.taken),
            "unit": row.unit,
            "open": [described(opening) for opening in row.open],
            **_in_use(database, row, presence, at),
            "offered_at": row.offered_at,
            "position": row.position,
            "owner_name": names[row.owner],
            "what": what,
        }
        for row, what in found
    ]


def _in_use(database: Database, row: Resource, presence: Presence, at: int) -> dict[str, Any]:
    if row.stock is not None:  # consumed, not lent or booked
        return {"borrowers": [], "overdue": [], "bookings": 0}
    loans = database.find(LOANS, resource=row.resource, out=True)
    return {
        "borrowers": [loan.borrower for loan in loans],
        "overdue": [loan.borrower for loan in loans if overdue(loan, at)],
        "bookings": sum(1 for _ in bookings_after(database, row, at, presence)),
    }


def status_of(row: Resource, presence: Presence, at: int) -> str:
    """How an offer stands; see `resources`."""
    end = end_of_offer(row, presence.member(row.owner))
    if end is not None and end <= at:
        return "withdrawn" if end == row.withdrawn else "ended"
    if not row.live:
        return "used-up"
    return "paused" if presence.hidden(row.owner, row.offered, at) else "offered"
