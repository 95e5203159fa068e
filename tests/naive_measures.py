"""The network measures once more, straight from their definitions, in exact fractions.

Slow and without any graph: `weights` is {(giver, receiver): weight}, `members` all of them.
None: undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import combinations, permutations

Weights = Mapping[tuple[str, str], int]
Number = Fraction | None
Roles = dict[str, tuple[int, int, int, int, int]]


def over(numerator: int | Fraction, denominator: int | Fraction) -> Number:
    return Fraction(numerator) / Fraction(denominator) if denominator else None


def arc_reciprocity(weights: Weights, members: list[str]) -> Number:
    return over(sum((b, a) in weights for a, b in weights), len(weights))


def garlaschelli_loffredo_rho(weights: Weights, members: list[str]) -> Number:
    """The correlation of the adjacency matrix with its transpose, off the diagonal."""
    places = list(permutations(members, 2))
    if not places:
        return None
    mean = Fraction(len(weights), len(places))
    entries = {place: (place in weights) - mean for place in places}
    return over(
        sum(entry * entries[b, a] for (a, b), entry in entries.items()),
        sum(entry**2 for entry in entries.values()),
    )


def katz_powell_free_choice(weights: Weights, members: list[str]) -> Number:
    """How far mutual pairs exceed those by chance, over how far they could.

    By chance a pair is mutual with the product of the shares d/(n−1) that each of the two
    chose; at most as many are mutual as half of the choices.
    """
    others = len(members) - 1
    if others < 1:
        return None
    chosen = {a: Fraction(sum(giver == a for giver, _ in weights), others) for a in members}
    by_chance = sum((chosen[a] * chosen[b] for a, b in combinations(members, 2)), start=Fraction(0))
    mutual = sum((a, b) in weights and (b, a) in weights for a, b in combinations(members, 2))
    return over(mutual - by_chance, Fraction(len(weights), 2) - by_chance)


def weighted_reciprocity(weights: Weights, members: list[str]) -> Number:
    back = (min(weight, weights.get((b, a), 0)) for (a, b), weight in weights.items())
    return over(sum(back), sum(weights.values()))


def multilateral_return(weights: Weights, members: list[str]) -> Number:
    net = {
        m: sum(w for (a, _), w in weights.items() if a == m)
        - sum(w for (_, b), w in weights.items() if b == m)
        for m in members
    }
    kept = over(sum(map(abs, net.values())), 2 * sum(weights.values()))
    return None if kept is None else 1 - kept


def returned_through_third_parties(weights: Weights, members: list[str]) -> Number:
    total, pairwise = multilateral_return(weights, members), weighted_reciprocity(weights, members)
    return None if total is None or pairwise is None else total - pairwise


def circulation(weights: Weights, members: list[str]) -> Number:
    steps: dict[str, list[str]] = {m: [] for m in members}
    for a, b in weights:
        steps[a].append(b)
    reached = {m: reachable(m, steps) for m in members}
    inside = sum(weight for (a, b), weight in weights.items() if a in reached[b])
    return over(inside, sum(weights.values()))


def reachable(start: str, steps: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """All that can be reached, and in how many steps."""
    distance = {start: 0}
    edge = [start]
    while edge:
        further = {b: distance[a] + 1 for a in edge for b in steps[a] if b not in distance}
        distance |= further
        edge = list(further)
    return distance


def gini(amounts: list[int]) -> Number:
    """Half the mean difference of any two, over the mean."""
    differences = sum(abs(a - b) for a in amounts for b in amounts)
    return over(differences, 2 * len(amounts) * sum(amounts))


def gini_of_giving(weights: Weights, members: list[str]) -> Number:
    return gini([sum(w for (a, _), w in weights.items() if a == m) for m in members])


def gini_of_receiving(weights: Weights, members: list[str]) -> Number:
    return gini([sum(w for (_, b), w in weights.items() if b == m) for m in members])


def near(weights: Weights, members: list[str]) -> dict[str, set[str]]:
    return {m: {b for b in members if (m, b) in weights or (b, m) in weights} for m in members}


def transitivity(weights: Weights, members: list[str]) -> Number:
    ties = near(weights, members)
    meetings = [(a, b) for m in members for a, b in combinations(sorted(ties[m]), 2)]
    return over(sum(b in ties[a] for a, b in meetings), len(meetings))


def component_sizes(weights: Weights, members: list[str]) -> list[int]:
    ties = near(weights, members)
    found = {frozenset(reachable(m, ties)) for m in members}
    return sorted(map(len, found), reverse=True)


def largest_component(weights: Weights, members: list[str]) -> Number:
    return over(max(component_sizes(weights, members), default=0), len(members))


def isolates(weights: Weights, members: list[str]) -> Number:
    return over(component_sizes(weights, members).count(1), len(members))


def core_number(weights: Weights, members: list[str]) -> dict[str, int]:
    """By taking away for each k all who have fewer than k ties left, until nobody does."""
    cores, k = dict.fromkeys(members, 0), 0
    left = near(weights, members)
    while left:
        k += 1
        while weak := {m for m, others in left.items() if len(others) < k}:
            left = {m: others - weak for m, others in left.items() if m not in weak}
        cores |= dict.fromkeys(left, k)
    return cores


def both_ways(weights: Weights, a: str, b: str) -> int:
    return weights.get((a, b), 0) + weights.get((b, a), 0)


def share(weights: Weights, members: list[str]) -> Callable[[str, str], Fraction]:
    """Burt's p: the share of a member's ties that is with another."""
    total = {a: sum(both_ways(weights, a, b) for b in members if b != a) for a in members}
    return lambda a, b: Fraction(both_ways(weights, a, b), total[a])


def constraint(weights: Weights, members: list[str]) -> dict[str, Number]:
    ties, p = near(weights, members), share(weights, members)
    return {
        i: sum(
            ((p(i, j) + sum(p(i, q) * p(q, j) for q in others - {j})) ** 2 for j in others),
            start=Fraction(0),
        )
        if others
        else None
        for i, others in ties.items()
    }


def effective_size(weights: Weights, members: list[str]) -> dict[str, Number]:
    ties, p = near(weights, members), share(weights, members)
    most = {m: max((both_ways(weights, m, b) for b in ties[m]), default=0) for m in members}
    return {
        i: sum(
            (
                1 - sum(p(i, q) * Fraction(both_ways(weights, j, q), most[j]) for q in others - {j})
                for j in others
            ),
            start=Fraction(0),
        )
        if others
        else None
        for i, others in ties.items()
    }


def brokerage(weights: Weights, members: list[str], organisations: Mapping[str, str]) -> Roles:
    """By looking at every three members; the roles in the order of `Roles`."""
    group = {m: ("of", organisations[m]) if m in organisations else ("own", m) for m in members}
    roles = {m: [0] * 5 for m in members}
    for a, v, c in permutations(members, 3):
        if (a, v) in weights and (v, c) in weights and (a, c) not in weights:
            before, own, after = group[a], group[v], group[c]
            kinds = (
                before == own == after,
                before == after != own,
                before != own == after,
                before == own != after,
                len({before, own, after}) == 3,
            )
            roles[v][kinds.index(True)] += 1
    return {m: (a, b, c, d, e) for m, (a, b, c, d, e) in roles.items()}


def tau_b(one: Mapping[str, int], other: Mapping[str, int]) -> tuple[int, int, int]:
    """Pairs in the same order less those in the opposite one; pairs not tied in each ranking."""
    same = apart_in_one = apart_in_other = 0
    for a, b in combinations(sorted(one.keys() & other.keys()), 2):
        first, second = sign(one[a] - one[b]), sign(other[a] - other[b])
        same += first * second
        apart_in_one += first != 0
        apart_in_other += second != 0
    return same, apart_in_one, apart_in_other


def sign(number: int) -> int:
    return (number > 0) - (number < 0)


NETWORK: dict[str, Callable[[Weights, list[str]], Number]] = {
    function.__name__: function
    for function in (
        arc_reciprocity,
        garlaschelli_loffredo_rho,
        katz_powell_free_choice,
        weighted_reciprocity,
        multilateral_return,
        returned_through_third_parties,
        circulation,
        gini_of_giving,
        gini_of_receiving,
        transitivity,
        largest_component,
        isolates,
    )
}
