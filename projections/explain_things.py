"""Why an ask, a resource or an initiative stands as it does; see `explain`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from ledger.state.asks import ASKS
from ledger.state.ends import is_in
from ledger.state.initiatives import ENDORSEMENTS, INITIATIVES, PARTICIPATIONS, Initiative
from ledger.state.members import MEMBERS
from ledger.state.resources import BOOKINGS, LOANS, RESOURCES, Booking, Loan, Resource
from ledger.values import decimal_text
from ledger.versions import Version
from projections.asks import ask_row
from projections.asks import status_of as status_of_ask
from projections.explain import Explained, Row
from projections.initiatives import initiative_row
from projections.initiatives import status_of as status_of_initiative
from projections.membership import Presence
from projections.offers import real_end, resource_row
from projections.offers import status_of as status_of_offer

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.events import AskMade, Event, ResourceBooked, ResourceOffered
    from ledger.folds import Fold, Key


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


class OfInitiative(Explained):
    """Who is in an initiative, who vouches for it, and what it has got."""

    folds = (INITIATIVES, PARTICIPATIONS, ENDORSEMENTS, MEMBERS)
    types = frozenset({*INITIATIVES.on, *PARTICIPATIONS.on, *ENDORSEMENTS.on})

    def __init__(self, database: Database, id: str) -> None:
        super().__init__(database, id)
        self._participants: set[str] = set()  # those who are in it
        self._endorsers: set[str] = set()

    def versions(self) -> Iterable[Version]:
        """What is about the initiative, and the coming and going of those in it."""
        found = self._about(self.id, self.types)
        people = {
            member
            for version in found
            if version.event.type in PARTICIPATIONS.on and not version.successor
            for member, _ in PARTICIPATIONS.on[version.event.type][0](version.event)
        }
        return found + self._coming_and_going(people)

    def is_about(self, event: Event) -> bool:
        """Whether it names the initiative."""
        return event.type in self.types

    def apply(self, event: Event) -> None:
        """Fold one entry, and note who is in it and who vouches for it."""
        self.tables.apply(event)
        at = event.occurred
        for member, *_ in _touched(event, PARTICIPATIONS) + _touched(event, MEMBERS):
            row = self.tables.get(PARTICIPATIONS, member, self.id)
            _note(self._participants, member, is_in(row, self.tables.get(MEMBERS, member), at))
        for member, _ in _touched(event, ENDORSEMENTS):
            row = self.tables.get(ENDORSEMENTS, member, self.id)
            _note(self._endorsers, member, row.holds(at))

    def values(self, at: int) -> Row:
        """`participants, endorsers, gifts, status`."""
        row: Initiative = self.tables.get(INITIATIVES, self.id)
        return {
            "participants": len(self._participants),
            "endorsers": len(self._endorsers),
            "gifts": row.gifts,
            "status": status_of_initiative(row) if row.exists else None,
        }

    def kept(self, at: int) -> Row:
        """The same fields of its row in `initiatives`."""
        row = initiative_row(self.database, self.id, at)
        return {name: row[name] for name in ("participants", "endorsers", "gifts", "status")}


def _touched(event: Event, fold: Fold) -> tuple[Key, ...]:
    return fold.on[event.type][0](event) if event.type in fold.on else ()


def _note(members: set[str], member: str, is_one: bool) -> None:
    (members.add if is_one else members.discard)(member)


def _standing(versions: Iterable[Version], type: str) -> list[Version]:
    return [v for v in versions if v.event.type == type and not v.successor]
