"""The network measures of a ledger: whom they are about, and over which gifts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ledger.state.members import MEMBERS, Member
from ledger.state.ties import AFFILIATIONS, Affiliation
from ledger.values import START_OF_TIME, local, moment_at
from projections.gifts import gifts
from projections.measures import FEWEST, Measures, measures
from projections.measures_retention import retention
from projections.membership import by_name, called
from projections.ratio import Ratio

if TYPE_CHECKING:
    from datetime import tzinfo

    from ledger.database import Database
    from projections.graph import Pair
    from projections.measures_brokerage import Roles

Row = dict[str, Any]

DAY = 24 * 60 * 60 * 1_000_000  # microseconds
FOLLOWED = 90  # days after joining at which it is asked who stayed
# With the plus the index of receivers is left alone, which has another order.
_GIVEN = (
    "SELECT giver, receiver, gifts FROM pairs WHERE gifts > 0 AND receiver || '' GLOB 'm*'"
    " ORDER BY giver, receiver"
)


def measure_rows(database: Database, at: int, zone: tzinfo, window: int | None = None) -> list[Row]:
    """What is measured of the network at the time `at`, microseconds since 1970.

    Of all gifts between members, or of those of the last `window` days; a weight is a number of
    gifts. Counted are all who were members in that time, whether or not they gave. Rows with
    a `section`: `network`, a row for each measure; `component`, for each group of two or more
    between whom gifts lead, the largest first; `cohort`, for each month of joining, of those
    followed for 90 days how many were members then; `member`, for each member and measure,
    by name. Each ends in `measure, value, numerator, denominator, members, too_small, window, at`.
    The three numbers are decimals in text, the value null where it is undefined; `members` is how
    many it is about; `window` days or null; `at` an ISO time by the clocks of `zone`.
    Raises `DamagedEntry`, with a window.
    """
    since = START_OF_TIME if window is None else max(at - window * DAY, START_OF_TIME)
    rows: list[Member] = [row for row in database.find(MEMBERS) if row.exists]
    counted = [row for row in rows if _member_between(row, since, at)]
    ids = [row.member for row in counted]
    found = measures(pairs(database, since), ids, _organisations(database, counted, at))
    moment = local(moment_at(at), zone).isoformat()

    def told(name: str, ratio: Ratio, members: int, days: int | None = window) -> Row:
        return _told(name, ratio, members) | {"window": days, "at": moment}

    answer = [
        {"section": "network", **told(each.name, each.ratio, each.members)}
        for each in found.network
    ]
    answer += [
        {"section": "component", **told("component", Ratio(size, len(ids)), len(ids))}
        for size in found.components
        if size > 1
    ]
    answer += [
        {"section": "cohort", "period": cohort.period, "joined": cohort.joined}
        | told("retention", cohort.retention, cohort.observed, FOLLOWED)
        for cohort in retention(rows, FOLLOWED * DAY, at)
    ]
    names = called(database, ids)
    brokered = 0 if found.brokerage is None else sum(map(sum, found.brokerage.values()))
    for row in sorted(({"id": id, "name": names[id]} for id in ids), key=by_name):
        for name, ratio in _of_member(found, row["id"], brokered):
            answer.append({"section": "member", **row, **told(name, ratio, len(ids))})
    return answer


def pairs(database: Database, since: int = START_OF_TIME) -> list[Pair]:
    """Who gave whom how many gifts since a time, each pair once, by id; see `gifts`."""
    if since == START_OF_TIME:
        return [(giver, receiver, count) for giver, receiver, count in database.select(_GIVEN)]
    counts = Counter((gift.giver, gift.receiver) for gift in gifts(database, since=since))
    return [(*pair, counts[pair]) for pair in sorted(counts) if pair[1][0] == "m"]


def _member_between(row: Member, since: int, at: int) -> bool:
    """Whether someone was a member at some time from `since` to `at`."""
    return any(
        start is not None and start <= at and (end is None or end > since)
        for start, end in row.spans
    )


def _organisations(database: Database, members: list[Member], at: int) -> dict[str, str] | None:
    """Whom each acts for at a time, of several the one since longest; an organisation itself.

    None when nobody acts for any.
    """
    acting: list[tuple[int, str, str]] = []
    row: Affiliation
    for row in database.find(AFFILIATIONS):
        if roles := row.at(at):
            since = min(row.roles[role][-1][0] or 0 for role in roles)
            acting.append((since, row.organisation, row.person))
    if not acting:
        return None
    organisations = {row.member: row.member for row in members if row.kind == "organisation"}
    for _, organisation, person in sorted(acting):
        organisations.setdefault(person, organisation)
    return organisations


def _of_member(found: Measures, id: str, brokered: int) -> Iterator[tuple[str, Ratio]]:
    yield "core_number", Ratio(found.core_number[id], 1)
    yield "constraint", found.constraint[id]
    yield "effective_size", found.effective_size[id]
    if found.brokerage is not None:
        roles: Roles = found.brokerage[id]
        for role, count in zip(roles._fields, roles, strict=True):
            yield f"brokerage_{role}", Ratio(count, brokered)


def _told(name: str, ratio: Ratio, members: int) -> Row:
    counted = {"members": members, "too_small": members < FEWEST}
    return {"measure": name, **ratio.told(), **counted}
