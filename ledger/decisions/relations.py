"""What a network, or somebody in it, has to do with another network."""

from __future__ import annotations

from typing import Any

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import Recording, acting
from ledger.decisions.rules_of_undertakings import between_networks
from ledger.state.lookup import State
from ledger.state.relations import RELATIONS, Relations


def relate(command: c.Relate, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """There is a relation; nothing when there is already, of that nature.

    Raises `OfNobodyHere`, `SameAsNobody`.
    """
    at = recording.at(command)
    between_networks(command.member, command.theirs, command.nature)
    if command.member is not None:
        acting(state, command.member, at)
    if _holds(command, state, at):
        return ()
    return (e.NetworkRelated(**_between(command), **recording.envelope(command)),)


def unrelate(command: c.Unrelate, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """There is no longer a relation; nothing when there was none."""
    if command.member is not None:
        state.member(command.member)
    if not _holds(command, state, recording.at(command)):
        return ()
    return (e.NetworkUnrelated(**_between(command), **recording.envelope(command)),)


def _holds(command: c.Relate | c.Unrelate, state: State, at: int) -> bool:
    """Whether there is such a relation at a time; without a nature, of whichever."""
    row: Relations = state.tables.get(RELATIONS, command.other)
    return any(
        (each.member, each.theirs) == (command.member, command.theirs)
        and command.nature in (None, each.nature)
        for each in row.at(at)
    )


def _between(command: c.Relate | c.Unrelate) -> dict[str, Any]:
    return {
        "other": command.other,
        "member": command.member,
        "theirs": command.theirs,
        "nature": command.nature,
    }
