"""When what a row began is over, the leaving of those whom it needs counted in. Pure.

A row knows only its own end; rules and questions join the members' rows here.
All times are microseconds since 1970.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.state.asks import Ask
    from ledger.state.initiatives import Participation
    from ledger.state.members import Member
    from ledger.state.resources import Booking, Resource


def end_of_offer(resource: Resource, owner: Member) -> int | None:
    """When an offer ended, by withdrawal or the owner's leaving; None: it has not."""
    return _earliest(resource.withdrawn, owner.left_after(resource.offered))


def end_of_ask(ask: Ask, asker: Member) -> int | None:
    """When an ask ended, by closing or the asker's leaving; None: it has not."""
    return _earliest(ask.closed, asker.left_after(ask.asked))


def end_of_booking(booking: Booking, end_of_offer: int | None, booker: Member) -> int:
    """When a booking ends: released, or the booker or the offer gone, if earlier."""
    left = booker.left_after(booking.booked)
    return min(end for end in (booking.until, end_of_offer, left) if end is not None)


def is_in(participation: Participation, participant: Member, at: int) -> bool:
    """Whether a member is in an initiative: those who left the network have left it."""
    for start, end in participation.spans:
        if start is not None and start <= at and (end is None or at < end):
            left = participant.left_after(start)
            return left is None or at < left
    return False


def _earliest(*times: int | None) -> int | None:
    return min((time for time in times if time is not None), default=None)
