"""What takes an entry back, or puts another in its place; nothing is ever deleted.

All that was ever said in one place of the history is a chain of versions: the
first is the entry itself, whose position is the slot of them all; each later one
names the first as `entry` and the one before it as its `target`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from ledger.events.base import Event, MemberId, Position, Text
from ledger.values import Check


def check_replacement(value: object) -> Event:
    """The event in a stored replacement, checked as any event is. Raises ValueError."""
    from ledger.codec import event_in  # noqa: PLC0415 - which reads this class

    if isinstance(value, Event):
        return value
    if not isinstance(value, dict):
        raise ValueError("a replacement is an event")
    return event_in(value)


Replacement = Annotated[Event, Check(check_replacement)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryReversed(Event):
    """An entry was taken back. `members` are those whom it was about."""

    type: ClassVar[str] = "entry-reversed"
    TARGETS: ClassVar[tuple[str, ...]] = ("target",)
    TEXTS: ClassVar[tuple[str, ...]] = ("reason",)
    ACTS: ClassVar[bool] = False

    entry: Position
    target: Position
    members: tuple[MemberId, ...] = ()
    reason: Text | None = None

    @property
    def version(self) -> None:
        """What stands in the slot from now on: nothing."""
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCorrected(Event):
    """An entry was replaced by what it should have said, or one taken back was put there again.

    `replacement` is a whole event of the same type with the ids, the recorder and
    the time of recording of the first version; its texts lie at the position of the
    correction. `members` are those whom the replaced version was about.
    """

    type: ClassVar[str] = "entry-corrected"
    TARGETS: ClassVar[tuple[str, ...]] = ("target",)
    ACTS: ClassVar[bool] = False

    entry: Position
    target: Position
    members: tuple[MemberId, ...] = ()
    replacement: Replacement

    @property
    def version(self) -> Event:
        """What stands in the slot from now on."""
        return replace(self.replacement, position=self.position, replaces=self.entry)
