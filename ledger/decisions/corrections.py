"""Taking entries back, and putting others in their place.

The new entry is decided as if the old had never been recorded, by the same
decision that recorded it; then nothing else may become illegal.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from decimal import Decimal
from typing import Any, cast

from ledger import commands as c
from ledger import events as e
from ledger.areas import CORRECTIONS
from ledger.decisions.recording import Recording
from ledger.decisions.timeline import check, in_the_way
from ledger.folds import Version
from ledger.forgetting import Forgotten
from ledger.refusals import NameTaken, NobodyRecords
from ledger.revisions import (
    AstrayCorrection,
    CorrectedAlready,
    CorrectionInTheWay,
    FieldNeeded,
    FoundingStays,
    NoSuchField,
    NotCorrectable,
    NothingCorrected,
    NothingOfTheirs,
    NothingToUndo,
    SaysNothing,
    SupersededAlready,
    TakenBackAlready,
    WordsErased,
)
from ledger.state.lookup import Revising, State
from ledger.state.superseded import SUPERSEDED
from ledger.tables import Tables
from ledger.values import THOUSAND, fold, local

LOOKED_BACK = 1_000  # entries, for one's own last; so that undoing costs the same in any ledger

# The command that records each type of entry.
RECORDED_BY = {
    "network-founded": "Found",
    "network-described": "DescribeNetwork",
    "member-joined": "Join",
    "member-left": "Leave",
    "member-returned": "Return",
    "member-paused": "Pause",
    "member-resumed": "Resume",
    "member-described": "Describe",
    "resource-offered": "Offer",
    "resource-withdrawn": "Withdraw",
    "resource-booked": "Book",
    "booking-released": "Release",
    "resource-lent": "Lend",
    "resource-returned": "ReturnResource",
    "ask-made": "Ask",
    "ask-closed": "Close",
    "gift-given": "Give",
    "gift-confirmed": "Confirm",
    "gift-disputed": "Dispute",
    "introduction-made": "Introduce",
    "introduction-followed-up": "FollowUp",
    "affiliation-declared": "Affiliate",
    "affiliation-ended": "Disaffiliate",
    "tie-declared": "Tie",
    "tie-dissolved": "Untie",
    "network-related": "Relate",
    "network-unrelated": "Unrelate",
    "initiative-started": "StartInitiative",
    "initiative-joined": "JoinInitiative",
    "initiative-left": "LeaveInitiative",
    "initiative-concluded": "Conclude",
    "initiative-endorsed": "Endorse",
    "endorsement-withdrawn": "Unendorse",
    "story-told": "Tell",
    "gathering-held": "Gather",
    "opportunity-realised": "Realise",
    "giver-nominated": "Nominate",
    "note-added": "Note",
}
_MEASURES = {"quantity": "thousandths", "stock": "stock_thousandths"}
_GIVEN = {  # the id that an entry gives to something
    "member-joined": ("member",),
    "resource-offered": ("resource",),
    "resource-booked": ("booking",),
    "ask-made": ("ask",),
    "initiative-started": ("initiative",),
}
# What an entry is about for good: another one would be another entry.
_FIXED = {
    *("actor", "time_zone", "gift", "introduction", "target", "loan", "member", "booking"),
    *("other", "theirs"),
    *("resource-withdrawn.resource", "resource-returned.resource", "ask-closed.ask"),
    "initiative-concluded.initiative",
}


def correct(command: c.Correct, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """An entry is put right. Raises what recording it so would, and `CorrectionInTheWay`."""
    old = _live(state, command.target)
    kind = _recording_command(old)
    new = _corrected(command, kind, old, state, recording)
    with state.revised(old, new) as after:
        _nobody_forgotten(new, after)
        _nothing_in_the_way(after, old, new)
    return (_correction(command, state, recording, old, new),)


def reverse(command: c.Reverse, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """An entry is taken back. Raises `CorrectionInTheWay`."""
    old = _live(state, command.target)
    return (_reversal(command, state, recording, old, command.reason),)


def undo(command: c.Undo, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """What was recorded last is taken back; of a correction, the old values hold again."""
    target = command.target or _last(command, state)
    entry = state.recorded(target)
    _not_superseded(state, target)
    if entry.type not in CORRECTIONS:
        return (_reversal(command, state, recording, entry, None),)
    correction = cast("e.EntryCorrected | e.EntryReversed", entry)
    old, before = correction.version, state.log.version(correction.target)
    if before is None:
        assert old is not None  # a reversal is never taken back by another
        return (_reversal(command, state, recording, old, None),)
    new = _in_words(before, state)
    _name_is_free(new, state)
    with state.revised(old, new) as after:
        _nobody_forgotten(new, after)
        check(new, after)
        _nothing_in_the_way(after, old, new)
    return (_correction(command, state, recording, entry, new),)


def changeable(event_type: str) -> list[str]:
    """The fields that a correction of this type of entry may change, `occurred_at` first."""
    names = [field.name for field in fields(getattr(c, RECORDED_BY[event_type]))]
    fixed = {name for name in names if name in _FIXED or f"{event_type}.{name}" in _FIXED}
    return [name for name in names if name not in fixed]


def check_correction(
    event: e.EntryCorrected | e.EntryReversed, tables: Tables, version: Version
) -> None:
    """Raise when a correction in the log is none that a decision can have made.

    `tables` are the rows before it. Raises `SupersededAlready`, `AstrayCorrection`.
    """
    successor: int = tables.get(SUPERSEDED, event.target).successor
    if successor:
        raise SupersededAlready(position=event.target, successor=successor)
    old, new = version(event.target), event.version
    earlier = event.entry <= event.target < event.position
    same_slot = old is None or (old.slot == event.entry and old.type not in CORRECTIONS)
    something = old is not None or new is not None
    if not (earlier and same_slot and something):
        raise AstrayCorrection(position=event.position, target=event.target)
    if old is not None and new is not None and _identity(old) != _identity(new):
        raise AstrayCorrection(position=event.position, target=event.target)


def _identity(event: e.Event) -> tuple[Any, ...]:
    """What no correction changes: the type, when it was recorded by whom, and the ids it gave."""
    own = (getattr(event, name) for name in _GIVEN.get(event.type, ()))
    return (event.type, event.id, event.actor, event.recorded_at, *own)


def _live(state: State, position: int) -> e.Event:
    entry = state.recorded(position)
    _not_superseded(state, position)
    live = e.version_of(entry)
    if live is None:
        raise SaysNothing(position=position)
    return live


def _not_superseded(state: State, position: int) -> None:
    newest = state.newest(position)
    if newest != position:
        stands = e.version_of(state.recorded(newest)) is not None
        already = CorrectedAlready if stands else TakenBackAlready
        raise already(position=position, successor=newest)


def _recording_command(event: e.Event) -> type[c.Command]:
    if event.type not in RECORDED_BY:
        raise NotCorrectable(position=event.position, type=event.type)
    return getattr(c, RECORDED_BY[event.type])  # type: ignore[no-any-return]


def _last(command: c.Command, state: State) -> int:
    """The position of the last entry by whoever undoes, or of the last one of all."""
    first = max(state.position - LOOKED_BACK, 1)
    newest = None
    for position in range(state.position, first, -1):
        if state.superseded(position).successor:
            continue
        if command.actor is None or state.recorded(position).actor == command.actor:
            return position
        newest = newest or position
    if newest is not None:
        raise NothingOfTheirs(member=command.actor, newest=newest)
    raise NothingToUndo(looked=LOOKED_BACK)


def _in_words(event: e.Event, state: State, given: frozenset[str] = frozenset()) -> e.Event:
    """An entry of the log with its texts. Raises `WordsErased`, save for fields `given` anew."""
    worded = state.log.worded(event)
    for field in event.TEXTS:
        lost = getattr(event, field) is not None and getattr(worded, field) is None
        if lost and field not in given:
            raise WordsErased(position=event.position, field=field)
    return worded


def _corrected(
    command: c.Correct, kind: type[c.Command], old: e.Event, state: State, recording: Recording
) -> e.Event:
    """What the entry should have said, in words, with its ids and its time of recording."""
    allowed = changeable(old.type)
    for field in command.changes:
        if field not in allowed:
            raise NoSuchField(position=old.position, type=old.type, field=field, fields=allowed)
        if command.changes[field] is None and _needed(kind, field):
            raise FieldNeeded(position=old.position, type=old.type, field=field)
    before = _in_words(old, state, frozenset(command.changes))
    said = {field.name: _said(before, field.name) for field in fields(kind)}
    asked = c.checked(kind, {**said, **command.changes})
    if asked.occurred_at is not None:
        asked = replace(asked, occurred_at=local(asked.occurred_at, state.zone))
    from ledger.decisions import decide  # noqa: PLC0415 - which finds this decision

    with state.revised(old, None) as without:
        decided = decide(asked, without, recording)
    if not decided:
        raise NothingCorrected(position=old.position)
    new = replace(
        decided[0],
        id=old.id,
        recorded_at=old.recorded_at,
        position=old.position,
        replaces=old.replaces,
    )
    if new == before:
        raise NothingCorrected(position=old.position)
    return replace(new, replaces=old.slot)


def _needed(kind: type[c.Command], name: str) -> bool:
    """Whether a command cannot do without a field."""
    return next(field.default is MISSING for field in fields(kind) if field.name == name)


def _said(event: e.Event, field: str) -> Any:
    if field in _MEASURES:
        measured = getattr(event, _MEASURES[field])
        return None if measured is None else Decimal(measured) / THOUSAND
    return getattr(event, field)


def _correction(
    command: c.Command, state: State, recording: Recording, old: e.Event, new: e.Event
) -> e.EntryCorrected:
    return e.EntryCorrected(
        entry=new.slot,
        target=old.position,
        members=state.remembered(state.people_of(old)),
        replacement=replace(new, position=0, replaces=0),
        **recording.envelope(replace(command, occurred_at=None)),
    )


def _reversal(
    command: c.Command, state: State, recording: Recording, old: e.Event, reason: str | None
) -> e.EntryReversed:
    _recording_command(old)
    if old.type == "network-founded":
        raise FoundingStays(position=old.position)
    with state.revised(old, None) as after:
        if old.type == "member-joined" and command.actor == getattr(old, "member", None):
            raise NobodyRecords(actor=command.actor)
        _nothing_in_the_way(after, old, None)
    return e.EntryReversed(
        entry=old.slot,
        target=old.position,
        members=state.remembered(state.people_of(old)),
        reason=reason,
        **recording.envelope(replace(command, occurred_at=None)),
    )


def _nobody_forgotten(event: e.Event, state: State) -> None:
    """Raise `Forgotten` when an entry would name someone anew who has been forgotten."""
    for member in e.members_of(event):
        if state.anyone(member).forgotten_at:
            raise Forgotten(member=member)


def _nothing_in_the_way(after: Revising, old: e.Event | None, new: e.Event | None) -> None:
    others = in_the_way(after, old, new)
    if others:
        raise CorrectionInTheWay(others=others)
    for event in (old, new):
        if event is not None and event.type == "member-described":
            _earlier_name_is_free(event, after)


def _earlier_name_is_free(event: Any, after: Revising) -> None:
    """Whether nobody has taken the name that a member goes back to. Raises `NameTaken`."""
    named = after.log.version(after.member(event.member).name_at)
    if named is not None and named.slot != event.slot:
        _name_is_free(after.log.worded(named), after)


def _name_is_free(event: e.Event, state: State) -> None:
    """Whether nobody has taken the name of somebody who is put back. Raises `NameTaken`."""
    name: str | None = getattr(event, "name", None)
    if event.type not in ("member-joined", "member-described") or name is None:
        return
    holder = state.holder(fold(name))
    if holder not in (None, getattr(event, "member", None)):
        raise NameTaken(name=name, member=holder)
