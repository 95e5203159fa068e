"""Entries read and summed by columns say what they say one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from samples import ANA, BO, CIA, COMMITMENT, GIFT_GIVEN, day, sealed
from samples import EVENTS as SAMPLES
from worlds import CORRECTED_MOVES, Move, differences, founded, play

from ledger.audit import Replay
from ledger.codec import decode, decode_all, encode
from ledger.columns import Codes, Columns, read
from ledger.errors import DamagedEntry
from ledger.events import Event, GiftGiven
from ledger.forms import reader
from ledger.runs import Entry, Run, Runs
from ledger.state import FOLDS
from ledger.tables import Tables, replay
from ledger.values import EVERYONE, microseconds
from projections.reciprocity_sums import LARGEST
from projections.registry import PROJECTIONS

EVERY_FOLD = (*FOLDS, *PROJECTIONS)
STORED = encode(replace(GIFT_GIVEN, because_of=()))
TYPES = {"gift-given"}

offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timedelta(minutes=minutes))
moments = st.datetimes(timezones=st.just(UTC) | offsets.map(timezone))
few_moments = st.sampled_from([day(number) for number in range(1, 60, 7)])
units = st.sampled_from([None, "hour", "piece", "hjälptimme"])


@st.composite
def gifts(draw: Any, at: Any = moments, most: int = LARGEST + 1) -> GiftGiven:
    """A gift, of whatever to whomever, as it is read back from the log."""
    unit = draw(units)
    return replace(
        GIFT_GIVEN,
        giver=draw(st.sampled_from([ANA, BO, CIA])),
        receiver=draw(st.sampled_from([ANA, BO, CIA, EVERYONE, "i1"])),
        actor=draw(st.none() | st.just(CIA)),
        unit=unit,
        thousandths=None if unit is None else draw(st.integers(1, 9) | st.integers(1, most)),
        what=draw(st.none() | st.just(COMMITMENT)),
        ask=draw(st.none() | st.just("a1")),
        resource=draw(st.none() | st.just("r1")),
        initiative=draw(st.none() | st.sampled_from(["i1", "i2"])),
        occurred_at=draw(at),
        recorded_at=draw(at),
        because_of=(),
    )


pytestmark = pytest.mark.usefixtures("by_columns")


def entries_of(events: Sequence[Event]) -> list[Entry]:
    return [(at, event.type, encode(event)) for at, event in enumerate(events, 1)]


def parts_of(states: Sequence[bytes]) -> list[Columns | int]:
    return list(read("gift-given", states, Codes()))


# What is read


@given(st.lists(gifts(), min_size=1, max_size=20))
@example([replace(GIFT_GIVEN, occurred_at=datetime(1, 1, 1, tzinfo=UTC), because_of=())])
@example([replace(GIFT_GIVEN, recorded_at=datetime.max.replace(tzinfo=UTC), because_of=())])
def test_columns_say_what_the_events_say(events: list[GiftGiven]) -> None:
    [columns] = parts_of([encode(event) for event in events])
    assert isinstance(columns, Columns)
    for name, column in columns.texts.items():
        if not name.endswith("_at"):
            assert list(column) == [getattr(event, name) or "" for event in events]
            codes = columns.coded(name).tolist()
            assert [list(columns.codes)[code] for code in codes] == list(column)
    thousandths = columns.numbers["thousandths"].tolist()
    assert thousandths == [event.thousandths or 0 for event in events]
    assert columns.occurred.tolist() == [event.occurred for event in events]
    assert columns.recorded.tolist() == [microseconds(event.recorded_at) for event in events]
    epoch = date(1970, 1, 1).toordinal()
    assert (columns.days + epoch).tolist() == [event.occurred_at.toordinal() for event in events]


WRITTEN_OTHERWISE: list[Any] = [
    b"",
    b"{}",
    STORED[:-1],
    STORED + STORED,
    STORED.replace(b"T12:", b"T24:"),
    STORED.replace(b"-03-", b"-13-"),
    STORED.replace(b"2026", b"0000"),
    STORED.replace(b"+02:00", b"+25:00"),
    STORED.replace(b'"kind":"other"', b'"kind":"other","because_of":[1]'),
]
NO_LINES: list[Any] = [STORED + b"\n" + STORED, b"\xff", STORED.decode()]


@pytest.mark.parametrize("other", WRITTEN_OTHERWISE)
def test_an_entry_that_is_written_otherwise_is_told_apart(other: bytes) -> None:
    assert other != STORED
    parts = parts_of([STORED, STORED, other, STORED])
    if len(parts) == 1:  # of times that there are none of, nothing around them is told either
        assert parts == [4]
    else:
        before, apart, after = parts
        assert isinstance(before, Columns)
        assert isinstance(after, Columns)
        assert (len(before), apart, len(after)) == (2, 1, 1)


@pytest.mark.parametrize("other", NO_LINES)
def test_what_is_no_line_leaves_all_of_them_to_be_read_one_by_one(other: Any) -> None:
    assert parts_of([STORED, other]) == [2]


@given(gifts(), st.data())
def test_whatever_the_bytes_columns_say_nothing_else(event: GiftGiven, data: Any) -> None:
    state = bytearray(encode(event))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(state) - 1))
        state[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.binary(max_size=2) | st.sampled_from([b'"', b"0", b"9", b"-", b"a", b",", b"\n"])
        )
    by_form = reader(GiftGiven)
    assert by_form is not None
    expected = by_form(bytes(state), 1)
    [part] = parts_of([bytes(state)])
    if isinstance(part, Columns):
        assert isinstance(expected, GiftGiven)
        assert part.occurred.tolist() == [expected.occurred]
        assert part.texts["receiver"][0] == expected.receiver
    else:
        assert expected is None


# Runs


def test_all_entries_are_in_the_runs_in_their_order() -> None:
    samples = [sealed(event) for event in SAMPLES]
    stored = entries_of([*samples, *[GIFT_GIVEN] * 3, *samples, replace(GIFT_GIVEN, because_of=())])
    found = list(Runs(TYPES).of(stored))
    assert any(run.columns is not None for run in found)
    assert [event for run in found for event in run.events] == decode_all(stored)
    assert [position for run in found for position in run.positions] == [at for at, _, _ in stored]


def test_a_run_is_cut_like_a_list() -> None:
    events = [replace(GIFT_GIVEN, occurred_at=day(n), because_of=()) for n in range(1, 9)]
    [run] = Runs(TYPES).of(entries_of(events))
    for cut in (run[:3], Run(run.events)[:3]):
        assert (len(cut), cut.last, cut.positions) == (3, 3, [1, 2, 3])
        assert cut.occurred == [event.occurred for event in events[:3]]
        assert cut.events == run.events[:3]
    assert not run[8:]


def test_a_damaged_entry_comes_after_what_is_before_it() -> None:
    stored = [(1, "gift-given", STORED), (2, "gift-given", STORED[:-1])]
    coming = Runs(TYPES).of(stored)
    assert next(coming).events == [decode("gift-given", STORED, 1)]
    with pytest.raises(DamagedEntry):
        next(coming)


# What comes of it


@given(st.lists(gifts(at=few_moments), max_size=60), st.integers(1, 60))
def test_rows_are_the_same_by_columns_and_one_by_one(events: list[GiftGiven], cut: int) -> None:
    stored = entries_of(events)
    tables = Tables(EVERY_FOLD, tracked=EVERY_FOLD)
    for part in (stored[:cut], stored[cut:]):
        for run in Runs(TYPES).of(part):
            tables.apply_run(run)
        tables.settle()
    expected = Tables(EVERY_FOLD, tracked=EVERY_FOLD)
    for each in decode_all(stored):
        expected.apply(each)
    for fold in EVERY_FOLD:
        assert tables.rows(fold) == expected.rows(fold)
        if fold.saved:
            assert tables.changed[fold.name] == expected.changed[fold.name]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=CORRECTED_MOVES)
def test_a_replay_by_columns_finds_what_is_kept(
    tmp_path_factory: pytest.TempPathFactory, moves: list[Move]
) -> None:
    folder = tmp_path_factory.mktemp("lived")
    with founded(folder) as ledger:
        play(ledger, moves)
        assert differences(ledger) == []
        again = Replay(ledger.database, ledger.folds)
        again.run()
        events = [decode(topic, state, at) for at, topic, state in ledger.database.entries()]
        expected = replay(ledger.folds, events, again)
        for fold in ledger.folds:
            assert again.tables.rows(fold) == expected.rows(fold)
