"""`weave`: what is on the work list, and the same worked out naively."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import NOW
from test_corrections_histories import live
from test_projections_nearness import MANY, MANY_NAMES
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, people, play

from ledger import commands as c
from ledger.events import Event
from ledger.ledger import Ledger
from ledger.values import microseconds
from projections.introductions import introductions
from projections.matching import match
from projections.membership import members
from projections.weave import weave

TOOLS = ("--kind", "equipment", "--category", "tools")
histories = settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def section(natverk: Natverk, name: str, *asked: str) -> list[dict[str, Any]]:
    return [row for row in natverk.rows("weave", *asked) if row["section"] == name]


# Asks that an offer could meet, and two who could be introduced


def lending(natverk: Natverk) -> Natverk:
    """The café asks for a saw, which Åsa and Eva could lend it."""
    natverk.does("offer", "Åsa", "a saw", *TOOLS)
    natverk.does("offer", "Eva", "another saw", *TOOLS)
    natverk.does("ask", "Café", "any saw", *TOOLS)
    return natverk


def test_the_nearest_of_several_offers_is_told_and_through_whom(kvarteret: Natverk) -> None:
    # Given that nobody knows the café: then the older offer is as near as any
    lending(kvarteret)
    [row] = section(kvarteret, "match")
    assert (row["owner_name"], row["steps"], row["through"], row["others"]) == (
        "Åsa Öberg",
        None,
        [],
        1,
    )
    assert section(kvarteret, "triad") == []
    # When Knut, whom Eva gave to, has a tie with the café: then she is near, through him
    kvarteret.does("tie", "Knut", "Café")
    [row] = section(kvarteret, "match")
    assert (row["owner_name"], row["steps"], row["through_names"]) == (
        "Eva Lind",
        2,
        ["Knut Hansson"],
    )
    # When Åsa has a tie with the café: then she is the nearest, and needs nobody
    kvarteret.does("tie", "Åsa", "Café")
    [row] = section(kvarteret, "match")
    assert (row["owner_name"], row["steps"], row["through"]) == ("Åsa Öberg", 1, [])


def test_the_nearest_ask_comes_first(kvarteret: Natverk) -> None:
    lending(kvarteret)
    kvarteret.does("ask", "Knut", "a saw too", *TOOLS)
    assert [row["ask"] for row in section(kvarteret, "match")] == ["a3", "a2"]


def test_two_are_told_until_they_are_introduced(kvarteret: Natverk) -> None:
    # Given two whom Knut knows, one of whom asks for what the other offers
    lending(kvarteret)
    kvarteret.does("tie", "Knut", "Café")
    [row] = section(kvarteret, "triad")
    assert (row["first_name"], row["second_name"]) == ("Eva Lind", "Café Linden")
    assert (row["through_names"], row["asks"], row["resources"]) == (
        ["Knut Hansson"],
        ["a2"],
        ["r4"],
    )
    # When he introduces them, then it is for the follow-up to say what came of it
    kvarteret.does("introduce", "Knut", "Eva", "Café")
    assert section(kvarteret, "triad") == []
    assert section(kvarteret, "match")[0]["steps"] == 2


def test_who_is_away_introduces_nobody(kvarteret: Natverk) -> None:
    lending(kvarteret)
    kvarteret.does("tie", "Knut", "Café")
    kvarteret.does("pause", "Knut")
    assert section(kvarteret, "triad") == []
    assert section(kvarteret, "match")[0]["steps"] is None


# Who is silent


def test_a_newcomer_who_has_been_in_nothing_is_told_after_two_weeks(kvarteret: Natverk) -> None:
    kvarteret.does("join", "Omar", "--invited-by", "Eva")
    kvarteret.does("join", "Nils")
    kvarteret.does("tie", "Omar", "Eva")  # what others say of him is nothing that he does
    kvarteret.clock.advance(days=13)
    assert section(kvarteret, "newcomer") == []
    kvarteret.clock.advance(days=1, hours=1)
    told = [(row["name"], row["invited_by_name"]) for row in section(kvarteret, "newcomer")]
    assert told == [("Omar", "Eva Lind"), ("Nils", None)]
    kvarteret.does("give", "Eva", "Nils", "a welcome")
    assert [row["name"] for row in section(kvarteret, "newcomer")] == ["Omar"]
    kvarteret.does("pause", "Omar")
    assert section(kvarteret, "newcomer") == []
    kvarteret.does("resume", "Omar")
    kvarteret.clock.advance(days=80)
    assert section(kvarteret, "newcomer") == []


def quiet(natverk: Natverk) -> list[tuple[str, str]]:
    return [(row["name"], row["last_at"][:10]) for row in section(natverk, "quiet")]


def test_who_was_in_something_once_is_told_after_ninety_days(kvarteret: Natverk) -> None:
    assert quiet(kvarteret) == []
    kvarteret.clock.advance(days=82)
    # The café's offer is of the 25th of October, Knut's and Eva's gift of the 27th
    assert quiet(kvarteret) == [("Åsa Öberg", "2026-10-25"), ("Café Linden", "2026-10-25")]
    kvarteret.clock.advance(days=2)
    assert quiet(kvarteret)[:2] == [("Knut Hansson", "2026-10-27"), ("Eva Lind", "2026-10-27")]
    kvarteret.does("pause", "Eva")
    kvarteret.does("give", "Åsa", "everyone", "bread")
    assert quiet(kvarteret) == [("Knut Hansson", "2026-10-27"), ("Café Linden", "2026-10-25")]
    kvarteret.does("undo")
    assert [name for name, _ in quiet(kvarteret)] == ["Knut Hansson", "Åsa Öberg", "Café Linden"]


def test_who_lends_what_they_offer_is_not_quiet(kvarteret: Natverk) -> None:
    kvarteret.clock.advance(days=80)
    kvarteret.does("lend", "lastcykel", "Knut")
    kvarteret.clock.advance(days=10)
    assert [name for name, _ in quiet(kvarteret)] == ["Eva Lind", "Café Linden"]
    kvarteret.clock.advance(days=80)
    assert ("Åsa Öberg", "2027-01-22") in quiet(kvarteret)


# What is near its day, and what nobody followed up


def test_asks_near_their_day_and_introductions_that_nobody_followed_up(
    kvarteret: Natverk,
) -> None:
    kvarteret.does("ask", "Eva", "a ladder", "--kind", "equipment", "--by", "2026-11-09")
    kvarteret.does("ask", "Eva", "--kind", "time", "--category", "baking", "--by", "2026-11-08")
    kvarteret.does("introduce", "Eva", "Knut", "Café", "--about", "bread", "--at", "2026-10-25")
    assert [row["id"] for row in section(kvarteret, "ask")] == ["a3", "a2"]
    assert section(kvarteret, "introduction") == []
    kvarteret.clock.advance(days=5)
    [row] = section(kvarteret, "introduction")
    assert (row["position"], row["first_name"], row["about"]) == (12, "Knut Hansson", "bread")
    status = kvarteret.rows("status")[0]
    assert [row["id"] for row in section(kvarteret, "ask")] == status["asks_near"] == ["a3", "a2"]
    kvarteret.does("follow-up", "12", "--nothing")
    assert section(kvarteret, "introduction") == []


# How it is told


def test_so_many_of_each_are_shown_and_that_there_are_more_is_said(kvarteret: Natverk) -> None:
    for number in range(12):
        kvarteret.does("ask", "Eva", f"a ladder {number}", "--kind", "other", "--by", "2026-11-09")
    told = kvarteret("weave", "--json")
    assert len(told.json()) == 10
    assert told.err == "there is more; -n 0 shows all\n"
    assert len(kvarteret.rows("weave", "-n", "3")) == 3
    told = kvarteret("weave", "-n", "0")
    assert (len(told.out.splitlines()), told.err) == (14, "")


def test_the_list_is_for_people_too(kvarteret: Natverk) -> None:
    lending(kvarteret)
    kvarteret.does("ask", "Knut", "--kind", "time", "--category", "baking", "--by", "2026-11-08")
    told = kvarteret.does("weave").splitlines()
    assert told[0] == "asks that an offer could meet, the nearest first"
    assert told[2].split("  ")[-1].strip() == "nobody near"
    assert told[4] == "needed within a week"
    assert told[6].split() == ["a3", "Knut", "Hansson", "baking", "2026-11-08"]


def test_where_nothing_waits_that_is_said(natverk: Natverk) -> None:
    natverk.does("init", "Linden", "--idea", "grannar")
    told = natverk("weave")
    assert (told.code, told.out, told.err) == (0, "", "nothing is waiting\n")


# A second, naive implementation: whom offers and asks bring together


def woven(folder: Path, seed: int) -> tuple[Ledger, set[frozenset[str]], set[frozenset[str]]]:
    """A ledger of ties, offers and asks by chance; who has a tie, and who was introduced."""
    chance = random.Random(seed)
    pairs = list(combinations(MANY, 2))
    tied = chance.sample(pairs, chance.randint(0, 16))
    commands: list[c.Command] = [c.Tie(first=one, second=other) for one, other in tied]
    introduced = chance.sample(pairs, chance.randint(0, 4))
    known = {frozenset(pair) for pair in tied}
    for one, other in introduced:
        introducer = chance.choice([each for each in MANY if each not in (one, other)])
        commands.append(c.Introduce(introducer=introducer, first=one, second=other))
        known |= {frozenset((introducer, one)), frozenset((introducer, other))}
    for member in MANY:
        thing = {"kind": "time", "category": chance.choice(("ved", "lek", "mat"))}
        if chance.random() < 0.5:
            commands.append(c.Offer(owner=member, **thing))
        if chance.random() < 0.5:
            commands.append(c.Ask(asker=member, **thing | {"category": "mat"}))
    ledger = founded(folder, *people(*MANY_NAMES), *commands)
    return ledger, known, {frozenset(pair) for pair in introduced}


class Naive:
    """The nearest offer of each ask and those who could be introduced, by looking at every two."""

    def __init__(
        self,
        matched: list[dict[str, Any]],
        known: set[frozenset[str]],
        introduced: set[frozenset[str]],
        everyone: Sequence[str],
    ) -> None:
        self._known, self._everyone, self._matched = known, everyone, matched
        self._steps = [self._between(row["asker"], row["owner"]) for row in matched]
        self._by_ask: dict[str, list[int]] = {}
        self._pairs: dict[frozenset[str], list[int]] = {}
        for place, row in enumerate(matched):
            self._by_ask.setdefault(row["ask"], []).append(place)
            both = frozenset((row["asker"], row["owner"]))
            if self._steps[place][0] == 2 and both not in introduced:
                self._pairs.setdefault(both, []).append(place)

    def _between(self, one: str, other: str) -> tuple[int, list[str]]:
        if frozenset((one, other)) in self._known:
            return 1, []
        through = [
            each
            for each in self._everyone
            if {frozenset((one, each)), frozenset((other, each))} <= self._known
        ]
        return (2, through) if through else (3, [])

    def matches(self) -> list[tuple[Any, ...]]:
        def away(place: int) -> int:
            return self._steps[place][0]

        best = [min(places, key=away) for places in self._by_ask.values()]
        asks = [(self._matched[at], *self._steps[at]) for at in sorted(best, key=away)]
        return [
            (row["ask"], row["resource"], steps, through, len(self._by_ask[row["ask"]]) - 1)
            for row, steps, through in asks
        ]

    def triads(self) -> list[tuple[Any, ...]]:
        return [
            (both, self._steps[places[0]][1], *(self._said(places, each) for each in THINGS))
            for both, places in self._pairs.items()
        ]

    def _said(self, places: list[int], thing: str) -> list[str]:
        return list(dict.fromkeys(self._matched[at][thing] for at in places))


THINGS = ("ask", "resource")


def as_naive(rows: list[dict[str, Any]], name: str) -> list[tuple[Any, ...]]:
    if name == "match":
        told = ("ask", "resource", "steps", "through", "others")
        found = [row | {"steps": row["steps"] or 3} for row in rows if row["section"] == name]
        return [tuple(row[each] for each in told) for row in found]
    return [
        (frozenset((row["first"], row["second"])), row["through"], row["asks"], row["resources"])
        for row in rows
        if row["section"] == name
    ]


@histories
@given(seed=st.integers(0, 2**32), limit=st.sampled_from((None, 1, 2, 5)))
def test_the_nearest_are_those_found_by_looking_at_every_two(
    tmp_path: Path, seed: int, limit: int | None
) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    ledger, known, introduced = woven(folder, seed)
    with ledger:
        matched = match(ledger.database, microseconds(NOW))
        rows = weave(ledger.database, NOW, limit)
    wanted = Naive(matched, known, introduced, MANY)
    assert as_naive(rows, "match") == wanted.matches()[:limit]
    assert as_naive(rows, "triad") == wanted.triads()[:limit]


# A second, naive implementation: who is silent, from what stands in the order of time

PART = {
    "resource-offered": ("owner",),
    "resource-booked": ("booker",),
    "resource-lent": ("borrower",),
    "ask-made": ("asker",),
    "gift-given": ("giver", "receiver"),
    "introduction-made": ("introducer", "first", "second"),
    "initiative-started": ("starter",),
    "initiative-joined": ("participant",),
    "initiative-endorsed": ("endorser",),
    "opportunity-realised": ("realiser",),
}


def was_in(event: Any, owners: dict[str, str]) -> set[str]:
    """The members who were in what happened."""
    if event.type == "story-told":
        return {event.teller, *event.listeners}
    if event.type == "gathering-held":
        return {*event.participants}
    found = {getattr(event, field) for field in PART.get(event.type, ())}
    if event.type in ("gift-given", "resource-booked", "resource-lent") and event.resource:
        found.add(owners[event.resource])
    return found


def naive_silence(events: Sequence[Event], here: list[str], now: datetime) -> dict[str, Any]:
    standing: list[Any] = live(events)
    owners = {e.resource: e.owner for e in standing if e.type == "resource-offered"}
    joined = {e.member: e for e in standing if e.type == "member-joined"}
    newcomers, silent = [], {}
    for member in here:
        mine = [event for event in standing if member in was_in(event, owners)]
        since = joined[member].occurred_at
        settled = now - timedelta(days=90) < since <= now - timedelta(days=14)
        if not mine and settled:
            newcomers.append(member)
        if mine and mine[-1].occurred_at < now - timedelta(days=90):
            gifts = [event for event in mine if event.type == "gift-given"]
            gifts = [event for event in gifts if member in (event.giver, event.receiver)]
            week = gifts[-1].occurred_at.strftime("%G-W%V") if gifts else ""
            silent[member] = (mine[-1].occurred_at, week)
    newcomers.sort(key=lambda member: (joined[member].occurred, joined[member].position))
    return {"newcomer": newcomers, "quiet": silent}


@histories
@given(moves=CORRECTED_MOVES, days=st.sampled_from((0, 20, 60, 75, 95, 110)))
def test_the_silent_are_those_whom_nothing_that_happened_names(
    tmp_path: Path, moves: list[Move], days: int
) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    now = NOW + timedelta(days=days)
    with founded(folder) as ledger:
        events = play(ledger, moves)
        there = members(ledger.database, microseconds(now))
        here = [row["id"] for row in there if row["status"] == "present"]
        wanted = naive_silence(events, here, now)
        rows = weave(ledger.database, now, None)
        few = weave(ledger.database, now, 1)
        waiting = [
            row["position"]
            for row in introductions(ledger.database)
            if not row["outcome"]
            and datetime.fromisoformat(row["introduced_at"]) <= now - timedelta(days=14)
        ]
    found = {
        name: [row for row in rows if row["section"] == name] for name in ("newcomer", "quiet")
    }
    assert [row["id"] for row in found["newcomer"]] == wanted["newcomer"]
    silent = {row["id"]: datetime.fromisoformat(row["last_at"]) for row in found["quiet"]}
    assert silent == {member: at for member, (at, _) in wanted["quiet"].items()}
    weeks = [wanted["quiet"][row["id"]][1] for row in found["quiet"]]
    assert weeks == sorted(weeks, reverse=True)
    assert sorted(row["position"] for row in rows if row["section"] == "introduction") == sorted(
        waiting
    )
    firsts: dict[str, Any] = {}
    for row in rows:
        firsts.setdefault(row["section"], row)
    assert few == list(firsts.values())


@pytest.mark.parametrize("number", ["-1", "many"])
def test_how_many_is_a_number(kvarteret: Natverk, number: str) -> None:
    assert "-n" in kvarteret.refuses("weave", "-n", number)
