"""A coordinator's work list: what could be brought about, and who waits to be asked.

Costs about as much as is asked for, offered, silent and shown; what is over is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.state.ties import in_order
from ledger.values import microseconds
from projections.asks import asks_with
from projections.encounters import ENCOUNTERS
from projections.glance import PATIENCE, asks_waiting
from projections.introductions import introductions_at, unfollowed
from projections.matching import match
from projections.membership import Presence, called
from projections.nearness import Near, Nearness
from projections.silence import gone_quiet, silent_newcomers

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.database import Database

Row = dict[str, Any]
Pair = tuple[str, str]  # the one with the lower id first
SHOWN = 10  # of each, unless another limit is asked for
TOGETHER = 20  # asks for which ties are looked up in one go
FAR = 3  # steps, or more; it is all one to somebody who introduces


def weave(database: Database, now: datetime, limit: int | None = SHOWN) -> list[Row]:
    """What there is to do at `now`, a moment in the network's zone; rows with a `section`.

    In this order, at most `limit` of each, None: all:

    - `match`: each open ask with the offer, of those that could meet it, whose owner is nearest
      by ties; the nearest first: `ask, asker, resource, owner, steps, through, others`, then
      `asker_name, owner_name, through_names, asked_for, offered`. `steps` is 1 for two who have
      a tie, 2 when others, `through` whom, have one with both, else null; `others` counts the
      other offers that could meet it.
    - `triad`: two without a tie, whom nobody has introduced to each other, who both have a tie
      with others, and one of whom asks for what the other offers: `first, second, through,
      asks, resources, first_name, second_name, through_names`; the oldest ask first.
    - `newcomer`, `quiet`: see `silent_newcomers` and `gone_quiet`.
    - `ask`: as of `asks`, those that are needed within a week, the first day first.
    - `introduction`: as of `introductions`, those that nobody followed up in two weeks.
    """
    at, presence = microseconds(now), Presence.of(database)
    near, apart = _matched(database, at, presence, limit)
    sections = (
        ("match", _matches(database, near)),
        ("triad", _triads(database, apart)),
        ("newcomer", islice(silent_newcomers(database, presence, now), limit)),
        ("quiet", islice(gone_quiet(database, presence, now), limit)),
        ("ask", _asks(database, presence, now, limit)),
        ("introduction", introductions_at(database, unfollowed(database, now - PATIENCE)[:limit])),
    )
    return [{"section": section, **row} for section, rows in sections for row in rows]


class _Nearest(NamedTuple):
    """An ask with the nearest offer, a row of `match`, and how many others there are."""

    row: Row
    near: Near
    others: int

    @property
    def steps(self) -> int:
        return self.near.steps or FAR


class _Apart(NamedTuple):
    """Two who are two steps apart, through whom, and the rows of `match` between them."""

    pair: Pair
    through: tuple[str, ...]
    rows: list[Row]


def _matched(
    database: Database, at: int, presence: Presence, limit: int | None
) -> tuple[list[_Nearest], list[_Apart]]:
    """The nearest offer of each ask, and those who could be introduced; as many as are wanted.

    Asks are looked at from the oldest on until no later one could be shown.
    """
    rows, nearness = match(database, at), Nearness(database, at, presence)
    asks = iter([list(found) for _, found in groupby(rows, itemgetter("ask"))])
    nearest: list[_Nearest] = []
    apart: dict[Pair, tuple[str, ...]] = {}
    direct = 0
    while some := list(islice(asks, TOGETHER)):
        nearness.look_up(each for found in some for row in found for each in _both(row))
        for found in some:
            near = [nearness.of(row["asker"], row["owner"]) for row in found]
            best = min(range(len(found)), key=lambda place: near[place].steps or FAR)
            nearest.append(_Nearest(found[best], near[best], len(found) - 1))
            direct += nearest[-1].steps == 1
            for row, each in zip(found, near, strict=True):
                if each.through and not database.load(ENCOUNTERS, *_both(row)).introduced:
                    apart.setdefault(_both(row), each.through)
        if limit is not None and direct >= limit and len(apart) >= limit:
            break
    nearest.sort(key=lambda each: each.steps)
    return nearest[:limit], _apart(islice(apart.items(), limit), rows)


def _apart(pairs: Iterable[tuple[Pair, tuple[str, ...]]], rows: list[Row]) -> list[_Apart]:
    """Pairs and through whom, with the matches that are between the two."""
    found = {pair: _Apart(pair, through, []) for pair, through in pairs}
    for row in rows:
        if _both(row) in found:
            found[_both(row)].rows.append(row)
    return list(found.values())


def _both(row: Row) -> Pair:
    return in_order(row["asker"], row["owner"])


def _matches(database: Database, nearest: list[_Nearest]) -> Iterator[Row]:
    names = called(database, {each for found in nearest for each in found.near.through})
    for row, near, others in nearest:
        yield {
            **{name: row[name] for name in ("ask", "asker", "resource", "owner")},
            "steps": near.steps,
            "through": list(near.through),
            "others": others,
            "asker_name": row["asker_name"],
            "owner_name": row["owner_name"],
            "through_names": [names[each] for each in near.through],
            "asked_for": row["asked_for"],
            "offered": row["offered"],
        }


def _triads(database: Database, apart: list[_Apart]) -> Iterator[Row]:
    people = {each for found in apart for each in (*found.pair, *found.through)}
    names = called(database, people)
    for (first, second), through, rows in apart:
        yield {
            "first": first,
            "second": second,
            "through": list(through),
            "asks": list(dict.fromkeys(row["ask"] for row in rows)),
            "resources": list(dict.fromkeys(row["resource"] for row in rows)),
            "first_name": names[first],
            "second_name": names[second],
            "through_names": [names[each] for each in through],
        }


def _asks(database: Database, presence: Presence, now: datetime, limit: int | None) -> list[Row]:
    near = asks_waiting(database, presence, now)["asks_near"][:limit]
    rows = asks_with(database, near, microseconds(now), presence)
    by_id = {row["id"]: row for row in rows}
    return [by_id[ask] for ask in near]
