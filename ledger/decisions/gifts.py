"""Gifts, and what others say of them."""

from __future__ import annotations

from typing import Any, cast

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import (
    Recording,
    acting,
    for_one_initiative,
    measured,
    nothing_before,
    open_ask,
    open_initiative,
    shown,
    standing,
)
from ledger.refusals import (
    GiftToSelf,
    NotSuchAnEntry,
    OtherUnit,
    ResourceGone,
    StockExceeded,
)
from ledger.revisions import NobodyAnswers, NoParty, OwnRecord
from ledger.state.asks import Ask
from ledger.state.lookup import State
from ledger.state.resources import Resource
from ledger.undertakings import ForTwoInitiatives
from ledger.values import Kind, decimal_text, one_unit


def give(command: c.Give, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A gift, perhaps towards an ask or an initiative, perhaps from a resource.

    Raises `GiftToSelf`, `HasLeft`, `AskEnded`, `InitiativeOver`, `ForAnotherInitiative`,
    `ResourceGone`, `OtherUnit`, `StockExceeded`.
    """
    at = recording.at(command)
    if command.giver == command.receiver:
        raise GiftToSelf(giver=command.giver)
    acting(state, command.giver, at)
    if command.receiver[0] == "m":
        acting(state, command.receiver, at)
    given = measured(command.quantity, command.unit)
    ask = None if command.ask is None else open_ask(state, command.ask, at)
    initiative = None
    if command.initiative is not None or ask is not None or command.receiver[0] == "i":
        initiative = _initiative(command, ask, state, at)
    resource = None if command.resource is None else state.resource(command.resource)
    unit = _unit(command.unit, resource, ask)
    if resource is not None:
        _takes(resource, given, unit, state, at)
    kind = command.kind or (ask and ask.kind) or (resource and resource.kind) or "other"
    return (
        e.GiftGiven(
            giver=command.giver,
            receiver=command.receiver,
            kind=cast(Kind, kind),
            what=command.what,
            category=command.category,
            thousandths=given,
            unit=unit,
            ask=command.ask,
            resource=command.resource,
            initiative=None if initiative == command.receiver else initiative,
            **recording.envelope(command),
        ),
    )


def confirm(command: c.Confirm, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A party to a gift confirms it; nothing when that is the last they said of it.

    Raises `NobodyAnswers`, `NoParty`, `OwnRecord`.
    """
    gift, said = _said_last(command, state, recording)
    if said == e.GiftConfirmed.type:
        return ()
    return (e.GiftConfirmed(**_of(gift), **recording.envelope(command)),)


def dispute(command: c.Dispute, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A party to a gift disputes it; nothing when that is the last they said of it.

    Raises `NobodyAnswers`, `NoParty`, `OwnRecord`.
    """
    gift, said = _said_last(command, state, recording)
    if said == e.GiftDisputed.type:
        return ()
    return (e.GiftDisputed(**_of(gift), **recording.envelope(command)),)


def _initiative(command: c.Give, ask: Ask | None, state: State, at: int) -> str | None:
    """What a gift is for: its receiver, what was named, or what the ask is for."""
    named = [command.receiver] if command.receiver[0] == "i" else []
    named += [command.initiative] if command.initiative is not None else []
    for initiative in named:
        open_initiative(state, initiative, at)
    if len(set(named)) > 1:
        raise ForTwoInitiatives(initiatives=named)
    found = named[0] if named else None
    if ask is not None:
        for_one_initiative(ask, found)
        if found is None and ask.initiative is not None:
            open_initiative(state, ask.initiative, at)
            return ask.initiative
    return found


def _unit(unit: str | None, *counted: Resource | Ask | None) -> str | None:
    """The unit of a gift, written as that of a stock or an ask which is in the plural."""
    for thing in counted:
        if unit and thing is not None and thing.unit and one_unit(thing.unit) == one_unit(unit):
            return thing.unit
    return unit


def _takes(resource: Resource, given: int | None, unit: str | None, state: State, at: int) -> None:
    end = state.end_of_offer(resource)
    if end is not None and at > end:
        raise ResourceGone(resource=resource.resource, ended_at=shown(state, end))
    if resource.stock is None or given is None:
        return
    if unit != resource.unit:
        raise OtherUnit(resource=resource.resource, unit=resource.unit, given=unit)
    left = resource.stock - resource.taken
    if given > left:
        raise StockExceeded(resource=resource.resource, left=decimal_text(left), unit=resource.unit)


def _said_last(
    command: c.Confirm | c.Dispute, state: State, recording: Recording
) -> tuple[e.GiftGiven, str | None]:
    """The gift as it stands, and the type of what this party to it said of it last."""
    gift = standing(state, command.gift)
    if not isinstance(gift, e.GiftGiven):
        raise NotSuchAnEntry(position=command.gift, what="a gift")
    _may_answer(command.actor, gift, state)
    nothing_before(f"#{gift.slot}", gift.occurred, recording.at(command), state)
    said = state.entries(f"#{gift.slot}", {e.GiftConfirmed.type, e.GiftDisputed.type})
    own = (
        entry.type
        for entry in reversed(said)
        if entry.actor == command.actor and entry.position > gift.position
    )
    return gift, next(own, None)


def _may_answer(member: str | None, gift: e.GiftGiven, state: State) -> None:
    """Giver and receiver may answer, of a gift to many anybody, but who recorded it so."""
    if member is None:
        raise NobodyAnswers(position=gift.slot)
    if gift.receiver[0] == "m" and member not in (gift.giver, gift.receiver):
        raise NoParty(member=member, position=gift.slot)
    if member in (gift.actor, state.recorded(gift.position).actor):
        raise OwnRecord(member=member, position=gift.slot)


def _of(gift: e.GiftGiven) -> dict[str, Any]:
    """What an answer keeps of the gift that it is about."""
    return {"gift": gift.slot, "giver": gift.giver, "receiver": gift.receiver}
