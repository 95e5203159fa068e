"""How far two rankings of the same members agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from math import comb, sqrt

from projections.measures import Measure
from projections.ratio import Ratio


def rank_agreement(one: Mapping[str, int], other: Mapping[str, int]) -> Measure:
    """Kendall's tau-b of two rankings, over the members who are in both.

    1: the same order, -1: the opposite. Pairs in the same order less those in the opposite one,
    over √((p − t)(p − u)): p all pairs, t and u those tied in one and in the other ranking
    (Kendall, Biometrika 33:239, 1945). Undefined when a ranking puts all at the same place.
    """
    members = sorted(one.keys() & other.keys())
    first, second = [one[member] for member in members], [other[member] for member in members]
    scale = sqrt(_apart(first) * _apart(second))
    agreement = Ratio(round(_tau_b(first, second) * scale) if scale else 0, scale)
    return Measure("rank_agreement", agreement, len(members))


def _apart(ranks: Collection[int]) -> int:
    """How many pairs are not tied."""
    return comb(len(ranks), 2) - sum(comb(tied, 2) for tied in Counter(ranks).values())


def _tau_b(first: list[int], second: list[int]) -> float:
    from scipy.stats import (  # type: ignore[import-untyped]  # noqa: PLC0415 - a second to load
        kendalltau,
    )

    return float(kendalltau(first, second).statistic)
