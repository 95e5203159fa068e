"""What the shell hands to a decision, and checks that several decisions share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ledger.commands import Command
from ledger.errors import QuantityWithoutUnit, UnitWithoutQuantity
from ledger.events import Event
from ledger.quantities import thousandths
from ledger.refusals import AskEnded, BeforeItBegan, HasLeft, InTheWay, TakenBack
from ledger.state.asks import Ask
from ledger.state.initiatives import Initiative
from ledger.state.lookup import State
from ledger.state.members import Member
from ledger.undertakings import ForAnotherInitiative, InitiativeOver
from ledger.values import microseconds, moment_at


@dataclass(frozen=True, slots=True)
class Recording:
    """The moment of recording, in the network's time zone, and a random entry id."""

    now: datetime
    id: str

    def at(self, command: Command) -> int:
        """When the command's entry occurs, microseconds since 1970."""
        return microseconds(command.occurred_at or self.now)

    def envelope(self, command: Command) -> dict[str, Any]:
        """The fields that every event carries."""
        return {
            "id": self.id,
            "actor": command.actor,
            "occurred_at": command.occurred_at or self.now,
            "recorded_at": self.now,
            "because_of": command.because_of and tuple(sorted(set(command.because_of))),
        }


def acting(state: State, member: str, at: int) -> Member:
    """The row of a member who does something at `at`. Raises `HasLeft`."""
    return in_time(state.member(member), state, at)


def in_time(row: Member, state: State, at: int) -> Member:
    """The row, of a member who had not left by `at`. Raises `HasLeft`."""
    if not row.may_act(at):
        left = max(end for _, end in row.spans if end is not None and end <= at)
        raise HasLeft(member=row.member, left_at=shown(state, left))
    return row


def measured(quantity: Decimal | None, unit: str | None) -> int | None:
    """Thousandths of a quantity that goes with its unit, None when there are neither."""
    if quantity is None:
        if unit is not None:
            raise UnitWithoutQuantity()
        return None
    if unit is None:
        raise QuantityWithoutUnit()
    return thousandths(quantity)


def open_ask(state: State, ask: str, at: int) -> Ask:
    """The row of an ask that had not ended at `at`. Raises `AskEnded`."""
    row = state.ask(ask)
    end = state.end_of_ask(row)
    if end is not None and at > end:
        raise AskEnded(ask=ask, ended_at=shown(state, end))
    return row


def open_initiative(state: State, initiative: str, at: int) -> Initiative:
    """The row of an initiative that was not concluded at `at`. Raises `InitiativeOver`."""
    row = state.initiative(initiative)
    if row.concluded is not None and at > row.concluded:
        raise InitiativeOver(initiative=initiative, concluded_at=shown(state, row.concluded))
    return row


def for_one_initiative(ask: Ask, initiative: str | None) -> None:
    """Raise `ForAnotherInitiative` when a gift is not for that of the ask it goes towards."""
    if None not in (ask.initiative, initiative) and ask.initiative != initiative:
        raise ForAnotherInitiative(ask=ask.ask, initiative=ask.initiative, other=initiative)


def nothing_before(what: str, began: int, at: int, state: State) -> None:
    """Refuse what happens to something before it began. Raises `BeforeItBegan`."""
    if at < began:
        raise BeforeItBegan(what=what, began_at=shown(state, began))


def nothing_after(entries: list[Event], what: str, refusal: type[InTheWay]) -> None:
    """Refuse when there are entries after the end of something, naming them."""
    if entries:
        positions = sorted({event.position for event in entries})
        raise refusal(entries=positions, what=what)


def standing(state: State, position: int) -> Event:
    """What stands in the slot that a position belongs to. Raises `UnknownId`, `TakenBack`."""
    event = state.standing(position)
    if event is None:
        raise TakenBack(position=position)
    return event


def shown(state: State, at: int) -> datetime:
    """A time of a row as a moment in the network's zone."""
    return moment_at(at).astimezone(state.zone)
