"""The network itself."""

from __future__ import annotations

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import Recording
from ledger.refusals import (
    AlreadyFounded,
    NothingToChange,
)
from ledger.state.lookup import State


def found(command: c.Found, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """The network begins, once."""
    if state.position:
        raise AlreadyFounded()
    return (
        e.NetworkFounded(
            name=command.name,
            idea=command.idea,
            time_zone=command.time_zone,
            **recording.envelope(command),
        ),
    )


def describe(command: c.DescribeNetwork, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """The network takes another name or idea."""
    if command.name is command.idea is None:
        raise NothingToChange()
    return (
        e.NetworkDescribed(name=command.name, idea=command.idea, **recording.envelope(command)),
    )
