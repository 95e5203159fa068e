"""The rules on the effective timeline: what must hold of each live entry among all others.

A correction is judged by them, and so is a whole ledger when it is verified. What
is checked is what stands in the slots, in the order in which it occurred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.areas import CORRECTIONS, EVERY_TYPE, INITIATIVES, MEMBERSHIP, NETWORK
from ledger.decisions.rules import RULES
from ledger.decisions.standing import known
from ledger.errors import LedgerError
from ledger.events import Event
from ledger.refusals import Clash, LaterMembership, StockExceeded, UnknownId
from ledger.state.lookup import State
from ledger.state.resources import BOOKINGS, LOANS, RESOURCES, Booking, Loan, Resource
from ledger.usage import Use, overfull
from ledger.values import decimal_text

COMING_AND_GOING = frozenset({"member-joined", "member-left", "member-returned"})
_LIVE = EVERY_TYPE - CORRECTIONS - NETWORK


def check(event: Event, state: State) -> None:
    """Raise a `Refused`, or `UnknownId`, when an entry is not legal among all others."""
    rule = RULES.get(event.type)
    if rule is not None:
        rule(event, state)
    if event.actor is not None:
        known(event.actor, event, state)


def check_membership(member: str, entries: Iterable[Event]) -> None:
    """Raise `LaterMembership` unless someone comes and goes in turn, joining first.

    `entries` are their own of the types `COMING_AND_GOING`, in the order of time.
    """
    here: bool | None = None
    for entry in entries:
        comes = entry.type != "member-left"
        if comes == here or (here is None) != (entry.type == "member-joined"):
            raise LaterMembership(member=member, entries=[entry.position])
        here = comes


def check_resource(
    resource: Resource, bookings: Iterable[Booking], loans: Iterable[Loan], state: State
) -> None:
    """Raise `StockExceeded` or `Clash` when more of something is used than there is."""
    if resource.stock is not None and resource.taken > resource.stock:
        raise StockExceeded(
            resource=resource.resource,
            left=decimal_text(resource.stock - resource.taken),
            unit=resource.unit,
        )
    if resource.capacity is None:
        return
    uses = [Use(f"#{loan.loan}", loan.lent, loan.until, 1) for loan in loans if loan.lent_at]
    for booking in bookings:
        if booking.position:
            end = state.end_of_booking(booking)
            uses.append(Use(booking.booking, booking.start, end, booking.count))
    holders, count = overfull(uses, resource.capacity)
    if holders:
        raise Clash(
            resource=resource.resource,
            holders=holders,
            free=resource.capacity - count,
            capacity=resource.capacity,
        )


def in_the_way(state: State, old: Event | None, new: Event | None) -> list[str]:
    """The entries, `#412`, that could not stay as they are if `new` stood in place of `old`.

    `state` is the network as it would be. Empty: nothing is in the way. Only when no
    other entry is, it is what the correction itself says.
    """
    found: dict[str, None] = {}
    own = {f"#{event.position}" for event in (old, new) if event is not None}
    for event in (old, new):
        if event is not None:
            for other in _others(event, state):
                if other.slot != event.slot and _illegal(other, state):
                    found[f"#{other.position}"] = None
            for error in _totals(event, state):
                found |= dict.fromkeys([other for other in error if other not in own] or error)
    if old is not None and new is None and old.type == "member-joined":
        recorded = state.log.recorded_by(_of(old, "member"))
        found |= {f"#{at}": None for at in recorded if at != old.position}
    return sorted(found, key=lambda position: int(position[1:]))


def _illegal(event: Event, state: State) -> bool:
    try:
        check(event, state)
    except LedgerError:
        return True
    return False


def _of(event: Event, field: str) -> Any:
    return getattr(event, field, None)


def _others(event: Event, state: State) -> Iterator[Event]:
    """The live entries whose being legal may depend on an entry."""
    subjects = [f"#{event.slot}"]
    if event.type in MEMBERSHIP:
        member = _of(event, "member")
        subjects.append(member)
        subjects += [row.resource for row in state.owned(member)]
        subjects += [row.ask for row in state.asked(member)]
    elif event.type in ("resource-offered", "resource-withdrawn"):
        subjects.append(_of(event, "resource"))
    elif event.type in ("resource-booked", "booking-released"):
        subjects.append(_of(event, "booking"))
    elif event.type in ("ask-made", "ask-closed"):
        subjects.append(_of(event, "ask"))
    elif event.type in INITIATIVES:
        subjects.append(_of(event, "initiative"))
    for subject in subjects:
        yield from state.entries(subject, _LIVE)


def _totals(event: Event, state: State) -> Iterator[list[str]]:
    """What is in the way of the comings and goings, stocks and capacities that an entry touches."""
    resources = {_of(event, "resource")}
    if event.type in ("resource-booked", "booking-released"):
        resources.add(state.tables.get(BOOKINGS, _of(event, "booking")).resource)
    if event.type in MEMBERSHIP:
        member = _of(event, "member")
        resources |= {row.resource for row in state.owned(member)}
        resources |= {row.resource for row in state.tables.find(BOOKINGS, {"booker": member})}
        own = [e for e in state.entries(member, COMING_AND_GOING) if _of(e, "member") == member]
        try:
            check_membership(member, own)
        except LaterMembership as error:
            positions: Any = error.facts["entries"]
            yield [f"#{position}" for position in positions]
    for resource in sorted(resources - {None, ""}):
        yield _used_too_much(resource, state)


def _used_too_much(resource: str, state: State) -> list[str]:
    row: Resource = state.tables.get(RESOURCES, resource)
    bookings = state.tables.find(BOOKINGS, {"resource": resource})
    loans = state.tables.find(LOANS, {"resource": resource})
    try:
        check_resource(row, bookings, loans, state)
    except Clash as error:
        holders: Any = error.facts["holders"]
        entries = {booking.booking: f"#{booking.position}" for booking in bookings}
        return [entries.get(holder, holder) for holder in holders]
    except StockExceeded:
        return [f"#{gift.position}" for gift in state.entries(resource, {"gift-given"})]
    except UnknownId:  # whoever booked or owns it: those entries are in the way themselves
        return []
    return []
