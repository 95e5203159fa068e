"""What is told, who gathered, what came of it all, and whom members name as givers."""

from __future__ import annotations

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import Recording, acting, standing
from ledger.decisions.rules_of_undertakings import caused, heard, of_another, to_others, together
from ledger.state.lookup import State


def tell(command: c.Tell, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A teller tells others about an initiative, also one that is over.

    Raises `ToldThemselves`, `HeardElsewhere`.
    """
    at = recording.at(command)
    to_others(command.teller, command.listeners)
    for member in (command.teller, *command.listeners):
        acting(state, member, at)
    state.initiative(command.initiative)
    source = None if command.heard_from is None else standing(state, command.heard_from)
    if source is not None:
        heard(state, command, source, at)
    return (
        e.StoryTold(
            teller=command.teller,
            listeners=tuple(dict.fromkeys(command.listeners)),
            initiative=command.initiative,
            heard_from=None if source is None else source.slot,
            **recording.envelope(command),
        ),
    )


def gather(command: c.Gather, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """Members came together. Raises `GatheredAlone`."""
    together(command.participants)
    for member in command.participants:
        acting(state, member, recording.at(command))
    if command.initiative is not None:
        state.initiative(command.initiative)
    return (
        e.GatheringHeld(
            participants=tuple(dict.fromkeys(command.participants)),
            what=command.what,
            initiative=command.initiative,
            **recording.envelope(command),
        ),
    )


def realise(command: c.Realise, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member made an opportunity of earlier entries. Raises `NothingBehindIt`."""
    acting(state, command.realiser, recording.at(command))
    caused(command.because_of)
    return (
        e.OpportunityRealised(
            realiser=command.realiser,
            kind=command.kind,
            what=command.what,
            **recording.envelope(command),
        ),
    )


def nominate(command: c.Nominate, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member names one who gives most; nothing when they have in that survey.

    Raises `NominatesThemselves`.
    """
    at = recording.at(command)
    of_another(command.nominator, command.nominee)
    acting(state, command.nominator, at)
    acting(state, command.nominee, at)
    for said in state.entries(command.nominator, {e.GiverNominated.type}):
        assert isinstance(said, e.GiverNominated)
        named = (said.nominator, said.nominee, said.survey)
        if named == (command.nominator, command.nominee, command.survey):
            return ()
    return (
        e.GiverNominated(
            nominator=command.nominator,
            nominee=command.nominee,
            survey=command.survey,
            **recording.envelope(command),
        ),
    )
