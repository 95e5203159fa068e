"""What a decision may ask about the network: rows, and the entries after a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Protocol, cast

from ledger.events import Event, body_of, members_of, version_of
from ledger.folds import Fold, Source
from ledger.forgetting import Forgotten
from ledger.index import revised
from ledger.refusals import UnknownId
from ledger.state import ends
from ledger.state.asks import ASKS, Ask
from ledger.state.ids import IDS
from ledger.state.initiatives import INITIATIVES, Initiative
from ledger.state.members import MEMBERS, Member
from ledger.state.resources import BOOKINGS, LOANS, RESOURCES, Booking, Loan, Resource
from ledger.state.superseded import SUPERSEDED, Superseded
from ledger.tables import Tables, replay
from ledger.values import END_OF_TIME, fold

if TYPE_CHECKING:
    from ledger.events import MemberJoined

NETWORK_ID = 32  # characters, of which no other id has so many


class Log(Source, Protocol):
    """Where decisions read entries and names."""

    def entry(self, position: int) -> Event | None:
        """The entry at a position, or None."""

    def holder(self, name: str) -> str | None:
        """The id of the member, here or gone, whose folded name this is."""

    def worded(self, event: Event) -> Event:
        """An entry, or what one says in its slot, with its texts; those erased are None."""

    def recorded_by(self, member: str) -> list[int]:
        """The positions of the first few entries that a member recorded."""


class State:
    """The network as the rules see it, up to `position`; `zone` is its time zone."""

    def __init__(self, tables: Tables, log: Log, position: int, zone: tzinfo) -> None:
        self.tables = tables
        self.log = log
        self.position = position
        self.zone = zone

    def next_id(self, letter: str) -> str:
        """The next id that was never used."""
        return f"{letter}{self.tables.get(IDS, letter).used + 1}"

    def member(self, member: str) -> Member:
        """The row of a member whom an entry is to name. Raises `UnknownId`, `Forgotten`."""
        row = self.known_member(member)
        if row.forgotten_at:
            raise Forgotten(member=member)
        return row

    def known_member(self, member: str) -> Member:
        """A member's row, also of one who is forgotten. Raises `UnknownId`."""
        return self._existing(MEMBERS, member, "member")  # type: ignore[no-any-return]

    def anyone(self, member: str) -> Member:
        """A member's row, also of one whose joining was taken back. Raises `UnknownId`."""
        row: Member = self.tables.get(MEMBERS, member)
        if not row.exists and int(member[1:]) > self.tables.get(IDS, "m").used:
            raise UnknownId(what="member", id=member)
        return row

    def remembered(self, members: Iterable[str]) -> tuple[str, ...]:
        """Those of the members who are not forgotten."""
        return tuple(m for m in members if not self.anyone(m).forgotten_at)

    def resource(self, resource: str) -> Resource:
        """A resource's row. Raises `UnknownId`."""
        return self._existing(RESOURCES, resource, "resource")  # type: ignore[no-any-return]

    def ask(self, ask: str) -> Ask:
        """An ask's row. Raises `UnknownId`."""
        return self._existing(ASKS, ask, "ask")  # type: ignore[no-any-return]

    def initiative(self, initiative: str) -> Initiative:
        """An initiative's row. Raises `UnknownId`."""
        return self._existing(INITIATIVES, initiative, "initiative")  # type: ignore[no-any-return]

    def booking(self, booking: str) -> Booking:
        """A booking's row. Raises `UnknownId`."""
        row: Booking = self.tables.get(BOOKINGS, booking)
        if row.position == 0:
            raise UnknownId(what="booking", id=booking)
        return row

    def recorded(self, position: int) -> Event:
        """The entry at a position, as it was recorded. Raises `UnknownId`."""
        event = self.log.entry(position) if position <= self.position else None
        if event is None:
            raise UnknownId(what="entry", id=f"#{position}")
        return event

    def superseded(self, position: int) -> Superseded:
        """By which entry the one at a position was taken back or replaced, if any."""
        return self.tables.get(SUPERSEDED, position)  # type: ignore[no-any-return]

    def is_live(self, position: int) -> bool:
        """Whether the entry at a position has been neither taken back nor replaced."""
        return not self.superseded(position).successor

    def newest(self, position: int) -> int:
        """The last of the versions that follow the one at a position; itself when it is live."""
        while successor := self.superseded(position).successor:
            position = successor
        return position

    def standing(self, position: int) -> Event | None:
        """What stands in the slot to which the entry at a position belongs; None: nothing.

        Raises `UnknownId`.
        """
        return version_of(self.recorded(self.newest(position)))

    def slot_of(self, position: int) -> int:
        """The slot to which the entry at a position belongs. Raises `UnknownId`."""
        entry = self.superseded(position).entry or getattr(self.recorded(position), "entry", None)
        return entry or position

    @contextmanager
    def revised(self, old: Event | None, new: Event | None) -> Iterator[Revising]:
        """The network as if `new` had been recorded in place of `old`; afterwards as it is."""
        self.tables.attempt(old, new)
        try:
            yield Revising(self, old, new)
        finally:
            self.tables.restore()

    def holder(self, name: str) -> str | None:
        """The id of the member, here or gone, whose folded name this is."""
        return self.log.holder(name)

    def end_of_offer(self, resource: Resource) -> int | None:
        """When an offer ended, by withdrawal or the owner's leaving; None: it has not."""
        return ends.end_of_offer(resource, self.known_member(resource.owner))

    def end_of_ask(self, ask: Ask) -> int | None:
        """When an ask ended, by closing or the asker's leaving; None: it has not."""
        return ends.end_of_ask(ask, self.known_member(ask.asker))

    def end_of_booking(self, booking: Booking) -> int:
        """When a booking ends: released, or the booker or the offer gone, if earlier."""
        offer = self.end_of_offer(self.resource(booking.resource))
        return ends.end_of_booking(booking, offer, self.known_member(booking.booker))

    def bookings(self, resource: str, after: int) -> list[Booking]:
        """The bookings of a resource that end after a time."""
        return self.tables.find(BOOKINGS, {"resource": resource}, {"end": after})

    def loans_out(self, resource: str) -> list[Loan]:
        """The loans of a resource that have not come back."""
        return self.tables.find(LOANS, {"resource": resource, "out": True})

    def loans_returned(self, resource: str, after: int) -> list[Loan]:
        """The loans of a resource that came back after a time."""
        return self.tables.find(LOANS, {"resource": resource, "out": False}, {"returned": after})

    def owned(self, member: str) -> list[Resource]:
        """Every resource a member ever offered."""
        return self.tables.find(RESOURCES, {"owner": member})

    def asked(self, member: str) -> list[Ask]:
        """Every ask a member ever made."""
        return self.tables.find(ASKS, {"asker": member})

    def entries(self, subject: str, types: Iterable[str], after: int | None = None) -> list[Event]:
        """The entries of these types about a subject, that occurred after a time."""
        if after is None:
            return self.log.entries_about(subject, types)
        return self.log.entries_about(subject, types, after)

    def people_of(self, event: Event) -> tuple[str, ...]:
        """Everyone an entry is about, also through the ask, resource or entry it names.

        An initiative is nobody's own.
        """
        people = dict.fromkeys(members_of(event))
        body = body_of(event)
        for field in body.THINGS:
            thing = getattr(body, field)
            if thing is not None and self._holder_of(thing):
                people[self._holder_of(thing)] = None
        for field in event.TARGETS:
            people.update(dict.fromkeys(self.people_of(self.recorded(getattr(event, field)))))
        return tuple(people)

    def _holder_of(self, thing: str) -> str:
        if len(thing) == NETWORK_ID:
            return ""
        if thing[0] == "a":
            holder: str = self.tables.get(ASKS, thing).asker
        elif thing[0] == "b":
            holder = self.tables.get(BOOKINGS, thing).booker
        elif thing[0] == "i":
            holder = ""
        else:
            holder = self.tables.get(RESOURCES, thing).owner
        return holder

    def _existing(self, fold: Fold, id: str, what: str) -> Any:
        row = self.tables.get(fold, id)
        if not row.exists:
            raise UnknownId(what=what, id=id)
        return row


