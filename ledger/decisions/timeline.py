"""The rules on the effective timeline: what must hold of each live entry among all others.

A correction is judged by them, and so is a whole ledger when it is verified. What
is checked is what stands in the slots, in the order in which it occurred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ledger.areas import CORRECTIONS, EVERY_TYPE, MEMBERSHIP, NETWORK
from ledger.decisions.recording import in_time, nothing_before, open_ask, shown
from ledger.errors import LedgerError
from ledger.events import Event
from ledger.forgetting import Forgotten
from ledger.openings import covers
from ledger.refusals import (
    BookingOver,
    Clash,
    GiftToSelf,
    IntroducesThemselves,
    LaterMembership,
    NeededBeforeAsked,
    NotReusable,
    NotYetJoined,
    OtherUnit,
    OutsideTheOffer,
    ResourceGone,
    StockExceeded,
    UnknownId,
)
from ledger.revisions import EndedTwice
from ledger.state.lookup import State
from ledger.state.members import Member
from ledger.state.resources import BOOKINGS, LOANS, RESOURCES, Booking, Loan, Resource
from ledger.usage import Use, overfull
from ledger.values import EVERYONE, decimal_text, microseconds

COMING_AND_GOING = frozenset({"member-joined", "member-left", "member-returned"})
_LIVE = EVERY_TYPE - CORRECTIONS - NETWORK


def check(event: Event, state: State) -> None:
    """Raise a `Refused`, or `UnknownId`, when an entry is not legal among all others."""
    rule = _RULES.get(event.type)
    if rule is not None:
        rule(event, state)
    if event.actor is not None:
        _known(event.actor, event, state)


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


# The rule of each type; what has none holds by itself


def _known(member: str, event: Event, state: State) -> Member:
    """The row of someone whom an entry names. Raises `UnknownId`, `Forgotten`."""
    row = state.known_member(member)
    if 0 < row.forgotten_at < event.position:
        raise Forgotten(member=member)
    return row


def _acting(member: str, event: Event, state: State) -> Member:
    """The row of someone who does something in an entry. Raises `HasLeft`."""
    return in_time(_known(member, event, state), state, event.occurred)


def _gift(event: Any, state: State) -> None:
    at = event.occurred
    if event.giver == event.receiver:
        raise GiftToSelf(giver=event.giver)
    _acting(event.giver, event, state)
    if event.receiver != EVERYONE:
        _acting(event.receiver, event, state)
    if event.ask is not None:
        open_ask(state, event.ask, at)
    if event.resource is not None:
        resource = _offered(event.resource, at, state)
        measured = resource.stock is not None and event.thousandths is not None
        if measured and event.unit != resource.unit:
            raise OtherUnit(resource=event.resource, unit=resource.unit, given=event.unit)


def _answer(field: str) -> Callable[[Any, State], None]:
    """An answer to an entry, not given before it occurred; one taken back has no time."""

    def rule(event: Any, state: State) -> None:
        target = state.standing(getattr(event, field))
        if target is not None:
            nothing_before(f"#{getattr(event, field)}", target.occurred, event.occurred, state)

    return rule


def _invited(event: Any, state: State) -> None:
    _known(event.member, event, state)
    if event.invited_by is not None:
        _acting(event.invited_by, event, state)


def _resting(event: Any, state: State) -> None:
    row = _acting(event.member, event, state)
    if event.occurred < (row.spans[0][0] or 0):
        raise NotYetJoined(member=event.member)


def _named(event: Any, state: State) -> None:
    _known(event.member, event, state)


def _offer(event: Any, state: State) -> None:
    _acting(event.owner, event, state)


def _offered(resource: str, at: int, state: State) -> Resource:
    row = state.resource(resource)
    end = state.end_of_offer(row)
    if end is not None and at > end:
        raise ResourceGone(resource=resource, ended_at=shown(state, end))
    return row


def _ends_once(event: Event, subject: str, state: State) -> None:
    """Raise `EndedTwice` when another live entry ends the same thing."""
    for other in state.entries(subject, {event.type}):
        if other.slot != event.slot:
            raise EndedTwice(what=subject, entries=[other.position])


def _withdrawal(event: Any, state: State) -> None:
    row = state.resource(event.resource)
    _ends_once(event, event.resource, state)
    nothing_before(event.resource, row.offered, event.occurred, state)


def _reusable(event: Any, state: State) -> Resource:
    row = _offered(event.resource, event.occurred, state)
    if row.stock is not None:
        raise NotReusable(resource=event.resource, id=event.resource)
    return row


def _booking(event: Any, state: State) -> None:
    _acting(event.booker, event, state)
    row = _reusable(event, state)
    early = microseconds(event.start) < row.offered
    if early or not covers(row.open, event.start, event.end, state.zone):
        raise OutsideTheOffer(resource=event.resource, open="-")


def _release(event: Any, state: State) -> None:
    row = state.booking(event.booking)
    _ends_once(event, event.booking, state)
    nothing_before(event.booking, row.booked, event.occurred, state)
    if event.occurred >= row.end:
        raise BookingOver(booking=event.booking, end=shown(state, row.end))


def _loan(event: Any, state: State) -> None:
    _acting(event.borrower, event, state)
    row = _reusable(event, state)
    nothing_before(event.resource, row.offered, event.occurred, state)


def _return(event: Any, state: State) -> None:
    row: Loan = state.tables.get(LOANS, event.loan)
    if not row.lent_at:
        raise UnknownId(what="entry", id=f"#{event.loan}")
    _ends_once(event, f"#{event.loan}", state)
    nothing_before(f"#{event.loan}", row.lent, event.occurred, state)


def _ask(event: Any, state: State) -> None:
    _acting(event.asker, event, state)
    if event.needed_by is not None and event.needed_by < event.occurred_at.date():
        raise NeededBeforeAsked(needed=event.needed_by, asked=event.occurred_at.date())


def _close(event: Any, state: State) -> None:
    nothing_before(event.ask, state.ask(event.ask).asked, event.occurred, state)
    _ends_once(event, event.ask, state)


def _introduction(event: Any, state: State) -> None:
    three = (event.introducer, event.first, event.second)
    if len(set(three)) < len(three):
        raise IntroducesThemselves()
    for member in three:
        _acting(member, event, state)
    if event.ask is not None:
        open_ask(state, event.ask, event.occurred)


_RULES: dict[str, Callable[[Any, State], object]] = {
    "member-joined": _invited,
    "member-left": _named,
    "member-returned": _invited,
    "member-paused": _resting,
    "member-resumed": _resting,
    "member-described": _named,
    "resource-offered": _offer,
    "resource-withdrawn": _withdrawal,
    "resource-booked": _booking,
    "booking-released": _release,
    "resource-lent": _loan,
    "resource-returned": _return,
    "ask-made": _ask,
    "ask-closed": _close,
    "gift-given": _gift,
    "gift-confirmed": _answer("gift"),
    "gift-disputed": _answer("gift"),
    "introduction-made": _introduction,
    "introduction-followed-up": _answer("introduction"),
}
