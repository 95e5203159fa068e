"""Exact quantities as people write them, and as whole thousandths."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from ledger import errors
from ledger.values import DECIMALS, WHOLE_DIGITS, decimal_text, short

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_UNCLEAR = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_SMALLEST = Decimal(1).scaleb(-DECIMALS)
_EXACT = Context(prec=WHOLE_DIGITS + DECIMALS + 1)


def check_quantity(value: object) -> Decimal:
    """An exact positive quantity, at most 15 digits before the point and 3 after.

    Takes a Decimal, an int or a decimal text such as "1.5" or "1,5"; "1,000" is refused.
    """
    if isinstance(value, bool | float) or not isinstance(value, Decimal | int | str):
        raise errors.NotAQuantity(value=short(str(value)))
    written = str(value).strip()
    if _UNCLEAR.fullmatch(written):
        whole = written.replace(",", "")
        raise errors.UnclearQuantity(
            value=written, thousands=whole, decimals=decimal_text(int(whole))
        )
    text = written.replace(",", ".", 1)
    if not _NUMBER.fullmatch(text):
        raise errors.NotAQuantity(value=short(written))
    number = Decimal(text)
    if number.is_zero():
        raise errors.ZeroQuantity()
    if number < 0:
        raise errors.NegativeQuantity(value=short(written))
    if number.adjusted() >= WHOLE_DIGITS:
        raise errors.QuantityTooLarge(digits=WHOLE_DIGITS)
    if number != number.quantize(_SMALLEST, context=_EXACT):
        raise errors.QuantityTooPrecise(decimals=DECIMALS)
    return number


def thousandths(quantity: Decimal) -> int:
    """A checked quantity as a whole number of thousandths."""
    return int(quantity.scaleb(DECIMALS))
