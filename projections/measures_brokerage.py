"""Who stands between others, by organisation: the five roles of Gould and Fernandez.

A member v brokers between a and c if a gave to v, v gave to c, and a did not give to c. Which
role that is depends on whose organisations the three are (Sociological Methodology 19:89, 1989).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from projections.graph import Graph


class Roles(NamedTuple):
    """How often a member brokers in each role; v is of organisation B.

    `coordinator` B→v→B; `itinerant` (or consultant) A→v→A; `gatekeeper` A→v→B;
    `representative` B→v→C; `liaison` A→v→C.
    """

    coordinator: int = 0
    itinerant: int = 0
    gatekeeper: int = 0
    representative: int = 0
    liaison: int = 0


COORDINATOR, ITINERANT, GATEKEEPER, REPRESENTATIVE, LIAISON = range(len(Roles._fields))


def brokerage(graph: Graph, organisations: Mapping[str, str]) -> list[Roles]:
    """The roles of each member, given the organisation that each acts for.

    Who acts for none stands for themselves: no two of them are of the same organisation.
    All that pass through a member are counted, and those taken away whose two ends are one
    member, or have an arc of their own.
    """
    groups = _numbered(graph.members, organisations)
    counts = _passing(graph, groups)
    gave_to: list[set[int]] = [set() for _ in groups]
    for giver, receiver in graph.arcs:
        gave_to[giver].add(receiver)
        if giver in gave_to[receiver]:  # there and back, for each of the two
            counts[giver][_role(groups[receiver], groups[giver], groups[receiver])] -= 1
            counts[receiver][_role(groups[giver], groups[receiver], groups[giver])] -= 1
    for one, other, shared in graph.closed_ties:
        for a, c in ((one, other), (other, one)):
            from_a = gave_to[a]
            if c in from_a:
                for v in shared:
                    if v in from_a and c in gave_to[v]:
                        counts[v][_role(groups[a], groups[v], groups[c])] -= 1
    return [Roles(*each) for each in counts]


def _numbered(members: tuple[str, ...], organisations: Mapping[str, str]) -> list[int]:
    """The organisations as numbers from 0; a number below it, of one's own, for those without."""
    numbers: dict[str, int] = {}
    return [
        numbers.setdefault(organisations[member], len(numbers))
        if member in organisations
        else -1 - place
        for place, member in enumerate(members)
    ]


def _passing(graph: Graph, groups: list[int]) -> list[list[int]]:
    """The roles of each member over all pairs of an arc in and an arc out."""
    counts = []
    in_own, out_own, in_other, out_other = ([0] * len(groups) for _ in range(4))
    from_group: dict[tuple[int, int], int] = {}
    for giver, receiver in graph.arcs:
        group = groups[giver]
        if group == groups[receiver]:
            out_own[giver] += 1
            in_own[receiver] += 1
        else:
            out_other[giver] += 1
            in_other[receiver] += 1
            if group >= 0:
                from_group[receiver, group] = from_group.get((receiver, group), 0) + 1
    itinerant = [0] * len(groups)
    for giver, receiver in graph.arcs:
        group = groups[receiver]
        if group >= 0 and group != groups[giver]:
            itinerant[giver] += from_group.get((giver, group), 0)
    for a, b, c, d, same in zip(in_own, out_own, in_other, out_other, itinerant, strict=True):
        counts.append([a * b, same, c * b, a * d, c * d - same])
    return counts


def _role(before: int, own: int, after: int) -> int:
    """The place in `Roles`; a member of no organisation is not two of the same."""
    if before == own:
        return COORDINATOR if after == own else REPRESENTATIVE
    if after == own:
        return GATEKEEPER
    return ITINERANT if before == after >= 0 else LIAISON
