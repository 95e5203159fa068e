"""Why a number or a status is as it is: every entry that made it, with the value after each.

The entries are folded one by one, by the folds' own handlers, and what comes of
them must be what the question itself reads, or it is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

from ledger.errors import LedgerError
from ledger.folds import Fold, Tables
from ledger.state.asks import ASKS
from ledger.state.members import MEMBERS
from ledger.state.resources import BOOKINGS, LOANS, RESOURCES, Booking, Loan, Resource
from ledger.values import START_OF_TIME, decimal_text
from ledger.versions import Version, by_slot, versions_about
from projections.asks import ask_row
from projections.asks import status_of as status_of_ask
from projections.membership import Presence, known
from projections.offers import real_end, resource_row
from projections.offers import status_of as status_of_offer
from projections.reciprocity import ALL_TIME, BALANCES, balance, units_shown

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.events import AskMade, Event, ResourceBooked, ResourceOffered
    from projections.reciprocity import Balance

Row = dict[str, Any]
COMING_AND_GOING = frozenset(
    {"member-joined", "member-left", "member-returned", "member-paused", "member-resumed"}
)
BOOKING_OVER = "booking-over"  # the type of a line that no entry made, but time


class DoesNotAddUp(LedgerError):
    """What the entries about something make is not what the ledger keeps of it."""

    message = "it does not add up: the entries about {id} make {made}, and the ledger keeps {kept}"
    hint = "natverk replay --compare shows every row that is not what the log makes of it"


class Explained:
    """A number or a status with the entries that made it.

    `lines` are rows `position, entry, type, occurred_at, superseded_by`, then the
    value after each. What stands comes in the order of the timeline, and after
    it what was said in its slot before; what was superseded changes nothing.
    `entry` is the slot.
    """

    folds: ClassVar[tuple[Fold, ...]]

    def __init__(self, database: Database, id: str) -> None:
        self.database = database
        self.id = id
        self.tables = Tables(self.folds)

    def lines(self, asked: int) -> list[Row]:
        """Every line, at the time `asked`, microseconds since 1970. Raises `DoesNotAddUp`."""
        kept = self.kept(asked)
        found = list(self._lines(asked))
        made = self.made(asked)
        differ = [name for name in kept if kept[name] != made[name]]
        if differ:
            told = (
                ", ".join(f"{name} {_plain(row[name])}" for name in differ) for row in (made, kept)
            )
            raise DoesNotAddUp(id=self.id, **dict(zip(("made", "kept"), told, strict=True)))
        return found

    # What each kind of thing says of itself

    def versions(self) -> Iterable[Version]:
        """All that was said that can change the value."""
        raise NotImplementedError

    def values(self, at: int) -> Row:
        """The value at a time, from the rows as they are so far."""
        raise NotImplementedError

    def kept(self, at: int) -> Row:
        """What the question reads. Raises `UnknownId`."""
        raise NotImplementedError

    def made(self, at: int) -> Row:
        """What the entries make of what the question reads, when all are folded."""
        return self.values(at)

    def is_about(self, event: Event) -> bool:
        """Whether an entry is a line even when it changes nothing."""
        return True

    def apply(self, event: Event) -> None:
        """Fold one entry."""
        self.tables.apply(event)

    def over(self, since: int, until: int) -> list[Booking]:
        """The bookings whose time ended by itself in (since, until]."""
        return []

    # How the lines come about

    def _lines(self, asked: int) -> Iterator[Row]:
        now, values = START_OF_TIME, self.values(START_OF_TIME)
        for said in by_slot(self.versions()):
            for version in said:
                event, changed = version.event, False
                if not version.successor:
                    for booking in self.over(now, event.occurred):
                        yield _over(booking) | self.values(booking.end)
                    values, now = self.values(event.occurred), event.occurred
                    self.apply(event)
                    before, values = values, self.values(now)
                    changed = values != before
                if changed or self.is_about(event):
                    yield _line(version) | values
        for booking in self.over(now, asked):
            yield _over(booking) | self.values(booking.end)

    def _about(self, subject: str, types: Iterable[str]) -> list[Version]:
        return versions_about(self.database, subject, types)

    def _coming_and_going(self, members: Iterable[str]) -> list[Version]:
        return [
            version
            for member in members
            for version in self._about(member, COMING_AND_GOING)
            if version.event.member == member  # type: ignore[attr-defined]
        ]


class OfBalance(Explained):
    """A member's gifts; with a `unit` only those measured in it."""

    folds = (BALANCES,)

    def __init__(self, database: Database, id: str, unit: str | None = None) -> None:
        super().__init__(database, id)
        self._unit = unit

    def versions(self) -> Iterable[Version]:
        """Gifts to and from the member."""
        found = self._about(self.id, BALANCES.on)
        if self._unit is None:
            return found
        return [version for version in found if version.event.unit == self._unit]  # type: ignore[attr-defined]

    def values(self, at: int) -> Row:
        """`given, received, units`."""
        return self._shown(self.tables.get(BALANCES, self.id, ALL_TIME))

    def kept(self, at: int) -> Row:
        """The same of the row kept; how many gifts had one unit is kept nowhere."""
        known(self.database, self.id)
        row = self._shown(balance(self.database, self.id))
        return row if self._unit is None else {"units": row["units"]}

    def _shown(self, row: Balance) -> Row:
        units = row.units
        if self._unit is not None:
            units = {unit: both for unit, both in units.items() if unit == self._unit}
        return {"given": row.given, "received": row.received, "units": units_shown(units)}


