"""The common context: what happened in the network, as it stands, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ledger import areas
from projections.entries import newest

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]

# What is between a few and soon over, and what is said of entries rather than of the network.
LEFT_OUT = (
    areas.BOOKINGS
    | areas.LOANS
    | areas.ANSWERS_TO_GIFTS
    | areas.NOMINATIONS
    | areas.NOTES
    | areas.CORRECTIONS
    | areas.PRIVACY
    | {"member-paused", "member-resumed", "member-described"}
)
TOLD = areas.EVERY_TYPE - LEFT_OUT


def timeline(database: Database, limit: int | None = None) -> Iterator[Row]:
    """What happened, newest first, at most `limit`; rows as of `entries.standing_rows`.

    Told is who came and left, what is offered and asked for and how that ended, gifts,
    introductions and what came of them, ties, affiliations, initiatives, stories, gatherings
    and opportunities; not what is in `LEFT_OUT`. What was corrected is told as it stands,
    what was taken back is not. Costs as much as the answer is long.
    """
    return newest(database, TOLD, limit)
