"""Events to stored bytes and back; what was once stored is read for good.

The samples in `stored/v1` are bytes as they lie in ledgers. They are never edited: a new
form of an event gets a new folder, and the old ones go on being read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict, TypeAdapter
from pydantic_core import ValidationError
from samples import BO, COMMANDS, EVENTS, GIFT_GIVEN, GIVE, in_full, sealed
from stories import World

from ledger import commands as c
from ledger import events as e
from ledger.codec import decode, decode_exactly, encode
from ledger.decisions import DECISIONS
from ledger.errors import DamagedEntry, LedgerError
from ledger.schemas import validator
from ledger.values import local, microseconds

STORED = Path(__file__).parent / "stored"
SAMPLES = sorted(STORED.glob("v*/*.json"))
BYTES = encode(GIFT_GIVEN)
TYPES = [event.type for event in EVENTS]


def stored_type(path: Path) -> str:
    return path.stem.removesuffix(".full")


def damaged(state: bytes, topic: str = "gift-given") -> str:
    with pytest.raises(DamagedEntry) as raised:
        decode(topic, state, 7)
    assert raised.value.facts["position"] == 7
    return str(raised.value.facts["reason"])


def test_every_event_and_every_command_has_a_sample() -> None:
    assert {type(event) for event in EVENTS} == set(e.every_class())
    assert {type(command) for command in COMMANDS} == set(c.every_command())
    assert set(DECISIONS) == set(c.AREAS)


def test_every_event_has_stored_bytes_bare_and_in_full() -> None:
    wanted = {f"{name}{more}.json" for name in e.TYPES for more in ("", ".full")}
    assert {path.name for path in SAMPLES} >= wanted


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_stored_is_read_and_written_the_same(path: Path) -> None:
    state = path.read_bytes()
    event = decode_exactly(stored_type(path), state, 7)
    assert event.position == 7
    assert encode(event) == state


@pytest.mark.parametrize("event", EVENTS, ids=TYPES)
def test_an_event_comes_back_as_it_was(event: e.Event) -> None:
    for whole in (sealed(event), in_full(event)):
        assert decode(whole.type, encode(whole), whole.position) == whole


@pytest.mark.parametrize("event", EVENTS, ids=TYPES)
def test_bytes_begin_with_the_type_and_hold_no_position_and_nothing_empty(event: e.Event) -> None:
    state = encode(replace(sealed(event), position=412))
    assert state.startswith(b'{"type":"%s",' % event.type.encode())
    stored = json.loads(state)
    assert "position" not in stored
    assert None not in stored.values()
    assert [] not in stored.values()


@pytest.mark.parametrize("event", EVENTS, ids=TYPES)
def test_every_field_is_checked_for_its_kind(event: e.Event) -> None:
    stored = json.loads(encode(in_full(event)))
    for name in stored:
        if name in ("type", "time_zone"):
            continue
        wrong = json.dumps(stored | {name: {"a": 1.5}}, separators=(",", ":")).encode()
        damaged(wrong, event.type)
    for name in ("id", "occurred_at", "recorded_at"):
        less = {field: value for field, value in stored.items() if field != name}
        damaged(json.dumps(less, separators=(",", ":")).encode(), event.type)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'"gift-given"', b'"ask-made"', id="another type inside"),
        pytest.param(b'"giver":"m1"', b'"giver":"m1","colour":"red"', id="an unknown field"),
        pytest.param(b'"giver":"m1",', b"", id="a missing field"),
        pytest.param(b'"m1"', b'"M1"', id="not an id"),
        pytest.param(b'"m1"', b'"m01"', id="an id with a zero before it"),
        pytest.param(b'"m1"', b'"m1\\n"', id="an id and a line break"),
        pytest.param(b'"m1"', b'"everyone"', id="everyone gives"),
        pytest.param(b'"m1"', b"1", id="a number for an id"),
        pytest.param(b'"other"', b'"money"', id="not a kind"),
        pytest.param(b'"other"', b'"other","thousandths":NaN', id="not a number"),
        pytest.param(b'"other"', b'"other","thousandths":Infinity', id="infinity"),
        pytest.param(b'"other"', b'"other","thousandths":1.5', id="a fraction"),
        pytest.param(b'"other"', b'"other","thousandths":"1"', id="a number in text"),
        pytest.param(b'"other"', b'"other","thousandths":true', id="a truth for a number"),
        pytest.param(b'"other"', b'"other","thousandths":0', id="zero"),
        pytest.param(b'"other"', b'"other","thousandths":-1', id="below zero"),
        pytest.param(b'"other"', b'"other","thousandths":1e18', id="written with an exponent"),
        pytest.param(b'"other"', b'"other","thousandths":%d' % 10**18, id="too large"),
        pytest.param(b'"other"', b'"other","thousandths":%d' % 2**70, id="past 64 bits"),
        pytest.param(b'"other"', b'"other","unit":"two words"', id="not a slug"),
        pytest.param(b'"other"', b'"other","what":"bread"', id="words in the log"),
        pytest.param(b"+02:00", b"", id="times without a zone"),
        pytest.param(b"}", b"", id="cut off"),
        pytest.param(b"}", b"}}", id="more after the end"),
        pytest.param(b"other", b"\xff\xfe", id="not UTF-8"),
        pytest.param(BYTES, b"", id="nothing"),
        pytest.param(BYTES, b"[]", id="a list"),
        pytest.param(BYTES, b"null", id="null"),
        pytest.param(b"{", b" {", id="a space before"),
    ],
)
def test_damaged_bytes_are_refused(old: bytes, new: bytes) -> None:
    assert old in BYTES
    assert damaged(BYTES.replace(old, new))


def test_an_unknown_type_is_refused() -> None:
    assert "unknown type" in damaged(BYTES, "gift-taken")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'"giver":"m1"', b'"giver":"m3","giver":"m1"', id="a field twice"),
        pytest.param(b'"giver":"m1"', b'"giver": "m1"', id="a space"),
        pytest.param(b"}", b"}\n", id="a line break after"),
        pytest.param(b'"m1"', b'"\\u006d1"', id="an escape"),
        pytest.param(b'"giver":"m1"', b'"giver":"m1","what":null', id="a null"),
        pytest.param(b'"giver":"m1"', b'"because_of":[],"giver":"m1"', id="an empty list"),
        pytest.param(b'"giver":"m1","receiver":"m2"', b'"receiver":"m2","giver":"m1"', id="order"),
        pytest.param(b"T12:", b" 12:", id="a time with a space"),
        pytest.param(b'"giver":"m1"', b'"position":3,"giver":"m1"', id="a position"),
    ],
)
def test_bytes_from_elsewhere_have_the_one_form(old: bytes, new: bytes) -> None:
    assert old in BYTES
    with pytest.raises(DamagedEntry):
        decode_exactly("gift-given", BYTES.replace(old, new), 7)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_damaged(state: bytes) -> None:
    assert damaged(BYTES[:13] + state, "gift-given")


@given(
    st.datetimes(
        min_value=GIFT_GIVEN.occurred_at.replace(year=1801, tzinfo=None),
        timezones=st.sampled_from(
            [
                ZoneInfo("Europe/Stockholm"),
                ZoneInfo("Africa/Monrovia"),
                ZoneInfo("Asia/Kathmandu"),
                timezone(timedelta(hours=-11, minutes=-30)),
                timezone(timedelta(minutes=1, seconds=1)),
            ]
        ),
    )
)
def test_a_time_comes_back_as_the_same_moment_and_offset(moment: datetime) -> None:
    zone = ZoneInfo("Europe/Stockholm")
    event = replace(GIFT_GIVEN, occurred_at=local(moment, zone))
    back = decode(event.type, encode(event), 0)
    assert back.occurred == microseconds(moment)
    assert back.occurred_at.utcoffset() == event.occurred_at.utcoffset()


def test_what_is_decided_can_be_stored() -> None:
    world = World()
    for event in EVENTS[:3]:
        world.take(event)
    world.take(replace(EVENTS[2], member=BO, name="Bo"))
    [gift] = world.decide(GIVE)
    assert decode_exactly(gift.type, encode(gift), 0) == gift


@pytest.mark.parametrize("event", EVENTS, ids=TYPES)
def test_stored_bytes_are_judged_as_pydantic_would_judge_them(event: e.Event) -> None:
    kind: Any = type(event)
    kind.__pydantic_config__ = ConfigDict(extra="forbid")
    peer = TypeAdapter(kind)
    good = json.loads(encode(sealed(event)))
    del good["type"]
    for fields in [good, *_spoilt(good)]:
        state = json.dumps(fields)
        assert _answer(validator(kind), state) == _answer(peer, state), state


def _spoilt(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same fields, one at a time missing, empty, of another type, or one too many."""
    for name in good:
        yield {field: value for field, value in good.items() if field != name}
        for wrong in (None, "", "x", -1, 1.5, True, [], ["x"], {}, "2026-01-01T00:00:00"):
            yield {**good, name: wrong}
    yield {**good, "surplus": 1}


def _answer(validates: Any, state: str) -> Any:
    try:
        return validates.validate_json(state, strict=True)
    except (ValidationError, LedgerError) as refused:
        return type(refused)
