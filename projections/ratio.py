"""A numerator over a denominator, undefined over zero."""

from __future__ import annotations

from typing import NamedTuple


class Ratio(NamedTuple):
    """What a measure is made of, exact where the weights allow it."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """The quotient; None: undefined."""
        return self.numerator / self.denominator if self.denominator else None
