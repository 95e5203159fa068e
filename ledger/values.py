"""The plain values that events, commands and rows are made of.

Nothing here knows a clock, a file or a terminal, and nothing here imports a
validation library: `Check` and `Pattern` are annotations that pydantic
understands when it meets them, and that cost nothing until it does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Literal, get_args

from ledger import errors

Kind = Literal[
    "service",
    "equipment",
    "premises",
    "people",
    "time",
    "knowledge",
    "contact",
    "funding",
    "other",
]
KINDS: tuple[str, ...] = get_args(Kind)
OpportunityKind = Literal["product", "way-of-working", "collaboration", "funding", "other"]
OPPORTUNITY_KINDS: tuple[str, ...] = get_args(OpportunityKind)
EVERYONE = "everyone"
_ONE = {"hours": "hour", "pieces": "piece"}
FORGOTTEN = "[forgotten]"  # in place of a text that is erased
WORDS_FOR_EVERYONE = frozenset({"everyone", "alla"})

NAME_LENGTH = 100  # characters
TEXT_LENGTH = 2_000  # characters
SLUG_LENGTH = 40  # characters
LATIN_SLUG = "[A-Za-z0-9À-ÖØ-öø-ɏ]+(?:-[A-Za-z0-9À-ÖØ-öø-ɏ]+)*"  # most there are
SLUG = r"[\p{L}\p{M}\p{Nd}]+(?:-[\p{L}\p{M}\p{Nd}]+)*"  # in the syntax of pydantic's patterns
WHOLE_DIGITS = 15  # before the decimal point
DECIMALS = 3  # after it
THOUSAND = 10**DECIMALS
LARGEST_THOUSANDTHS = 10 ** (WHOLE_DIGITS + DECIMALS) - 1

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
START_OF_TIME = -(2**62)
END_OF_TIME = 2**62  # microseconds; later than any time that can be written

Total = int  # a sum that may pass 64 bits; kept as text in a table

ID = re.compile(r"[a-z][1-9][0-9]{0,14}")
ENTRY = re.compile(r"#?([1-9][0-9]{0,14})")
_LATIN_SLUG = re.compile(LATIN_SLUG)
_UNFOLDED = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})


class Pattern:
    """An annotation: the string matches `regex` as a whole. Checked by pydantic."""

    def __init__(self, regex: str, most: int | None = None) -> None:
        self.constraints = {"pattern": f"^(?:{regex})$"}
        self.most = most  # characters

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        length = {} if self.most is None else {"max_length": self.most}
        return {**handler(source), **self.constraints, **length}


class Between:
    """An annotation: `least <= integer <= most`. Checked by pydantic."""

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        return {**handler(source), "ge": self.least, "le": self.most, "strict": True}


class Aware:
    """An annotation: the time says its zone. Checked by pydantic."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        return {**handler(source), "tz_constraint": "aware"}


