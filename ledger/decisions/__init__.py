"""From a command and the state of the network to events, or to a refusal.

Pure: the time, the random id and the state come in, events go out. A command
that is already in effect yields no events. Rules are judged on the effective
timeline: what occurred when, not what was typed when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger import commands as c
from ledger.decisions import asks, gifts, membership, network, resources
from ledger.decisions.recording import Recording
from ledger.events import Event
from ledger.refusals import InTheFuture, LaterCause
from ledger.state.lookup import State
from ledger.values import microseconds

Decide = Callable[[Any, State, Recording], tuple[Event, ...]]

DECISIONS: dict[type[c.Command], Decide] = {
    c.Found: network.found,
    c.DescribeNetwork: network.describe,
    c.Join: membership.join,
    c.Return: membership.come_back,
    c.Leave: membership.leave,
    c.Pause: membership.pause,
    c.Resume: membership.resume,
    c.Describe: membership.describe,
    c.Offer: resources.offer,
    c.Withdraw: resources.withdraw,
    c.Book: resources.book,
    c.Release: resources.release,
    c.Lend: resources.lend,
    c.ReturnResource: resources.take_back,
    c.Ask: asks.ask,
    c.Close: asks.close,
    c.Give: gifts.give,
    c.Confirm: gifts.confirm,
    c.Dispute: gifts.dispute,
    c.Introduce: network.introduce,
    c.FollowUp: network.follow_up,
    c.Note: network.note,
}


def decide(command: c.Command, state: State, recording: Recording) -> tuple[Event, ...]:
    """The events that a validated command leads to; none when it is already in effect.

    Raises a `refusals.Refused` when a rule forbids it, `refusals.UnknownId`
    when it names something that does not exist.
    """
    occurred_at = command.occurred_at
    if occurred_at is not None and microseconds(occurred_at) > microseconds(recording.now):
        raise InTheFuture(occurred_at=occurred_at)
    if command.actor is not None:
        state.member(command.actor)
    for cause in command.because_of:
        if cause > state.position:
            raise LaterCause(position=cause)
    return DECISIONS[type(command)](command, state, recording)


__all__ = ["DECISIONS", "Recording", "decide"]
