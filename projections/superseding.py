"""Which entries have been taken back or replaced, for those who list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
_TOGETHER = 500  # entries that are looked up at once


def marked(database: Database, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of entries, those no longer live with `superseded_by`, the position of what did it."""
    waiting = iter(rows)
    while page := list(islice(waiting, _TOGETHER)):
        successors = _successors(database, [row["position"] for row in page])
        for row in page:
            successor = successors.get(row["position"])
            yield row if successor is None else {**row, "superseded_by": successor}


def versions(database: Database, slot: int) -> list[int]:
    """The positions of all that was ever said in a slot, in the order in which it was said."""
    query = "SELECT successor FROM superseded WHERE entry = ? ORDER BY successor"
    return [slot, *(successor for (successor,) in database.select(query, slot))]


def _successors(database: Database, positions: list[int]) -> dict[int, int]:
    marks = ", ".join("?" * len(positions))
    query = f"SELECT position, successor FROM superseded WHERE position IN ({marks})"
    return dict(database.select(query, *positions))
