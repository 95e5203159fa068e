"""Who comes in, goes, rests and is described."""

from __future__ import annotations

from ledger import commands as c
from ledger import events as e
from ledger.areas import ACTING, USES
from ledger.decisions.recording import Recording, acting, nothing_after, shown
from ledger.refusals import (
    AfterLeaving,
    HasLeft,
    LaterMembership,
    NameOfSomeoneWhoLeft,
    NameTaken,
    NothingToChange,
    NotYetJoined,
)
from ledger.state.lookup import State
from ledger.state.members import Member
from ledger.values import fold

_OWN = frozenset({"member-joined", "member-left", "member-returned"})


def join(command: c.Join, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """Someone new comes in. Raises `NameTaken`, `NameOfSomeoneWhoLeft`."""
    if command.invited_by is not None:
        acting(state, command.invited_by, recording.at(command))
    holder = state.holder(fold(command.name))
    if holder is not None:
        taken = NameOfSomeoneWhoLeft if state.member(holder).left_at is not None else NameTaken
        raise taken(name=command.name, member=holder)
    return (
        e.MemberJoined(
            member=state.next_id("m"),
            kind=command.kind,
            name=command.name,
            invited_by=command.invited_by,
            **recording.envelope(command),
        ),
    )


def come_back(command: c.Return, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """Someone who had left returns; nothing when they are present."""
    at = recording.at(command)
    row = state.member(command.member)
    if command.invited_by is not None:
        acting(state, command.invited_by, at)
    if row.present(at):
        return ()
    _has_joined(row, at)
    _nothing_later(row, state, at)
    return (
        e.MemberReturned(
            member=command.member,
            invited_by=command.invited_by,
            **recording.envelope(command),
        ),
    )


def leave(command: c.Leave, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A membership ends; nothing when it had ended by then.

    Raises `InTheWay` when entries after that time need the membership.
    """
    at = recording.at(command)
    row = state.member(command.member)
    _has_joined(row, at)
    if not row.present(at):
        return ()
    _nothing_later(row, state, at)
    if command.occurred_at is not None:
        nothing_after(_needing(row, state, at), command.member, AfterLeaving)
    return (e.MemberLeft(member=command.member, **recording.envelope(command)),)


def pause(command: c.Pause, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member rests; nothing when they already do."""
    at = recording.at(command)
    row = acting(state, command.member, at)
    _has_joined(row, at)
    if not row.present(at):
        raise HasLeft(member=command.member, left_at=shown(state, at))
    if row.paused(at):
        return ()
    return (e.MemberPaused(member=command.member, **recording.envelope(command)),)


def resume(command: c.Resume, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A pause ends; nothing when there is none."""
    at = recording.at(command)
    row = acting(state, command.member, at)
    _has_joined(row, at)
    if not row.paused(at):
        return ()
    return (e.MemberResumed(member=command.member, **recording.envelope(command)),)


def describe(command: c.Describe, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A member's texts change. Raises `NameTaken`, `NothingToChange`."""
    state.member(command.member)
    if command.name is command.contact is command.about is None:
        raise NothingToChange()
    if command.name is not None:
        holder = state.holder(fold(command.name))
        if holder not in (None, command.member):
            raise NameTaken(name=command.name, member=holder)
    return (
        e.MemberDescribed(
            member=command.member,
            name=command.name,
            contact=command.contact,
            about=command.about,
            **recording.envelope(command),
        ),
    )


def _has_joined(row: Member, at: int) -> None:
    if at < (row.spans[0][0] or 0):
        raise NotYetJoined(member=row.member)


def _nothing_later(row: Member, state: State, at: int) -> None:
    later = [x.position for x in state.entries(row.member, _OWN, at) if _about(x, row.member)]
    if later:
        raise LaterMembership(member=row.member, entries=later)


def _needing(row: Member, state: State, at: int) -> list[e.Event]:
    """The entries after `at` that need this member to be present then."""
    needing = [
        entry
        for entry in state.entries(row.member, ACTING, at)
        if entry.type not in _OWN or not _about(entry, row.member)
    ]
    for resource in state.owned(row.member):
        needing += state.entries(resource.resource, USES, at)
    for ask in state.asked(row.member):
        needing += state.entries(ask.ask, {"gift-given", "introduction-made"}, at)
    return needing


def _about(entry: e.Event, member: str) -> bool:
    return getattr(entry, "member", None) == member
