"""A numerator over a denominator, undefined over zero."""

from __future__ import annotations

from typing import Any, NamedTuple


class Ratio(NamedTuple):
    """What a measure is made of, exact where the weights allow it."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """The quotient; None: undefined."""
        return self.numerator / self.denominator if self.denominator else None

    def told(self) -> dict[str, Any]:
        """`value, numerator, denominator`, decimals in text; the value None: undefined."""
        value = self.value
        return {
            "value": None if value is None else decimal(value),
            "numerator": decimal(self.numerator),
            "denominator": decimal(self.denominator),
        }


def decimal(number: float) -> str:
    """A number as the shortest plain decimal that means it: 0.4, 3, 0.00001."""
    from decimal import Decimal  # noqa: PLC0415 - only for what is measured

    return format(Decimal(repr(number)), "f").removesuffix(".0")
