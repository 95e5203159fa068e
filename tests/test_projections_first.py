"""`first`: who gave first and what is passed on, and the same worked out naively."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import ZONE, day
from test_corrections_histories import live
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, play

from cli.answers import short
from ledger.events import Event
from ledger.refusals import UnknownId
from ledger.values import microseconds
from projections.first import DRAWN, MOST_SHUFFLES, WITHIN, first
from projections.network_measures import DAY

Row = dict[str, Any]


def row(natverk: Natverk, *asked: str) -> Row:
    [found] = natverk.rows("first", *asked)
    return dict(found)


def gave_first(natverk: Natverk, *asked: str) -> tuple[int, int, int]:
    found = row(natverk, *asked)
    return found["gave_first"], found["counted"], found["waiting"]


def passed_on(natverk: Natverk, *asked: str) -> tuple[int, int]:
    found = row(natverk, *asked)
    return found["passed_on"], found["received"]


# Giving first


def test_who_gave_before_receiving_anything_gave_first(kvarteret: Natverk) -> None:
    # Given Eva, who gave Knut something on the 27th
    assert gave_first(kvarteret) == (0, 0, 1)
    # When something comes to her from another
    kvarteret.does("give", "Åsa", "Eva", "--at", "2026-10-29T09:00")
    # Then of her it is known after how long
    assert gave_first(kvarteret) == (1, 1, 1)
    assert row(kvarteret)["median_delay"] == "2"
    # And when Knut gives, who received first, he did both as well
    kvarteret.does("give", "Knut", "everyone")
    assert gave_first(kvarteret) == (1, 2, 1)
    assert row(kvarteret)["share_first"] == "0.5"


def test_of_one_it_is_told_to_whom_they_gave_first(kvarteret: Natverk) -> None:
    # Given Eva, who gave Knut something and gets something from Åsa
    kvarteret.does("give", "Åsa", "Eva", "--at", "2026-10-26")
    assert gave_first(kvarteret, "Eva") == (0, 0, 1)
    # When both are answered
    kvarteret.does("give", "Eva", "Åsa", "--at", "2026-10-28")
    kvarteret.does("give", "Knut", "Eva", "--at", "2026-10-30T09:00")
    # Then she gave first to Knut
    assert gave_first(kvarteret, "Eva") == (1, 2, 0)
    assert row(kvarteret, "Eva")["median_delay"] == "3"
    assert gave_first(kvarteret, "Åsa") == (1, 1, 0)
    assert gave_first(kvarteret, "Knut") == (0, 1, 0)
    # And when his gift is taken back, nothing came back
    kvarteret.does("undo")
    assert gave_first(kvarteret, "Eva") == (0, 1, 1)


# Passing on


@pytest.fixture
def later(kvarteret: Natverk) -> Natverk:
    """A hundred days after Eva gave Knut something at nine on the 27th."""
    kvarteret.clock.advance(days=100)
    return kvarteret


def test_a_gift_is_passed_on_to_somebody_else_within_thirty_days(later: Natverk) -> None:
    assert passed_on(later) == (0, 1)
    # When Knut gives something back, or gives to another too late
    later.does("give", "Knut", "Eva", "--at", "2026-10-28")
    later.does("give", "Knut", "Åsa", "--at", "2026-11-26T09:01")
    # Then he has not passed on what he got
    assert passed_on(later, "Knut") == (0, 1)
    # When he does so in time
    later.does("give", "Knut", "Åsa", "--at", "2026-11-26T09:00")
    # Then he has
    assert passed_on(later, "Knut") == (1, 1)


@pytest.mark.parametrize("whom", ["everyone", "soup evenings"])
def test_giving_to_all_or_to_an_initiative_passes_on(later: Natverk, whom: str) -> None:
    later.does("initiative", "start", "Åsa", "soup evenings", "--at", "2026-10-27")
    later.does("give", "Knut", whom, "--at", "2026-10-28")
    assert passed_on(later) == (1, 1)


def test_what_was_received_lately_is_not_counted_yet(later: Natverk) -> None:
    later.does("give", "Eva", "Åsa", "--at", "2027-01-20")
    assert passed_on(later, "Åsa") == (0, 0)
    assert row(later, "Åsa")["lift"] is None
    later.clock.advance(days=30)
    assert passed_on(later, "Åsa") == (0, 1)


def test_who_gives_all_the_time_passes_on_no_more_than_by_chance(later: Natverk) -> None:
    for month in ("2026-11", "2026-12", "2027-01"):
        for on in (1, 11, 21):
            later.does("give", "Knut", "Åsa", "--at", f"{month}-{on:02}")
    found = row(later, "Knut")
    assert (found["share_passed_on"], found["baseline"], found["lift"]) == ("1", "1", "1")


def test_a_time_without_any_gift_does_not_make_chance_smaller(later: Natverk) -> None:
    later.does("give", "Knut", "Åsa", "--at", "2026-11-20")
    before = row(later, "Knut")["baseline"]
    later.clock.advance(days=5000)
    assert row(later, "Knut")["baseline"] == before


def test_who_gives_when_they_have_received_passes_on_more_than_by_chance(later: Natverk) -> None:
    later.does("give", "Knut", "Åsa", "--at", "2026-10-28")
    found = row(later, "Knut")
    assert found["share_passed_on"] == "1"
    assert float(found["baseline"]) < 0.2  # some hours of a month
    assert float(found["lift"]) > 5


def test_the_same_question_has_the_same_answer(later: Natverk) -> None:
    later.does("give", "Knut", "Åsa", "--at", "2026-11-20")
    assert row(later) == row(later)
    before = row(later, "--known-at", "10", "--as-of", "2027-01-31")
    later.does("join", "Omar")
    assert row(later, "--known-at", "10", "--as-of", "2027-01-31") == before


def test_of_few_it_says_that_it_means_nothing(later: Natverk) -> None:
    assert "2 members: too small for these numbers to mean anything" in later("first").err
    assert row(later)["too_small"]


def test_nobody_is_named_where_everyone_is_asked_about(later: Natverk) -> None:
    later.does("give", "Knut", "Åsa")
    told = later.does("first")
    assert not any(name in told for name in ("Knut", "Eva", "Åsa"))
    assert later.does("first", "Eva").startswith("Eva Lind gave first")


# A second, naive implementation


def naive(events: Sequence[Event], at: int, member: str | None) -> Row:
    """What should be told, by looking at every gift for each gift, with the same random times."""
    standing: list[Any] = live(events)
    gifts = [x for x in standing if x.type == "gift-given"]
    gifts = [x for x in gifts if member is None or member in (x.giver, x.receiver)]
    people = [id for x in gifts for id in (x.giver, x.receiver) if id[0] == "m"]
    people = list(dict.fromkeys(people))
    if member is None:
        firsts = [
            (
                least(x.occurred for x in gifts if x.giver == id),
                least(x.occurred for x in gifts if x.receiver == id),
            )
            for id in people
        ]
    else:
        firsts = [
            (
                least(x.occurred for x in gifts if x.receiver == id),
                least(x.occurred for x in gifts if x.giver == id),
            )
            for id in people
            if id != member
        ]
        people = [id for id in people if id == member]
    both = [(a, b) for a, b in firsts if a is not None and b is not None]
    delays = [b - a for a, b in both if a < b]
    end = at - WITHIN * DAY
    got = {id: [x for x in gifts if x.receiver == id and x.occurred <= end] for id in people}
    total = sum(map(len, got.values()))
    shuffles = min(max(DRAWN // total, 1), MOST_SHUFFLES) if total else 0
    chance, hits = random.Random(len(events)), 0
    for _ in range(shuffles):
        for id in [id for id in people if got[id]]:
            own = [x.occurred for x in gifts if id in (x.giver, x.receiver)]
            start, until = min(own), min(end, max(own) + WITHIN * DAY)
            for gift in got[id]:
                drawn = start + int(chance.random() * (until - start))
                hits += passes_on(gifts, id, gift.giver, drawn)
    passed = sum(passes_on(gifts, id, x.giver, x.occurred) for id in people for x in got[id])
    return {
        "gave_first": len(delays),
        "counted": len(both),
        "median_delay": median(delays) / DAY if delays else None,
        "waiting": sum(a is not None and b is None for a, b in firsts),
        "received": total,
        "passed_on": passed,
        "baseline": hits / (total * shuffles) if total else None,
        "lift": passed * shuffles / hits if hits else None,
        "members": len(firsts),
    }


def least(times: Any) -> int | None:
    return min(times, default=None)


def passes_on(gifts: Sequence[Any], member: str, giver: str, at: int) -> bool:
    return any(
        x.giver == member and x.receiver != giver and at < x.occurred <= at + WITHIN * DAY
        for x in gifts
    )


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES, member=st.sampled_from([None, "m1", "m2", "m5"]))
def test_the_answer_is_what_stands(tmp_path: Path, moves: list[Move], member: str | None) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    at = microseconds(day(45))
    with founded(folder) as ledger, pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.first.MOST_SHUFFLES", 3)
        patch.setattr(f"{__name__}.MOST_SHUFFLES", 3)
        events = play(ledger, moves)
        if member == "m5":
            with pytest.raises(UnknownId):
                first(ledger.database, at, ZONE, member)
            return
        expected = naive(events, at, member)
        found = first(ledger.database, at, ZONE, member)
    agrees(found, expected)


def agrees(found: Row, expected: Row) -> None:
    """Every number is as expected."""
    for name, value in expected.items():
        told = float(found[name]) if isinstance(found[name], str) else found[name]
        assert told == (pytest.approx(value) if isinstance(value, float) else value), name


def test_lines_that_count_fewer_than_five_say_so_and_numbers_are_short(
    kvarteret: Natverk,
) -> None:
    # Given two of four who gave first, and what came back after 0.375 days and 2
    for name in ("Omar", "Lea", "Ida", "Jon"):
        kvarteret.does("join", name, "--at", "2026-10-24T10:00")
    kvarteret.does("give", "Knut", "Eva", "--at", "2026-10-27T21:00")
    kvarteret.does("give", "Åsa", "Omar", "--at", "2026-10-25T12:00")
    kvarteret.does("give", "Omar", "Åsa", "--at", "2026-10-27T12:00")
    told = kvarteret.does("first").splitlines()
    # Then two lines count few, and the third nothing at all
    assert told[0].endswith("2 of 4 who did both (0.5), too few to mean anything")
    assert told[1].endswith(": 1.2 days, median of 2, too few to mean anything")
    assert told[2].endswith("0 of 0 gifts received (undefined)")
    # When a month has passed
    kvarteret.clock.advance(days=40)
    # Then few gifts say nothing either
    told = kvarteret.does("first")
    assert "0 of 4 gifts received (0), too few to mean anything; at random times" in told


@pytest.mark.parametrize(
    ("decimal", "told"),
    [
        ("0.0456789", "0.046"),
        ("0.636363", "0.636"),
        ("-1.23456", "-1.23"),
        ("12.3456", "12.3"),
        ("1234.56", "1235"),
        ("2", "2"),
        (None, "undefined"),
    ],
)
def test_what_is_told_in_a_sentence_has_three_digits(decimal: str | None, told: str) -> None:
    assert short(decimal) == told
