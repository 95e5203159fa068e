"""How the word of an initiative has spread: who heard of it first from whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.names import names_of
from ledger.refusals import UnknownId
from ledger.state.initiatives import INITIATIVES, Initiative
from ledger.values import FORGOTTEN, THOUSAND, decimal_text
from projections.membership import called

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
_TOLD = (
    "SELECT told, CAST(substr(entry, 2) AS BIGINT), told_at, position, teller, listeners,"
    " heard_from FROM stories WHERE initiative = ? ORDER BY 1, 2"
)


class _Telling(NamedTuple):
    """A telling; times in microseconds since 1970 and as ISO text."""

    told: int
    slot: int
    told_at: str
    position: int
    teller: str
    listeners: str
    heard_from: int


@dataclass(slots=True)
class _Knower:
    """Who knows of it: through which telling (None: they told of it first), and what they told.

    `last` is the last telling that they, or whoever heard of it through them, were in.
    """

    member: str
    source: _Telling | None = None
    generation: int = 0
    tellings: int = 0
    last: _Telling | None = None
    children: list[_Knower] = field(default_factory=list)


def spread(database: Database, id: str) -> list[Row]:
    """The tree of who told whom about an initiative; rows with a `section`.

    `spread`, one row: `id, what, reach, generations, tellings, tellers, per_teller, silent,
    first_told_at, last_told_at`. `reach` counts those who heard of it, each once, when they
    were first told; the starter, and whoever told of it before anybody told them, knew
    already. `generations` is the length of the longest chain of tellings, `per_teller` the
    mean number of tellings in decimals, null without any, as are the times. `silent` are
    those reached who told nobody.

    `member`: everyone in the tree, each before those who heard of it from them, these in the
    order in which they heard: `id, name, generation, told_by, told_by_name, position,
    heard_at, tellings, reached, quiet_since`. Generation 0 knew already, and was told by
    nobody. `reached` heard of it first from them. `quiet_since` is the last telling that they
    or those after them in the tree were in; null: none. Raises `UnknownId`.
    """
    row: Initiative = database.load(INITIATIVES, id)
    if not row.exists:
        raise UnknownId(what="initiative", id=id)
    tellings = [_Telling(*values) for values in database.select(_TOLD, id)]
    knowers = _tree(row.starter, tellings)
    whole = {
        "section": "spread",
        "id": id,
        "what": names_of(database, [id]).get(id, FORGOTTEN),
        **_sums(knowers, tellings),
    }
    return [whole, *_members(database, knowers)]


def _tree(starter: str, tellings: list[_Telling]) -> dict[str, _Knower]:
    """All who know of it, in the order in which they came to.

    Who was told several times heard of it in the telling that they named when they first
    told it on, else in the first. A parent is there before its children, so nothing goes round.
    """
    named: dict[str, int] = {}
    for telling in tellings:
        named.setdefault(telling.teller, telling.heard_from)
    slots = {telling.slot: place for place, telling in enumerate(tellings)}
    first: dict[str, int] = {}  # by teller, the place of their first telling
    for place, telling in enumerate(tellings):
        first.setdefault(telling.teller, place)
    knowers = {starter: _Knower(starter)}
    for telling in tellings:
        teller = knowers.get(telling.teller)
        if teller is None:
            teller = knowers[telling.teller] = _Knower(telling.teller)
        teller.tellings += 1
        teller.last = telling
        for listener in json.loads(telling.listeners):
            knower = knowers.get(listener)
            if knower is not None:
                knower.last = telling
                continue
            source = slots.get(named.get(listener, 0))
            if source is None or source >= first[listener] or tellings[source] is telling:
                knower = _Knower(listener, telling, teller.generation + 1, last=telling)
                knowers[listener] = knower
                teller.children.append(knower)
    for knower in reversed(knowers.values()):
        for child in knower.children:
            if child.last is not None and (knower.last is None or child.last > knower.last):
                knower.last = child.last
    return knowers


def _sums(knowers: dict[str, _Knower], tellings: list[_Telling]) -> Row:
    reached = [knower for knower in knowers.values() if knower.source is not None]
    tellers = sum(knower.tellings > 0 for knower in knowers.values())
    mean = round(THOUSAND * len(tellings) / tellers) if tellers else None
    return {
        "reach": len(reached),
        "generations": max((knower.generation for knower in reached), default=0),
        "tellings": len(tellings),
        "tellers": tellers,
        "per_teller": None if mean is None else decimal_text(mean),
        "silent": sum(not knower.tellings for knower in reached),
        "first_told_at": tellings[0].told_at if tellings else None,
        "last_told_at": tellings[-1].told_at if tellings else None,
    }


def _members(database: Database, knowers: dict[str, _Knower]) -> Iterator[Row]:
    names = called(database, knowers)
    waiting = [knower for knower in knowers.values() if knower.source is None][::-1]
    while waiting:
        knower = waiting.pop()
        source = knower.source
        yield {
            "section": "member",
            "id": knower.member,
            "name": names[knower.member],
            "generation": knower.generation,
            "told_by": None if source is None else source.teller,
            "told_by_name": None if source is None else names[source.teller],
            "position": None if source is None else source.position,
            "heard_at": None if source is None else source.told_at,
            "tellings": knower.tellings,
            "reached": len(knower.children),
            "quiet_since": None if knower.last is None else knower.last.told_at,
        }
        waiting.extend(reversed(knower.children))
