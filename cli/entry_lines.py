"""Entries as lines: position, time, sentence, and who recorded it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cli.language import _
from cli.sentences import Row, sentences

if TYPE_CHECKING:
    from cli.context import Session

_PARTIES = (
    *("member", "giver", "receiver", "owner", "asker", "booker", "borrower"),
    *("introducer", "first", "second", "invited_by"),
)


def entry_lines(session: Session, rows: Iterable[Row], width: int = 0) -> list[str]:
    """A line for each row of `projections.entries`, positions set to the right in `width`.

    Who recorded an entry is said when it is neither a part of it nor who asks.
    """
    rows = list(rows)
    actors = [_bystander(row, session.actor) for row in rows]
    named = session.named(set(filter(None, actors)))
    lines = []
    for actor, told in zip(actors, sentences(session, rows), strict=True):
        position, _space, rest = " ".join(told.splitlines()).partition(" ")
        by = "" if actor is None else _(" (recorded by {who})").format(who=named[actor])
        lines.append(f"{position.rjust(width)} {rest}{by}")
    return lines


def _bystander(row: Row, reader: str | None) -> str | None:
    """Who recorded an entry, when it is someone who has no part in it and is not its reader."""
    actor: str | None = row["actor"]
    parties = [reader, *(row.get(field) for field in _PARTIES), *row.get("members", ())]
    return None if actor in parties else actor
