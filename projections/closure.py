"""Whether those who were introduced give each other something, and whether others do too.

Two who had given each other something before have found each other already: their introductions
are not counted. Beside the others stand the open triads: two who had given each other nothing,
and a third with whom both of them had a gift. Nobody introduced them, and as many days are counted
from when the triad opened, with the later of its two ties, as from an introduction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from itertools import combinations, count
from typing import TYPE_CHECKING, NamedTuple

from ledger.state.ties import in_order
from ledger.values import microseconds

if TYPE_CHECKING:
    from ledger.database import Database

Pair = tuple[str, str]  # the member with the lower id first
Partner = tuple[str, int]  # with whom somebody had a gift, and when first
Triad = tuple[Pair, int]  # two with a partner in common, and since when

WITHIN = 90 * 24 * 60 * 60 * 1_000_000  # microseconds
MOST = 10_000  # triads that are looked at
MOST_OF_ONE = 100  # through one member
_LOT = 8  # bytes
_FIRST_GIFTS = (  # the columns `there.first, back.first` of two members
    " LEFT JOIN pairs AS there ON there.giver = {one} AND there.receiver = {other}"
    " LEFT JOIN pairs AS back ON back.giver = {other} AND back.receiver = {one}"
)
_MADE = (
    "SELECT made.first, made.second, introduced_at, there.first, back.first"
    " FROM introductions AS made"
    + _FIRST_GIFTS.format(one="made.first", other="made.second")
    + " WHERE made.position > 0"
)
_PARTNERS = (
    "SELECT other, min(first) FROM (SELECT receiver AS other, first FROM pairs"
    " WHERE giver = ? AND receiver GLOB 'm*'"
    " UNION ALL SELECT giver, first FROM pairs WHERE receiver = ?) AS partners"
    " WHERE first IS NOT NULL GROUP BY other ORDER BY length(other), other"
)
_OF_PAIRS = (  # given as a JSON array of `m1 m2`
    "SELECT there.first, back.first FROM json_each(?)"
    + _FIRST_GIFTS.format(
        one="substr(value, 1, instr(value, ' ') - 1)", other="substr(value, instr(value, ' ') + 1)"
    )
    + " ORDER BY key"
)


class Chance(NamedTuple):
    """When two could first give each other something, and whether they did within `WITHIN`."""

    since: int  # microseconds since 1970
    taken: bool


class Introduced(NamedTuple):
    """An introduction of two at a time, and when they first gave each other anything, if ever."""

    pair: Pair
    at: int
    first: int | None


def introduced(database: Database) -> list[Introduced]:
    """Every introduction that stands."""
    return [
        Introduced(
            in_order(one, other), microseconds(datetime.fromisoformat(at)), _earlier(there, back)
        )
        for one, other, at, there, back in database.select(_MADE)
    ]


def by_introduction(found: list[Introduced], at: int) -> Iterator[Chance]:
    """Of each introduction of two who had not, whether they gave each other anything after it.

    Of those only for which `WITHIN` was over by the time `at`.
    """
    for each in found:
        until = each.at + WITHIN
        if until <= at and (each.first is None or each.first >= each.at):
            yield Chance(each.at, each.first is not None and each.first < until)


def by_themselves(
    database: Database, found: list[Introduced], at: int
) -> tuple[list[Chance], bool]:
    """Of open triads of two whom nobody introduced before the time was over, the same.

    And whether they are only some, drawn by the position that the answer is for: of a member at
    most `MOST_OF_ONE`, of all `MOST`.
    """
    earliest: dict[Pair, int] = {}
    for each in found:
        earliest[each.pair] = min(each.at, earliest.get(each.pair, each.at))
    triads, drawn = _triads(database)
    chances = []
    firsts = _firsts(database, [pair for pair, _ in triads])
    for (pair, since), first in zip(triads, firsts, strict=True):
        until = since + WITHIN
        open_then = first is None or first > since
        alone = pair not in earliest or earliest[pair] >= until
        if open_then and alone and until <= at:
            chances.append(Chance(since, first is not None and first < until))
    return chances, drawn


def _triads(database: Database) -> tuple[list[Triad], bool]:
    """Two with whom the same third had gifts, and since when; and whether that is not all."""
    seed = database.head()
    members = [id for (id,) in database.select("SELECT member FROM members WHERE position > 0")]
    members.sort(key=lambda member: next(_lots(seed, member)))
    triads: list[Triad] = []
    drawn = False
    for member in members:
        partners = database.select(_PARTNERS, member, member)
        if len(triads) >= MOST and len(partners) > 1:
            return triads[:MOST], True
        some, part = _some(seed, member, partners)
        drawn = drawn or part
        triads += [
            (in_order(one, other), max(first, second)) for (one, first), (other, second) in some
        ]
    return triads[:MOST], drawn or len(triads) > MOST


def _some(
    seed: int, member: str, partners: list[Partner]
) -> tuple[list[tuple[Partner, Partner]], bool]:
    """Pairs of a member's partners, all when they are few; and whether they are not all."""
    many = len(partners)
    if many * (many - 1) // 2 <= MOST_OF_ONE:
        return list(combinations(partners, 2)), False
    found: dict[tuple[int, int], None] = {}
    for lot in _lots(seed, member):
        one, other = lot % many, lot // many % many
        if one != other:
            found[min(one, other), max(one, other)] = None
        if len(found) == MOST_OF_ONE:
            break
    return [(partners[one], partners[other]) for one, other in found], True


def _lots(seed: int, word: str) -> Iterator[int]:
    """Numbers as if by chance, always the same for the same seed and word."""
    for number in count():
        digest = sha256(f"{seed} {word} {number}".encode()).digest()
        for start in range(0, len(digest), _LOT):
            yield int.from_bytes(digest[start : start + _LOT])


def _firsts(database: Database, pairs: list[Pair]) -> list[int | None]:
    """When two first gave each other anything, for each pair; None: never."""
    return [
        _earlier(*two)
        for two in database.select(_OF_PAIRS, json.dumps([" ".join(pair) for pair in pairs]))
    ]


def _earlier(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
