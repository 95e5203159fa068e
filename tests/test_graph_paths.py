"""Chains of ties, and pairs who have a third in common but no tie."""

from __future__ import annotations

from itertools import combinations

import naive_measures as naive
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.graph_paths import Chain, OpenTriad, between, neighbours, open_triads
from projections.graph_paths import shortest_chain as chain

MEMBERS = [f"m{number}" for number in range(7, 14)]  # m9 before m10
ANYONE = st.sampled_from(MEMBERS)
TIES = st.lists(st.tuples(ANYONE, ANYONE), max_size=12)


def test_two_with_a_tie_need_nobody_to_introduce_them() -> None:
    assert chain([("m2", "m1")], "m1", "m2") == Chain(("m1", "m2"), ())


def test_of_several_shortest_chains_the_first_by_id_and_all_who_could_introduce() -> None:
    ties = [("m1", "m10"), ("m10", "m3"), ("m9", "m1"), ("m3", "m9"), ("m1", "m8"), ("m8", "m7")]
    assert chain(ties, "m1", "m3") == Chain(("m1", "m9", "m3"), ("m9", "m10"))


def test_between_two_who_are_apart_there_is_no_chain() -> None:
    ties = [("m1", "m2"), ("m3", "m4")]
    assert chain(ties, "m1", "m4") is None
    assert chain(ties, "m1", "m9") is None
    assert chain([], "m1", "m2") is None


def test_to_oneself_there_is_nobody_between() -> None:
    assert chain([("m1", "m2")], "m1", "m1") == Chain(("m1",), ())


@given(TIES, ANYONE, ANYONE)
def test_no_chain_is_shorter_and_every_introducer_is_on_one(
    ties: list[tuple[str, str]], start: str, end: str
) -> None:
    near = neighbours(ties)
    steps = {member: near.get(member, set()) for member in MEMBERS}
    away = naive.reachable(end, steps)

    found = chain(ties, start, end)

    if start not in away:
        assert found is None
        return
    assert found is not None
    assert (found.members[0], found.members[-1]) == (start, end)
    assert len(found.members) == away[start] + 1
    assert all(b in steps[a] for a, b in zip(found.members, found.members[1:], strict=False))
    could = {m for m in steps[start] if away[start] > 1 and away[m] == away[start] - 1}
    assert set(found.introducers) == could
    assert found == chain([(b, a) for a, b in reversed(ties)], start, end)


def test_an_open_triad_is_told_once_with_all_who_close_it() -> None:
    ties = [("m1", "m10"), ("m10", "m3"), ("m9", "m1"), ("m3", "m9"), ("m1", "m3")]
    assert list(open_triads(neighbours(ties))) == [OpenTriad("m9", "m10", ("m1", "m3"))]


@given(TIES)
def test_the_open_triads_are_those_found_by_looking_at_every_two(
    ties: list[tuple[str, str]],
) -> None:
    tied = {frozenset(tie) for tie in ties}
    expected = []
    for one, other in combinations(MEMBERS, 2):
        through = tuple(
            m
            for m in MEMBERS
            if m not in (one, other) and {frozenset((one, m)), frozenset((m, other))} <= tied
        )
        if through and frozenset((one, other)) not in tied:
            expected.append(OpenTriad(one, other, through))

    near = neighbours(ties)

    assert list(open_triads(near)) == expected
    by_pair = {(one, other): through for one, other, through in expected}
    for pair in combinations(MEMBERS, 2):
        assert between(near, *pair) == by_pair.get(pair, ())


@pytest.mark.parametrize("pair", [("m1", "m1"), ("m1", "m2"), ("m1", "m5"), ("m6", "m5")])
def test_nobody_is_between_those_who_have_a_tie_or_none_at_all(pair: tuple[str, str]) -> None:
    assert between(neighbours([("m1", "m2"), ("m2", "m3"), ("m3", "m1")]), *pair) == ()
