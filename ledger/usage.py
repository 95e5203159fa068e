"""How much of something is in use, at the busiest moment of a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """`count` of a resource in use by `holder` in [start, end), microseconds since 1970."""

    holder: str
    start: int
    end: int
    count: int


def holders_at_peak(uses: Iterable[Use], period: Use) -> tuple[list[str], int]:
    """Who holds most at any moment of `period`, and how much; `period.count` is not counted."""
    overlapping = [use for use in uses if use.start < period.end and use.end > period.start]
    best: tuple[list[str], int] = ([], 0)
    for moment in {period.start, *(max(use.start, period.start) for use in overlapping)}:
        there = [use for use in overlapping if use.start <= moment < use.end]
        total = sum(use.count for use in there)
        if total > best[1]:
            best = ([use.holder for use in there], total)
    return best
