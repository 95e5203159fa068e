"""How a network gives: reciprocity, circulation, how evenly, how closed, who stands between.

Every measure has a numerator and a denominator, and is undefined where that is zero. n is the
number of members, L of arcs (who gave to whom), M of ties with an arc each way, W the sum of
all weights w_ij.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from projections.graph import Graph, Pair, graph_of
from projections.measures_brokerage import Roles, brokerage
from projections.measures_holes import Holes, holes_of
from projections.ratio import Ratio

FEWEST = 5  # members; a measure on fewer is too small to mean anything


@dataclass(frozen=True, slots=True)
class Measure:
    """One number about a network of so many members."""

    name: str
    ratio: Ratio
    members: int

    @property
    def value(self) -> float | None:
        """The quotient; None: undefined."""
        return self.ratio.value

    @property
    def too_small(self) -> bool:
        """Whether there are too few members for it to mean anything."""
        return self.members < FEWEST


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of a network, and of each member by id.

    `components` are the sizes of the weakly connected components, largest first; a member
    without any tie is one of size 1. `brokerage` is None when nobody acts for an organisation.
    """

    network: tuple[Measure, ...]
    components: tuple[int, ...]
    core_number: dict[str, int]
    constraint: dict[str, Ratio]
    effective_size: dict[str, Ratio]
    brokerage: dict[str, Roles] | None

    def __getitem__(self, name: str) -> Measure:
        """The measure of the network with a name. Raises `KeyError`."""
        return {measure.name: measure for measure in self.network}[name]


def measures(
    pairs: Iterable[Pair], members: Iterable[str], organisations: Mapping[str, str] | None = None
) -> Measures:
    """Everything that is measured of the members and what they gave each other.

    Each pair (giver, receiver, weight) comes at most once, the weight a whole number. Pairs
    with others than the members are left out. `organisations` says whom a member acts for.
    """
    graph = graph_of(pairs, members)
    holes = holes_of(graph)
    roles = brokerage(graph, organisations) if organisations else None
    ratios = {
        "arc_reciprocity": arc_reciprocity(graph),
        "garlaschelli_loffredo_rho": garlaschelli_loffredo_rho(graph),
        "katz_powell_free_choice": katz_powell_free_choice(graph),
        "weighted_reciprocity": weighted_reciprocity(graph),
        "multilateral_return": multilateral_return(graph),
        "returned_through_third_parties": returned_through_third_parties(graph),
        "circulation": circulation(graph),
        "gini_of_giving": gini(graph.given),
        "gini_of_receiving": gini(graph.received),
        "transitivity": transitivity(graph, holes),
        "largest_component": largest_component(graph),
        "isolates": isolates(graph),
        "mean_core_number": Ratio(sum(graph.core_numbers), len(graph.members)),
        "mean_constraint": mean(holes.constraint),
        "mean_effective_size": mean(holes.effective_size),
        **brokerage_shares(roles or []),
    }
    names = graph.members
    return Measures(
        tuple(Measure(name, ratio, len(names)) for name, ratio in ratios.items()),
        tuple(sorted(map(len, graph.components), reverse=True)),
        dict(zip(names, graph.core_numbers, strict=True)),
        dict(zip(names, holes.constraint, strict=True)),
        dict(zip(names, holes.effective_size, strict=True)),
        None if roles is None else dict(zip(names, roles, strict=True)),
    )


def arc_reciprocity(graph: Graph) -> Ratio:
    """The share of arcs that have one back: 2M / L."""
    return Ratio(2 * graph.mutual, len(graph.weights))


def garlaschelli_loffredo_rho(graph: Graph) -> Ratio:
    """Arc reciprocity r beside what the density a = L / n(n−1) would give: (r − a) / (1 − a).

    Phys. Rev. Lett. 93:268701 (2004). 1: all is mutual, 0: as by chance; undefined without
    arcs, and when everyone gave to everyone.
    """
    arcs, possible = len(graph.weights), len(graph.members) * (len(graph.members) - 1)
    return Ratio(2 * graph.mutual * possible - arcs * arcs, arcs * (possible - arcs))


