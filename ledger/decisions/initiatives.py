"""What people gather around: who is in it, and who vouches for it."""

from __future__ import annotations

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import Recording, acting, nothing_after, nothing_before, shown
from ledger.decisions.rules_of_undertakings import begun, by_another
from ledger.refusals import AfterConcluding, NothingSaid
from ledger.state.ends import is_in
from ledger.state.initiatives import ENDORSEMENTS, PARTICIPATIONS, Endorsement, Participation
from ledger.state.lookup import State
from ledger.state.members import Member
from ledger.undertakings import ConcludedAlready

# What is not done in or for an initiative once it is over.
_WHILE_IT_GOES_ON = frozenset(
    {"initiative-joined", "initiative-endorsed", "ask-made", "gift-given"}
)


def start(command: c.StartInitiative, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member begins something to gather around, and is in it."""
    acting(state, command.starter, recording.at(command))
    if command.what is None and command.category is None:
        raise NothingSaid()
    return (
        e.InitiativeStarted(
            initiative=state.next_id("i"),
            starter=command.starter,
            what=command.what,
            category=command.category,
            **recording.envelope(command),
        ),
    )


def join(command: c.JoinInitiative, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member is in an initiative from now on; nothing when they are. Raises `InitiativeOver`."""
    at = recording.at(command)
    member = acting(state, command.participant, at)
    begun(state, command.initiative, at)
    if _is_in(command, member, state, at):
        return ()
    return (
        e.InitiativeJoined(
            initiative=command.initiative,
            participant=command.participant,
            **recording.envelope(command),
        ),
    )


def leave(command: c.LeaveInitiative, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member is no longer in an initiative; nothing when they are not."""
    at = recording.at(command)
    member = state.member(command.participant)
    nothing_before(command.initiative, state.initiative(command.initiative).started, at, state)
    if not _is_in(command, member, state, at):
        return ()
    return (
        e.InitiativeLeft(
            initiative=command.initiative,
            participant=command.participant,
            **recording.envelope(command),
        ),
    )


def conclude(command: c.Conclude, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """An initiative is over; nothing when it was by then. Raises `ConcludedAlready`, `InTheWay`."""
    at = recording.at(command)
    row = state.initiative(command.initiative)
    nothing_before(command.initiative, row.started, at, state)
    if row.concluded is not None:
        if at >= row.concluded:
            return ()
        concluded_at = shown(state, row.concluded)
        raise ConcludedAlready(initiative=command.initiative, concluded_at=concluded_at)
    nothing_after(
        state.entries(command.initiative, _WHILE_IT_GOES_ON, at),
        command.initiative,
        AfterConcluding,
    )
    return (e.InitiativeConcluded(initiative=command.initiative, **recording.envelope(command)),)


def endorse(command: c.Endorse, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member vouches for an initiative; nothing when they do.

    Raises `EndorsesTheirOwn`, `InitiativeOver`.
    """
    at = recording.at(command)
    acting(state, command.endorser, at)
    by_another(command.endorser, begun(state, command.initiative, at))
    if _endorsement(command, state).holds(at):
        return ()
    return (
        e.InitiativeEndorsed(
            initiative=command.initiative,
            endorser=command.endorser,
            **recording.envelope(command),
        ),
    )


def unendorse(command: c.Unendorse, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member no longer vouches for an initiative; nothing when they did not."""
    at = recording.at(command)
    state.member(command.endorser)
    nothing_before(command.initiative, state.initiative(command.initiative).started, at, state)
    if not _endorsement(command, state).holds(at):
        return ()
    return (
        e.EndorsementWithdrawn(
            initiative=command.initiative,
            endorser=command.endorser,
            **recording.envelope(command),
        ),
    )


def _is_in(
    command: c.JoinInitiative | c.LeaveInitiative, member: Member, state: State, at: int
) -> bool:
    row: Participation = state.tables.get(PARTICIPATIONS, member.member, command.initiative)
    return is_in(row, member, at)


def _endorsement(command: c.Endorse | c.Unendorse, state: State) -> Endorsement:
    row: Endorsement = state.tables.get(ENDORSEMENTS, command.endorser, command.initiative)
    return row
