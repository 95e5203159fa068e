"""How much of something is in use, at the busiest moment of a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
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


def overfull(uses: Iterable[Use], most: int) -> tuple[list[str], int]:
    """Who holds more than `most` together at the first moment when some do, and how much."""
    moments = sorted(
        (moment, count, use)
        for use in uses
        if use.start < use.end
        for moment, count in ((use.start, use.count), (use.end, -use.count))
    )
    held: dict[str, None] = {}
    total = 0
    for _moment, count, use in moments:
        total += count
        if count < 0:
            held.pop(use.holder)
            continue
        held[use.holder] = None
        if total > most:
            return list(held), total
    return [], 0
