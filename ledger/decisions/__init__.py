"""From a command and the state of the network to events, or to a refusal.

Pure: the time, the random id and the state come in, events go out. A command
that is already in effect yields no events. Rules are judged on the effective
timeline: what occurred when, not what was typed when.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from ledger import commands as c
from ledger.decisions.recording import Recording
from ledger.events import Event
from ledger.refusals import InTheFuture, LaterCause, NobodyRecords, UnknownId
from ledger.state.lookup import State
from ledger.values import microseconds

Decide = Callable[[Any, State, Recording], tuple[Event, ...]]

# The function that decides a command, in the module of the command's area.
DECISIONS = {
    "Found": "found",
    "DescribeNetwork": "describe",
    "Join": "join",
    "Return": "come_back",
    "Leave": "leave",
    "Pause": "pause",
    "Resume": "resume",
    "Describe": "describe",
    "Offer": "offer",
    "Withdraw": "withdraw",
    "Book": "book",
    "Release": "release",
    "Lend": "lend",
    "ReturnResource": "take_back",
    "Ask": "ask",
    "Close": "close",
    "Give": "give",
    "Confirm": "confirm",
    "Dispute": "dispute",
    "Introduce": "introduce",
    "FollowUp": "follow_up",
    "Affiliate": "affiliate",
    "Disaffiliate": "disaffiliate",
    "Tie": "tie",
    "Untie": "untie",
    "Relate": "relate",
    "Unrelate": "unrelate",
    "StartInitiative": "start",
    "JoinInitiative": "join",
    "LeaveInitiative": "leave",
    "Conclude": "conclude",
    "Endorse": "endorse",
    "Unendorse": "unendorse",
    "Tell": "tell",
    "Gather": "gather",
    "Realise": "realise",
    "Nominate": "nominate",
    "Note": "note",
    "Correct": "correct",
    "Reverse": "reverse",
    "Undo": "undo",
    "Forget": "forget",
}


@cache
def decision(command: str) -> Decide:
    """The function that decides commands of a class, by the class's name."""
    decides: Decide = getattr(
        import_module(f"ledger.decisions.{c.AREAS[command]}"), DECISIONS[command]
    )
    return decides


def decide(command: c.Command, state: State, recording: Recording) -> tuple[Event, ...]:
    """The events that a validated command leads to; none when it is already in effect.

    Raises a `refusals.Refused` when a rule forbids it, `refusals.UnknownId`
    when it names something that does not exist.
    """
    occurred_at = command.occurred_at
    if occurred_at is not None and microseconds(occurred_at) > microseconds(recording.now):
        raise InTheFuture(occurred_at=occurred_at)
    if command.actor is not None:
        _may_record(command.actor, state)
    for cause in command.because_of:
        if cause > state.position:
            raise LaterCause(position=cause)
    return decision(type(command).__name__)(command, state, recording)


def _may_record(actor: str, state: State) -> None:
    """Raise `NobodyRecords` unless whoever is said to record is a member."""
    try:
        state.member(actor)
    except UnknownId:
        raise NobodyRecords(actor=actor) from None


__all__ = ["DECISIONS", "Recording", "decide", "decision"]
