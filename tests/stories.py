"""A story for a rule: `given` what happened, `when` someone wants something recorded, `then`.

Commands are decided by `decide` over rows in plain dicts and a log in a plain list; there
is no file. A command that says no time occurs now, on `samples.NOW`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from samples import ENTRY_ID, NOW, ZONE

from ledger.areas import CORRECTIONS
from ledger.commands import Command, validated
from ledger.decisions import Recording, decide
from ledger.errors import LedgerError
from ledger.events import Event, subjects_of, version_of
from ledger.state import FOLDS
from ledger.state.lookup import State
from ledger.tables import Tables
from ledger.values import START_OF_TIME, fold, local


class World:
    """A network in memory: rows, and the log as a list that is searched from end to end."""

    def __init__(self) -> None:
        self.tables = Tables(FOLDS, log=self)
        self.log: list[Event] = []

    def decide(self, command: Command) -> tuple[Event, ...]:
        """What a command leads to."""
        command = validated(command)
        if command.occurred_at is not None:
            command = replace(command, occurred_at=local(command.occurred_at, ZONE))
        state = State(self.tables, self, len(self.log), ZONE)
        return decide(command, state, Recording(NOW, ENTRY_ID))

    def take(self, happened: Command | Event) -> None:
        """Let something have happened: an event, or what a command leads to."""
        events = (happened,) if isinstance(happened, Event) else self.decide(happened)
        for event in events:
            placed = replace(event, position=len(self.log) + 1)
            self.log.append(placed)
            self.tables.apply(placed)

    def entry(self, position: int) -> Event | None:
        """The entry at a position, or None."""
        return self.log[position - 1] if 0 < position <= len(self.log) else None

    def version(self, position: int) -> Event | None:
        """What the entry at a position says in its slot."""
        entry = self.entry(position)
        return None if entry is None else version_of(entry)

    def live(self) -> list[Event]:
        """What stands in every slot."""
        gone = {getattr(event, "target") for event in self.log if event.type in CORRECTIONS}  # noqa: B009
        versions = [version_of(event) for event in self.log if event.position not in gone]
        return [event for event in versions if event is not None]

    def entries_about(
        self, subject: str, types: Iterable[str], after: int = START_OF_TIME
    ) -> list[Event]:
        """The live entries of these types about a subject after a time."""
        found = [
            event
            for event in self.live()
            if event.type in set(types)
            and event.occurred > after
            and (subject in subjects_of(event) or subject == f"#{event.slot}")
        ]
        return sorted(found, key=lambda event: (event.occurred, event.slot))

    def said_about(self, subjects: Iterable[str], types: Iterable[str]) -> list[Event]:
        """No rule needs a row that goes stale."""
        raise NotImplementedError

    def worded(self, event: Event) -> Event:
        """The entry as it is: here texts are never sealed."""
        return event

    def recorded_by(self, member: str) -> list[int]:
        """The positions of the entries that a member recorded."""
        return [event.position for event in self.log if event.actor == member]

    def holder(self, name: str) -> str | None:
        """The id of the member whose folded name this is now."""
        names: dict[str, str] = {}
        for event in sorted(self.live(), key=lambda event: (event.occurred, event.slot)):
            if event.type in ("member-joined", "member-described"):
                given = getattr(event, "name")  # noqa: B009 - of either class
                if given is not None:
                    names[getattr(event, "member")] = fold(given)  # noqa: B009
        return next((member for member, held in names.items() if held == name), None)

    def load(self, *_: Any) -> None:
        """Nothing is kept but what is in memory."""

    def find(self, *_: Any) -> list[Any]:
        """Nothing is kept but what is in memory."""
        return []


class Decided:
    """What came of the command of a story."""

    def __init__(self, world: World, command: Command) -> None:
        self._world = world
        self._command = command

    def then(self, *expected: Event) -> None:
        """Exactly these events are recorded."""
        assert self.events() == expected

    def events(self) -> tuple[Event, ...]:
        """What is recorded."""
        return self._world.decide(self._command)

    def then_something(self) -> None:
        """The command is not refused, and one event comes of it."""
        assert len(self.events()) == 1

    def records_nothing(self) -> None:
        """The command is in effect already."""
        assert self.events() == ()

    def rejects(self, error: type[LedgerError], **facts: object) -> None:
        """The command is refused with this very error and, among others, these facts."""
        with pytest.raises(error) as raised:
            self._world.decide(self._command)
        assert type(raised.value) is error
        assert {name: raised.value.facts.get(name) for name in facts} == facts
        assert str(raised.value)


class Given:
    """What has happened before."""

    def __init__(self, happened: tuple[Command | Event, ...]) -> None:
        self._happened = happened

    def when(self, command: Command) -> Decided:
        """Someone wants this recorded."""
        world = World()
        for thing in self._happened:
            world.take(thing)
        return Decided(world, command)


def given(*happened: Command | Event) -> Given:
    """A network in which this has happened, in the order of recording."""
    return Given(happened)
