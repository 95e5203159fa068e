"""The gifts that stand, read from the log: for what no row keeps, such as the gifts of a period."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ledger.areas import GIFTS
from ledger.database import EVERYTHING
from ledger.upcasts import upcast
from ledger.values import START_OF_TIME, microseconds
from projections.entries import unreadable

if TYPE_CHECKING:
    from ledger.database import Database

TOGETHER = 500  # entries that are read at once


class Gift(NamedTuple):
    """A gift at a time, in microseconds since 1970."""

    occurred: int
    giver: str
    receiver: str


def gifts(
    database: Database, subject: str = EVERYTHING, since: int = START_OF_TIME
) -> Iterator[Gift]:
    """The gifts that stand and that a subject is in, from a time on, in the order of time.

    Costs as much as there are such gifts, however long the ledger. Raises `DamagedEntry`.
    """
    positions = database.positions(subject, GIFTS, since=since, live=True)
    for start in range(0, len(positions), TOGETHER):
        some = positions[start : start + TOGETHER]
        query = (
            "SELECT originator_version, state FROM stored_events WHERE originator_id = ?"
            f" AND originator_version IN ({', '.join('?' * len(some))})"
        )
        stored = dict(database.select(query, database.network, *some))
        for position in some:
            yield _gift(position, stored.get(position, b""))


def _gift(position: int, state: bytes) -> Gift:
    try:
        said = upcast(json.loads(state))
        said = upcast(said["replacement"]) if "replacement" in said else said
        occurred = microseconds(datetime.fromisoformat(said["occurred_at"]))
        return Gift(occurred, str(said["giver"]), str(said["receiver"]))
    except (ValueError, TypeError, LookupError):
        raise unreadable(position) from None
