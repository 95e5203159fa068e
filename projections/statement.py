"""Everything about one member, as rows by section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ledger.areas import GATHERINGS, NOMINATIONS, OPPORTUNITIES, STORIES
from ledger.names import names_of
from ledger.rows import table_of
from ledger.state.resources import LOANS, RESOURCES, Booking, Loan
from ledger.values import FORGOTTEN
from projections.answers import answers_of, words
from projections.asks import closed_asks_of, open_asks_of
from projections.entries import newest
from projections.introductions import introductions_of
from projections.membership import Presence, called, known, member_row
from projections.offers import bookings_after, bookings_found, offers, offers_of, overdue
from projections.reciprocity import balance, units_shown
from projections.together import (
    affiliations_of,
    endorsements_of,
    initiatives_of,
    started_by,
    ties_of,
)

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
_ENTRIES = {
    "story": STORIES,
    "gathering": GATHERINGS,
    "nomination": NOMINATIONS,
    "opportunity": OPPORTUNITIES,
}
BOOKED_BY = "SELECT * FROM bookings WHERE booker = ? AND end > ?"
LENT_BY = (
    "SELECT loans.* FROM loans JOIN resources USING (resource) WHERE out = 1 AND owner = ?"
    " ORDER BY live, resource, loan"
)


def statement(database: Database, member: str, at: int, limit: int | None = 20) -> list[Row]:
    """Everything about one member at the time `at`, microseconds since 1970.

    Each row has a `section`, in this order: `membership` and `standing`, one row
    each; `gift` (entries, with `direction` given or received and `answer`, confirmed,
    disputed or None) and `introduction`, newest first; open `ask`s, `closed-ask`s, newest
    first, live `offer`s, `booking`s that are not over and `loan`s that are out, of the
    member's own things and by the member; then as of `together` each `tie`,
    `affiliation`, `initiative`, `started` one and `endorsement`; then the entries, newest
    first, of each `story` told or heard, `gathering`, `nomination` by or of the member and
    realised `opportunity`. Of what is newest first there are at most `limit` of each,
    None: all. Raises `UnknownId`.
    """
    sections = (
        ("membership", [_membership(database, member, at)]),
        ("standing", [_standing(database, member)]),
        ("gift", _gifts(database, member, limit)),
        ("introduction", introductions_of(database, member, limit)),
        ("ask", open_asks_of(database, member, at)),
        ("closed-ask", closed_asks_of(database, member, at, limit)),
        ("offer", offers_of(database, member, at)),
        ("booking", _bookings(database, member, at)),
        ("loan", _loans(database, member, at)),
        ("tie", ties_of(database, member, at)),
        ("affiliation", affiliations_of(database, member, at)),
        ("initiative", initiatives_of(database, member, at)),
        ("started", started_by(database, member, limit)),
        ("endorsement", endorsements_of(database, member, at)),
        *((name, newest(database, types, limit, member)) for name, types in _ENTRIES.items()),
    )
    return [{"section": section, **row} for section, rows in sections for row in rows]


def _membership(database: Database, member: str, at: int) -> Row:
    row = known(database, member)
    names = called(database, [id for id in (member, row.invited_by) if id is not None])
    return member_row(row, names, at) | {
        "invited_by": row.invited_by,
        "invited_by_name": row.invited_by and names[row.invited_by],
        "contact": _text(database, row.contact_at, "contact"),
        "about": _text(database, row.about_at, "about"),
        "position": row.position,
    }


def _text(database: Database, position: int, field: str) -> str | None:
    return (database.text(position, field) or FORGOTTEN) if position else None


def _standing(database: Database, member: str) -> Row:
    row = balance(database, member)
    return {
        "given": row.given,
        "received": row.received,
        **answers_of(database, member)._asdict(),
        "units": units_shown(row.units),
    }


def _gifts(database: Database, member: str, limit: int | None) -> Iterator[Row]:
    rows = list(newest(database, {"gift-given"}, limit, member))
    slots: list[int] = [row.get("corrects") or row["position"] for row in rows]
    answers = words(database, slots)
    for slot, row in zip(slots, rows, strict=True):
        direction = "given" if row["giver"] == member else "received"
        yield {**row, "direction": direction, "answer": answers.get(slot)}


def _bookings(database: Database, member: str, at: int) -> list[Row]:
    presence = Presence.of(database)
    found: dict[str, tuple[Booking, str]] = {}
    for resource, _ in offers(database, " WHERE owner = ? AND live = 1 AND stock IS NULL", member):
        for booking, _ in bookings_after(database, resource, at, presence):
            found[booking.booking] = booking, resource.owner
    for booking, resource, end in bookings_found(database, presence, BOOKED_BY, member, at):
        if end > max(at, booking.start):
            found[booking.booking] = booking, resource.owner
    ordered = sorted(found.values(), key=lambda pair: (pair[0].start, pair[0].position))
    names = called(database, {id for booking, owner in ordered for id in (booking.booker, owner)})
    what = names_of(database, {booking.resource for booking, _ in ordered})
    return [
        {
            "id": booking.booking,
            "resource": booking.resource,
            "owner": owner,
            "booker": booking.booker,
            "start": booking.start_at,
            "end": booking.end_at,
            "count": booking.count,
            "position": booking.position,
            "what": what.get(booking.resource, FORGOTTEN),
            "owner_name": names[owner],
            "booker_name": names[booking.booker],
        }
        for booking, owner in ordered
    ]


def _loans(database: Database, member: str, at: int) -> list[Row]:
    found: list[Loan] = database.find(LOANS, borrower=member, out=True)
    found += [table_of(LOANS).row(columns) for columns in database.select(LENT_BY, member)]
    loans = sorted({loan.loan: loan for loan in found}.values(), key=lambda loan: loan.loan)
    owners = {loan.loan: database.load(RESOURCES, loan.resource).owner for loan in loans}
    names = called(database, {*owners.values(), *(loan.borrower for loan in loans)})
    what = names_of(database, {loan.resource for loan in loans})
    return [
        {
            "position": loan.loan,
            "resource": loan.resource,
            "owner": owners[loan.loan],
            "borrower": loan.borrower,
            "lent_at": loan.lent_at,
            "due_at": loan.due_at,
            "overdue": overdue(loan, at),
            "what": what.get(loan.resource, FORGOTTEN),
            "owner_name": names[owners[loan.loan]],
            "borrower_name": names[loan.borrower],
        }
        for loan in loans
    ]
