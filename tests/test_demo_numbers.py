"""Every number that the demo's ledger gives, once more from its export, naively."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
import test_projections_first
import test_projections_givers
import test_projections_initiatives
import test_projections_measures
import test_projections_spread
import test_projections_ties
import test_projections_vitality
import test_projections_weave
from cli_world import Natverk

from cli.demo import FILE
from cli.story import TODAY
from ledger.areas import CORRECTIONS
from ledger.codec import decode
from ledger.values import microseconds
from projections.periods import LENGTHS
from projections.timeline import TOLD

pytestmark = pytest.mark.file

AT = f"{TODAY.replace(' ', 'T')}"


class Demo:
    """The ledger of the demo on the day it ends, and what it exports."""

    def __init__(self, natverk: Natverk) -> None:
        natverk.does("demo")
        self.now = natverk.clock.now
        self._natverk = natverk
        lines = natverk.does("--ledger", FILE, "export", "--ndjson", "-").splitlines()
        read = [json.loads(line) for line in lines[1:]]
        self.events: list[Any] = [
            decode(each["type"], each["state"].encode(), each["position"])
            for each in read
            if "type" in each  # the others are keys of requests
        ]

    def rows(self, *question: str) -> list[dict[str, Any]]:
        """What is answered on the day the demo ends."""
        rows: list[dict[str, Any]] = self._natverk.rows("--ledger", FILE, *question)
        return rows

    def of(self, kind: str) -> list[Any]:
        """The entries of a type."""
        return [event for event in self.events if event.type == kind]


@pytest.fixture
def demo(natverk: Natverk) -> Demo:
    natverk.clock.now = datetime.fromisoformat(f"{AT}+01:00")
    return Demo(natverk)


def decimal(thousandths: int) -> Fraction:
    return Fraction(thousandths, 1000)


def test_it_has_no_corrections_so_that_every_entry_stands(demo: Demo) -> None:
    assert [event.position for event in demo.events] == list(range(1, len(demo.events) + 1))
    assert not [event for event in demo.events if event.type in CORRECTIONS]


def test_balances(demo: Demo) -> None:
    given, received, confirmed = Counter[str](), Counter[str](), Counter[str]()
    units: Counter[tuple[str, str, str]] = Counter()
    gifts = {event.position: event for event in demo.of("gift-given")}
    for gift in gifts.values():
        given[gift.giver] += 1
        received[gift.receiver] += 1
        if gift.unit is not None:
            units[gift.giver, gift.unit, "given"] += gift.thousandths
            units[gift.receiver, gift.unit, "received"] += gift.thousandths
    for said in demo.of("gift-confirmed"):
        confirmed.update({gifts[said.gift].giver, gifts[said.gift].receiver})
    rows = demo.rows("balance")
    assert {row["id"] for row in rows} == {event.member for event in demo.of("member-joined")}
    for row in rows:
        who = row["id"]
        assert (row["given"], row["received"]) == (given[who], received[who])
        assert (row["confirmed"], row["disputed"]) == (confirmed[who], 0)
        told = {
            (unit, side): Fraction(amount)
            for unit, both in row["units"].items()
            for side, amount in both.items()
            if Fraction(amount)
        }
        assert told == {
            (unit, side): decimal(amount)
            for (member, unit, side), amount in units.items()
            if member == who
        }


def test_asks_and_how_much_of_them_is_met(demo: Demo) -> None:
    closed = {event.ask for event in demo.of("ask-closed")}
    asks = {event.ask: event for event in demo.of("ask-made") if event.ask not in closed}
    rows = demo.rows("asks", "--open")
    assert [row["id"] for row in rows] == list(asks)
    for row in rows:
        ask = asks[row["id"]]
        towards = [event for event in demo.of("gift-given") if event.ask == row["id"]]
        assert row["gifts"] == len(towards)
        if ask.thousandths is not None:
            given = sum(event.thousandths for event in towards if event.unit == ask.unit)
            assert Fraction(row["given"]) == decimal(given)
            assert Fraction(row["quantity"]) == decimal(ask.thousandths)


def test_what_is_free_and_what_could_meet_what(demo: Demo) -> None:
    now = datetime.fromisoformat(f"{AT}+01:00")
    offered = {event.resource: event for event in demo.of("resource-offered")}
    back = {event.loan for event in demo.of("resource-returned")}
    free: dict[str, Fraction] = {}
    for id, offer in offered.items():
        if offer.stock_thousandths is not None:
            used = [event for event in demo.of("gift-given") if event.resource == id]
            free[id] = decimal(offer.stock_thousandths - sum(event.thousandths for event in used))
        elif offer.capacity is not None:
            lent = [
                e for e in demo.of("resource-lent") if e.resource == id and e.position not in back
            ]
            booked = [
                e for e in demo.of("resource-booked") if e.resource == id and e.start <= now < e.end
            ]
            free[id] = Fraction(offer.capacity - len(lent) - len(booked))
    for row in demo.rows("available"):
        assert (None if row["free"] is None else Fraction(row["free"])) == free.get(row["id"])
    asks = {row["id"]: row for row in demo.rows("asks", "--open")}
    for row in demo.rows("match"):
        if row["missing"] is not None:
            ask = asks[row["ask"]]
            missing = Fraction(ask["quantity"]) - Fraction(ask["given"])
            assert Fraction(row["missing"]) == missing
            assert Fraction(row["quantity"]) == min(missing, free[row["resource"]])


def test_what_gathers_around_an_idea(demo: Demo) -> None:
    wanted = test_projections_initiatives.naive(demo.events)
    rows = demo.rows("initiatives")
    assert [
        {name: row[name] for name in each} for row, each in zip(rows, wanted, strict=True)
    ] == wanted
    assert rows[0]["endorsers"] > 3


def test_who_told_whom(demo: Demo) -> None:
    whole, *everyone = test_projections_spread.naive("i1", demo.events)
    rows = demo.rows("spread", "i1")
    assert {name: rows[0][name] for name in whole} == whole
    told = sorted(rows[1:], key=lambda row: str(row["id"]))
    assert [
        {name: row[name] for name in each} for row, each in zip(told, everyone, strict=True)
    ] == everyone


def test_what_an_opportunity_came_of(demo: Demo) -> None:
    by_position = {event.position: event for event in demo.events}
    ids = {event.ask: event.position for event in demo.of("ask-made")}
    ids |= {event.initiative: event.position for event in demo.of("initiative-started")}

    def behind(position: int) -> set[int]:
        event = by_position[position]
        named = [getattr(event, name, None) for name in ("ask", "initiative", "receiver")]
        led = {*event.because_of, *(ids[name] for name in named if name in ids)} - {position}
        led |= {event.heard_from} if getattr(event, "heard_from", None) else set()
        return led.union(*map(behind, led))

    (row,) = demo.rows("opportunities")
    (made,) = demo.of("opportunity-realised")
    found = sorted(behind(made.position))
    for kind, name in (
        ("gift-given", "gifts"),
        ("introduction-made", "introductions"),
        ("story-told", "stories"),
        ("gathering-held", "gatherings"),
    ):
        assert row[name] == [each for each in found if by_position[each].type == kind]
    assert {each["position"] for each in demo.rows("trace", str(made.position))} == {
        made.position,
        *found,
    }


def test_ties_that_are_declared_and_that_show(demo: Demo) -> None:
    wanted = test_projections_ties.naive(demo.events)
    rows = demo.rows("ties")
    assert {
        frozenset((row["first"], row["second"])): test_projections_ties.as_naive(row)
        for row in rows
    } == wanted


def test_whom_to_bring_together_and_who_is_silent(demo: Demo) -> None:
    here = [row["id"] for row in demo.rows("members") if row["status"] == "present"]
    here.sort(key=lambda id: int(id[1:]))
    known = set(test_projections_ties.naive(demo.events))
    introduced = {frozenset((e.first, e.second)) for e in demo.of("introduction-made")}
    wanted = test_projections_weave.Naive(demo.rows("match"), known, introduced, here)
    silent = test_projections_weave.naive_silence(demo.events, here, demo.now)

    rows = demo.rows("weave", "-n", "0")

    for name, expected in (("match", wanted.matches()), ("triad", wanted.triads())):
        assert expected
        assert test_projections_weave.as_naive(rows, name) == expected
    found = {row["id"]: row["section"] for row in rows if row["section"] in silent}
    assert found == {each: name for name, those in silent.items() for each in those}


def test_measures_of_the_network(demo: Demo) -> None:
    at = microseconds(datetime.fromisoformat(f"{AT}+01:00"))
    wanted = test_projections_measures.naively(demo.events, -(2**62), at)
    found = {
        row["measure"]: row["value"] for row in demo.rows("measures") if row["section"] == "network"
    }
    for name, value in wanted.items():
        told = found[name]
        assert (None if told is None else float(told)) == (
            None if value is None else pytest.approx(float(value))
        ), name


def test_who_gives_and_who_gave_first(demo: Demo) -> None:
    expected, agreements = test_projections_givers.naive(demo.events, None)
    rows = demo.rows("givers")
    found = {row["id"]: row for row in rows if row["section"] == "giver"}
    assert found.keys() == expected.keys()
    for id, wanted in expected.items():
        assert {name: found[id][name] for name in wanted} == wanted
    told = [row["value"] for row in rows if row["section"] == "agreement"]
    for value, agreement in zip(told, agreements, strict=True):
        assert (None if value is None else float(value)) == (
            None if agreement is None else pytest.approx(agreement)
        )
    [everyone] = demo.rows("first", "--as-of", AT)
    at = microseconds(datetime.fromisoformat(everyone["at"]))
    test_projections_first.agrees(everyone, test_projections_first.naive(demo.events, at, None))


@pytest.mark.parametrize("long", LENGTHS)
def test_what_happened_period_by_period(demo: Demo, long: str) -> None:
    rows = demo.rows("vitality", "--by", long)
    at = microseconds(demo.now)
    expected = test_projections_vitality.naive(demo.events, at, long)
    assert [row["period"] for row in rows] == list(expected)
    for row in rows:
        wanted = expected[row["period"]]
        assert {name: row[name] for name in wanted} == wanted


def test_the_story_is_told_newest_first(demo: Demo) -> None:
    told = sorted(
        (event for event in demo.events if event.type in TOLD),
        key=lambda event: (event.occurred, event.position),
        reverse=True,
    )
    rows = demo.rows("timeline", "-n", "0")
    assert [row["position"] for row in rows] == [event.position for event in told]
