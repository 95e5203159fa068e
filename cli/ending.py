"""What leaving or withdrawing ends: coming bookings; and what is still lent out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.language import _
from cli.when import shown
from ledger.state.ends import end_of_booking, end_of_offer
from ledger.state.members import MEMBERS
from ledger.state.resources import BOOKINGS, LOANS, RESOURCES, Booking, Loan
from ledger.values import microseconds, moment_at

if TYPE_CHECKING:
    from cli.context import Session


class Ended(NamedTuple):
    """Bookings that end before their time, and loans that have not come back."""

    bookings: list[Booking]
    loans: list[Loan]


def ended_by_leaving(session: Session, member: str) -> Ended:
    """What ends when a member leaves, asked before they do."""
    find = session.database.find
    bookings = {row.booking: row for row in find(BOOKINGS, booker=member)}
    loans = {row.loan: row for row in find(LOANS, borrower=member, out=True)}
    for resource in find(RESOURCES, owner=member):
        own = ended_by_withdrawing(session, resource.resource)
        bookings |= {row.booking: row for row in own.bookings}
        loans |= {row.loan: row for row in own.loans}
    return Ended(_coming(session, list(bookings.values())), list(loans.values()))


def ended_by_withdrawing(session: Session, resource: str) -> Ended:
    """What ends when a resource is withdrawn, asked before it is."""
    find = session.database.find
    bookings = find(BOOKINGS, resource=resource)
    return Ended(_coming(session, bookings), find(LOANS, resource=resource, out=True))


def say_ended(session: Session, ended: Ended) -> None:
    """Note each booking that has ended, and each loan that is still out."""
    ids = {id for row in ended.bookings for id in (row.resource, row.booker)}
    named = session.named(ids | {id for row in ended.loans for id in (row.resource, row.borrower)})
    for booking in ended.bookings:
        session.note(
            _("booking {booking} ends with it: {resource}, {who}, from {start}").format(
                booking=booking.booking,
                resource=named[booking.resource],
                who=named[booking.booker],
                start=shown(moment_at(booking.start), session.zone),
            )
        )
    for loan in ended.loans:
        session.note(
            _("still lent out: {resource} ({id}), to {who} since {since}").format(
                resource=named[loan.resource],
                id=loan.resource,
                who=named[loan.borrower],
                since=shown(moment_at(loan.lent), session.zone),
            )
        )


def _coming(session: Session, bookings: list[Booking]) -> list[Booking]:
    """Those that have not ended at the time of the entry, whichever way."""
    at = microseconds(session.now if session.at is None else session.moment(session.at))
    load = session.database.load
    coming = []
    for row in bookings:
        if row.until > at:
            resource = load(RESOURCES, row.resource)
            offer = end_of_offer(resource, load(MEMBERS, resource.owner))
            if end_of_booking(row, offer, load(MEMBERS, row.booker)) > at:
                coming.append(row)
    return coming
