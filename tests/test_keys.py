"""Idempotency keys: the same request again is recorded once, whatever came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from samples import GIVE, LEAVE, OFFER, PAUSE, day
from worlds import Clock, founded, opened, people

from ledger import errors
from ledger.ledger import Ledger
from ledger.personal import Key, request_key
from ledger.refusals import GiftToSelf

SECRET = b"s" * 32
KEY = request_key(SECRET, "k1", {"giver": "m1", "receiver": "m2", "at": None})
OTHER_REQUEST = request_key(SECRET, "k1", {"giver": "m2", "receiver": "m1", "at": None})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two members, at position 3."""
    with founded(tmp_path, *people("Ana", "Bo")) as made:
        yield made


def test_the_same_request_with_the_same_key_is_recorded_once(ledger: Ledger) -> None:
    first = ledger.record(GIVE, KEY)
    again = ledger.record(GIVE, KEY)
    assert (first.position, first.repeated) == (4, False)
    assert (again.position, again.repeated, again.events) == (4, True, ())
    assert ledger.database.head() == 4


def test_a_key_is_remembered_by_the_file(ledger: Ledger) -> None:
    ledger.record(GIVE, KEY)
    with opened(ledger.database.path) as other:
        assert other.record(GIVE, KEY).repeated
        assert other.repeated(KEY) is not None
        assert other.database.head() == 4


def test_a_key_is_remembered_when_time_has_passed(tmp_path: Path) -> None:
    clock = Clock()
    with founded(tmp_path, *people("Ana", "Bo"), clock=clock) as ledger:
        ledger.record(GIVE, KEY)
        clock.move(days=400)
        assert ledger.record(GIVE, KEY).position == 4


def test_a_key_for_another_request_is_an_error(ledger: Ledger) -> None:
    ledger.record(GIVE, KEY)
    with pytest.raises(errors.KeyReused) as raised:
        ledger.record(replace(GIVE, giver="m2", receiver="m1"), OTHER_REQUEST)
    assert raised.value.facts == {"key": "k1", "entries": [4]}
    assert ledger.database.head() == 4


def test_other_keys_and_other_namespaces_are_free(ledger: Ledger) -> None:
    ledger.record(GIVE, KEY)
    ledger.record(GIVE, KEY._replace(key=b"k2"))
    ledger.record(GIVE, KEY._replace(namespace="gifts.csv"))
    assert ledger.database.head() == 6


def test_a_request_that_recorded_nothing_is_remembered_too(ledger: Ledger) -> None:
    ledger.record(replace(PAUSE, occurred_at=day(3)))
    assert ledger.record(PAUSE, KEY).positions == ()
    again = ledger.record(PAUSE, KEY)
    assert (again.positions, again.position, again.repeated) == ((), None, True)
    with pytest.raises(errors.KeyReused):
        ledger.record(LEAVE, OTHER_REQUEST)
    assert ledger.database.head() == 4


def test_a_request_that_was_refused_is_not_remembered(ledger: Ledger) -> None:
    with pytest.raises(GiftToSelf):
        ledger.record(replace(GIVE, receiver="m1"), KEY)
    assert ledger.repeated(KEY) is None
    assert not ledger.record(GIVE, KEY).repeated


def test_a_key_goes_with_its_transaction(ledger: Ledger) -> None:
    with suppress(ZeroDivisionError), ledger.transaction() as transaction:
        transaction.record(GIVE, KEY)
        assert transaction.record(GIVE, KEY).repeated
        raise ZeroDivisionError
    with ledger.transaction(dry_run=True) as transaction:
        assert not transaction.record(GIVE, KEY).repeated
    assert ledger.repeated(KEY) is None
    assert ledger.record(GIVE, KEY).position == 4


def test_a_key_twice_in_one_transaction_is_one_entry(ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        assert transaction.record(GIVE, KEY).position == 4
        assert transaction.record(OFFER).position == 5
        again = transaction.record(GIVE, KEY)
        assert (again.position, again.repeated) == (4, True)
        with pytest.raises(errors.KeyReused):
            transaction.record(GIVE, OTHER_REQUEST)
    assert ledger.database.head() == 5


def test_a_fingerprint_needs_the_secret_of_the_ledger() -> None:
    request = {"giver": "m1"}
    assert request_key(SECRET, "k", request) == request_key(SECRET, "k", dict(request))
    assert request_key(SECRET, "k", request) != request_key(b"t" * 32, "k", request)
    assert b"m1" not in request_key(SECRET, "k", request).fingerprint


def test_a_key_may_be_any_text(ledger: Ledger) -> None:
    for name in ("å\N{COMBINING RING ABOVE}", "", "k'; DROP TABLE keys; --", "x" * 10_000):
        key = Key("request", name.encode(), b"f" * 16)
        assert not ledger.record(GIVE, key).repeated
        assert ledger.record(GIVE, key).repeated
