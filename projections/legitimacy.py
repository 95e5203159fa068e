"""How many of those who vouch for something are independent of each other."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING

from ledger.state.ties import AFFILIATIONS, TIES
from projections.entries import standing_rows

if TYPE_CHECKING:
    from ledger.database import Database

INTRODUCED_BY = "introduced by "  # before who introduced them: what those introduced share


def groups(database: Database, members: Iterable[str], at: int) -> list[set[str]]:
    """The members in groups, so that nobody is linked to anyone of another group.

    Two are linked at the time `at`, microseconds since 1970, by a declared tie, by acting
    one for the other or for the same organisation, by the same person acting for both, or
    by one member having introduced both of them. Costs as much as there are links.
    """
    wanted = dict.fromkeys(members)
    group: dict[str, str] = {}

    def find(thing: str) -> str:
        while group.setdefault(thing, thing) != thing:
            group[thing] = thing = group[group[thing]]
        return thing

    for member in wanted:
        for shared in _links(database, member, wanted, at):
            group[find(member)] = find(shared)
    found: dict[str, set[str]] = {}
    for member in wanted:
        found.setdefault(find(member), set()).add(member)
    return list(found.values())


def _links(database: Database, member: str, members: Container[str], at: int) -> Iterator[str]:
    """What a member shares with those linked to them: one of `members`, or who stands between."""
    for tie in database.find(TIES, first=member) + database.find(TIES, second=member):
        other = tie.second if tie.first == member else tie.first
        if other in members and tie.at(at):
            yield other
    for row in database.find(AFFILIATIONS, person=member):
        if row.at(at):
            yield row.organisation
    for row in database.find(AFFILIATIONS, organisation=member):
        if row.at(at):
            yield row.person
    made = database.positions(member, {"introduction-made"}, live=True)
    for introduction in standing_rows(database, made):
        if member in (introduction["first"], introduction["second"]):
            yield INTRODUCED_BY + introduction["introducer"]
