"""Events to stored bytes and back; bytes are validated when they are read.

The bytes are JSON with the fields in the order of the class and nothing that
is None or empty, so that one event has one form. The type comes first and
must equal the topic column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

import orjson

from ledger import errors
from ledger.areas import IRREPLACEABLE
from ledger.events import TYPES, Event, class_of
from ledger.forms import BESIDE, Reader, reader
from ledger.schemas import validator
from ledger.upcasts import UPCASTS, upcast

_topic = itemgetter(1)


def encode(event: Event) -> bytes:
    """The bytes under which an event is stored, and which its leaf hash covers."""
    stored = _stored(event)
    if event.type == "entry-corrected":
        stored["replacement"] = _stored(stored["replacement"])
    return orjson.dumps(stored)


def event_in(stored: dict[str, Any]) -> Event:
    """The event in the stored form of a replacement. Raises ValueError, `LedgerError`."""
    topic = stored.get("type")
    if topic not in TYPES or topic in IRREPLACEABLE:
        raise ValueError(f"{topic!r} replaces nothing")
    return _decoder_of_current(upcast(dict(stored)))


def decode(topic: str, state: bytes, position: int) -> Event:
    """The event in `state`, validated, at its position.

    Raises `DamagedEntry` when the bytes are not an event of that topic.
    """
    if not isinstance(state, bytes):
        raise errors.DamagedEntry(position=position, reason="it is not stored as bytes")
    try:
        in_its_form = _fast(topic)
        event = None if in_its_form is None else in_its_form(state, position)
        if event is None:
            event = _decoder(topic)(state, position)
    except errors.DamagedEntry as damaged:
        raise errors.DamagedEntry(position=position, reason=damaged.facts["reason"]) from None
    except (ValueError, TypeError, AttributeError, errors.LedgerError) as invalid:
        raise errors.DamagedEntry(position=position, reason=_first_line(invalid)) from None
    return event


def decode_all(entries: Iterable[tuple[int, str, bytes]]) -> list[Event]:
    """The events in position, topic and bytes of entries; see `decode`."""
    events: list[Event] = []
    for topic, run in groupby(entries, _topic):
        read = _fast(topic)
        for position, _, state in run:
            event = None if read is None or type(state) is not bytes else read(state, position)
            events.append(decode(topic, state, position) if event is None else event)
    return events


def decode_exactly(topic: str, state: bytes, position: int) -> Event:
    """As `decode`, for bytes from elsewhere: also damaged is what `encode` would write otherwise.

    So a field that stands there twice, or a space, never comes into the log.
    """
    event = decode(topic, state, position)
    if topic not in UPCASTS and encode(event) != state:
        raise errors.DamagedEntry(position=position, reason="it is not written in its one form")
    return event


def _stored(event: Event) -> dict[str, Any]:
    names, values = _stored_fields(event.type)
    stored: dict[str, Any] = {"type": event.type}
    for name, value in zip(names, values(event), strict=True):
        if value is not None and value != ():
            stored[name] = value
    return stored


@cache
def _stored_fields(topic: str) -> tuple[tuple[str, ...], Callable[[Event], tuple[Any, ...]]]:
    """The names of the fields that are stored, and what reads them all from an event."""
    names = tuple(field.name for field in fields(class_of(topic)) if field.name not in BESIDE)
    return names, attrgetter(*names)


@cache
def _decoder(topic: str) -> Callable[[bytes, int], Event]:
    if topic not in TYPES and topic not in UPCASTS:
        raise errors.DamagedEntry(position=0, reason=f"unknown type {topic!r}")
    if topic in UPCASTS:
        return lambda state, position: _placed(_upcast(topic, state), position)
    kind = class_of(topic)
    validate = validator(kind).validate_json
    opening = b'{"type":"%s",' % topic.encode()
    length = len(opening)

    def read(state: bytes, position: int) -> Event:
        if not state.startswith(opening):
            raise errors.DamagedEntry(position=0, reason="the type inside differs")
        return _placed(validate(b"{" + state[length:], strict=True), position)

    return read


@cache
def _fast(topic: str) -> Reader | None:
    return reader(class_of(topic)) if topic in TYPES and topic not in UPCASTS else None


def _placed(event: Event, position: int) -> Event:
    object.__setattr__(event, "position", position)
    return event


def _upcast(topic: str, state: bytes) -> Event:
    stored = orjson.loads(state)
    if not isinstance(stored, dict) or stored.get("type") != topic:
        raise errors.DamagedEntry(position=0, reason="the type inside differs")
    return _decoder_of_current(upcast(stored))


def _decoder_of_current(stored: dict[str, Any]) -> Event:
    topic = stored.pop("type")
    return validator(class_of(topic)).validate_json(orjson.dumps(stored), strict=True)  # type: ignore[no-any-return]


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split()[:24])
