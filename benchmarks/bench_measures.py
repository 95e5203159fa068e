"""What do the network measures cost, beside the graph algorithms alone?

The graph is made the same every time: some members are much more active than others, about
half of who was given to gave back, and some gave to those to whom their receivers gave.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
import rustworkx
from conftest import Figures

from projections.graph import Graph, Pair, graph_of
from projections.graph_paths import neighbours, open_triads
from projections.measures import measures
from projections.measures_brokerage import brokerage
from projections.measures_holes import holes_of

MEMBERS, PAIRS, ORGANISATIONS = 20_000, 100_000, 200
FEWER = 10_000  # members, for open triads


def member(chance: random.Random) -> int:
    """One of the members, the first ones more often."""
    return int(MEMBERS * chance.random() ** 1.5)


def pairs() -> list[Pair]:
    """Who gave whom how often."""
    chance = random.Random(7)
    weights: dict[tuple[int, int], int] = {}
    drawn: list[tuple[int, int]] = []
    gave_to: list[list[int]] = [[] for _ in range(MEMBERS)]
    while len(weights) < PAIRS:
        kind = chance.random()
        if drawn and kind < 0.35:  # back to whom it came from
            receiver, giver = chance.choice(drawn)
        elif drawn and kind < 0.65:  # on to whom a receiver gave
            giver, middle = chance.choice(drawn)
            receiver = chance.choice(gave_to[middle]) if gave_to[middle] else member(chance)
        else:
            giver, receiver = member(chance), member(chance)
        if giver != receiver:
            if (giver, receiver) not in weights:
                gave_to[giver].append(receiver)
            drawn.append((giver, receiver))
            weights[giver, receiver] = weights.get((giver, receiver), 0) + 1
    return [(f"m{giver}", f"m{receiver}", weight) for (giver, receiver), weight in weights.items()]


@pytest.fixture(scope="module")
def rows() -> list[Pair]:
    return pairs()


@pytest.fixture(scope="module")
def members() -> list[str]:
    return [f"m{number}" for number in range(MEMBERS)]


@pytest.fixture(scope="module")
def organisations(members: list[str]) -> dict[str, str]:
    """A third of the members act for an organisation."""
    return {each: f"m{number % ORGANISATIONS}" for number, each in enumerate(members[::3])}


@pytest.fixture(scope="module")
def graph(rows: list[Pair], members: list[str]) -> Graph:
    return graph_of(rows, members)


@pytest.fixture(scope="module")
def library(graph: Graph) -> Callable[[], None]:
    """The library's own algorithms over graphs that are there."""
    directed = rustworkx.PyDiGraph()
    directed.add_nodes_from(range(MEMBERS))
    directed.extend_from_edge_list(list(graph.arcs))
    ties = directed.to_undirected(multigraph=False)

    def run() -> None:
        rustworkx.strongly_connected_components(directed)
        rustworkx.connected_components(ties)
        rustworkx.core_number(ties)
        rustworkx.transitivity(ties)

    return run


def test_measures_against_the_algorithms_alone(
    race: Callable[..., float],
    figures: Figures,
    rows: list[Pair],
    members: list[str],
    organisations: dict[str, str],
    graph: Graph,
    library: Callable[[], None],
) -> None:
    """The library's, and ours over a graph that is there where the library has none."""

    def algorithms() -> None:
        library()
        ready = replace(graph)  # with nothing kept of the run before
        holes_of(ready)
        brokerage(ready, organisations)

    ratio = race(algorithms, lambda: measures(rows, members, organisations))
    figures.at_most("measures, 20000x100000 pairs, against the algorithms alone", ratio, 2.0)


def test_measures_against_the_library_alone(
    race: Callable[..., float],
    figures: Figures,
    rows: list[Pair],
    members: list[str],
    graph: Graph,
    library: Callable[[], None],
) -> None:
    """The four algorithms that the library has, beside rows to answers with all the others."""
    ratio = race(library, lambda: measures(rows, members))
    figures.at_most("measures, against the four algorithms that the library has", ratio, 20)


def test_open_triads_against_going_through_the_ties(
    race: Callable[..., float], figures: Figures, rows: list[Pair]
) -> None:
    """Each two ties that meet, met once, beside the triads with all who stand between."""
    near = neighbours(
        (giver, receiver)
        for giver, receiver, _ in rows
        if int(giver[1:]) < FEWER and int(receiver[1:]) < FEWER
    )

    def meetings() -> int:
        met = 0
        for others in near.values():
            for other in others:
                for _ in near[other]:
                    met += 1
        return met

    ratio = race(meetings, lambda: sum(1 for _ in open_triads(near)))
    figures.at_most("open triads of 10000 members, against their ties that meet", ratio, 20)
