"""The rule of each type of entry: what must hold of it among all others; see `timeline`.

A type without a rule holds by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.decisions.recording import (
    for_one_initiative,
    nothing_before,
    open_ask,
    open_initiative,
    shown,
)
from ledger.decisions.rules_of_undertakings import UNDERTAKINGS
from ledger.decisions.standing import acting, ends_once, known
from ledger.openings import covers
from ledger.refusals import (
    BookingOver,
    GiftToSelf,
    IntroducesThemselves,
    NeededBeforeAsked,
    NotReusable,
    NotYetJoined,
    OtherUnit,
    OutsideTheOffer,
    ResourceGone,
    UnknownId,
)
from ledger.state.lookup import State
from ledger.state.resources import LOANS, Loan, Resource
from ledger.values import microseconds


def _gift(event: Any, state: State) -> None:
    at = event.occurred
    if event.giver == event.receiver:
        raise GiftToSelf(giver=event.giver)
    acting(event.giver, event, state)
    if event.receiver[0] == "m":
        acting(event.receiver, event, state)
    ask = None if event.ask is None else open_ask(state, event.ask, at)
    towards = event.receiver if event.receiver[0] == "i" else event.initiative
    if towards is not None:
        open_initiative(state, towards, at)
    if ask is not None:
        for_one_initiative(ask, towards)
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
    known(event.member, event, state)
    if event.invited_by is not None:
        acting(event.invited_by, event, state)


def _resting(event: Any, state: State) -> None:
    row = acting(event.member, event, state)
    if event.occurred < (row.spans[0][0] or 0):
        raise NotYetJoined(member=event.member)


def _named(event: Any, state: State) -> None:
    known(event.member, event, state)


def _offer(event: Any, state: State) -> None:
    acting(event.owner, event, state)


def _offered(resource: str, at: int, state: State) -> Resource:
    row = state.resource(resource)
    end = state.end_of_offer(row)
    if end is not None and at > end:
        raise ResourceGone(resource=resource, ended_at=shown(state, end))
    return row


def _withdrawal(event: Any, state: State) -> None:
    row = state.resource(event.resource)
    ends_once(event, event.resource, state)
    nothing_before(event.resource, row.offered, event.occurred, state)


def _reusable(event: Any, state: State) -> Resource:
    row = _offered(event.resource, event.occurred, state)
    if row.stock is not None:
        raise NotReusable(resource=event.resource, id=event.resource)
    return row


def _booking(event: Any, state: State) -> None:
    acting(event.booker, event, state)
    row = _reusable(event, state)
    early = microseconds(event.start) < row.offered
    if early or not covers(row.open, event.start, event.end, state.zone):
        raise OutsideTheOffer(resource=event.resource, open="-")


def _release(event: Any, state: State) -> None:
    row = state.booking(event.booking)
    ends_once(event, event.booking, state)
    nothing_before(event.booking, row.booked, event.occurred, state)
    if event.occurred >= row.end:
        raise BookingOver(booking=event.booking, end=shown(state, row.end))


def _loan(event: Any, state: State) -> None:
    acting(event.borrower, event, state)
    row = _reusable(event, state)
    nothing_before(event.resource, row.offered, event.occurred, state)


def _return(event: Any, state: State) -> None:
    row: Loan = state.tables.get(LOANS, event.loan)
    if not row.lent_at:
        raise UnknownId(what="entry", id=f"#{event.loan}")
    ends_once(event, f"#{event.loan}", state)
    nothing_before(f"#{event.loan}", row.lent, event.occurred, state)


def _ask(event: Any, state: State) -> None:
    acting(event.asker, event, state)
    if event.needed_by is not None and event.needed_by < event.occurred_at.date():
        raise NeededBeforeAsked(needed=event.needed_by, asked=event.occurred_at.date())
    if event.initiative is not None:
        open_initiative(state, event.initiative, event.occurred)


def _close(event: Any, state: State) -> None:
    nothing_before(event.ask, state.ask(event.ask).asked, event.occurred, state)
    ends_once(event, event.ask, state)


def _introduction(event: Any, state: State) -> None:
    three = (event.introducer, event.first, event.second)
    if len(set(three)) < len(three):
        raise IntroducesThemselves()
    for member in three:
        acting(member, event, state)
    if event.ask is not None:
        open_ask(state, event.ask, event.occurred)


RULES: dict[str, Callable[[Any, State], object]] = {
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
    **UNDERTAKINGS,
}
