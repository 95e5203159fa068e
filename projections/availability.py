"""How much of what is offered is free at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from ledger.openings import covers, described
from ledger.rows import table_of
from ledger.state.ends import end_of_offer
from ledger.state.resources import LOANS, Loan, Resource
from ledger.usage import Use, holders_at_peak
from ledger.values import THOUSAND, decimal_text, moment_at
from projections.membership import Presence, called
from projections.offers import Worded, bookings_after, offers

if TYPE_CHECKING:
    from ledger.database import Database

_LOANS = (
    "SELECT * FROM loans WHERE resource = ? AND out = 1 UNION ALL"
    " SELECT * FROM loans WHERE resource = ? AND out = 0 AND returned > ?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) in microseconds since 1970."""

    start: int
    end: int

    @classmethod
    def moment(cls, at: int) -> Period:
        """A moment, which is one microsecond long."""
        return cls(at, at + 1)


def available(
    database: Database, period: Period, now: int, zone: tzinfo, kind: str | None = None
) -> list[dict[str, Any]]:
    """What is free throughout a period, oldest offer first: open then, its owner there.

    Each: `id, owner, kind, category, free, capacity`, then `unit, owner_name, what,
    open, position`. `free` is the least that is free at any moment of the period, a
    decimal in text: of a reusable resource its capacity less what is booked and
    lent, of a consumable what is left now (`capacity` is then the stock), null
    where nothing is counted. A loan that should have come back before `now` is out
    until just after it. Offers withdrawn since a past period are there, those used
    up since are not.
    """
    presence = Presence.of(database)
    rows: list[tuple[Resource, str | None, int | None]] = []
    for row, what in _listed(database, period, now, kind):
        if not _offered(row, period, presence):
            continue
        free = _free(database, row, period, now, presence)
        if free != 0 and covers(row.open, moment_at(period.start), moment_at(period.end), zone):
            rows.append((row, what, free))
    names = called(database, (row.owner for row, _, _ in rows))
    return [
        {
            "id": row.resource,
            "owner": row.owner,
            "kind": row.kind,
            "category": row.category,
            "free": None if free is None else decimal_text(free),
            "capacity": _capacity(row),
            "unit": row.unit,
            "owner_name": names[row.owner],
            "what": what,
            "open": [described(opening) for opening in row.open],
            "position": row.position,
        }
        for row, what, free in rows
    ]


def _listed(database: Database, period: Period, now: int, kind: str | None) -> Worded:
    """The offers that may have been there: those live now, and those withdrawn since."""
    of_kind, values = ("", ()) if kind is None else (" AND kind = ?", (kind,))
    found = offers(database, f" WHERE live = 1{of_kind}", *values)
    if period.start < now:
        since = offers(database, f" WHERE withdrawn > ?{of_kind}", period.start, *values)
        found = sorted(found + since, key=lambda pair: (pair[0].offered, pair[0].position))
    return found


def _offered(row: Resource, period: Period, presence: Presence) -> bool:
    end = end_of_offer(row, presence.member(row.owner))
    gone = end is not None and end < period.end
    hidden = presence.hidden(row.owner, row.offered, period.start)
    return row.offered <= period.start and not gone and not hidden


def _free(
    database: Database, row: Resource, period: Period, now: int, presence: Presence
) -> int | None:
    """The least that is free in the period, in thousandths; None where nothing is counted."""
    if row.stock is not None:
        left: int = row.stock - row.taken
        return left
    if row.capacity is None:
        return None
    uses = _uses(database, row, period, now, presence)
    _, peak = holders_at_peak(uses, Use("", period.start, period.end, 0))
    free: int = max(row.capacity - peak, 0)
    thousandths: int = free * THOUSAND
    return thousandths


def _uses(
    database: Database, row: Resource, period: Period, now: int, presence: Presence
) -> Iterator[Use]:
    for booking, end in bookings_after(database, row, period.start, presence):
        yield Use(booking.booking, booking.start, end, booking.count)
    table = table_of(LOANS)
    for columns in database.select(_LOANS, row.resource, row.resource, period.start):
        loan: Loan = table.row(columns)
        end = max(loan.until, now + 1) if loan.returned is None else loan.returned
        yield Use(f"#{loan.loan}", loan.lent, end, 1)


def _capacity(row: Resource) -> str | None:
    if row.stock is not None:
        return decimal_text(row.stock)
    return None if row.capacity is None else str(row.capacity)
