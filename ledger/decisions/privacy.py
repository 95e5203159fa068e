"""Who is forgotten."""

from __future__ import annotations

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import Recording
from ledger.forgetting import AlreadyForgotten, ForgettingIsNow, NameOfAnother
from ledger.state.lookup import State


def forget(command: c.Forget, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member is forgotten, now; again only to erase texts that are still there.

    Raises `AlreadyForgotten`, `ForgettingIsNow`, `NameOfAnother`.
    """
    row = state.anyone(command.member)
    if row.forgotten_at and not any(_is_there(position, state) for position in command.redacted):
        raise AlreadyForgotten(member=command.member, entries=[row.forgotten_at])
    if command.occurred_at is not None:
        raise ForgettingIsNow()
    for position in command.redacted:
        _may_go(state.recorded(position), command.member, state)
    return (
        e.MemberForgotten(
            member=command.member,
            redacted=tuple(sorted(set(command.redacted))),
            **recording.envelope(command),
        ),
    )


def _is_there(position: int, state: State) -> bool:
    """Whether an entry has a text that was not erased. Raises `UnknownId`."""
    told = e.version_of(state.recorded(position))
    if told is None:
        return False
    worded = state.log.worded(told)
    return any(getattr(worded, field) is not None for field in worded.TEXTS)


def _may_go(entry: e.Event, forgotten: str, state: State) -> None:
    """Someone else's name stays while it is theirs."""
    named = e.body_of(entry)
    if not isinstance(named, e.MemberJoined | e.MemberDescribed) or named.member == forgotten:
        return
    row = state.anyone(named.member)
    if row.name_at == entry.position and not row.forgotten_at:
        raise NameOfAnother(member=named.member, entries=[entry.position])
