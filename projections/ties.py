"""The outspoken network, of declared ties and affiliations, beside the one that shows in deeds.

A tie is declared, or revealed by gifts, introductions, tellings and gatherings. It has no
direction, and is between two members.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ledger.names import all_member_names
from ledger.rows import table_of
from ledger.state.ties import AFFILIATIONS, TIES, in_order
from ledger.values import FORGOTTEN
from projections.membership import by_name, called, known

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
Which = Literal["declared", "revealed", "gap"]

# Of some members, given as a JSON array, or of everyone; a row may come twice.
_SOME = "WITH these (id) AS (SELECT value FROM json_each(?)) "
_EVERY_GIFT = (
    "SELECT giver, receiver, gifts FROM pairs WHERE gifts > 0 AND receiver BETWEEN 'm' AND 'n'"
)
_GIFTS = (
    f"{_SOME}SELECT giver, receiver, gifts FROM these CROSS JOIN pairs ON giver = id"
    " WHERE gifts > 0 AND receiver BETWEEN 'm' AND 'n'"
    " UNION ALL SELECT giver, receiver, gifts FROM these CROSS JOIN pairs ON receiver = id"
    " WHERE gifts > 0"
)
_MET = (
    "(SELECT count(*) FROM json_each(introduced) CROSS JOIN introductions"
    " ON entry = '#' || value WHERE introduced <> '[]' AND outcome IN ('met', 'collaborated'))"
)
_MEETINGS = f"first, second, presented + {_MET} AS introductions, tellings, gatherings"
_EVERY_MEETING = f"SELECT {_MEETINGS} FROM encounters"
_SOME_MEETINGS = (
    f"{_SOME}SELECT {_MEETINGS} FROM these CROSS JOIN encounters ON first = id"
    f" UNION ALL SELECT {_MEETINGS} FROM these CROSS JOIN encounters ON second = id"
)


@dataclass(slots=True)
class Tie:
    """What two members, the one with the lower id `first`, say and show that they are to another.

    `natures` are those of a declared tie, `roles` those of an affiliation, as far as they
    were said; None: there is none. `given` counts gifts from the first to the second,
    `received` those from the second. `introductions` are those in which one introduced the
    other, or in which they were introduced to each other and have met.
    """

    first: str
    second: str
    natures: list[str] | None = None
    roles: list[str] | None = None
    given: int = 0
    received: int = 0
    introductions: int = 0
    tellings: int = 0
    gatherings: int = 0

    @property
    def declared(self) -> bool:
        """Whether they say so."""
        return self.natures is not None or self.roles is not None

    @property
    def revealed(self) -> bool:
        """Whether it shows in what they did."""
        met = self.introductions or self.tellings or self.gatherings
        return bool(self.given or self.received or met)


def ties(
    database: Database, at: int, member: str | None = None, which: Which | None = None
) -> list[Row]:
    """The ties of everyone, or of one member, at the time `at`, microseconds since 1970; by name.

    Each: `first, second, declared, revealed, natures, roles, given, received, introductions,
    tellings, gatherings`, as of `Tie`, then `first_name, second_name`. A member who is asked
    about is the first. `which`: only those `declared`, those `revealed`, or the `gap`, those
    that are one and not the other. Raises `UnknownId`.
    """
    if member is not None:
        known(database, member)
    found = ties_between(database, at, None if member is None else (member,)).values()
    chosen = [tie for tie in found if _chosen(tie, which)]
    if member is None:
        names = all_member_names(database)
    else:
        names = called(database, {id for tie in chosen for id in (tie.first, tie.second)})
    rows = [tie_row(tie, names, member) for tie in chosen]
    return sorted(rows, key=lambda row: (_named(row, "first"), _named(row, "second")))


def ties_between(
    database: Database, at: int, members: Collection[str] | None = None
) -> dict[tuple[str, str], Tie]:
    """The ties that some members have, or all that there are, by the two whom they are between."""
    found: dict[tuple[str, str], Tie] = {}

    def of(one: str, other: str) -> Tie:
        both = in_order(one, other)
        return found.get(both) or found.setdefault(both, Tie(*both))

    for one, other, natures in _declared(database, TIES, at, members):
        of(one, other).natures = natures
    for one, other, roles in _declared(database, AFFILIATIONS, at, members):
        of(one, other).roles = roles
    for giver, receiver, gifts in _gifts(database, members):
        tie = of(giver, receiver)
        if giver == tie.first:
            tie.given = gifts
        else:
            tie.received = gifts
    for one, other, *counts in _meetings(database, members):
        if any(counts):
            tie = of(one, other)
            tie.introductions, tie.tellings, tie.gatherings = counts
    return found


def tied(database: Database, at: int, members: Collection[str]) -> Iterator[tuple[str, str]]:
    """Who has a tie with whom, of some members; in either order, perhaps several times."""
    for fold in (TIES, AFFILIATIONS):
        for one, other, _ in _declared(database, fold, at, members):
            yield one, other
    for giver, receiver, _ in _gifts(database, members):
        yield giver, receiver
    for one, other, *counts in _meetings(database, members):
        if any(counts):
            yield one, other


def tie_row(tie: Tie, names: dict[str, str], first: str | None = None) -> Row:
    """What is shown of a tie, seen from one of the two, else from the one with the lower id."""
    turned = first == tie.second
    one, other = (tie.second, tie.first) if turned else (tie.first, tie.second)
    return {
        "first": one,
        "second": other,
        "declared": tie.declared,
        "revealed": tie.revealed,
        "natures": tie.natures,
        "roles": tie.roles,
        "given": tie.received if turned else tie.given,
        "received": tie.given if turned else tie.received,
        "introductions": tie.introductions,
        "tellings": tie.tellings,
        "gatherings": tie.gatherings,
        "first_name": names.get(one, FORGOTTEN),
        "second_name": names.get(other, FORGOTTEN),
    }


def _chosen(tie: Tie, which: Which | None) -> bool:
    if which == "gap":
        return tie.declared != tie.revealed
    if which is None:
        return tie.declared or tie.revealed
    return tie.declared if which == "declared" else tie.revealed


def _named(row: Row, side: str) -> tuple[str, int]:
    return by_name({"name": row[f"{side}_name"], "id": row[side]})


def _declared(
    database: Database, fold: Any, at: int, members: Collection[str] | None
) -> Iterator[tuple[str, str, list[str]]]:
    """The two of each declared tie or affiliation that holds, and the words that were said."""
    name, (one, other, *_) = fold.name, fold.columns
    query = f"SELECT * FROM {name}"
    if members is not None:
        some = f"SELECT {name}.* FROM these CROSS JOIN {name} ON"
        query = f"{_SOME}{some} {one} = id UNION ALL {some} {other} = id"
    for values in _of(database, query, members):
        row = table_of(fold).row(values)
        words = row.at(at)
        if words:
            yield getattr(row, one), getattr(row, other), [word for word in words if word]


def _gifts(database: Database, members: Collection[str] | None) -> Iterator[Any]:
    return _of(database, _EVERY_GIFT if members is None else _GIFTS, members)


def _meetings(database: Database, members: Collection[str] | None) -> Iterator[Any]:
    return _of(database, _EVERY_MEETING if members is None else _SOME_MEETINGS, members)


def _of(database: Database, query: str, members: Collection[str] | None) -> Iterator[Any]:
    """The rows of a query of everyone, or of some members."""
    return database.stream(query, *(() if members is None else (json.dumps(list(members)),)))
