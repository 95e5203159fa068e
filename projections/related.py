"""An entry with those that others say of it: what led to it, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.entries import entry_rows

if TYPE_CHECKING:
    from ledger.database import Database

_TARGETS = ("gift", "introduction", "loan", "target")
_RELATIONS = {
    "gift-confirmed": ("gift", "confirmation"),
    "gift-disputed": ("gift", "dispute"),
    "introduction-followed-up": ("introduction", "follow-up"),
    "resource-returned": ("loan", "return"),
    "note-added": ("target", "note"),
}


def related(database: Database, position: int) -> list[dict[str, Any]]:
    """The row of the entry at `position`, then those related to it, with a `relation`.

    First what it was `because` of and the `target` that it is about, then what
    names it, in the order in which that occurred: `confirmation`, `dispute`,
    `follow-up`, `return`, `note`, or `led-to`. Empty when there is no such entry.
    """
    rows = list(entry_rows(database, [position]))
    if not rows:
        return []
    entry = rows[0]
    targets = [entry[field] for field in _TARGETS if field in entry]
    earlier = [("because", at) for at in entry.get("because_of", ())]
    for relation, at in [*earlier, *(("target", at) for at in targets)]:
        rows += [{**row, "relation": relation} for row in entry_rows(database, [at])]
    for row in entry_rows(database, database.positions(f"#{position}")):
        field, relation = _RELATIONS.get(row["type"], ("", "led-to"))
        rows.append({**row, "relation": relation if row.get(field) == position else "led-to"})
    return rows
