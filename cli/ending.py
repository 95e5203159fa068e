"""What leaving or withdrawing ends: coming bookings; and what is still lent out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.language import _
from cli.when import shown
from ledger.rows import table_of
from ledger.state.resources import LOANS, Booking, Loan
from ledger.values import microseconds, moment_at
from projections.membership import Presence
from projections.offers import bookings_found
from projections.statement import BOOKED_BY, LENT_BY

if TYPE_CHECKING:
    from cli.context import Session


_BOOKED = "SELECT * FROM bookings WHERE resource = ? AND end > ?"
_BOOKED_OF = (
    "SELECT bookings.* FROM resources CROSS JOIN bookings"
    " ON bookings.resource = resources.resource WHERE owner = ? AND end > ?"
)


class Ended(NamedTuple):
    """Bookings that end before their time, and loans that have not come back."""

    bookings: list[Booking]
    loans: list[Loan]


def ended_by_leaving(session: Session, member: str) -> Ended:
    """What ends when a member leaves, asked before they do."""
    bookings = {row.booking: row for row in _coming(session, BOOKED_BY, member)}
    bookings |= {row.booking: row for row in _coming(session, _BOOKED_OF, member)}
    loans: dict[int, Loan] = {
        row.loan: row for row in session.database.find(LOANS, borrower=member, out=True)
    }
    for columns in session.database.select(LENT_BY, member):
        row: Loan = table_of(LOANS).row(columns)
        loans[row.loan] = row
    return Ended(list(bookings.values()), list(loans.values()))


def ended_by_withdrawing(session: Session, resource: str) -> Ended:
    """What ends when a resource is withdrawn, asked before it is."""
    loans = session.database.find(LOANS, resource=resource, out=True)
    return Ended(_coming(session, _BOOKED, resource), loans)


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
            _("still lent out: {resource}, to {who} since {since}").format(
                resource=session.with_id(loan.resource),
                who=named[loan.borrower],
                since=shown(moment_at(loan.lent), session.zone),
            )
        )


def _coming(session: Session, query: str, whose: str) -> list[Booking]:
    """Those that have not ended at the time of the entry, whichever way."""
    at = microseconds(session.now if session.at is None else session.moment(session.at))
    presence = Presence.of(session.database)
    found = bookings_found(session.database, presence, query, whose, at)
    return [booking for booking, _, end in found if end > at]
