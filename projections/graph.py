"""Who gave whom how much, as a graph; what rustworkx finds in it.

Members are numbered by their place in `members`. The library is loaded when one of its
algorithms is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rustworkx import PyDiGraph, PyGraph

Pair = tuple[str, str, int]  # giver, receiver, weight


@dataclass(frozen=True)
class Graph:
    """A weighted graph without loops, and the sums that one pass over its pairs gives.

    An arc is a pair with a weight: `givers`, `receivers` and `weights` are in one order.
    `ties` are the same without direction: of each member with whom, and the weight both ways
    together. `given` and `received` are the sums of each member's weights. `mutual` counts the
    ties with an arc each way, `returned` sums the smaller weight of the two over them.
    """

    members: tuple[str, ...]
    givers: list[int]
    receivers: list[int]
    weights: list[int]
    ties: list[dict[int, int]]
    given: list[int]
    received: list[int]
    mutual: int
    returned: int

    @property
    def arcs(self) -> Iterator[tuple[int, int]]:
        """The givers, each with their receiver."""
        return zip(self.givers, self.receivers, strict=True)

    @property
    def weight(self) -> int:
        """All that was given."""
        return sum(self.weights)

    @cached_property
    def closed_ties(self) -> list[tuple[int, int, tuple[int, ...]]]:
        """The ties whose two members have ties with the same others, and with whom."""
        with_whom = [others.keys() for others in self.ties]
        return [
            (a, b, tuple(shared))
            for a, others in enumerate(with_whom)
            for b in others
            if a < b and (shared := others & with_whom[b])
        ]

    @cached_property
    def strong_components(self) -> list[list[int]]:
        """The members who reach each other along arcs, each member in one list."""
        from rustworkx import strongly_connected_components  # noqa: PLC0415 - only for measures

        return strongly_connected_components(self._directed())

    @cached_property
    def components(self) -> list[set[int]]:
        """The members who reach each other along ties, each member in one set."""
        from rustworkx import connected_components  # noqa: PLC0415 - only for measures

        return connected_components(self._undirected)

    @cached_property
    def core_numbers(self) -> list[int]:
        """Of each member the largest k such that they are in a part with k ties each within it.

        Seidman, Social Networks 5:269 (1983); by ties, whatever their weight.
        """
        from rustworkx import core_number  # noqa: PLC0415 - only for measures

        found: Any = core_number(self._undirected)  # its stub says int; it is a dict
        return [found[member] for member in range(len(self.members))]

    def _directed(self) -> PyDiGraph[int | None, None]:
        from rustworkx import PyDiGraph  # noqa: PLC0415 - only for measures

        graph: PyDiGraph[int | None, None] = PyDiGraph()
        graph.add_nodes_from(range(len(self.members)))
        graph.extend_from_edge_list(list(self.arcs))
        return graph

    @cached_property
    def _undirected(self) -> PyGraph[int | None, None]:
        ties = [(a, b) for a, others in enumerate(self.ties) for b in others if a < b]
        return undirected(len(self.members), ties)


def graph_of(pairs: Iterable[Pair], members: Iterable[str]) -> Graph:
    """The graph of the members, with those of the pairs that are between two of them.

    Each pair (giver, receiver) comes at most once; a weight of zero is no pair.
    """
    names = tuple(members)
    givers, receivers, weights = _columns(pairs, names)
    ties: list[dict[int, int]] = [{} for _ in names]
    given, received = [0] * len(names), [0] * len(names)
    mutual = returned = 0
    for giver, receiver, weight in zip(givers, receivers, weights, strict=True):
        given[giver] += weight
        received[receiver] += weight
        of_giver = ties[giver]
        tie = weight
        if receiver in of_giver:
            other = of_giver[receiver]
            mutual += 1
            returned += other if other < weight else weight
            tie += other
        of_giver[receiver] = ties[receiver][giver] = tie
    return Graph(names, givers, receivers, weights, ties, given, received, mutual, returned)


def _columns(
    pairs: Iterable[Pair], names: tuple[str, ...]
) -> tuple[list[int], list[int], list[int]]:
    """Givers, receivers and weights of the pairs that are arcs, the members by their place."""
    place = {member: number for number, member in enumerate(names)}
    find = place.get
    givers, receivers, weights = [], [], []
    for giver, receiver, weight in pairs:
        a, b = find(giver), find(receiver)
        if a is not None and b is not None and a != b and weight:
            givers.append(a)
            receivers.append(b)
            weights.append(weight)
    return givers, receivers, weights


def undirected(members: int, ties: Iterable[tuple[int, int]]) -> PyGraph[int | None, None]:
    """The library's graph of numbered members and their ties."""
    from rustworkx import PyGraph  # noqa: PLC0415 - only for measures

    graph: PyGraph[int | None, None] = PyGraph()
    graph.add_nodes_from(range(members))
    graph.extend_from_edge_list(list(ties))
    return graph
