"""Taking entries back, and putting others in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from ledger.commands.base import Command, Text
from ledger.events.base import Position
from ledger.values import Check


def check_changes(value: object) -> dict[str, Any]:
    """New values by field; each is checked with the command that records such an entry."""
    return dict(value) if isinstance(value, Mapping) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(Command):
    """Put right what the entry at `target` says.

    `changes` are new values by the fields of the command that recorded it, and of
    `occurred_at` and `because_of`; None: nothing is said of that any more.
    """

    target: Position
    changes: Annotated[dict[str, Any], Check(check_changes)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse(Command):
    """Take the entry at `target` back."""

    target: Position
    reason: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Command):
    """Take back what was recorded last, or at `target`; of a correction, what it changed."""

    target: Position | None = None
