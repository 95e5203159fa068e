"""The rules of ties, initiatives and what comes of them; see `rules`.

A decision asks the same of what it records, before it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.decisions.recording import nothing_before, open_initiative
from ledger.decisions.standing import acting, ends_once, known
from ledger.events import Event
from ledger.refusals import NotSuchAnEntry, UnknownId
from ledger.state.initiatives import Initiative
from ledger.state.lookup import State
from ledger.state.members import Member
from ledger.state.relations import SAME
from ledger.undertakings import (
    EndorsesTheirOwn,
    GatheredAlone,
    HeardElsewhere,
    NominatesThemselves,
    NotAnOrganisation,
    NotAPerson,
    NothingBehindIt,
    OfNobodyHere,
    SameAsNobody,
    TiedToSelf,
    ToldThemselves,
)

# What decisions ask too


def between_kinds(person: Member, organisation: Member) -> None:
    """Raise `NotAPerson`, `NotAnOrganisation` unless one can act for the other."""
    if person.kind == "organisation":
        raise NotAPerson(person=person.member)
    if organisation.kind == "person":
        raise NotAnOrganisation(organisation=organisation.member)


def of_two(first: str, second: str) -> None:
    """Raise `TiedToSelf` unless two are tied."""
    if first == second:
        raise TiedToSelf()


def between_networks(member: str | None, theirs: str | None, nature: str | None) -> None:
    """Raise `OfNobodyHere`, `SameAsNobody` unless it is said of whom a relation is."""
    if member is None and theirs is not None:
        raise OfNobodyHere(theirs=theirs)
    if nature == SAME and theirs is None:
        raise SameAsNobody()


def begun(state: State, initiative: str, at: int) -> Initiative:
    """The row of an initiative that was going on at `at`. Raises `InitiativeOver`."""
    row = open_initiative(state, initiative, at)
    nothing_before(initiative, row.started, at, state)
    return row


def by_another(endorser: str, row: Initiative) -> None:
    """Raise `EndorsesTheirOwn` when the starter vouches for an initiative."""
    if endorser == row.starter:
        raise EndorsesTheirOwn(endorser=endorser, initiative=row.initiative)


def to_others(teller: str, listeners: tuple[str, ...]) -> None:
    """Raise `ToldThemselves` unless there are listeners, and the teller is none."""
    if not listeners or teller in listeners:
        raise ToldThemselves(teller=teller)


def heard(state: State, told: Any, source: Event, at: int) -> None:
    """Raise unless the teller of a story, or of a command to tell it, heard of it in `source`."""
    if source.type != "story-told":
        raise NotSuchAnEntry(position=source.position, what="a story")
    earlier: Any = source
    if told.teller not in earlier.listeners or told.initiative != earlier.initiative:
        raise HeardElsewhere(
            teller=told.teller, initiative=told.initiative, position=source.position
        )
    nothing_before(f"#{source.slot}", source.occurred, at, state)


def together(participants: tuple[str, ...]) -> None:
    """Raise `GatheredAlone` unless there are two."""
    if len(set(participants)) < 2:
        raise GatheredAlone()


def caused(because_of: tuple[int, ...]) -> None:
    """Raise `NothingBehindIt` when an opportunity has no cause."""
    if not because_of:
        raise NothingBehindIt()


def of_another(nominator: str, nominee: str) -> None:
    """Raise `NominatesThemselves` when a member names themselves."""
    if nominator == nominee:
        raise NominatesThemselves(nominator=nominator)


# The rule of each type


def _affiliation(event: Any, state: State) -> None:
    between_kinds(acting(event.person, event, state), acting(event.organisation, event, state))


def _affiliation_ended(event: Any, state: State) -> None:
    known(event.person, event, state)
    known(event.organisation, event, state)


def _tie(event: Any, state: State) -> None:
    of_two(event.first, event.second)
    acting(event.first, event, state)
    acting(event.second, event, state)


def _tie_dissolved(event: Any, state: State) -> None:
    known(event.first, event, state)
    known(event.second, event, state)


def _related(event: Any, state: State) -> None:
    between_networks(event.member, event.theirs, event.nature)
    if event.member is not None:
        acting(event.member, event, state)


def _unrelated(event: Any, state: State) -> None:
    if event.member is not None:
        known(event.member, event, state)


def _started(event: Any, state: State) -> None:
    acting(event.starter, event, state)


def _joined(event: Any, state: State) -> None:
    acting(event.participant, event, state)
    begun(state, event.initiative, event.occurred)


def _left(event: Any, state: State) -> None:
    known(event.participant, event, state)
    row = state.initiative(event.initiative)
    nothing_before(event.initiative, row.started, event.occurred, state)


def _concluded(event: Any, state: State) -> None:
    row = state.initiative(event.initiative)
    nothing_before(event.initiative, row.started, event.occurred, state)
    ends_once(event, event.initiative, state)


def _endorsed(event: Any, state: State) -> None:
    acting(event.endorser, event, state)
    by_another(event.endorser, begun(state, event.initiative, event.occurred))


def _withdrawn(event: Any, state: State) -> None:
    known(event.endorser, event, state)
    row = state.initiative(event.initiative)
    nothing_before(event.initiative, row.started, event.occurred, state)


def _told(event: Any, state: State) -> None:
    to_others(event.teller, event.listeners)
    for member in (event.teller, *event.listeners):
        acting(member, event, state)
    state.initiative(event.initiative)
    if event.heard_from is not None:
        source = state.standing(event.heard_from)
        if source is None:
            raise UnknownId(what="entry", id=f"#{event.heard_from}")
        heard(state, event, source, event.occurred)


def _gathered(event: Any, state: State) -> None:
    together(event.participants)
    for member in event.participants:
        acting(member, event, state)
    if event.initiative is not None:
        state.initiative(event.initiative)


def _realised(event: Any, state: State) -> None:
    acting(event.realiser, event, state)
    caused(event.because_of)


def _nominated(event: Any, state: State) -> None:
    of_another(event.nominator, event.nominee)
    acting(event.nominator, event, state)
    acting(event.nominee, event, state)


UNDERTAKINGS: dict[str, Callable[[Any, State], object]] = {
    "affiliation-declared": _affiliation,
    "affiliation-ended": _affiliation_ended,
    "tie-declared": _tie,
    "tie-dissolved": _tie_dissolved,
    "network-related": _related,
    "network-unrelated": _unrelated,
    "initiative-started": _started,
    "initiative-joined": _joined,
    "initiative-left": _left,
    "initiative-concluded": _concluded,
    "initiative-endorsed": _endorsed,
    "endorsement-withdrawn": _withdrawn,
    "story-told": _told,
    "gathering-held": _gathered,
    "opportunity-realised": _realised,
    "giver-nominated": _nominated,
}
