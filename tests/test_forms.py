"""What is read by the match of its one form is what the validation library reads."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import ValidationError
from samples import EVENTS as SAMPLES
from samples import GIFT_GIVEN, sealed

from ledger.codec import decode, decode_all, encode
from ledger.errors import DamagedEntry
from ledger.events import Event, class_of
from ledger.forms import reader
from ledger.schemas import validator

AT = 7
EVENTS = [sealed(event) for event in SAMPLES]
STORED = encode(GIFT_GIVEN)
MATCHED = {
    *("gift-given", "gift-confirmed", "ask-made", "introduction-made", "member-joined"),
    *("member-left", "resource-lent", "resource-returned", "note-added"),
}


def by_the_library(state: bytes, kind: type[Event]) -> Event | None:
    """What an event of a type is without its form being looked at; None: it is none."""
    opening = b'{"type":"%s",' % kind.type.encode()
    if not state.startswith(opening):
        return None
    try:
        event: Event = validator(kind).validate_json(b"{" + state[len(opening) :], strict=True)
    except ValidationError:
        return None
    return replace(event, position=AT)


def agree(state: bytes, kind: type[Event]) -> bool:
    """Whether the form was matched; what it then says is what the library says."""
    read = reader(kind)
    matched = None if read is None else read(state, AT)
    if matched is not None:
        expected = by_the_library(state, kind)
        assert matched == expected
        assert type(matched) is kind
        for field in fields(kind):
            assert type(getattr(matched, field.name)) is type(getattr(expected, field.name))
        assert encode(matched) == state
    return matched is not None


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_each_sample_is_read_alike(event: Event) -> None:
    agree(encode(event), type(event))


@pytest.mark.parametrize("topic", sorted(MATCHED))
def test_most_entries_are_read_by_their_form(topic: str) -> None:
    kind = class_of(topic)
    bare = next(replace(event, because_of=()) for event in EVENTS if type(event) is kind)
    assert agree(encode(bare), kind)


def test_an_event_read_by_its_form_is_frozen_like_any_other() -> None:
    [event] = decode_all([(AT, "gift-given", STORED)])
    with pytest.raises(AttributeError):
        event.position = 8  # type: ignore[misc]
    assert event == replace(GIFT_GIVEN, position=AT)
    assert hash(event) == hash(replace(GIFT_GIVEN, position=AT))


offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timedelta(minutes=minutes))
moments = st.datetimes(timezones=st.just(UTC) | offsets.map(timezone))


@given(moments, moments)
@example(datetime(2024, 2, 29, tzinfo=UTC), datetime(2024, 2, 29, 23, 59, 59, 1, tzinfo=UTC))
def test_times_are_read_alike(occurred: datetime, recorded: datetime) -> None:
    event = replace(GIFT_GIVEN, occurred_at=occurred, recorded_at=recorded, because_of=())
    assert agree(encode(event), type(event))


WRITTEN_OTHERWISE = [
    (b"T12:", b"T24:"),
    (b"T12:", b" 12:"),
    (b"+02:00", b"+0200"),
    (b"+02:00", b"+02:00:30"),
    (b"+02:00", b"+02:75"),
    (b"+02:00", b"Z"),
    (b"-03-", b"-13-"),
    (b'"giver":"m', b'"giver":"m0'),
    (b'"giver":"m', b'"giver": "m'),
    (b'"kind":"', b'"kind":"x'),
    (b"}", b',"more":1}'),
    (b"}", b"} "),
]


@pytest.mark.parametrize(("old", "new"), WRITTEN_OTHERWISE)
def test_what_is_written_otherwise_is_left_to_the_library(old: bytes, new: bytes) -> None:
    assert old in STORED
    assert not agree(STORED.replace(old, new), type(GIFT_GIVEN))


@given(st.sampled_from(EVENTS), st.data())
def test_whatever_the_bytes_the_form_says_nothing_else(event: Event, data: Any) -> None:
    state = bytearray(encode(event))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(state) - 1))
        state[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.binary(max_size=2) | st.sampled_from([b'"', b"0", b"9", b"-", b"a", b",", b"m"])
        )
        if not state:
            return
    agree(bytes(state), type(event))


def test_a_block_is_read_as_its_entries_one_by_one() -> None:
    entries = [(at, event.type, encode(event)) for at, event in enumerate(EVENTS, 1)]
    assert decode_all(entries) == [decode(topic, state, at) for at, topic, state in entries]


def test_a_damaged_entry_of_a_block_is_named() -> None:
    entries = [(1, "gift-given", STORED), (2, "gift-given", STORED[:-1])]
    with pytest.raises(DamagedEntry) as raised:
        decode_all(entries)
    assert raised.value.facts["position"] == 2
