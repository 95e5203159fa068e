"""Periods in which something is so, as they lie in the rows of timed folds."""

from __future__ import annotations

Span = list[int | None]  # [from, until) in microseconds since 1970; until None: still so


def begin(spans: list[Span], at: int) -> None:
    """Something is so from a time on, if it is not already."""
    if not spans or spans[-1][1] is not None:
        spans.append([at, None])


def finish(spans: list[Span], at: int) -> None:
    """Something is so no longer, if it was."""
    if spans and spans[-1][1] is None:
        spans[-1][1] = at


def within(spans: list[Span], at: int) -> bool:
    """Whether a time lies in one of the periods."""
    return any(
        start is not None and start <= at and (end is None or at < end) for start, end in spans
    )
