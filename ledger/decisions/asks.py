"""What is asked for, and how an ask ends."""

from __future__ import annotations

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import (
    Recording,
    acting,
    measured,
    nothing_after,
    nothing_before,
    open_initiative,
    shown,
)
from ledger.refusals import AfterClosing, AskEndedAlready, NeededBeforeAsked, NothingSaid
from ledger.state.lookup import State


def ask(command: c.Ask, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member asks for something, perhaps for an initiative. Raises `InitiativeOver`."""
    acting(state, command.asker, recording.at(command))
    if command.what is None and command.category is None:
        raise NothingSaid()
    asked = command.occurred_at or recording.now
    if command.needed_by is not None and command.needed_by < asked.date():
        raise NeededBeforeAsked(needed=command.needed_by, asked=asked.date())
    if command.initiative is not None:
        open_initiative(state, command.initiative, recording.at(command))
    return (
        e.AskMade(
            ask=state.next_id("a"),
            asker=command.asker,
            kind=command.kind,
            what=command.what,
            category=command.category,
            thousandths=measured(command.quantity, command.unit),
            unit=command.unit,
            needed_by=command.needed_by,
            initiative=command.initiative,
            **recording.envelope(command),
        ),
    )


def close(command: c.Close, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """An ask ends; nothing when it had ended so already. Raises `AskEndedAlready`."""
    at = recording.at(command)
    row = state.ask(command.ask)
    nothing_before(command.ask, row.asked, at, state)
    end = state.end_of_ask(row)
    if end is not None:
        if at >= end and command.outcome == (row.outcome or "withdrawn"):
            return ()
        raise AskEndedAlready(ask=command.ask, ended_at=shown(state, end))
    nothing_after(
        state.entries(command.ask, {"gift-given", "introduction-made"}, at),
        command.ask,
        AfterClosing,
    )
    return (e.AskClosed(ask=command.ask, outcome=command.outcome, **recording.envelope(command)),)
