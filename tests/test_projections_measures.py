"""`measures`: over which gifts and members, and the same worked out naively from what stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import naive_measures
import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import NOW, ZONE
from test_corrections_histories import live
from test_measures import golden  # noqa: F401 - a fixture
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, play

from ledger.events import Event
from ledger.values import microseconds
from projections.network_measures import DAY, measure_rows

Row = dict[str, Any]

RETURNED = ("weighted_reciprocity", "multilateral_return", "returned_through_third_parties")


def network(natverk: Natverk, *asked: str) -> dict[str, Row]:
    rows = natverk.rows("measures", *asked)
    return {row["measure"]: row for row in rows if row["section"] == "network"}


def arcs(natverk: Natverk, *asked: str) -> str:
    denominator: str = network(natverk, *asked)["arc_reciprocity"]["denominator"]
    return denominator


def test_the_case_by_hand_is_met_through_the_log(natverk: Natverk, golden: Row) -> None:  # noqa: F811
    # Given its gifts, recorded one by one
    natverk.does("init", "Linden", "--idea", "grannar")
    for name in golden["members"]:
        natverk.does("join", f"Member {name}")
    for giver, receiver, count in golden["gifts"]:
        for _ in range(count):
            natverk.does("give", f"Member {giver}", f"Member {receiver}")
    # Then every measure is as worked out
    found = network(natverk)
    for name, expected in golden["expect"].items():
        if isinstance(expected, str):
            row = found[name]
            assert Fraction(row["numerator"]) / Fraction(row["denominator"]) == Fraction(expected)
            assert float(row["value"]) == float(Fraction(expected))
    cores = {
        row["name"].removeprefix("Member "): int(row["value"])
        for row in natverk.rows("measures")
        if row["measure"] == "core_number"
    }
    assert cores == golden["expect"]["core_number"]


def test_only_gifts_between_members_count(kvarteret: Natverk) -> None:
    kvarteret.does("initiative", "start", "Åsa", "soup evenings")
    kvarteret.does("give", "Åsa", "soup evenings")
    kvarteret.does("give", "Åsa", "everyone")
    assert arcs(kvarteret) == "1"


@pytest.mark.parametrize("asked", [(), ("--window", "30")])
def test_a_gift_that_was_taken_back_does_not_count(
    kvarteret: Natverk, asked: tuple[str, ...]
) -> None:
    kvarteret.does("give", "Knut", "Eva")
    assert arcs(kvarteret, *asked) == "2"
    kvarteret.does("undo")
    assert arcs(kvarteret, *asked) == "1"
    kvarteret.does("correct", "9", "--receiver", "everyone")
    assert arcs(kvarteret, *asked) == "0"


def test_a_window_counts_gifts_that_occurred_in_it(kvarteret: Natverk) -> None:
    # Given a gift a week ago, and one now
    kvarteret.does("give", "Knut", "Eva")
    # Then the days looked back over say which count
    assert arcs(kvarteret, "--window", "8") == "2"
    assert arcs(kvarteret, "--window", "7") == "1"
    assert arcs(kvarteret, "--window", "8", "--as-of", "2026-10-30") == "1"
    assert arcs(kvarteret, "--window", "1", "--as-of", "2026-10-30") == "0"
    assert arcs(kvarteret, "--window", "1000000000") == "2"


def test_who_left_is_counted_where_the_window_reaches_them(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Café", "--at", "2026-10-28")
    assert network(kvarteret)["isolates"]["denominator"] == "4"
    assert network(kvarteret, "--window", "30")["isolates"]["denominator"] == "4"
    assert network(kvarteret, "--window", "3")["isolates"]["denominator"] == "3"


def test_what_is_measured_of_few_says_that_it_means_nothing(kvarteret: Natverk) -> None:
    # Given four members
    result = kvarteret("measures")
    # Then it says so to people and to programs
    assert "4 members: too small for these numbers to mean anything" in result.err
    assert {row["too_small"] for row in kvarteret.rows("measures")} == {True}
    # When a fifth joins
    kvarteret.does("join", "Omar")
    # Then it does not
    assert kvarteret("measures").err == ""
    assert not network(kvarteret)["isolates"]["too_small"]


def test_what_is_undefined_is_null_and_said_to_people(kvarteret: Natverk) -> None:
    kvarteret.does("undo", "9")
    row = network(kvarteret)["arc_reciprocity"]
    assert (row["value"], row["numerator"], row["denominator"]) == (None, "0", "0")
    assert "undefined" in kvarteret.does("measures")


def test_who_joined_is_followed_for_ninety_days(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Eva")
    kvarteret.clock.advance(days=100)
    [row] = [row for row in kvarteret.rows("measures") if row["section"] == "cohort"]
    assert (row["period"], row["joined"], row["window"]) == ("2026-10", 4, 90)
    assert (row["numerator"], row["denominator"], row["too_small"]) == ("3", "4", True)


def test_brokers_are_told_by_the_organisation_they_act_for(kvarteret: Natverk) -> None:
    # Given Knut, who passes on to the outside what Eva gave him, and acts for the café
    kvarteret.does("give", "Knut", "Åsa")
    assert "brokered" not in kvarteret.does("measures").splitlines()[-5]
    kvarteret.does("affiliate", "Knut", "Café")
    assert network(kvarteret)["brokerage_liaison"]["value"] == "1"
    # When Eva acts for it too
    kvarteret.does("affiliate", "Eva", "Café")
    # Then he represents it
    found = network(kvarteret)
    assert found["brokerage_liaison"]["value"] == "0"
    assert found["brokerage_representative"]["value"] == "1"
    own = [row for row in kvarteret.rows("measures") if row.get("name") == "Knut Hansson"]
    assert {row["measure"]: row["numerator"] for row in own}["brokerage_representative"] == "1"


def test_members_are_listed_by_name(kvarteret: Natverk) -> None:
    last = kvarteret.does("measures").splitlines()[-4:]
    assert [line.split()[1] for line in last] == ["Åsa", "Café", "Eva", "Knut"]


# A second, naive implementation


def naively(events: Sequence[Event], since: int, at: int) -> dict[str, Fraction | None]:
    """Every measure of the network from what stands, by its definition."""
    standing: list[Any] = live(events)
    given = [event for event in standing if event.type == "gift-given"]
    members = [
        event.member
        for event in standing
        if event.type == "member-joined" and was_member(event.member, standing, since, at)
    ]
    weights = Counter(
        (event.giver, event.receiver)
        for event in given
        if since <= event.occurred <= at and {event.giver, event.receiver} <= set(members)
    )
    return {name: of(weights, members) for name, of in naive_measures.NETWORK.items()}


def was_member(member: str, standing: Sequence[Any], since: int, at: int) -> bool:
    """Whether a member was there at a time, or came after it and by another."""
    there = False
    for event in standing:
        if getattr(event, "member", None) != member:
            continue
        if event.type in ("member-joined", "member-returned"):
            there = there or event.occurred <= at
        elif event.type in ("member-left", "member-forgotten"):
            there = there and event.occurred > since
    return there


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES, window=st.one_of(st.none(), st.integers(1, 40)))
def test_the_answer_is_what_stands(tmp_path: Path, moves: list[Move], window: int | None) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    at = microseconds(NOW) + 1
    since = -(2**62) if window is None else at - window * DAY
    with founded(folder) as ledger:
        expected = naively(play(ledger, moves), since, at)
        rows = measure_rows(ledger.database, at, ZONE, window)
    found = {row["measure"]: row for row in rows if row["section"] == "network"}
    for name, value in expected.items():
        told = found[name]["value"]
        assert (None if told is None else float(told)) == (
            None if value is None else pytest.approx(float(value))
        ), name


def test_what_came_back_is_told_in_gifts_of_all_gifts(kvarteret: Natverk) -> None:
    # Given a ring of three gifts, and one of them given back
    kvarteret.does("give", "Knut", "Åsa")
    kvarteret.does("give", "Åsa", "Eva")
    kvarteret.does("give", "Knut", "Eva")
    # Then of four gifts two came back from those given to, and one more from somebody else
    told = network(kvarteret)
    made_of = {name: (told[name]["numerator"], told[name]["denominator"]) for name in RETURNED}
    assert made_of == {
        "weighted_reciprocity": ("2", "4"),
        "multilateral_return": ("3", "4"),
        "returned_through_third_parties": ("1", "4"),
    }
    page = kvarteret.does("measures").splitlines()
    [line] = [line for line in page if line.startswith("return through others ")]
    assert "1 / 4  of all gifts, the share that came back, but not from" in line
