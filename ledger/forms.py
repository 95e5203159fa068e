"""The one form in which most entries are stored, read by a single match.

The validation library takes any JSON that says the same. Stored bytes have one form,
fields in order and no space, and reading only that takes half the time, which an audit
of every entry feels. Whatever does not match is left to the library: there is one judge
of what is wrong. A test holds the two to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import MISSING, Field, field, fields, make_dataclass
from datetime import datetime
from functools import cache, lru_cache
from types import NoneType
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    get_args,
    get_origin,
    get_type_hints,
)

from ledger.events import Event, class_of
from ledger.values import LATIN_SLUG, SLUG, Aware, Between, Pattern

Reader = Callable[[bytes, int], Event | None]

BESIDE = ("position", "replaces")  # fields that are not in the bytes
_DAY, _CLOCK = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}"
_OFFSET = "[+-][0-9]{2}:[0-5][0-9]"
TIME = rf"{_DAY}T{_CLOCK}(?:\.[0-9]{{6}})?{_OFFSET}"
TIMES = ("occurred_at", "recorded_at")  # of every entry


class Form(NamedTuple):
    """How a field is written: its pattern, quoted, or bare for a number."""

    pattern: str
    quoted: bool = True


def reader(kind: type[Event]) -> Reader | None:
    """What reads the bytes of an event at a position, None where it cannot tell.

    There is no reader for a type with a required field of a form not known here.
    """
    shape = shape_of(kind.type)
    if shape is None:
        return None
    forms, written = shape
    match = re.compile(written).fullmatch
    draft = _draft(kind, list(forms))
    moment, again = datetime.fromisoformat, lru_cache(4)(datetime.fromisoformat)
    occurred, recorded = map(list(forms).index, TIMES)
    others: list[tuple[int, Callable[[str], Any]]] = [
        (place, moment if form.quoted else int)
        for place, form in enumerate(forms.values())
        if (form.pattern == TIME or not form.quoted) and place not in (occurred, recorded)
    ]

    def read(state: bytes, position: int) -> Event | None:
        try:
            found = match(state.decode())
            if found is None:
                return None
            values = list(found.groups())
            values[occurred] = moment(values[occurred])
            values[recorded] = again(values[recorded])  # many are recorded at once
            for place, convert in others:
                if values[place] is not None:
                    values[place] = convert(values[place])
        except ValueError:
            return None
        event: Any = draft(*values, position)
        event.__class__ = kind
        return event  # type: ignore[no-any-return]

    return read


@cache
def shape_of(topic: str) -> tuple[dict[str, Form], str] | None:
    """The forms of the fields that have one, and the pattern of them all together.

    None for a type with a required field of a form not known here.
    """
    kind = class_of(topic)
    hints = get_type_hints(kind, include_extras=True)
    forms: dict[str, Form] = {}
    written = f'"type":"{kind.type}"'
    for each in fields(kind):
        form = None if each.name in BESIDE else _form(hints[each.name])
        if form is not None:
            forms[each.name] = form
            written += _written(each, form)
        elif each.default is MISSING:
            return None
    return forms, rf"\{{{written}\}}"


def _draft(kind: type[Event], names: list[str]) -> Callable[..., Any]:
    """A class whose instances may become those of `kind`: with the same slots, not yet frozen.

    It takes the named fields and the position; the others have their defaults.
    """
    given: list[Any] = [*names, "position"]
    others = [
        (each.name, Any, field(default=each.default))
        for each in fields(kind)
        if each.name not in given
    ]
    plain = make_dataclass("Draft", given + others)
    body = {
        "__slots__": kind.__slots__,
        "__init__": vars(plain)["__init__"],
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,
    }
    return type("Draft", (kind.mro()[1],), body)


def _written(each: Field[Any], form: Form) -> str:
    value = f'"((?>{form.pattern}))"' if form.quoted else f"((?>{form.pattern}))"
    text = f',"{each.name}":{value}'
    return text if each.default is MISSING else f"(?:{text})?+"


def _form(hint: Any) -> Form | None:
    """How the values of an annotation are written, where all of them are written alike."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return Form("|".join(map(re.escape, arguments)))
    if origin is Annotated:
        return _annotated(*arguments)
    if NoneType in arguments:
        return _form(next(argument for argument in arguments if argument is not NoneType))
    return None


def _annotated(base: Any, mark: Any, *_: Any) -> Form | None:
    if isinstance(mark, Aware):
        return Form(TIME)
    if isinstance(mark, Between):
        if mark.least != 1:
            return None
        digits = len(str(mark.most + 1)) - 1  # of which every number is small enough
        return Form(f"[1-9][0-9]{{0,{digits - 1}}}", quoted=False)
    if isinstance(mark, Pattern):
        regex = mark.constraints["pattern"][1:-1]
        most = "" if mark.most is None else f'(?=[^"]{{1,{mark.most}}}")'
        return Form(most + (LATIN_SLUG if regex == f"(?:{SLUG})" else regex))
    return None
