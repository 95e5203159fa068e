"""Who has been in nothing that happened: since they joined, or for a while.

Something that happened is an offer, an ask, a gift, a loan and so on; not that somebody joined,
or what others say of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ledger import areas
from ledger.database import REPLACING
from ledger.state.members import MEMBERS
from ledger.values import START_OF_TIME, microseconds
from projections.activity import HAPPENED
from projections.entries import standing_rows
from projections.membership import Presence, called
from projections.reciprocity import ALL_TIME, week_of

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
QUIET = timedelta(days=90)  # without anything that happened
NEW = timedelta(days=90)  # after joining
SETTLING = timedelta(days=14)  # after joining, before silence says anything

_KINDS = json.dumps([*HAPPENED, *(REPLACING + kind for kind in HAPPENED)])
_NEWCOMERS = (
    "SELECT member FROM members WHERE position > 0 AND json_extract(spans, '$[0][0]') > ?"
    " AND json_extract(spans, '$[0][0]') <= ? AND NOT EXISTS (SELECT 1 FROM balances"
    " WHERE balances.member = members.member AND period = ? AND given + received > 0)"
    " ORDER BY json_extract(spans, '$[0][0]'), position"
)
# Who was in a gift at some time, but in no later week; and those who were perhaps in something
# else. The latest first.
_WITHOUT_GIFTS = (
    "WITH gifted (member, week) AS (SELECT member, (SELECT period FROM balances"
    " WHERE balances.member = members.member AND period GLOB '????-W??' AND given + received > 0"
    " ORDER BY period DESC LIMIT 1) FROM members WHERE position > 0)"
    " SELECT member FROM gifted WHERE week <= ? OR week IS NULL AND EXISTS (SELECT 1 FROM subjects"
    " WHERE subject = member AND type IN (SELECT value FROM json_each(?)))"
    " ORDER BY week DESC NULLS LAST, length(member), member"
)
_OWNED = "SELECT resource FROM resources WHERE owner = ?"


def silent_newcomers(database: Database, presence: Presence, now: datetime) -> Iterator[Row]:
    """Who joined in the last `NEW`, and has been in nothing since; the earliest first.

    Those who joined just now are let be for `SETTLING`. Each: `id, name, kind, joined_at,
    invited_by, position` of the entry with which they joined, and `invited_by_name`.
    """
    at = microseconds(now)
    joined = (microseconds(now - NEW), microseconds(now - SETTLING))
    for (member,) in database.select(_NEWCOMERS, *joined, ALL_TIME):
        if presence.here(member, at) and not _happened(database, member):
            row = database.load(MEMBERS, member)
            names = called(database, {member, row.invited_by} - {None})
            yield {
                "id": member,
                "name": names[member],
                "kind": row.kind,
                "joined_at": row.joined_at,
                "invited_by": row.invited_by,
                "position": row.position,
                "invited_by_name": names.get(row.invited_by),
            }


def gone_quiet(database: Database, presence: Presence, now: datetime) -> Iterator[Row]:
    """Who is here and was in something once, and in nothing for `QUIET`.

    Those whose last gift, given or received, is of a later week come first. Each: `id, name,
    kind, last_at, position` of the last that they were in.
    """
    at, since = microseconds(now), now - QUIET
    for (member,) in database.select(_WITHOUT_GIFTS, week_of(since), _KINDS):
        if not presence.here(member, at) or _happened(database, member, microseconds(since)):
            continue
        for position in _happened(database, member):
            [last] = standing_rows(database, [position])
            yield {
                "id": member,
                "name": called(database, [member])[member],
                "kind": database.load(MEMBERS, member).kind,
                "last_at": last["occurred_at"],
                "position": position,
            }


def _happened(database: Database, member: str, since: int = START_OF_TIME) -> list[int]:
    """The position of the last that a member was in since a time, if anything.

    Who lets others use what they offer is in it.
    """
    owned = [row for (row,) in database.select(_OWNED, member)]
    found = [*_last(database, member, HAPPENED, since)]
    for resource in owned:
        found += _last(database, resource, areas.USES, since)
    if len(found) < 2:
        return found
    latest = max(standing_rows(database, found), key=_when)
    return [latest["position"]]


def _last(database: Database, subject: str, types: Iterable[str], since: int) -> list[int]:
    return database.positions(subject, types, since=since, live=True, newest_first=True, limit=1)


def _when(row: Row) -> tuple[datetime, int]:
    return datetime.fromisoformat(row["occurred_at"]), row["position"]
