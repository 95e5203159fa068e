"""The entries of the log as rows, with words in place of commitments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.areas import LISTS, NEEDED, NUMBERS
from ledger.database import EVERYTHING
from ledger.errors import DamagedEntry
from ledger.upcasts import upcast
from ledger.values import FORGOTTEN, decimal_text

if TYPE_CHECKING:
    from ledger.database import Database

TEXT_FIELDS = ("name", "idea", "contact", "about", "what", "text", "reason")
_QUANTITIES = {"thousandths": "quantity", "stock_thousandths": "stock"}
_FORMS: dict[str, type] = {"replacement": dict, **dict.fromkeys(LISTS, list)}
_ENVELOPE = ("occurred_at", "recorded_at", "actor")


def shown_as(field: str) -> str:
    """The name in a row of what an event holds in `field`."""
    return _QUANTITIES.get(field, field)


def entry_rows(database: Database, positions: Iterable[int]) -> Iterator[dict[str, Any]]:
    """One row an entry: `position, type, occurred_at, recorded_at, actor`, then its own fields.

    Quantities are decimals in text, texts are in words, `[forgotten]` where erased.
    """
    for position in positions:
        stored = database.entry(position)
        if stored is not None:
            yield entry_row(database, position, stored[1])


def entry_row(database: Database, position: int, state: bytes) -> dict[str, Any]:
    """The row of the entry with these stored bytes. Raises `DamagedEntry`."""
    try:
        return {"position": position, **_said(database, position, json.loads(state))}
    except (ValueError, TypeError, LookupError, AttributeError):
        raise unreadable(position) from None


def unreadable(position: int) -> DamagedEntry:
    """The error of an entry whose stored bytes do not say what such an entry says."""
    return DamagedEntry(position=position, reason="it cannot be read")


def standing_rows(database: Database, positions: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Rows as of `entry_rows` of what the entries say in their slots, see `standing_row`."""
    return map(standing_row, entry_rows(database, positions))


def newest(
    database: Database, types: Iterable[str], limit: int | None, subject: str = EVERYTHING
) -> Iterator[dict[str, Any]]:
    """What stands of these types about a subject, newest first, at most `limit`."""
    most = -1 if limit is None else limit
    found = database.positions(subject, types, live=True, newest_first=True, limit=most)
    return standing_rows(database, found)


def standing_row(row: dict[str, Any]) -> dict[str, Any]:
    """What an entry says in its slot: its own row, or the replacement in it.

    That has the correction's `position`, and last `corrects`, the slot.
    """
    if row["type"] != "entry-corrected":
        return row
    return {"position": row["position"], **row["replacement"], "corrects": row["entry"]}


def _check(stored: dict[str, Any]) -> None:
    """Raise when a stored event lacks what such an event always says."""
    for field in ("id", *NEEDED[stored["type"]]):
        form = _FORMS.get(field) or (int if field in NUMBERS else str)
        if not isinstance(stored[field], form):
            raise TypeError(field)
    for field in ("occurred_at", "recorded_at"):
        datetime.fromisoformat(stored[field])


def _said(database: Database, position: int, bare: dict[str, Any]) -> dict[str, Any]:
    """What a stored event says, with the texts at a position.

    Raises ValueError, TypeError, LookupError or AttributeError when it is none.
    """
    stored = upcast(bare)
    _check(stored)
    row: dict[str, Any] = {"type": stored.pop("type")}
    row |= {field: stored.pop(field, None) for field in _ENVELOPE}
    for field, value in stored.items():
        if field in _QUANTITIES:
            row[_QUANTITIES[field]] = decimal_text(value)
        elif field in TEXT_FIELDS:
            row[field] = database.text(position, field) or FORGOTTEN
        elif field == "replacement":
            row[field] = _said(database, position, value)
        elif field != "id":
            row[field] = value
    row["id"] = stored["id"]
    return row
