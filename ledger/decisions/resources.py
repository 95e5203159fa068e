"""What is offered, booked, lent and taken back."""

from __future__ import annotations

from collections.abc import Iterator

from ledger import commands as c
from ledger import events as e
from ledger.areas import USES
from ledger.decisions.recording import (
    Recording,
    acting,
    measured,
    nothing_after,
    nothing_before,
    shown,
)
from ledger.openings import covers, described
from ledger.refusals import (
    AfterWithdrawing,
    AlreadyReleased,
    BookingOver,
    CapacityAndStock,
    Clash,
    EndBeforeStart,
    LentToOthers,
    MoreThanThereIs,
    NothingSaid,
    NotLent,
    NotReusable,
    OutsideTheOffer,
    OwnBooking,
    ResourceGone,
    SeveralLoans,
)
from ledger.state.lookup import State
from ledger.state.resources import Loan, Resource
from ledger.usage import Use, holders_at_peak
from ledger.values import END_OF_TIME, local, microseconds


def offer(command: c.Offer, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member offers something."""
    acting(state, command.owner, recording.at(command))
    if command.what is None and command.category is None:
        raise NothingSaid()
    if command.capacity is not None and command.stock is not None:
        raise CapacityAndStock()
    return (
        e.ResourceOffered(
            resource=state.next_id("r"),
            owner=command.owner,
            kind=command.kind,
            what=command.what,
            category=command.category,
            capacity=command.capacity,
            stock_thousandths=measured(command.stock, command.unit),
            unit=command.unit,
            open=command.open,
            **recording.envelope(command),
        ),
    )


def withdraw(command: c.Withdraw, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """An offer ends; nothing when it had ended by then. Coming bookings end with it."""
    at = recording.at(command)
    row = state.resource(command.resource)
    nothing_before(command.resource, row.offered, at, state)
    end = state.end_of_offer(row)
    if end is not None:
        if at >= end:
            return ()
        raise ResourceGone(resource=command.resource, ended_at=shown(state, end))
    nothing_after(state.entries(command.resource, USES, at), command.resource, AfterWithdrawing)
    return (e.ResourceWithdrawn(resource=command.resource, **recording.envelope(command)),)


def book(command: c.Book, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member has a resource for a while. Raises `Clash`, `OutsideTheOffer`."""
    at = recording.at(command)
    acting(state, command.booker, at)
    resource = _reusable(state, command.resource, at)
    start, end = microseconds(command.start), microseconds(command.end)
    if end <= start:
        raise EndBeforeStart(start=command.start, end=command.end)
    offered_until = state.end_of_offer(resource)
    outside = start < resource.offered or (offered_until is not None and end > offered_until)
    if outside or not covers(resource.open, command.start, command.end, state.zone):
        raise OutsideTheOffer(
            resource=command.resource,
            open=", ".join(described(opening) for opening in resource.open) or "-",
        )
    _fits(resource, Use("", start, end, command.count), state)
    return (
        e.ResourceBooked(
            booking=state.next_id("b"),
            resource=command.resource,
            booker=command.booker,
            start=local(command.start, state.zone),
            end=local(command.end, state.zone),
            count=command.count,
            **recording.envelope(command),
        ),
    )


def release(command: c.Release, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A booking is given back, once, before it is over."""
    at = recording.at(command)
    row = state.booking(command.booking)
    if row.released is not None:
        raise AlreadyReleased(booking=command.booking, released_at=shown(state, row.released))
    nothing_before(command.booking, row.booked, at, state)
    if at >= row.end:
        raise BookingOver(booking=command.booking, end=shown(state, row.end))
    return (e.BookingReleased(booking=command.booking, **recording.envelope(command)),)


def lend(command: c.Lend, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member takes a resource along. Raises `Clash`."""
    at = recording.at(command)
    acting(state, command.borrower, at)
    resource = _reusable(state, command.resource, at)
    nothing_before(command.resource, resource.offered, at, state)
    if command.due is not None and microseconds(command.due) <= at:
        began = command.occurred_at or recording.now
        raise EndBeforeStart(start=began, end=command.due)
    due = END_OF_TIME if command.due is None else microseconds(command.due)
    _fits(resource, Use("", at, due, 1), state, borrower=command.borrower)
    return (
        e.ResourceLent(
            resource=command.resource,
            borrower=command.borrower,
            due=None if command.due is None else local(command.due, state.zone),
            **recording.envelope(command),
        ),
    )


def take_back(command: c.ReturnResource, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A loan comes back. Raises `NotLent`, `LentToOthers`, `SeveralLoans`."""
    at = recording.at(command)
    state.resource(command.resource)
    out = state.loans_out(command.resource)
    if not out:
        raise NotLent(resource=command.resource)
    loans = [loan for loan in out if command.borrower in (None, loan.borrower)]
    if not loans:
        raise LentToOthers(
            resource=command.resource,
            borrowers=list(dict.fromkeys(loan.borrower for loan in out)),
            member=command.borrower,
        )
    if len({loan.borrower for loan in loans}) > 1:
        borrowers = [loan.borrower for loan in loans]
        raise SeveralLoans(resource=command.resource, borrowers=borrowers)
    loan: Loan = min(loans, key=lambda loan: (loan.lent, loan.loan))
    nothing_before(f"#{loan.loan}", loan.lent, at, state)
    return (
        e.ResourceReturned(
            loan=loan.loan,
            resource=command.resource,
            borrower=loan.borrower,
            **recording.envelope(command),
        ),
    )


def _reusable(state: State, resource: str, at: int) -> Resource:
    row = state.resource(resource)
    end = state.end_of_offer(row)
    if end is not None and at > end:
        raise ResourceGone(resource=resource, ended_at=shown(state, end))
    if row.stock is not None:
        raise NotReusable(resource=resource, id=resource)
    return row


def _fits(resource: Resource, wanted: Use, state: State, *, borrower: str | None = None) -> None:
    if resource.capacity is None:
        return
    if wanted.count > resource.capacity:
        raise MoreThanThereIs(
            resource=resource.resource, capacity=resource.capacity, count=wanted.count
        )
    holders, peak = holders_at_peak(_uses(resource, wanted, state, borrower is not None), wanted)
    if peak + wanted.count > resource.capacity:
        facts = {
            "resource": resource.resource,
            "holders": holders,
            "free": max(resource.capacity - peak, 0),
            "capacity": resource.capacity,
        }
        own = [
            each for each in holders if each[0] == "b" and state.booking(each).booker == borrower
        ]
        raise OwnBooking(booking=own[0], **facts) if own else Clash(**facts)


def _uses(resource: Resource, wanted: Use, state: State, lending: bool) -> Iterator[Use]:
    """What holds the resource. Who would take it along needs it to be back, not only due."""
    for booking in state.bookings(resource.resource, wanted.start):
        end = state.end_of_booking(booking)
        yield Use(booking.booking, booking.start, end, booking.count)
    returned = state.loans_returned(resource.resource, wanted.start)
    for loan in state.loans_out(resource.resource) + returned:
        back = END_OF_TIME if loan.returned is None else loan.returned
        yield Use(f"#{loan.loan}", loan.lent, back if lending else loan.until, 1)
