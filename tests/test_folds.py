"""The folds: every type is known to each, and rows come out the same however they are made."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import MISSING, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import day
from servers import place_in
from test_corrections_histories import live
from worlds import (
    CORRECTED_MOVES,
    MOVES,
    Chance,
    Log,
    Move,
    differences,
    founded,
    opened,
    people,
    play,
)

from ledger import areas
from ledger import commands as c
from ledger import events as e
from ledger.audit import Replay
from ledger.folds import Fold
from ledger.state import ASKS, FOLDS, IDS, MEMBERS, RESOURCES
from ledger.tables import Tables, replay
from ledger.values import END_OF_TIME, START_OF_TIME, microseconds
from projections.reciprocity import ALL_TIME, BALANCES, PAIRS
from projections.registry import PROJECTIONS
from projections.versions import VERSIONS

EVERY_FOLD = (*FOLDS, *PROJECTIONS)
NAMED = [pytest.param(fold, id=fold.name) for fold in EVERY_FOLD]
ORDER_FREE = [fold for fold in EVERY_FOLD if not fold.timed]
Rows = dict[str, dict[Any, Any]]

histories = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", autouse=True)
def _folder() -> Iterator[None]:
    with TemporaryDirectory() as folder:
        Folder.path = Path(folder)
        yield


class Folder:
    """A new folder for each example."""

    path: Path
    made = 0

    @classmethod
    def new(cls) -> Path:
        cls.made += 1
        folder = cls.path / str(cls.made)
        folder.mkdir()
        return folder


def events_of(moves: Sequence[Move]) -> list[e.Event]:
    with founded(Folder.new()) as ledger:
        return play(ledger, moves)


def rows_of(tables: Tables, folds: Sequence[Fold] = EVERY_FOLD) -> Rows:
    """The rows that differ from ones that nothing has touched."""
    return {
        fold.name: {key: row for key, row in tables.rows(fold).items() if row != fold.row(*key)}
        for fold in folds
    }


# Every fold knows every type


def test_areas_name_every_type_of_event() -> None:
    assert set(e.TYPES.keys()) == areas.EVERY_TYPE


def test_areas_name_what_every_entry_of_a_type_says() -> None:
    of_all = {"id", "occurred_at", "recorded_at"}
    for kind in e.every_class():
        own = [field for field in fields(kind) if field.default is MISSING]
        needed = [field.name for field in own if field.name not in of_all]
        assert areas.NEEDED[kind.type] == tuple(needed)
        numbers = {field.name for field in own if field.type in ("Position", "int")}
        assert numbers == areas.NUMBERS & set(needed)


@pytest.mark.parametrize("fold", NAMED)
def test_a_fold_handles_or_ignores_every_type(fold: Fold) -> None:
    assert set(fold.on) | fold.ignored == areas.EVERY_TYPE
    assert not set(fold.on) & fold.ignored


@pytest.mark.parametrize("fold", NAMED)
def test_a_row_begins_with_its_key_and_has_defaults(fold: Fold) -> None:
    row = fold.row(*"k" * fold.key_length)
    names = [field.name for field in fields(row)]
    assert fold.key_of(row) == ("k",) * fold.key_length
    assert ("last" in names) == fold.timed
    assert {column for index in fold.indexes for column in index} <= set(names)


def test_names_of_folds_are_their_own() -> None:
    assert len({fold.name for fold in EVERY_FOLD}) == len(EVERY_FOLD)


# Rows are the same however they are made


@histories
@given(MOVES)
def test_kept_rows_equal_replayed_rows(moves: list[Move]) -> None:
    folder = Folder.new()
    with founded(folder) as ledger:
        play(ledger, moves)
        assert differences(ledger) == []
    with opened(place_in(folder)) as again:
        assert differences(again) == []


def split_and_compare(moves: Sequence[Move], share: float) -> None:
    """A replay is the same twice, and in two parts."""
    events = events_of(moves)
    whole = rows_of(replayed(events))
    assert rows_of(replayed(events)) == whole
    cut = round(share * len(events))
    tables = replayed(events[:cut], events)
    for event in events[cut:]:
        tables.apply(event)
    tables.settle()
    assert rows_of(tables) == whole


def replayed(events: Sequence[e.Event], log: Sequence[e.Event] | None = None) -> Tables:
    """A replay of events, corrections among them, which look up what they replace in `log`."""
    return replay(EVERY_FOLD, events, Log(events if log is None else log))


@settings(histories, max_examples=200)
@given(CORRECTED_MOVES, st.floats(0, 1))
def test_a_replay_is_the_same_twice_and_in_two_parts(moves: list[Move], share: float) -> None:
    split_and_compare(moves, share)


@pytest.mark.torture
def test_two_thousand_replays_in_two_parts() -> None:
    for seed in range(2_000):
        moves = Chance(seed, corrections=True).moves(1 + seed % 120)
        split_and_compare(moves, seed % 11 / 10)


@histories
@given(MOVES, st.randoms(use_true_random=False))
def test_rows_are_the_same_in_any_order(moves: list[Move], chance: random.Random) -> None:
    events = events_of(moves)
    whole = rows_of(replay(EVERY_FOLD, events))
    by_time = sorted(events, key=lambda event: (event.occurred, event.position))
    assert rows_of(replay(EVERY_FOLD, by_time)) == whole
    in_any_order = events.copy()
    chance.shuffle(in_any_order)
    assert rows_of(replay(ORDER_FREE, in_any_order), ORDER_FREE) == rows_of(
        replay(ORDER_FREE, events), ORDER_FREE
    )


@histories
@given(MOVES, st.randoms(use_true_random=False))
def test_an_entry_is_taken_back_exactly(moves: list[Move], chance: random.Random) -> None:
    events = events_of(moves)
    # An id is never used again, and what goes stale is folded again instead.
    folds = [fold for fold in ORDER_FREE if fold is not IDS and fold.stale is None]
    tables = replay(folds, events)
    for event in chance.sample(events, len(events)):
        before = deepcopy(rows_of(tables, folds))
        tables.apply(event, -1)
        after = deepcopy(rows_of(tables, folds))
        tables.apply(event)
        assert rows_of(tables, folds) == before
        tables.apply(event, -1)
        assert rows_of(tables, folds) == after
    assert not any(rows_of(tables, folds).values())


def test_an_id_that_was_taken_back_stays_used() -> None:
    events = events_of([])
    tables = replay((IDS,), events)
    used = deepcopy(rows_of(tables, (IDS,)))
    for event in events:
        tables.apply(event, -1)
    assert rows_of(tables, (IDS,)) == used


# A row that the sign alone cannot put right


def first_gifts(events: Sequence[e.Event]) -> dict[Any, int]:
    """Of each pair, when the first of the gifts that stand was given."""
    first: dict[Any, int] = {}
    for event in live(events):
        if isinstance(event, e.GiftGiven):
            pair = (event.giver, event.receiver)
            first[pair] = min(event.occurred, first.get(pair, END_OF_TIME))
    return first


@settings(histories, max_examples=200)
@given(CORRECTED_MOVES)
def test_who_gave_first_is_right_whatever_was_taken_back(moves: list[Move]) -> None:
    with founded(Folder.new()) as ledger:
        events = play(ledger, moves)
        kept = {(row.giver, row.receiver): row.first for row in ledger.database.find(PAIRS)}
    assert {pair: at for pair, at in kept.items() if at is not None} == first_gifts(events)


@pytest.mark.parametrize("cut", [7, 8, 9])
def test_a_replay_stands_where_it_stopped(cut: int) -> None:
    # Given three gifts between two, the earliest of which is taken back and put there again
    gift = c.Give(giver="m1", receiver="m2")
    commands: list[c.Command] = [replace(gift, occurred_at=day(on)) for on in (5, 6, 7)]
    commands += [c.Reverse(target=4), c.Undo(target=7), c.Undo(target=8)]
    with founded(Folder.new(), *people("Ana", "Bo"), *commands) as ledger:
        events = list(ledger.entries())
        # When it is replayed up to an entry, with the later ones at hand
        replaying = Replay(ledger.database, EVERY_FOLD)
        replaying.run(known_at=cut)
        first = replaying.tables.get(PAIRS, "m1", "m2").first
        # Then it is the first of those that stood by then
        assert first == microseconds(day(5 if cut == 8 else 6))
        assert first_gifts(events[:cut]) == {("m1", "m2"): first}
        # And the same of what had occurred before then
        replaying.run(known_at=cut, before=microseconds(day(6)) + 1)
        row = replaying.tables.get(PAIRS, "m1", "m2")
        assert (row.gifts, row.first) == (2 if cut == 8 else 1, first)


# A second, naive implementation


@histories
@given(MOVES)
def test_balances_are_what_the_gifts_add_up_to(moves: list[Move]) -> None:
    events = events_of(moves)
    gifts = [event for event in events if isinstance(event, e.GiftGiven)]
    tables = replay((BALANCES, PAIRS), events)
    balances = {key[0]: row for key, row in tables.rows(BALANCES).items() if key[1] == ALL_TIME}
    assert {m: row.given for m, row in balances.items() if row.given} == Counter(
        gift.giver for gift in gifts
    )
    assert {m: row.received for m, row in balances.items() if row.received} == Counter(
        gift.receiver for gift in gifts
    )
    assert {pair: row.gifts for pair, row in tables.rows(PAIRS).items()} == Counter(
        (gift.giver, gift.receiver) for gift in gifts
    )
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for gift in gifts:
        if gift.unit and gift.thousandths:
            sums[gift.giver, gift.unit][0] += gift.thousandths
            sums[gift.receiver, gift.unit][1] += gift.thousandths
    kept = {(m, unit): both for m, row in balances.items() for unit, both in row.units.items()}
    assert kept == dict(sums)


@histories
@given(MOVES)
def test_gifts_sum_to_zero_in_every_period(moves: list[Move]) -> None:
    tables = replay((BALANCES,), events_of(moves))
    gifts: Counter[str] = Counter()
    units: Counter[tuple[str, str]] = Counter()
    for row in tables.rows(BALANCES).values():
        gifts[row.period] += row.given - row.received
        for unit, (given_away, received) in row.units.items():
            units[row.period, unit] += given_away - received
    assert not any(gifts.values())
    assert not any(units.values())


@histories
@given(MOVES)
def test_membership_is_what_the_entries_say(moves: list[Move]) -> None:
    events = events_of(moves)
    rows = replay((MEMBERS,), events).rows(MEMBERS)
    ordered = sorted(events, key=lambda event: (event.occurred, event.position))
    moments = {event.occurred for event in events} | {START_OF_TIME, END_OF_TIME - 1}
    assert rows
    for (member,), row in rows.items():
        own = [event for event in ordered if getattr(event, "member", None) == member]
        for at in moments:
            assert row.status(at) == status(own, at)


def status(own: list[e.Event], at: int) -> str:
    """How a member stands, from their own entries in the order of time."""
    here = resting = False
    for event in own:
        if event.occurred > at:
            break
        if isinstance(event, e.MemberJoined | e.MemberReturned):
            here = True
        elif isinstance(event, e.MemberLeft | e.MemberForgotten):
            here = resting = False
        elif isinstance(event, e.MemberPaused):
            resting = True
        elif isinstance(event, e.MemberResumed):
            resting = False
    return "left" if not here else "paused" if resting else "present"


@histories
@given(MOVES)
def test_what_was_taken_and_given_towards_is_what_the_gifts_say(moves: list[Move]) -> None:
    events = events_of(moves)
    tables = replay((RESOURCES, ASKS), events)
    gifts = [event for event in events if isinstance(event, e.GiftGiven)]
    for row in tables.rows(RESOURCES).values():
        taken = sum(gift.thousandths or 0 for gift in gifts if gift.resource == row.resource)
        assert row.taken == taken
        assert row.stock is None or taken <= row.stock
    for row in tables.rows(ASKS).values():
        towards = [gift for gift in gifts if gift.ask == row.ask]
        given_in_unit = sum(g.thousandths or 0 for g in towards if row.unit and g.unit == row.unit)
        assert (row.gifts, row.given) == (len(towards), given_in_unit)


def test_a_question_knows_the_version_of_every_fold() -> None:
    assert {fold.name: fold.version for fold in (*FOLDS, *PROJECTIONS)} == VERSIONS
