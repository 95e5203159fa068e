"""The networks of one place side by side: each by its own rows, at its own position.

However many there are, each table is asked once for all of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from ledger.networks import closed, named
from ledger.rows import table_of
from ledger.state.members import Member
from ledger.state.relations import RELATIONS, Relations
from ledger.values import FORGOTTEN, THOUSAND, decimal_text, fold, moment_at
from ledger.zones import zone
from projections.membership import AWAY, Presence
from projections.periods import Periods
from projections.versions import VERSIONS

if TYPE_CHECKING:
    from ledger.networks import Networks

Row = dict[str, Any]
Month = tuple[str, int]  # 2026-11, and its first moment in microseconds since 1970

_FROM = (
    "activity",
    "balances",
    "bookings",
    "loans",
    "members",
    "network",
    "relations",
    "resources",
)
_CURRENT = "SELECT folds.NETWORK, count(*) FROM folds WHERE {made} GROUP BY folds.NETWORK".format(
    made=" OR ".join(f"name = '{name}' AND version = {VERSIONS[name]}" for name in _FROM)
)
_PROGRESS = "SELECT progress.NETWORK, at, recorded FROM progress WHERE at > 0"
_ZONES = "SELECT network.NETWORK, time_zone FROM network"
_RELATIONS = f"SELECT relations.NETWORK, {', '.join(RELATIONS.columns)} FROM relations"
_CALLED = (
    "SELECT members.NETWORK, member, text FROM members LEFT JOIN texts ON texts.NETWORK ="
    " members.NETWORK AND texts.position = name_at AND field = 'name'"
    " WHERE members.position > 0 AND member IN ({marks})"
)
_TOGETHER = 500  # ids that are looked up at once
_MEMBERS = (
    "SELECT members.NETWORK, count(*) FROM members WHERE position > 0 GROUP BY members.NETWORK"
)
_AWAY = AWAY.replace("SELECT *", "SELECT members.NETWORK, member, position, spans, pauses")
_GIFTED = (
    "SELECT balances.NETWORK, period, group_concat(balances.member, ' '), sum(given)"
    " FROM balances WHERE period BETWEEN ? AND ? AND balances.member GLOB 'm*'"
    " AND (given > 0 OR received > 0) GROUP BY balances.NETWORK, period"
)
_HAPPENED = (
    "SELECT activity.NETWORK, month, group_concat(member, ' ') FROM activity"
    " WHERE month BETWEEN ? AND ? AND times > 0"
    " GROUP BY activity.NETWORK, month"
)
_USED = (  # who lets others use what they offer is in it
    "SELECT bookings.NETWORK, owner, booked FROM bookings JOIN resources"
    " ON resources.NETWORK = bookings.NETWORK AND resources.resource = bookings.resource"
    " WHERE bookings.position > 0 AND resources.position > 0 AND booked >= ?"
    " UNION ALL SELECT loans.NETWORK, owner, lent FROM loans JOIN resources"
    " ON resources.NETWORK = loans.NETWORK AND resources.resource = loans.resource"
    " WHERE borrower <> '' AND resources.position > 0 AND lent >= ?"
)


def networks(asked: Networks, at: int) -> list[Row]:
    """Every network by name, at the time `at`, microseconds since 1970.

    `id, name`; `entries`, how many, and `last_at`, when the last was recorded; `members` that
    are there. Of the month so far, by the network's own clocks and as `vitality` has it: its
    `month, gifts, active` members and `active_share` of all. What comes of rows that another
    version of natverk made is null. `relations` with other networks: the `network`, a `member`
    here and one there, `theirs`, or null, and the `nature`. `moved_to`: where the network has
    moved, so that this is how it was when it did. An unfinished copy is not one yet.
    """
    current = {id for id, folds in asked.select(_CURRENT) if folds == len(_FROM)}
    zones, names = dict(asked.select(_ZONES)), dict(named(asked))
    moved = closed(asked)
    half = {id for id, to in moved.items() if to is None}
    absent = half | {each.id for each in asked.elsewhere}
    relations = _relations(asked, at)
    figures = _figures(asked, at, {id: zones[id] for id in current & zones.keys()})
    rows = [
        {
            "id": id,
            "name": names.get(id, FORGOTTEN),
            "entries": entries,
            "last_at": moment_at(recorded).astimezone(zone(zones.get(id, "UTC"))).isoformat(),
            **figures.get(id, _UNKNOWN),
            "relations": relations[id],
            "moved_to": moved.get(id),
        }
        for id, entries, recorded in asked.select(_PROGRESS)
        if id not in absent
    ]
    return sorted(rows, key=lambda row: (fold(row["name"]), row["id"]))


def mark_mutual(rows: Iterable[Row]) -> None:
    """Say of each relation in rows of `networks`, from one place or several, if it is `mutual`.

    It is when the other network is among them, and says the same of the same two.
    """
    said = {(row["id"], *each.values()) for row in rows for each in row["relations"]}
    for row in rows:
        for each in row["relations"]:
            other, member, theirs, nature = each.values()
            each["mutual"] = (other, row["id"], theirs, member, nature) in said


def names_in_relations(asked: Networks, rows: Iterable[Row]) -> dict[tuple[str, str], str]:
    """What members are called of whom rows of `networks` say relations, by network and id.

    Of those who are in a network that is asked.
    """
    ids = {each[who] for row in rows for each in row["relations"] for who in ("member", "theirs")}
    wanted = sorted(ids - {None})
    names: dict[tuple[str, str], str] = {}
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        found = asked.select(_CALLED.format(marks=", ".join("?" * len(some))), *some)
        names |= {(network, member): name or FORGOTTEN for network, member, name in found}
    return names


def _relations(asked: Networks, at: int) -> dict[str, list[Row]]:
    """By network, the relations with others that it says there are."""
    found: dict[str, list[Row]] = defaultdict(list)
    for id, *values in asked.select(_RELATIONS):
        row: Relations = table_of(RELATIONS).row(values)
        found[id] += [{"network": row.other, **each._asdict()} for each in row.at(at)]
    return found


_UNKNOWN = dict.fromkeys(("members", "month", "gifts", "active", "active_share"))


def _figures(asked: Networks, at: int, zones: dict[str, str]) -> dict[str, Row]:
    """What `networks` says of the members of each, and of the month."""

    @cache
    def month_in(time_zone: str) -> Month:
        periods = Periods(at, at, "month", zone(time_zone))
        return periods.labels[0], periods.starts[0]

    months = {id: month_in(time_zone) for id, time_zone in zones.items()}
    everyone = dict(asked.select(_MEMBERS))
    away: dict[str, list[Member]] = defaultdict(list)
    for id, member, position, spans, pauses in asked.select(_AWAY):
        periods = {"spans": json.loads(spans), "pauses": json.loads(pauses)}
        away[id].append(Member(member, position=position, **periods))
    gifts, active = _activity(asked, months)
    found: dict[str, Row] = {}
    for id, (month, since) in months.items():
        gone = {row.member for row in away[id] if row.exists and not _there(row, since, at)}
        left = Presence(away[id]).count("left", at)
        there, took_part = everyone.get(id, 0) - len(gone), len(active[id] - gone)
        found[id] = {
            "members": everyone.get(id, 0) - left,
            "month": month,
            "gifts": gifts[id],
            "active": took_part,
            "active_share": decimal_text(round(THOUSAND * took_part / there)) if there else None,
        }
    return found


def _there(row: Member, since: int, at: int) -> bool:
    """Whether someone was a member at some time from `since` until `at`."""
    return row.present(since - 1) or any(since <= (start or 0) <= at for start, _ in row.spans)


def _activity(
    asked: Networks, months: dict[str, Month]
) -> tuple[dict[str, int], dict[str, set[str]]]:
    """By network, how many gifts there were in its month, and who was in something."""
    gifts: dict[str, int] = defaultdict(int)
    active: dict[str, set[str]] = defaultdict(set)
    if not months:
        return gifts, active
    labels = {label for label, _ in months.values()}
    two = min(labels), max(labels)  # where it is another month already elsewhere
    for id, label, members, given in asked.select(_GIFTED, *two):
        if id in months and label == months[id][0]:
            gifts[id] = given
            active[id].update(members.split())
    for id, label, members in asked.select(_HAPPENED, *two):
        if id in months and label == months[id][0]:
            active[id].update(members.split())
    first = min(since for _, since in months.values())
    for id, owner, used in asked.select(_USED, first, first):
        if id in months and used >= months[id][1]:
            active[id].add(owner)
    return gifts, active