class OfMember(Explained):
    """Whether a member is there."""

    folds = (MEMBERS,)

    def versions(self) -> Iterable[Version]:
        """Coming, going, resting and being described."""
        return [
            version
            for version in self._about(self.id, MEMBERS.on)
            if version.event.member == self.id  # type: ignore[attr-defined]
        ]

    def values(self, at: int) -> Row:
        """`status`."""
        row = self.tables.get(MEMBERS, self.id)
        return {"status": row.status(at) if row.exists else None}

    def kept(self, at: int) -> Row:
        """The status and the whole row."""
        row = known(self.database, self.id)
        return {"status": row.status(at)} | _columns(MEMBERS, row)

    def made(self, at: int) -> Row:
        """The status and the whole row."""
        return self.values(at) | _columns(MEMBERS, self.tables.get(MEMBERS, self.id))


class OfAsk(Explained):
    """How far an ask is met, and how it ended."""

    folds = (ASKS, MEMBERS)
    types = frozenset({*ASKS.on, "introduction-made"})

    def versions(self) -> Iterable[Version]:
        """What is about the ask, and the asker's coming and going."""
        found = self._about(self.id, self.types)
        askers = {cast("AskMade", v.event).asker for v in _standing(found, "ask-made")}
        return found + self._coming_and_going(askers)

    def is_about(self, event: Event) -> bool:
        """Whether it names the ask."""
        return event.type in self.types

    def values(self, at: int) -> Row:
        """`gifts, given, quantity, unit, status`."""
        row = self.tables.get(ASKS, self.id)
        presence = Presence([self.tables.get(MEMBERS, row.asker)])
        return {
            "gifts": row.gifts,
            "given": None if row.quantity is None else decimal_text(row.given),
            "quantity": None if row.quantity is None else decimal_text(row.quantity),
            "unit": row.unit,
            "status": status_of_ask(row, presence, at) if row.exists else None,
        }

    def kept(self, at: int) -> Row:
        """The same fields of its row in `asks`."""
        row = ask_row(self.database, self.id, at)
        return {name: row[name] for name in ("gifts", "given", "quantity", "unit", "status")}


