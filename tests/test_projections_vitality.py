"""`vitality`: period by period, and the same worked out naively from what stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from samples import NOW, ZONE
from test_corrections_histories import live
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, people, play

from ledger import commands as c
from ledger.events import Event
from ledger.values import decimal_text, microseconds
from projections import closure
from projections.periods import LENGTHS, Periods
from projections.vitality import vitality

DAY = 24 * 60 * 60 * 1_000_000
HAPPENED = (
    *("resource-offered", "resource-booked", "resource-lent", "ask-made", "gift-given"),
    *("introduction-made", "initiative-started", "initiative-joined", "initiative-endorsed"),
    *("story-told", "gathering-held", "opportunity-realised"),
)


def periods(natverk: Natverk, *asked: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = natverk.rows("vitality", *asked)
    return rows


def one(natverk: Natverk, *names: str) -> list[Any]:
    """Some fields of the last period."""
    row = periods(natverk)[-1]
    return [row[name] for name in names]


# Stories


def test_a_row_for_each_period_from_the_first_entry_on(kvarteret: Natverk) -> None:
    rows = periods(kvarteret)
    assert [(row["period"], row["over"]) for row in rows] == [("2026-10", True), ("2026-11", False)]
    assert [row["gifts"] for row in rows] == [1, 0]
    assert [row["period"] for row in periods(kvarteret, "--by", "quarter")] == ["2026-Q4"]
    [year] = periods(kvarteret, "--by", "year")
    assert (year["period"], year["gifts"], year["asks_opened"]) == ("2026", 1, 1)


def test_periods_in_which_nothing_happened_share_a_row_of_the_table(kvarteret: Natverk) -> None:
    kvarteret.clock.advance(days=300)
    kvarteret.does("join", "Nils", "--at", "2027-03-01")
    kvarteret.does("join", "Nora", "--at", "2027-04-01")
    told = kvarteret.does("vitality").partition("\n\n")[0].splitlines()[2:]
    assert [re.split("  +", line)[0] for line in told] == [
        *("2026-10", "2026-11 – 2027-02", "2027-03", "2027-04", "2027-05 – 2027-08 so far")
    ]


def test_who_is_away_is_not_silent_and_who_is_silent_has_not_left(kvarteret: Natverk) -> None:
    kvarteret.does("pause", "Åsa", "--at", "2026-11-01T10:00")
    kvarteret.does("leave", "Knut", "--at", "2026-11-02T10:00")
    kvarteret.does("give", "Café", "everyone", "--at", "2026-11-02T10:00")
    names = ("members", "active", "silent", "paused", "left", "joined", "active_share")
    assert one(kvarteret, *names) == [4, 1, 1, 1, 1, 0, "0.25"]


def test_to_let_others_use_what_one_offers_is_to_be_in_it(kvarteret: Natverk) -> None:
    assert one(kvarteret, "active", "silent") == [0, 4]
    kvarteret.does("lend", "lastcykel", "Eva", "--at", "2026-11-01T10:00")
    assert one(kvarteret, "active", "silent") == [2, 2]


def test_an_ask_is_met_when_it_is_closed_so_or_given_in_full(kvarteret: Natverk) -> None:
    towards = ("painting", "--ask", "a1", "--hours")
    kvarteret.does("give", "Eva", "Knut", *towards, "3", "--at", "2026-10-30")
    assert [row["asks_met"] for row in periods(kvarteret)] == [0, 0]
    kvarteret.does("give", "Eva", "Knut", *towards, "1", "--at", "2026-10-31")
    kvarteret.does("give", "Eva", "Knut", *towards, "1", "--at", "2026-11-01")
    assert [row["asks_met"] for row in periods(kvarteret)] == [1, 0]
    kvarteret.does("close", "a1", "--met", "--at", "2026-11-02")
    assert [row["asks_met"] for row in periods(kvarteret)] == [0, 1]


def test_an_initiative_counts_when_several_gave_to_it(kvarteret: Natverk) -> None:
    kvarteret.does("initiative", "start", "Eva", "soup", "--at", "2026-11-01T10:00")
    kvarteret.does("give", "Knut", "soup", "salt", "--at", "2026-11-01T11:00")
    kvarteret.does("give", "Knut", "soup", "pots", "--at", "2026-11-01T11:00")
    assert one(kvarteret, "initiatives") == [0]
    kvarteret.does("give", "Café", "Eva", "bread", "--for", "soup", "--at", "2026-11-02T11:00")
    assert one(kvarteret, "initiatives") == [1]


def test_what_introductions_led_to_is_asked_when_ninety_days_are_over(kvarteret: Natverk) -> None:
    # Given an introduction that led to a gift, and one that did not
    kvarteret.does("introduce", "Åsa", "Knut", "Café", "--at", "2026-10-28T10:00")
    kvarteret.does("introduce", "Åsa", "Eva", "Café", "--at", "2026-10-28T10:00")
    kvarteret.does("give", "Café", "Knut", "--at", "2026-11-02T10:00")
    first = periods(kvarteret)[0]
    assert (first["introductions"], first["introductions_watched"], first["yield"]) == (2, 0, None)
    # When the time is over
    kvarteret.clock.advance(days=90)
    kvarteret.does("give", "Café", "Eva")
    # Then half of them did; a gift that came later does not count
    first = periods(kvarteret)[0]
    names = ("introductions_watched", "introductions_led", "yield")
    assert [first[name] for name in names] == [2, 1, "0.5"]


def test_two_who_had_found_each_other_are_not_watched(kvarteret: Natverk) -> None:
    # Given that Eva has given to Knut on the 27th
    kvarteret.does("introduce", "Åsa", "Knut", "Eva", "--at", "2026-10-28T10:00")
    kvarteret.does("give", "Eva", "Knut", "--at", "2026-10-29T10:00")
    kvarteret.clock.advance(days=100)
    first = periods(kvarteret)[0]
    assert (first["introductions"], first["introductions_watched"]) == (1, 0)


def test_beside_them_stand_those_whom_nobody_introduced(kvarteret: Natverk) -> None:
    # Given that Eva has given to Knut, and Knut gives to Åsa and to the café
    kvarteret.does("give", "Knut", "Åsa", "--at", "2026-10-28T10:00")
    kvarteret.does("give", "Knut", "Café", "--at", "2026-10-29T10:00")
    # When Åsa and Eva find each other, and Åsa and the café are introduced
    kvarteret.does("give", "Åsa", "Eva", "--at", "2026-10-30T10:00")
    kvarteret.does("introduce", "Knut", "Åsa", "Café", "--at", "2026-10-30T10:00")
    kvarteret.clock.advance(days=100)
    # Then of Åsa with Eva, and the café with Eva through Knut and through Åsa's gift to her …
    first = periods(kvarteret)[0]
    assert (first["triads_led"], first["triads_watched"]) == (1, 2)
    assert (first["closure"], first["yield"], first["lift"]) == ("0.5", "0", "0")
    assert not first["drawn"]


def test_people_see_three_tables_and_what_is_not_over(kvarteret: Natverk) -> None:
    told = kvarteret("vitality")
    blocks = told.out.split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == [
        "what happened",
        "who was there",
        "who gave each other something within 90 days",
    ]
    assert "2026-11 so far" in told.out
    assert told.err == "4 members: too small for these numbers to mean anything\n"


def test_a_network_of_nobody_yet_has_a_period(natverk: Natverk) -> None:
    natverk.does("init", "Linden", "--idea", "sharing")
    [row] = periods(natverk)
    assert (row["members"], row["active_share"], row["gifts"]) == (0, None, 0)


# Triads drawn by lot


def test_some_are_drawn_when_there_are_many_and_the_same_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Medlem nummer {number}" for number in range(12)]
    with founded(tmp_path, *people(*names)) as ledger:
        for one, other in combinations(range(1, 13), 2):
            if (one + other) % 3:
                ledger.record(c.Give(giver=f"m{one}", receiver=f"m{other}"))
        at = microseconds(NOW) + closure.WITHIN
        everything, drawn = closure.by_themselves(ledger.database, [], at)
        assert not drawn
        for most, most_of_one in ((20, 100), (1000, 4)):
            monkeypatch.setattr(closure, "MOST", most)
            monkeypatch.setattr(closure, "MOST_OF_ONE", most_of_one)
            some, drawn = closure.by_themselves(ledger.database, [], at)
            assert drawn
            assert 0 < len(some) < len(everything)
            assert closure.by_themselves(ledger.database, [], at)[0] == some


# Periods


@pytest.mark.parametrize("long", LENGTHS)
def test_a_time_lies_in_the_period_that_its_day_says(long: Any) -> None:
    zone = ZoneInfo("America/New_York")
    first, last = datetime(2025, 11, 30, 23, tzinfo=zone), datetime(2027, 2, 1, tzinfo=zone)
    periods = Periods(microseconds(first), microseconds(last), long, zone)
    assert periods.labels[0] == {"month": "2025-11", "quarter": "2025-Q4", "year": "2025"}[long]
    moment = first
    while moment <= last:
        place = periods.place(microseconds(moment))
        assert periods.labels[place] == label(moment, long)
        assert periods.of_month(label(moment, "month")) == place
        assert periods.starts[place] <= microseconds(moment) < periods.ends[place]
        moment += timedelta(hours=7)
    assert periods.over == [True] * (len(periods) - 1) + [False]


def label(moment: datetime, long: str) -> str:
    quarter = f"{moment:%Y}-Q{(moment.month + 2) // 3}"
    return {"month": f"{moment:%Y-%m}", "quarter": quarter, "year": f"{moment:%Y}"}[long]


# A second, naive implementation


def spans_of(member: str, standing: Sequence[Any]) -> tuple[list[list[int]], list[list[int]]]:
    """When they were a member, and when they rested; without an end: until long after."""
    ever = 10**18
    spans: list[list[int]] = []
    pauses: list[list[int]] = []
    for event in standing:
        if getattr(event, "member", None) != member:
            continue
        at = event.occurred
        here, resting = spans and spans[-1][1] == ever, pauses and pauses[-1][1] == ever
        if event.type in ("member-joined", "member-returned") and not here:
            spans.append([at, ever])
        elif event.type in ("member-left", "member-forgotten"):
            if here:
                spans[-1][1] = at
            if resting:
                pauses[-1][1] = at
        elif event.type == "member-paused" and not resting:
            pauses.append([at, ever])
        elif event.type == "member-resumed" and resting:
            pauses[-1][1] = at
    return spans, pauses


def naive(events: Sequence[Event], at: int, long: str) -> dict[str, dict[str, Any]]:
    standing: list[Any] = live(events)
    labels = sorted({label(e.occurred_at.astimezone(ZONE), long) for e in standing})
    return {each: naively(each, standing, at, long) for each in labels}


def naively(period: str, standing: Sequence[Any], at: int, long: str) -> dict[str, Any]:
    """What the row of one period should say."""

    def inside(time: int) -> bool:
        return time <= at and label(datetime.fromtimestamp(time / 1e6, ZONE), long) == period

    then = [e for e in standing if inside(e.occurred)]
    hours = range(min(e.occurred for e in standing), at + 1, DAY // 24)
    begin, *_, end = sorted(time for time in (*hours, at, then[0].occurred) if inside(time)) * 2
    spans = {e.member: spans_of(e.member, standing) for e in standing if e.type == "member-joined"}
    owners = {e.resource: e.owner for e in standing if e.type == "resource-offered"}
    busy: set[str] = set()
    for event in then:
        if event.type in HAPPENED:
            busy.update(getattr(event, name) for name in event.MEMBERS)
            busy.update(each for name in event.GROUPS for each in getattr(event, name))
        if event.type in ("resource-booked", "resource-lent"):
            busy.add(owners[event.resource])
    some_time = {
        member
        for member, (stays, _) in spans.items()
        if any(start <= end and stop >= begin for start, stop in stays)
    }
    here = {m for m, (stays, _) in spans.items() if any(a <= end < b for a, b in stays)}
    resting = {m for m in here if any(a <= end < b for a, b in spans[m][1])}
    return {
        "gifts": sum(e.type == "gift-given" for e in then),
        "asks_opened": sum(e.type == "ask-made" for e in then),
        "asks_met": sum(map(inside, met(standing))),
        "asks_lapsed": sum(e.type == "ask-closed" and e.outcome == "lapsed" for e in then),
        "gatherings": sum(e.type == "gathering-held" for e in then),
        "introductions": sum(e.type == "introduction-made" for e in then),
        "initiatives": several(then),
        "members": len(some_time),
        "active": len(busy & some_time),
        "joined": sum(inside(stays[0][0]) for stays, _ in spans.values()),
        "returned": sum(inside(a) for stays, _ in spans.values() for a, _ in stays[1:]),
        "left": sum(inside(b) for stays, _ in spans.values() for _, b in stays),
        "paused": len(resting),
        "silent": len(here - resting - busy),
        **watched(standing, inside, at),
    }


def met(standing: Sequence[Any]) -> Iterator[int]:
    """When asks were met."""
    closed = {e.ask: e for e in standing if e.type == "ask-closed"}
    for ask in standing:
        if ask.type != "ask-made":
            continue
        if ask.ask in closed:
            if closed[ask.ask].outcome == "met":
                yield closed[ask.ask].occurred
        elif ask.thousandths is not None:
            total = 0
            gifts = [e for e in standing if e.type == "gift-given" and e.ask == ask.ask]
            for gift in sorted(gifts, key=lambda e: (e.occurred, e.position)):
                before = total
                total += gift.thousandths if gift.unit == ask.unit else 0
                if before < ask.thousandths <= total:
                    yield gift.occurred


def several(then: Sequence[Any]) -> int:
    givers: dict[str, set[str]] = {}
    for event in then:
        if event.type == "gift-given":
            to = event.receiver if event.receiver[0] == "i" else event.initiative
            givers.setdefault(to or "", set()).add(event.giver)
    return sum(len(who) > 1 for initiative, who in givers.items() if initiative)


def watched(standing: Sequence[Any], inside: Any, at: int) -> dict[str, Any]:
    """What introductions led to, and what came of open triads without."""
    long = closure.WITHIN
    gifts: dict[frozenset[str], list[int]] = {}
    for event in standing:
        if event.type == "gift-given" and event.receiver[0] == "m":
            gifts.setdefault(frozenset((event.giver, event.receiver)), []).append(event.occurred)
    made: dict[frozenset[str], list[int]] = {}
    for event in standing:
        if event.type == "introduction-made":
            made.setdefault(frozenset((event.first, event.second)), []).append(event.occurred)
    chances = {
        "introductions": [
            any(since <= gift < since + long for gift in gifts.get(pair, ()))
            for pair, times in made.items()
            for since in times
            if inside(since) and since + long <= at
            if all(gift >= since for gift in gifts.get(pair, ()))
        ],
        "triads": [],
    }
    members = sorted({member for pair in gifts for member in pair})
    for middle in members:
        for one, other in combinations([each for each in members if each != middle], 2):
            ties = [gifts.get(frozenset((middle, each))) for each in (one, other)]
            if None in ties:
                continue
            since = max(min(times) for times in ties if times is not None)
            pair = frozenset((one, other))
            between = gifts.get(pair, [])
            alone = all(time >= since + long for time in made.get(pair, ()))
            if (
                inside(since)
                and alone
                and since + long <= at
                and not any(g <= since for g in between)
            ):
                chances["triads"].append(any(gift < since + long for gift in between))
    answer: dict[str, Any] = {}
    for name, taken in chances.items():
        answer[f"{name}_watched"], answer[f"{name}_led"] = len(taken), sum(taken)
    answer["yield"] = share(answer["introductions_led"], answer["introductions_watched"])
    answer["closure"] = share(answer["triads_led"], answer["triads_watched"])
    return answer


def share(some: int, all: int) -> str | None:
    return decimal_text(round(1000 * some / all)) if all else None


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_the_answer_is_what_stands(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    at = microseconds(NOW)
    with pytest.MonkeyPatch.context() as patch, founded(folder) as ledger:
        patch.setattr(closure, "WITHIN", 6 * DAY)
        events = play(ledger, moves)
        for long in LENGTHS:
            rows = {row["period"]: row for row in vitality(ledger.database, at, ZONE, long)}
            for period, wanted in naive(events, at, long).items():
                row = rows[period]
                assert {name: row[name] for name in wanted} == wanted
                assert row["active_share"] == share(row["active"], row["members"])
                if row["closure"] in (None, "0") or row["yield"] is None:
                    assert row["lift"] is None
