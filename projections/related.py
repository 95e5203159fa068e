"""An entry with those that others say of it: what led to it, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.areas import CORRECTIONS, EVERY_TYPE
from projections.entries import entry_rows, standing_row, standing_rows
from projections.superseding import marked, versions

if TYPE_CHECKING:
    from ledger.database import Database

_TARGETS = ("gift", "introduction", "loan", "target", "heard_from")
_RELATIONS = {
    "gift-confirmed": ("gift", "confirmation"),
    "gift-disputed": ("gift", "dispute"),
    "introduction-followed-up": ("introduction", "follow-up"),
    "resource-returned": ("loan", "return"),
    "story-told": ("heard_from", "retelling"),
    "note-added": ("target", "note"),
}
_LATER = {"entry-corrected": "corrected-by", "entry-reversed": "taken-back-by"}
_EARLIER = {"entry-corrected": "corrects", "entry-reversed": "takes-back"}
_LIVE = EVERY_TYPE - CORRECTIONS


def related(database: Database, position: int) -> list[dict[str, Any]]:
    """The row of the entry at `position`, then those related to it, with a `relation`.

    First what was said in its slot before it, which it `corrects` or `takes-back`,
    and since, `corrected-by` or `taken-back-by`. Then what it was `because` of and
    the `target` that it is about, then what names its slot, in the order in which
    that occurred: `confirmation`, `dispute`, `follow-up`, `return`, `retelling`,
    `note`, or `led-to`. Rows are as of `superseding.marked`. Empty when there is no such entry.
    """
    return list(marked(database, _related(database, position)))


def _related(database: Database, position: int) -> Iterator[dict[str, Any]]:
    for entry in entry_rows(database, [position]):
        yield entry
        all_said = versions(database, entry.get("entry", position))
        for row in entry_rows(database, (at for at in all_said if at != position)):
            earlier = row["position"] < position
            relation = _EARLIER[entry["type"]] if earlier else _LATER[row["type"]]
            yield {**row, "relation": relation}
        for relation, at in named_by(standing_row(entry)):
            for row in entry_rows(database, [at]):
                yield {**row, "relation": relation}
        yield from naming(database, all_said)


def named_by(said: dict[str, Any]) -> list[tuple[str, int]]:
    """The positions that what an entry says names, each with a relation as of `related`."""
    named = [("because", at) for at in said.get("because_of", ())]
    if said["type"] not in CORRECTIONS:
        named += [("target", said[field]) for field in _TARGETS if field in said]
    return named


def naming(database: Database, all_said: list[int]) -> Iterator[dict[str, Any]]:
    """The rows of what stands and names something that was said in a slot, as of `related`."""
    found: dict[int, dict[str, Any]] = {}
    for at in all_said:
        for row in standing_rows(database, database.positions(f"#{at}", _LIVE, live=True)):
            if row["position"] not in all_said:
                found[row["position"]] = row
    for row in sorted(found.values(), key=when):
        field, relation = _RELATIONS.get(row["type"], ("", "led-to"))
        yield {**row, "relation": relation if row.get(field) in all_said else "led-to"}


def when(row: dict[str, Any]) -> tuple[datetime, int]:
    """The order in which the rows of entries occurred."""
    return datetime.fromisoformat(row["occurred_at"]), row["position"]
