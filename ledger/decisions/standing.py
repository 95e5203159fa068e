"""What the rules of several types ask of the members and things that an entry names."""

from __future__ import annotations

from ledger.decisions.recording import in_time
from ledger.events import Event
from ledger.forgetting import Forgotten
from ledger.revisions import EndedTwice
from ledger.state.lookup import State
from ledger.state.members import Member


def known(member: str, event: Event, state: State) -> Member:
    """The row of someone whom an entry names. Raises `UnknownId`, `Forgotten`."""
    row = state.known_member(member)
    if 0 < row.forgotten_at < event.position:
        raise Forgotten(member=member)
    return row


def acting(member: str, event: Event, state: State) -> Member:
    """The row of someone who does something in an entry. Raises `HasLeft`."""
    return in_time(known(member, event, state), state, event.occurred)


def ends_once(event: Event, subject: str, state: State) -> None:
    """Raise `EndedTwice` when another live entry ends the same thing."""
    for other in state.entries(subject, {event.type}):
        if other.slot != event.slot:
            raise EndedTwice(what=subject, entries=[other.position])
