"""A server fails while several record on it, and another that has followed it goes on."""

from __future__ import annotations

import pytest
from failover import fail_over

from ledger.places import Server, place_of

pytestmark = pytest.mark.server


def test_an_address_may_have_several_hosts() -> None:
    uri = "postgresql://asa:geheim@north:5432,south:5433/linden?target_session_attrs=read-write"
    place = place_of(uri)
    assert isinstance(place, Server)
    assert place.uri == uri
    assert place.without_password == uri.replace(":geheim", "")
    assert str(place) == "postgresql://asa@north:5432,south:5433/linden"


def test_nothing_acknowledged_is_lost_when_the_primary_is_killed() -> None:
    fail_over(writers=3, before=10, after=5)


@pytest.mark.torture
@pytest.mark.parametrize("times", range(10))
def test_nothing_acknowledged_is_lost_in_ten_failures(times: int) -> None:
    fail_over(writers=5, before=20 * times + 1, after=20)
