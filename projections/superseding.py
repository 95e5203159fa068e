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
    """Rows of entries, those no longer live with `superseded_by`, the position of what did it.

    And with `newest`, the position of the last that was said in their slot, where that is another.
    """
    waiting = iter(rows)
    while page := list(islice(waiting, _TOGETHER)):
        successors = _successors(database, [row["position"] for row in page])
        newest = _newest(database, {entry for _, entry in successors.values()})
        for row in page:
            if row["position"] not in successors:
                yield row
                continue
            successor, entry = successors[row["position"]]
            last = {} if newest[entry] == successor else {"newest": newest[entry]}
            yield {**row, "superseded_by": successor, **last}


def versions(database: Database, slot: int) -> list[int]:
    """The positions of all that was ever said in a slot, in the order in which it was said."""
    query = "SELECT successor FROM superseded WHERE entry = ? ORDER BY successor"
    return [slot, *(successor for (successor,) in database.select(query, slot))]


def _successors(database: Database, positions: list[int]) -> dict[int, tuple[int, int]]:
    """What superseded entries, and their slots, by position."""
    marks = ", ".join("?" * len(positions))
    query = f"SELECT position, successor, entry FROM superseded WHERE position IN ({marks})"
    return {position: (by, slot) for position, by, slot in database.select(query, *positions)}


def _newest(database: Database, slots: set[int]) -> dict[int, int]:
    """The position of the last that was said in slots where more than one thing was."""
    if not slots:
        return {}
    marks = ", ".join("?" * len(slots))
    query = f"SELECT entry, max(successor) FROM superseded WHERE entry IN ({marks}) GROUP BY entry"
    return dict(database.select(query, *slots))
