"""Several who record in one ledger, each of whom decides by what they have in memory."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import ASK, CLOSE, GIVE, JOIN, LEAVE, OFFER, day
from worlds import CORRECTED_MOVES, Move, differences, founded, opened, people

from ledger import errors
from ledger.closed import CLOSED, MOVED, Moved
from ledger.commands import Command
from ledger.ledger import Ledger


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Ledger, Ledger]]:
    """A ledger opened twice; the first has just recorded twice and found nothing changed."""
    with (
        founded(tmp_path, *people("Ana", "Bo"), OFFER, ASK) as first,
        opened(first.database.path) as second,
    ):
        first.record(GIVE)
        first.record(GIVE)
        yield first, second


def test_who_did_not_know_a_newcomer_gives_to_them(pair: tuple[Ledger, Ledger]) -> None:
    # Given somebody who joins where one of the two has not looked since
    first, second = pair
    newcomer = second.record(replace(JOIN, name="Cia")).events[0].member  # type: ignore[attr-defined]
    # When that one gives to the newcomer, then it is recorded as if it had been known
    given = first.record(replace(GIVE, receiver=newcomer))
    assert given.position == 9
    assert differences(first) == differences(second) == []


def test_who_did_not_know_that_an_ask_was_closed_is_refused(pair: tuple[Ledger, Ledger]) -> None:
    first, second = pair
    second.record(CLOSE)
    with pytest.raises(errors.LedgerError) as refused:
        first.record(replace(CLOSE, outcome="withdrawn"))
    assert not isinstance(refused.value, errors.Unusable)
    # And nothing has been written, and the next record is what it would have been
    assert first.database.head() == 8
    assert first.record(GIVE).position == 9
    assert differences(first) == []


def test_what_somebody_else_has_done_meanwhile_is_not_done_again(
    pair: tuple[Ledger, Ledger],
) -> None:
    first, second = pair
    gone = replace(LEAVE, member="m2")
    assert second.record(gone).position == 8
    assert first.record(gone).positions == ()
    assert first.database.head() == 8


def test_who_did_not_know_that_a_network_has_moved_records_nothing(
    pair: tuple[Ledger, Ledger],
) -> None:
    first, second = pair
    second.database.set(CLOSED, f"{MOVED}elsewhere")
    with pytest.raises(Moved):
        first.record(GIVE)
    assert first.database.head() == 7


def outcome(ledger: Ledger, command: Command, *, anew: bool) -> Any:
    """The positions of what is recorded, or which rule refuses; decided by what is read `anew`."""
    try:
        if not anew:
            return ledger.record(command).positions
        with opened(ledger.database.path) as fresh, fresh.transaction() as transaction:
            return transaction.record(command).positions
    except errors.LedgerError as refused:
        return type(refused)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES, seed=st.integers(0, 2**32))
def test_by_whomever_each_is_recorded_it_comes_out_as_if_read_anew(
    tmp_path: Path, moves: list[Move], seed: int
) -> None:
    folders = [tmp_path / str(len(list(tmp_path.iterdir())) + at) for at in range(2)]
    for folder in folders:
        folder.mkdir()
    everyone = (*people("Ana", "Bo", "Cia"), OFFER, ASK)
    chance = random.Random(seed)
    with ExitStack() as stack:
        shared, alone = [stack.enter_context(founded(folder, *everyone)) for folder in folders]
        several = [shared, stack.enter_context(opened(shared.database.path))]
        for command, on, _ in moves:
            dated = command if on is None else replace(command, occurred_at=day(on))
            # Mostly by the one of before, who then finds the ledger as it was left
            if chance.random() < 0.2:
                several.reverse()
            assert outcome(several[0], dated, anew=False) == outcome(alone, dated, anew=True)
        assert differences(several[0]) == differences(several[1]) == []
