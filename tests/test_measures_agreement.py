"""How far those who give most are those who are said to."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import naive_measures as naive
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures_agreement import rank_agreement

ROOT = Path(__file__).parent.parent
RANKINGS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 4))


def test_the_same_order_agrees_and_the_opposite_disagrees() -> None:
    one = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}
    assert rank_agreement(one, {member: 10 * rank for member, rank in one.items()}).value == 1
    assert rank_agreement(one, {member: -rank for member, rank in one.items()}).value == -1


def test_only_members_of_both_rankings_count_and_few_are_said_to_be_few() -> None:
    found = rank_agreement({"a": 1, "b": 2, "x": 9}, {"a": 3, "b": 5, "y": 0})
    assert (found.value, found.members, found.too_small) == (1, 2, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [({}, {}), ({"a": 1}, {"a": 1}), ({"a": 1, "b": 1}, {"a": 1, "b": 2}), ({"a": 1}, {"b": 1})],
)
def test_there_is_no_agreement_where_nothing_is_ranked(
    one: dict[str, int], other: dict[str, int]
) -> None:
    assert rank_agreement(one, other).value is None


@given(RANKINGS, RANKINGS)
def test_the_agreement_is_that_of_all_pairs(one: dict[str, int], other: dict[str, int]) -> None:
    same, in_one, in_other = naive.tau_b(one, other)

    found = rank_agreement(one, other)

    if in_one and in_other:
        assert found.ratio.numerator == same
        assert found.value == pytest.approx(same / math.sqrt(in_one * in_other))
    else:
        assert found.value is None


def test_only_an_agreement_that_there_is_loads_the_library() -> None:
    code = (
        "import sys\n"
        "from projections.measures_agreement import rank_agreement\n"
        "rank_agreement({'a': 1, 'b': 1}, {'a': 1, 'b': 2})\n"
        "assert 'scipy' not in sys.modules\n"
        "rank_agreement({'a': 1, 'b': 3}, {'a': 1, 'b': 2})\n"
        "assert 'scipy' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
