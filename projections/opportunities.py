"""What members made of what they got, and what is behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.areas import OPPORTUNITIES
from ledger.values import OPPORTUNITY_KINDS
from projections.entries import standing_rows
from projections.membership import called
from projections.related import when
from projections.trace import behind

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
_BEHIND = {
    "gifts": "gift-given",
    "introductions": "introduction-made",
    "stories": "story-told",
    "gatherings": "gathering-held",
}


def opportunities(database: Database) -> list[Row]:
    """Every opportunity that was realised, by kind, then in the order in which they were.

    Each: `position, realiser, kind, what, realised_at`, then `gifts, introductions, stories,
    gatherings`, the positions of those that led to it as `trace` finds them and stand, in the
    order in which they occurred, and `realiser_name`. Kinds are in the order of
    `OPPORTUNITY_KINDS`.
    """
    found = standing_rows(database, database.positions(types=OPPORTUNITIES, live=True))
    rows = sorted(found, key=lambda row: (OPPORTUNITY_KINDS.index(row["kind"]), when(row)))
    names = called(database, {row["realiser"] for row in rows})
    return [
        {
            "position": row["position"],
            "realiser": row["realiser"],
            "kind": row["kind"],
            "what": row["what"],
            "realised_at": row["occurred_at"],
            **_behind(database, row["position"]),
            "realiser_name": names[row["realiser"]],
        }
        for row in rows
    ]


def _behind(database: Database, position: int) -> dict[str, list[int]]:
    """The positions of what led to an entry, by what it is."""
    led = [row for row in behind(database, position) if "superseded_by" not in row]
    led.sort(key=when)
    return {
        name: [row["position"] for row in led if row["type"] == kind]
        for name, kind in _BEHIND.items()
    }
