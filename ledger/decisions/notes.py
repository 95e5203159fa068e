"""Words about earlier entries."""

from __future__ import annotations

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import Recording
from ledger.state.lookup import State


def note(command: c.Note, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """Words about an entry, and so about the people in it who are not forgotten."""
    return (
        e.NoteAdded(
            target=command.target,
            members=state.remembered(state.people_of(state.recorded(command.target))),
            text=command.text,
            **recording.envelope(command),
        ),
    )
