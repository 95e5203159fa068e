"""One class for each condition that can be broken.

A message and its hint are templates in English, filled from the facts given
by name; whoever shows them to people translates the template first. Facts are
plain values: ids, positions, times, texts. The exit code is what the command
line ends with: 1 refused by a rule, 2 usage, 3 a name that is unknown or
ambiguous, 4 the ledger is missing, locked or damaged.
"""

from __future__ import annotations

from typing import ClassVar


class LedgerError(Exception):
    """The base of every error of natverk; never raised itself."""

    exit_code: ClassVar[int] = 1
    message: ClassVar[str]
    hint: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return self.message.format(**self.facts)


class Usage(LedgerError):
    """Something was written in a way that cannot be understood."""

    exit_code = 2


# Values


class NotText(Usage):
    """A value that should be text is something else."""

    message = "{what} must be text"


class EmptyText(Usage):
    """A text or name is empty or only spaces."""

    message = "{what} may not be empty"


class TextTooLong(Usage):
    """A text or name is longer than the log takes."""

    message = "{what} may be at most {most} characters long, this one has {length}"
    hint = "shorten it, and keep the long version elsewhere"


class UnsafeCharacter(Usage):
    """A text holds a control, bidi or zero-width character."""

    message = "{what} may not contain the invisible or control character {character}"
    hint = "type the text anew instead of pasting it"


class NameLikeAnId(Usage):
    """A name that could be mistaken for an id such as m17."""

    message = "the name “{name}” looks like an id"
    hint = "add a word to it, such as a surname"


class NameForEveryone(Usage):
    """A name that means everyone."""

    message = "“{name}” means all members and cannot be a name"


class NotASlug(Usage):
    """A category or unit is not a short word."""

    message = "“{value}” is not a word of letters, digits and hyphens of at most {most} characters"
    hint = "write for example bike-repair or hour"


class NotAQuantity(Usage):
    """A quantity is not a finite decimal number."""

    message = "“{value}” is not a quantity"
    hint = "write a number such as 2 or 1.5"


class ZeroQuantity(Usage):
    """A quantity is zero."""

    message = "a quantity may not be zero"
    hint = "leave the quantity out when nobody measured it"


class NegativeQuantity(Usage):
    """A quantity is below zero."""

    message = "a quantity may not be negative: {value}"
    hint = "a gift in the other direction is a gift of its own"


class QuantityTooLarge(Usage):
    """A quantity has too many digits before the decimal point."""

    message = "a quantity may have at most {digits} digits before the decimal point"


class QuantityTooPrecise(Usage):
    """A quantity has too many decimals."""

    message = "a quantity may have at most {decimals} decimals"


class QuantityWithoutUnit(Usage):
    """A quantity was given without saying of what."""

    message = "a quantity needs a unit"
    hint = "add --unit, for example --unit hour"


class UnitWithoutQuantity(Usage):
    """A unit was given without a quantity."""

    message = "a unit needs a quantity"
    hint = "add --quantity, or leave the unit out"


class TimeWithoutZone(Usage):
    """A time does not say which zone it is in."""

    message = "“{value}” is not a time with a zone"


class TimeOutOfRange(Usage):
    """A time is so far away that it must be a slip."""

    message = "“{value}” is outside the years that can be recorded"