def katz_powell_free_choice(graph: Graph) -> Ratio:
    """The tendency to choose back whom one was chosen by, each with as many choices as they made.

    Katz and Powell, Sociometry 18:659 (1955); Wasserman and Faust (1994) 13.3: with d_i the
    number to whom i gave, (2(n−1)²M − L² + Σd_i²) / ((n−1)²L − L² + Σd_i²).
    """
    arcs, others = len(graph.weights), len(graph.members) - 1
    choices = [0] * len(graph.members)
    for giver in graph.givers:
        choices[giver] += 1
    by_chance = arcs * arcs - sum([each * each for each in choices])
    return Ratio(2 * others * others * graph.mutual - by_chance, others * others * arcs - by_chance)


def weighted_reciprocity(graph: Graph) -> Ratio:
    """The share of the weight that the same member gave back: Σ min(w_ij, w_ji) / W.

    Squartini, Picciolo, Ruzzenenti and Garlaschelli, Scientific Reports 3:2729 (2013).
    """
    return Ratio(2 * graph.returned, graph.weight)


def multilateral_return(graph: Graph) -> Ratio:
    """The share of the weight that came back from anyone: 1 − Σ|given_i − received_i| / 2W."""
    return Ratio(graph.weight - _kept(graph), graph.weight)


def returned_through_third_parties(graph: Graph) -> Ratio:
    """What came back from others than those who were given to: the difference of the two above."""
    returned = graph.weight - _kept(graph) - 2 * graph.returned
    return Ratio(returned, graph.weight)


def _kept(graph: Graph) -> int:
    """The weight that did not come back: what some gave more than they received."""
    return sum([max(a - b, 0) for a, b in zip(graph.given, graph.received, strict=True)])


def circulation(graph: Graph) -> Ratio:
    """The share of the weight that is inside strongly connected components."""
    component = [0] * len(graph.members)
    for number, members in enumerate(graph.strong_components):
        for member in members:
            component[member] = number
    inside = [
        weight
        for (giver, receiver), weight in zip(graph.arcs, graph.weights, strict=True)
        if component[giver] == component[receiver]
    ]
    return Ratio(sum(inside), graph.weight)


def gini(amounts: Iterable[int]) -> Ratio:
    """How unevenly amounts are spread, those of zero included: 0 evenly, near 1 all with one.

    Σ_i (2i − n − 1) x_i / n Σ x_i over the amounts from the smallest, i from 1; no correction
    for small n.
    """
    ordered = sorted(amounts)
    places = range(1 - len(ordered), len(ordered), 2)
    uneven = sum([place * each for place, each in zip(places, ordered, strict=True)])
    return Ratio(uneven, len(ordered) * sum(ordered))


def transitivity(graph: Graph, holes: Holes) -> Ratio:
    """Of two ties that meet in a member, how often the third is there too.

    Global and without direction: three times the triangles over all pairs of ties that meet.
    """
    meetings = sum([len(others) * (len(others) - 1) for others in graph.ties]) // 2
    return Ratio(3 * holes.triangles, meetings)


def largest_component(graph: Graph) -> Ratio:
    """The share of the members in the largest weakly connected component."""
    return Ratio(max(map(len, graph.components), default=0), len(graph.members))


def isolates(graph: Graph) -> Ratio:
    """The share of the members without any tie."""
    return Ratio(sum(not others for others in graph.ties), len(graph.members))


def mean(ratios: Iterable[Ratio]) -> Ratio:
    """The mean of those that are defined."""
    values = [ratio.numerator / ratio.denominator for ratio in ratios if ratio.denominator]
    return Ratio(sum(values), len(values))


def brokerage_shares(roles: Iterable[Roles]) -> dict[str, Ratio]:
    """The share of each role in all brokering."""
    totals = [sum(each) for each in zip(*roles, strict=True)] or [0] * len(Roles._fields)
    return {
        f"brokerage_{role}": Ratio(total, sum(totals))
        for role, total in zip(Roles._fields, totals, strict=True)
    }
