"""The network at a glance: what is going on, and what waits for someone.

Costs as much as there is going on: what is over is not looked at.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ledger.state.asks import ASKS, Ask
from ledger.state.network import NETWORK, WHOLE
from ledger.values import FORGOTTEN, microseconds
from projections.entries import entry_row
from projections.introductions import unfollowed
from projections.membership import Presence
from projections.offers import bookings_found
from projections.reciprocity import ALL_TIME

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.database import Database

SOON = timedelta(days=7)  # how near the day is by which something is needed
PATIENCE = timedelta(days=14)  # before somebody asks what came of an introduction

Row = dict[str, Any]
_GIFTS = (  # CROSS: see `reciprocity.balances`
    "SELECT coalesce(sum(given), 0) FROM members CROSS JOIN balances"
    " ON balances.member = members.member AND period = ?"
)
_COMING = (
    "SELECT bookings.* FROM resources CROSS JOIN bookings"
    " ON bookings.resource = resources.resource AND end > ? WHERE live = 1"
)


def glance(database: Database, now: datetime) -> Row:
    """One row about the network at `now`, a moment in its own zone.

    `name, idea, founded_at`; `members` that are here, `paused` ones among
    them, `left`; `gifts` in all and `gifts_this_month`; `open_asks`,
    of which ids `asks_past` the day by which they were needed, `asks_near` it,
    and `asks_given` something though nobody said how much; `offers` that are
    live; `overdue` loans, as positions; `bookings`, ids of those not over, the
    next first; `unfollowed` introductions older than two weeks, as positions;
    `position` and `last_at` of the entry recorded last.
    """
    at = microseconds(now)
    presence = Presence.of(database)
    everyone = database.select("SELECT count(*) FROM members WHERE position > 0")[0][0]
    left = presence.count("left", at)
    return {
        **_network(database),
        "members": everyone - left,
        "paused": presence.count("paused", at),
        "left": left,
        "gifts": database.select(_GIFTS, ALL_TIME)[0][0],
        "gifts_this_month": database.select(_GIFTS, now.isoformat()[:7])[0][0],
        **asks_waiting(database, presence, now),
        "offers": _offers(database, presence, at),
        "overdue": _overdue(database, at),
        "bookings": _bookings(database, presence, at),
        "unfollowed": [position for position, _ in unfollowed(database, now - PATIENCE)],
    }


def _network(database: Database) -> Row:
    row = database.load(NETWORK, WHOLE)
    head = database.head()
    last = database.entry(head)
    return {
        "name": database.text(row.name_at, "name") or FORGOTTEN,
        "idea": database.text(row.idea_at, "idea") or FORGOTTEN,
        "founded_at": row.founded_at,
        "position": head,
        "last_at": None if last is None else entry_row(database, head, last[1])["recorded_at"],
    }


def asks_waiting(database: Database, presence: Presence, now: datetime) -> Row:
    """How many asks are open, and the ids of those that somebody should look at, as of `glance`."""
    at, today, soon = microseconds(now), now.date().isoformat(), (now + SOON).date().isoformat()
    asks: list[Ask] = database.find(ASKS, live=1)
    asks = [ask for ask in asks if not presence.hidden(ask.asker, ask.asked, at)]
    needed = sorted((ask.needed_by, ask.position, ask.ask) for ask in asks if ask.needed_by)
    given = sorted((ask.position, ask.ask) for ask in asks if ask.quantity is None and ask.gifts)
    return {
        "open_asks": len(asks),
        "asks_past": [ask for by, _, ask in needed if by < today],
        "asks_near": [ask for by, _, ask in needed if today <= by <= soon],
        "asks_given": [ask for _, ask in given],
    }


def _offers(database: Database, presence: Presence, at: int) -> int:
    offers = database.select("SELECT owner, offered FROM resources WHERE live = 1")
    return sum(not presence.hidden(owner, offered, at) for owner, offered in offers)


def _overdue(database: Database, at: int) -> list[int]:
    found = database.select("SELECT loan FROM loans WHERE out = 1 AND due <= ? ORDER BY due", at)
    return [loan for (loan,) in found]


def _bookings(database: Database, presence: Presence, at: int) -> list[str]:
    coming = (
        (booking.start, booking.position, booking.booking)
        for booking, _, end in bookings_found(database, presence, _COMING, at)
        if end > max(at, booking.start)
    )
    return [booking for _, _, booking in sorted(coming)]