class Check:
    """An annotation: `function` makes the value right or raises an error of ours.

    The function must leave a value alone that it has already made right.
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": self.function},
        }


def microseconds(moment: datetime) -> int:
    """Whole microseconds from 1970-01-01T00:00Z to `moment`; exact, sortable."""
    return (moment - EPOCH) // MICROSECOND


def moment_at(microseconds: int) -> datetime:
    """The moment, in UTC, that is so many microseconds after 1970-01-01T00:00Z."""
    return EPOCH + timedelta(microseconds=microseconds)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment by the clocks of a zone, its offset in whole minutes so that it can be stored.

    Before zones were made, a clock's offset had seconds; the moment is the same. It
    keeps the offset and not the zone, which would be asked for it again at every use.
    """
    there = moment.astimezone(zone)
    offset = there.utcoffset() or timedelta()
    if offset.seconds % 60:
        return moment.astimezone(timezone(offset // MINUTE * MINUTE))
    return there.replace(tzinfo=timezone(offset))


def fold(text: str) -> str:
    """`text` as names are compared: case and marks folded, spaces collapsed.

    "Åsa  Öberg" and "asa oberg" fold to the same string.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_UNFOLDED))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def unsafe_character(text: str, *, lines: bool = False) -> str | None:
    """The first control, bidi, zero-width or unassigned character, if any.

    `lines` lets line breaks and tabs pass.
    """
    if text.isascii() and text.isprintable():
        return None
    for c in text:
        if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and not (
            lines and c in "\n\t"
        ):
            return c
    return None


def check_text(value: object) -> str:
    """Free text: 1 to 2,000 characters, no control characters but line breaks and tabs."""
    text = _string(value, "a text").strip()
    return _checked(text, "a text", TEXT_LENGTH, lines=True)


def check_name(value: object) -> str:
    """A name: 1 to 100 characters on one line, spaces collapsed, not like an id."""
    name = unicodedata.normalize("NFC", _string(value, "a name"))
    name = _checked(name.strip(" "), "a name", NAME_LENGTH, lines=False)
    name = " ".join(name.split())
    if ID.fullmatch(name.lower()) or (ENTRY.fullmatch(name) and name.startswith("#")):
        raise errors.NameLikeAnId(name=name)
    if fold(name) in WORDS_FOR_EVERYONE:
        raise errors.NameForEveryone(name=name)
    if fold(name) == FORGOTTEN:
        raise errors.NameForTheForgotten(name=name)
    if not fold(name):
        raise errors.EmptyText(what="a name")
    return name


def check_key(value: object) -> str:
    """A key of somebody's own: 1 to 2,000 characters."""
    return _checked(_string(value, "a key"), "a key", TEXT_LENGTH, lines=False)


def check_slug(value: object) -> str:
    """A word of the network's vocabulary: letters, digits, hyphens; at most 40."""
    slug = unicodedata.normalize("NFC", _string(value, "a word").strip())
    if len(slug) > SLUG_LENGTH or not _is_slug(slug):
        raise errors.NotASlug(value=short(slug), most=SLUG_LENGTH)
    return slug


def check_unit(value: object) -> str:
    """A unit: a slug in lower case, so that `Hour` and `hour` add up."""
    return check_slug(value).casefold()


def one_unit(unit: str) -> str:
    """A unit as it is counted: `hour` for `hours`, `piece` for `pieces`, any other as it is."""
    return _ONE.get(unit.strip().casefold(), unit)


def decimal_text(thousandths: int) -> str:
    """Whole thousandths as a plain decimal: 1500 is "1.5", 20000 is "20"."""
    whole, rest = divmod(abs(thousandths), THOUSAND)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole}.{rest:03}".rstrip("0") if rest else f"{sign}{whole}"


def check_moment(value: object) -> datetime:
    """A time that says its zone, between the years 1800 and 9998."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise errors.TimeWithoutZone(value=short(str(value)))
    if not 1800 <= value.year <= 9998:
        raise errors.TimeOutOfRange(value=short(str(value)))
    return value


def _is_slug(text: str) -> bool:
    """Whether SLUG matches the text; `re` knows no classes of letters."""
    return _LATIN_SLUG.fullmatch(text) is not None or all(
        word and all(unicodedata.category(c)[0] in "LM" or c.isdecimal() for c in word)
        for word in text.split("-")
    )


def _string(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise errors.NotText(what=what)
    return value


def _checked(text: str, what: str, most: int, *, lines: bool) -> str:
    if len(text) > most:
        raise errors.TextTooLong(what=what, length=len(text), most=most)
    if not text:
        raise errors.EmptyText(what=what)
    bad = unsafe_character(text, lines=lines)
    if bad is not None:
        raise errors.UnsafeCharacter(what=what, character=f"U+{ord(bad):04X}")
    return text


def short(text: str) -> str:
    """The beginning of a text, for an error that quotes it."""
    return text if len(text) <= 60 else text[:57] + "..."
