"""The network measures: a case by hand, chance held against the definitions, a real network."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import naive_measures as naive
import pytest
import rustworkx
from hypothesis import given
from hypothesis import strategies as st

from projections.graph import Pair, graph_of
from projections.measures import Measures, measures
from projections.measures_brokerage import Roles
from projections.ratio import Ratio

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
Weights = dict[tuple[str, str], int]


def shared(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"not there: shared/{'/'.join(parts)}")
    return path


def rows(weights: Weights) -> list[Pair]:
    return [(giver, receiver, weight) for (giver, receiver), weight in weights.items()]


def exactly(weights: Weights) -> list[Any]:
    """Pairs whose weights are fractions, so that nothing is rounded on the way."""
    return [(giver, receiver, Fraction(weight)) for giver, receiver, weight in rows(weights)]


def exact(ratio: Ratio) -> Fraction | None:
    if not ratio.denominator:
        return None
    return Fraction(ratio.numerator) / Fraction(ratio.denominator)


@st.composite
def networks(draw: st.DrawFn, most: int = 8) -> tuple[Weights, list[str]]:
    """Who gave whom how much, and all the members, some of whom gave and received nothing."""
    members = [f"m{number}" for number in range(1, draw(st.integers(0, most)) + 1)]
    pairs = [(a, b) for a in members for b in members if a != b]
    if not pairs:
        return {}, members
    return draw(st.dictionaries(st.sampled_from(pairs), st.integers(1, 9))), members


# A case by hand


@pytest.fixture
def golden() -> dict[str, Any]:
    case: dict[str, Any] = json.loads(
        shared("fixtures", "network-measures.json").read_text(encoding="utf-8")
    )
    return case


def test_the_golden_case_is_met_to_the_last_fraction(golden: dict[str, Any]) -> None:
    gifts = {(giver, receiver): count for giver, receiver, count in golden["gifts"]}
    found = measures(exactly(gifts), golden["members"])

    for name, expected in golden["expect"].items():
        if isinstance(expected, str):
            assert exact(found[name].ratio) == Fraction(expected), name
    assert found.core_number == golden["expect"]["core_number"]
    assert {member: exact(ratio) for member, ratio in found.constraint.items()} == {
        member: None if value is None else Fraction(value)
        for member, value in golden["expect"]["constraint"].items()
    }


def test_the_golden_case_in_whole_numbers_is_met_within_rounding(golden: dict[str, Any]) -> None:
    found = measures(map(tuple, golden["gifts"]), golden["members"])

    for name, expected in golden["expect"].items():
        if isinstance(expected, str):
            assert found[name].value == float(Fraction(expected)), name
    for member, value in golden["expect"]["constraint"].items():
        expected = None if value is None else pytest.approx(float(Fraction(value)), rel=1e-14)
        assert found.constraint[member].value == expected


def test_a_measure_says_what_it_is_made_of() -> None:
    found = measures([("m1", "m2", 3), ("m2", "m1", 1)], ["m1", "m2", "m3", "m4", "m5"])

    weighted = found["weighted_reciprocity"]
    assert (weighted.ratio, weighted.value) == (Ratio(2, 4), 0.5)
    assert (found["isolates"].ratio, found.components) == (Ratio(3, 5), (2, 1, 1, 1))


@pytest.mark.parametrize(("members", "small"), [(0, True), (4, True), (5, False)])
def test_a_measure_of_fewer_than_five_is_too_small(members: int, small: bool) -> None:
    found = measures([], [f"m{number}" for number in range(members)])
    assert {measure.too_small for measure in found.network} == {small}


def test_nothing_is_defined_without_a_member() -> None:
    found = measures([], [], {})
    assert {measure.value for measure in found.network} == {None}
    assert found.components == ()


def test_where_nobody_gave_only_who_is_there_is_known() -> None:
    found = measures([], ["m1", "m2", "m3", "m4", "m5", "m6"])
    defined = {measure.name: measure.value for measure in found.network}
    assert {name for name, value in defined.items() if value is not None} == {
        "largest_component",
        "isolates",
        "mean_core_number",
    }


def test_pairs_with_others_and_with_oneself_and_of_nothing_are_left_out() -> None:
    members = ["m1", "m2", "m3"]
    between = [("m1", "m2", 2), ("m2", "m3", 1)]
    others = [("m1", "everyone", 4), ("m9", "m1", 1), ("m3", "m3", 5), ("m3", "m1", 0)]
    assert measures(between + others, members) == measures(between, members)


def test_only_measures_that_are_asked_for_load_the_library_and_never_numpy() -> None:
    code = (
        "import sys\n"
        "from projections.measures import measures\n"
        "assert 'rustworkx' not in sys.modules\n"
        "measures([('m1', 'm2', 1)], ['m1', 'm2'])\n"
        "assert 'rustworkx' in sys.modules and 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


# Held against the definitions


@given(networks())
def test_every_measure_of_the_network_is_that_of_its_definition(
    network: tuple[Weights, list[str]],
) -> None:
    weights, members = network
    found = measures(exactly(weights), members)
    for name, definition in naive.NETWORK.items():
        assert exact(found[name].ratio) == definition(weights, members), name
    assert list(found.components) == naive.component_sizes(weights, members)


@given(networks())
def test_every_measure_of_a_member_is_that_of_its_definition(
    network: tuple[Weights, list[str]],
) -> None:
    weights, members = network
    found = measures(exactly(weights), members)
    assert found.core_number == naive.core_number(weights, members)
    for ratios, definition in (
        (found.constraint, naive.constraint),
        (found.effective_size, naive.effective_size),
    ):
        assert {m: exact(ratio) for m, ratio in ratios.items()} == definition(weights, members)


@given(networks())
def test_whole_numbers_give_what_fractions_give(network: tuple[Weights, list[str]]) -> None:
    weights, members = network
    found, fractions = measures(rows(weights), members), measures(exactly(weights), members)
    for one, other in zip(found.network, fractions.network, strict=True):
        expected = exact(other.ratio)
        assert one.value == (None if expected is None else pytest.approx(float(expected)))


@given(networks(), st.data())
def test_the_brokers_are_those_found_by_looking_at_every_three(
    network: tuple[Weights, list[str]], data: st.DataObject
) -> None:
    weights, members = network
    of = st.one_of(st.none(), st.sampled_from(["o1", "o2"]))
    drawn = {member: data.draw(of) for member in members}
    organisations = {member: each for member, each in drawn.items() if each}

    found = measures(rows(weights), members, organisations)

    if not organisations:
        assert found.brokerage is None
        return
    expected = naive.brokerage(weights, members, organisations)
    assert found.brokerage == expected
    total = sum(sum(roles) for roles in expected.values())
    for role, counts in zip(Roles._fields, zip(*expected.values(), strict=True), strict=True):
        assert found[f"brokerage_{role}"].ratio == (sum(counts), total)


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(network: tuple[Weights, list[str]], chance: Any) -> None:
    weights, members = network
    pairs = exactly(weights)
    before = measures(pairs, members)
    chance.shuffle(pairs)
    assert measures(pairs, members) == before


@given(networks())
def test_what_each_gave_back_is_part_of_what_came_back_from_anyone(
    network: tuple[Weights, list[str]],
) -> None:
    weights, members = network
    found = measures(rows(weights), members)
    through_others = found["returned_through_third_parties"].value
    assert through_others is None or 0 <= through_others <= 1


# A real network, and the library's own answers


@pytest.fixture(scope="module")
def college() -> Weights:
    """Who wrote to whom how often among the students of `collegemsg.txt.gz`."""
    path = shared("data", "collegemsg.txt.gz")
    with gzip.open(path, "rt", encoding="ascii") as lines:
        return dict(Counter((line.split()[0], line.split()[1]) for line in lines))


@pytest.fixture(scope="module")
def students(college: Weights) -> list[str]:
    return sorted({member for pair in college for member in pair}, key=int)


@pytest.fixture(scope="module")
def measured(college: Weights, students: list[str]) -> Measures:
    return measures(rows(college), students, {student: student[-1] for student in students[::3]})


def test_the_messages_of_students_give_the_published_counts(
    measured: Measures, college: Weights, students: list[str]
) -> None:
    assert (len(students), sum(college.values())) == (1899, 59835)
    reciprocity = measured["arc_reciprocity"]
    assert reciprocity.ratio.denominator == 20296
    assert f"{reciprocity.value:.4f}" == "0.6364"


def test_the_library_finds_the_same_among_the_students(
    measured: Measures, college: Weights, students: list[str]
) -> None:
    place = {student: number for number, student in enumerate(students)}
    directed = rustworkx.PyDiGraph()
    directed.add_nodes_from(students)
    directed.add_edges_from([(place[a], place[b], weight) for (a, b), weight in college.items()])
    ties = directed.to_undirected(multigraph=False)

    assert measured["transitivity"].value == pytest.approx(rustworkx.transitivity(ties))
    cores = rustworkx.core_number(ties)
    assert measured.core_number == {student: cores[place[student]] for student in students}
    weak = rustworkx.weakly_connected_components(directed)
    assert measured.components == tuple(sorted(map(len, weak), reverse=True))
    strong = {
        n: i for i, c in enumerate(rustworkx.strongly_connected_components(directed)) for n in c
    }
    inside = sum(w for (a, b), w in college.items() if strong[place[a]] == strong[place[b]])
    assert measured["circulation"].ratio == (inside, 59835)


@pytest.mark.torture
def test_the_definitions_give_the_same_among_the_students(
    measured: Measures, college: Weights, students: list[str]
) -> None:
    """All but the brokers, who would be looked for among seven thousand million threes."""
    for name, definition in naive.NETWORK.items():
        expected = definition(college, students)
        assert exact(measured[name].ratio) == expected, name
    assert measured.core_number == naive.core_number(college, students)
    for ratios, of_each in (
        (measured.constraint, naive.constraint),
        (measured.effective_size, naive.effective_size),
    ):
        expected_by = of_each(college, students)
        assert {student: ratio.value for student, ratio in ratios.items()} == {
            student: None if each is None else pytest.approx(float(each), rel=1e-12)
            for student, each in expected_by.items()
        }


def test_a_member_of_many_ties_is_looked_through_once() -> None:
    """A star of 20,000 has no triangle, and 200 million pairs of ties that meet."""
    star = [("m0", f"m{number}", 1) for number in range(1, 20_001)]
    graph = graph_of(star, [f"m{number}" for number in range(20_001)])
    assert graph.closed_ties == []
    found = measures(star, graph.members, {"m0": "o1"})
    assert found["transitivity"].ratio == (0, 20_000 * 19_999 // 2)
    assert found.effective_size["m0"].value == 20_000