class Expecting(State):
    """The network as it will be when those have joined who are about to."""

    def __init__(self, state: State, events: Iterable[Event]) -> None:
        super().__init__(state.tables, state.log, state.position, state.zone)
        known: tuple[MemberJoined, ...] = state.joining if isinstance(state, Expecting) else ()
        coming = (event for event in events if event.type == "member-joined")
        self.joining: tuple[MemberJoined, ...] = known + cast(
            "tuple[MemberJoined, ...]", tuple(coming)
        )
        placed = [replace(event, position=END_OF_TIME) for event in self.joining]
        self._members = replay((MEMBERS,), placed).rows(MEMBERS)

    def next_id(self, letter: str) -> str:
        """The next id that was never used."""
        used: int = self.tables.get(IDS, letter).used
        return f"{letter}{used + 1 + (len(self.joining) if letter == 'm' else 0)}"

    def known_member(self, member: str) -> Member:
        """A member's row, also of one who is forgotten. Raises `UnknownId`."""
        joining = self._members.get((member,))
        return super().known_member(member) if joining is None else joining

    def holder(self, name: str) -> str | None:
        """The id of the member, here or gone, whose folded name this is."""
        named = (event.member for event in self.joining if fold(event.name) == name)
        return next(named, None) or super().holder(name)


class Revising(State):
    """The network as if one entry had never been recorded, or had said something else."""

    def __init__(self, state: State, old: Event | None, new: Event | None) -> None:
        super().__init__(state.tables, state.log, state.position, state.zone)
        self._old = old
        self._new = new
        self._all = state.position
        if old is not None and new is None:
            self.position = max(old.slot - 1, 0)  # nothing later can have led to it

    def recorded(self, position: int) -> Event:
        """The entry at a position, as it was recorded. Raises `UnknownId`."""
        event = self.log.entry(position) if position <= self._all else None
        if event is None:
            raise UnknownId(what="entry", id=f"#{position}")
        return event

    def standing(self, position: int) -> Event | None:
        """What would stand in the slot to which the entry at a position belongs."""
        changed = self._old or self._new
        if changed is not None and self.slot_of(position) == changed.slot:
            return self._new
        return super().standing(position)

    def next_id(self, letter: str) -> str:
        """The id that the entry gave to something, for it goes on being that."""
        for field in ("member", "resource", "ask", "booking", "initiative"):
            id: str | None = getattr(self._old, field, None)
            if id is not None and id[0] == letter:
                return id
        return super().next_id(letter)

    def holder(self, name: str) -> str | None:
        """The id of the member whose folded name this is, unless it is the one concerned."""
        holder = super().holder(name)
        return None if holder == getattr(self._old, "member", None) else holder

    def loans_out(self, resource: str) -> list[Loan]:
        """The loan whose return is concerned, or those that have not come back."""
        loan = getattr(self._old, "loan", None)
        out = super().loans_out(resource)
        return out if loan is None else [row for row in out if row.loan == loan]

    def entries(self, subject: str, types: Iterable[str], after: int | None = None) -> list[Event]:
        """The entries of these types about a subject, that occurred after a time."""
        found = super().entries(subject, types, after)
        return revised(found, (self._old, self._new), subject, types, after)
