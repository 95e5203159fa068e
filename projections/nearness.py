"""How near two members are by ties, declared or revealed, and who stands between them.

Only those who are there now can stand between: whoever has left or paused introduces nobody.
Ties are looked up as far as they are needed, so that no answer costs as much as all ties.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.state.ties import in_order
from projections.graph_paths import Chain, between, shortest_chain
from projections.membership import Presence, called, known
from projections.ties import tie_row, tied, ties_between

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]


class Near(NamedTuple):
    """How near two members are: `steps` 1, they have a tie; 2, they have one `through` others.

    None: they are farther apart. Who stands between is in the order of ids.
    """

    steps: int | None
    through: tuple[str, ...]


_FAR = Near(None, ())


class Nearness:
    """With whom members have a tie at a time; kept for those who were looked up."""

    def __init__(self, database: Database, at: int, presence: Presence) -> None:
        self._database, self._at, self._presence = database, at, presence
        self._near: dict[str, set[str]] = {}

    def look_up(self, members: Iterable[str]) -> None:
        """Find all with whom these members have a tie, in one go."""
        missing = set(members) - self._near.keys()
        if not missing:
            return
        self._near.update((member, set()) for member in missing)
        for one, other in tied(self._database, self._at, missing):
            for each, with_whom in ((one, other), (other, one)):
                if each in missing:
                    self._near[each].add(with_whom)

    def of(self, one: str, other: str) -> Near:
        """How near two members are."""
        if one not in self._near or other not in self._near:
            self.look_up((one, other))
        if not self._near[one] or not self._near[other]:
            return _FAR
        if other in self._near[one]:
            return Near(1, ())
        middle = between(self._near, one, other)
        through = tuple(each for each in middle if self._presence.here(each, self._at))
        return Near(2 if through else None, through)


def path(database: Database, at: int, one: str, other: str) -> list[Row]:
    """The shortest chain of ties between two members at a time; rows with a `section`, in order.

    `tie`: each tie of the chain as of `ties`, seen from the one who is nearer to the first.
    `introducer`: `id, name` of all whom the first has a tie with and who stand on such a
    chain, by id. No rows: there is no chain. Raises `UnknownId`.
    """
    for each in (one, other):
        known(database, each)
    chain = _chain(database, at, one, other)
    if chain is None:
        return []
    members = chain.members
    found = ties_between(database, at, members)
    names = called(database, {*members, *chain.introducers})
    links = [tie_row(found[in_order(*both)], names, both[0]) for both in pairwise(members)]
    introducers = [{"id": each, "name": names[each]} for each in chain.introducers]
    sections = (("tie", links), ("introducer", introducers))
    return [{"section": section, **row} for section, rows in sections for row in rows]


def _chain(database: Database, at: int, one: str, other: str) -> Chain | None:
    """The shortest chain, looked for from both ends at once, the smaller side first."""
    presence, ends = Presence.of(database), (one, other)
    ties: set[tuple[str, str]] = set()
    reached, edges = [{one}, {other}], [{one}, {other}]
    while all(edges) and not reached[0] & reached[1]:
        side = 0 if len(edges[0]) <= len(edges[1]) else 1
        onward = {
            (near, far)
            for near, far in _from(database, at, edges[side])
            if far in ends or presence.here(far, at)
        }
        ties |= onward
        edges[side] = {far for _, far in onward} - reached[side]
        reached[side] |= edges[side]
    return shortest_chain(ties, one, other)


def _from(database: Database, at: int, members: Collection[str]) -> Iterable[tuple[str, str]]:
    """The ties of some members, each from the one of them."""
    for one, other in tied(database, at, members):
        if one in members:
            yield one, other
        if other in members:
            yield other, one
