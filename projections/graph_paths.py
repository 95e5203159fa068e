"""Ties without direction: the shortest chain between two members, and triads that are open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from projections.graph import undirected

Tie = tuple[str, str]  # two members, in either order, any number of times
Neighbours = Mapping[str, set[str]]


class Chain(NamedTuple):
    """Members each of whom has a tie with the next.

    `introducers` are all who have a tie with the first and stand on some shortest chain, by
    id: whom the first could ask. There are none between two who have a tie.
    """

    members: tuple[str, ...]
    introducers: tuple[str, ...]


class OpenTriad(NamedTuple):
    """Two members without a tie, and all with whom both of them have one, by id."""

    one: str
    other: str
    through: tuple[str, ...]


def neighbours(ties: Iterable[Tie]) -> dict[str, set[str]]:
    """Of each member who has any tie, with whom."""
    found: dict[str, set[str]] = {}
    for one, other in ties:
        if one != other:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found


def shortest_chain(ties: Iterable[Tie], start: str, end: str) -> Chain | None:
    """A shortest chain of ties, of several the first by id; None: there is none."""
    from rustworkx import bfs_layers  # noqa: PLC0415 - only for chains

    near = neighbours(ties)
    if start == end:
        return Chain((start,), ())
    if start not in near or end not in near:
        return None
    names = tuple(near)
    place = {member: number for number, member in enumerate(names)}
    graph = undirected(
        len(names), ((place[a], place[b]) for a, others in near.items() for b in others if a < b)
    )
    steps: dict[str, int] = {}  # to the end
    for distance, layer in enumerate(bfs_layers(graph, [place[end]])):
        steps.update((names[number], distance) for number in layer)
    if start not in steps:
        return None
    members = [start]
    while members[-1] != end:
        members.append(_nearer(near, steps, members[-1])[0])
    introducers = _nearer(near, steps, start) if steps[start] > 1 else []
    return Chain(tuple(members), tuple(introducers))


def open_triads(near: Neighbours) -> Iterator[OpenTriad]:
    """Every two members without a tie who have one with the same third, once, by id.

    In time of about the pairs of ties that meet; see `between` when two are at hand.
    """
    order = {member: place for place, member in enumerate(sorted(near, key=by_id))}
    placed = order.__getitem__
    for one, place in order.items():
        mine = near[one]
        reached = set[str]().union(*[near[middle] for middle in mine]) - mine
        for other in sorted([each for each in reached if order[each] > place], key=placed):
            yield OpenTriad(one, other, tuple(sorted(mine & near[other], key=placed)))


def between(near: Neighbours, one: str, other: str) -> tuple[str, ...]:
    """With whom both of two members have a tie, by id; empty when they have one themselves."""
    mine, theirs = near.get(one), near.get(other)
    if not mine or not theirs or other in mine or one == other:
        return ()
    return tuple(sorted(mine & theirs, key=by_id))


def by_id(member: str) -> tuple[int, str]:
    """The order of ids: m9 before m10."""
    return len(member), member


def _nearer(near: Neighbours, steps: Mapping[str, int], member: str) -> list[str]:
    """The neighbours one step nearer to the end, by id."""
    found = [other for other in near[member] if steps[other] == steps[member] - 1]
    return sorted(found, key=by_id)
