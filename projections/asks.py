"""What is asked for, and what has become of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ledger.refusals import UnknownId
from ledger.state.asks import ASKS, Ask
from ledger.state.ends import end_of_ask
from ledger.state.members import MEMBERS
from ledger.values import decimal_text
from projections.membership import Presence, called
from projections.worded import worded

if TYPE_CHECKING:
    from ledger.database import Database

OPEN = ("open", "partly-met")
TOGETHER = 500  # asks that are looked up at once
Row = dict[str, Any]


def asks(database: Database, at: int, *, open_only: bool = False) -> list[dict[str, Any]]:
    """Every ask, oldest first, as it stands at the time `at`, microseconds since 1970.

    Each: `id, asker, kind, category, quantity, unit, status, position`, then
    `asker_name, what, given, gifts, needed_by, initiative, asked_at`. `status` is `open`,
    `partly-met`, `met`, `withdrawn` or `lapsed`; with `open_only` only the first
    two, of askers who are not paused. Quantities are decimals in text.
    """
    where = " WHERE live = 1" if open_only else " WHERE asks.position > 0"
    return _rows(database, at, where, (), Presence.of(database), open_only=open_only)


def open_asks_of(database: Database, member: str, at: int) -> list[dict[str, Any]]:
    """The open asks of one member, paused or not, oldest first; rows as of `asks`."""
    where = " WHERE asker = ? AND live = 1"
    rows = _rows(database, at, where, (member,), Presence.of(database), open_only=False)
    return [row for row in rows if row["status"] in OPEN]


def closed_asks_of(database: Database, member: str, at: int, limit: int | None) -> list[Row]:
    """The asks of one member that are over, newest first, at most `limit`; rows as of `asks`."""
    presence = Presence.of(database)
    rows = _rows(database, at, " WHERE asker = ?", (member,), presence, open_only=False)
    return [row for row in reversed(rows) if row["status"] not in OPEN][:limit]


def ask_row(database: Database, ask: str, at: int) -> dict[str, Any]:
    """The row of one ask, as of `asks`. Raises `UnknownId`."""
    kept: Ask = database.load(ASKS, ask)
    if not kept.exists:
        raise UnknownId(what="ask", id=ask)
    presence = Presence([database.load(MEMBERS, kept.asker)])
    [row] = _rows(database, at, " WHERE ask = ?", (ask,), presence, open_only=False)
    return row


def asks_with(database: Database, ids: Sequence[str], at: int, presence: Presence) -> list[Row]:
    """The asks with these ids, oldest first, as of `asks`."""
    return [
        row
        for start in range(0, len(ids), TOGETHER)
        for row in _rows(
            database,
            at,
            f" WHERE ask IN ({', '.join('?' * len(ids[start : start + TOGETHER]))})",
            tuple(ids[start : start + TOGETHER]),
            presence,
            open_only=False,
        )
    ]


def status_of(ask: Ask, presence: Presence, at: int) -> str:
    """How an ask stands: what the asker left behind open is withdrawn."""
    if ask.status not in OPEN:
        return ask.status
    end = end_of_ask(ask, presence.member(ask.asker))
    return "withdrawn" if end is not None and end <= at else ask.status


def _rows(
    database: Database,
    at: int,
    where: str,
    values: tuple[Any, ...],
    presence: Presence,
    *,
    open_only: bool,
) -> list[dict[str, Any]]:
    found: list[tuple[Ask, str | None]] = [
        (row, text)
        for row, text in worded(database, ASKS, where, *values)
        if not (open_only and presence.hidden(row.asker, row.asked, at))
    ]
    found.sort(key=lambda pair: (pair[0].asked, pair[0].position))
    names = called(database, (row.asker for row, _ in found))
    return [
        {
            "id": row.ask,
            "asker": row.asker,
            "kind": row.kind,
            "category": row.category,
            "quantity": None if row.quantity is None else decimal_text(row.quantity),
            "unit": row.unit,
            "status": status_of(row, presence, at),
            "position": row.position,
            "asker_name": names[row.asker],
            "what": text,
            "given": None if row.quantity is None else decimal_text(row.given),
            "gifts": row.gifts,
            "needed_by": row.needed_by,
            "initiative": row.initiative,
            "asked_at": row.asked_at,
        }
        for row, text in found
    ]