class OfResource(Explained):
    """What is left of a resource, and what of it is lent and booked."""

    folds = (RESOURCES, BOOKINGS, LOANS, MEMBERS)
    types = frozenset({*RESOURCES.on, *BOOKINGS.on, *LOANS.on})

    def __init__(self, database: Database, id: str) -> None:
        super().__init__(database, id)
        self._bookings: dict[str, Booking] = {}  # those that may not be over
        self._loans: dict[int, Loan] = {}  # those that are out

    def versions(self) -> Iterable[Version]:
        """What is about the resource and its bookings, and who comes and goes that they need."""
        found = self._about(self.id, self.types)
        offered = [cast("ResourceOffered", v.event) for v in _standing(found, "resource-offered")]
        booked = [cast("ResourceBooked", v.event) for v in _standing(found, "resource-booked")]
        for booking in {event.booking for event in booked}:
            found += self._about(booking, {"booking-released"})
        people = {*(event.owner for event in offered), *(event.booker for event in booked)}
        return found + self._coming_and_going(people)

    def is_about(self, event: Event) -> bool:
        """Whether it names the resource or a booking of it."""
        return event.type in self.types

    def apply(self, event: Event) -> None:
        """Fold one entry, and note which bookings and loans are on."""
        self.tables.apply(event)
        if event.type in BOOKINGS.on:
            booking = self.tables.get(BOOKINGS, *BOOKINGS.on[event.type][0](event)[0])
            self._bookings[booking.booking] = booking
        elif event.type in LOANS.on:
            loan = self.tables.get(LOANS, *LOANS.on[event.type][0](event)[0])
            self._loans[loan.loan] = loan
            if not loan.out:
                del self._loans[loan.loan]

    def values(self, at: int) -> Row:
        """`left, unit, lent, booked, status`."""
        row: Resource = self.tables.get(RESOURCES, self.id)
        return {
            "left": None if row.stock is None else decimal_text(row.stock - row.taken),
            "unit": row.unit,
            "lent": len(self._loans),
            "booked": len(self._not_over(at)),
            "status": status_of_offer(row, self._presence(row.owner), at) if row.exists else None,
        }

    def kept(self, at: int) -> Row:
        """The same of its row in `resources`."""
        row = resource_row(self.database, self.id, at)
        return {
            "left": row["left"],
            "unit": row["unit"],
            "lent": len(row["borrowers"]),
            "booked": row["bookings"],
            "status": row["status"],
        }

    def over(self, since: int, until: int) -> list[Booking]:
        """The bookings whose time ended by itself in (since, until], which are forgotten."""
        passed = [x for x in self._not_over(since) if x.end <= until and self._end(x) == x.end]
        for booking in [x for x in self._bookings.values() if x.end <= since]:
            del self._bookings[booking.booking]
        return sorted(passed, key=lambda booking: (booking.end, booking.position))

    def _not_over(self, at: int) -> list[Booking]:
        return [x for x in self._bookings.values() if self._end(x) > max(at, x.start)]

    def _end(self, booking: Booking) -> int:
        row: Resource = self.tables.get(RESOURCES, self.id)
        return real_end(booking, row, self._presence(row.owner, booking.booker))

    def _presence(self, *members: str) -> Presence:
        return Presence(self.tables.get(MEMBERS, member) for member in members)


def _standing(versions: Iterable[Version], type: str) -> list[Version]:
    return [v for v in versions if v.event.type == type and not v.successor]


def _line(version: Version) -> Row:
    event = version.event
    return {
        "position": event.position,
        "entry": event.slot,
        "type": event.type,
        "occurred_at": event.occurred_at.isoformat(),
        "superseded_by": version.successor or None,
    }


def _over(booking: Booking) -> Row:
    return {
        "position": None,
        "entry": booking.position,
        "type": BOOKING_OVER,
        "occurred_at": booking.end_at,
        "superseded_by": None,
        "booking": booking.booking,
    }


def _columns(fold: Fold, row: Any) -> Row:
    return {name: getattr(row, name) for name in fold.columns}


def _told(row: Row, names: Iterable[str]) -> str:
    return ", ".join(f"{name} {_plain(row[name])}" for name in names)


def _plain(value: Any) -> str:
    """A value for whoever reads an error."""
    if not isinstance(value, dict):
        return str(value)
    parts = (f"{unit}: {both['given']} and {both['received']}" for unit, both in value.items())
    return f"({', '.join(parts)})"
