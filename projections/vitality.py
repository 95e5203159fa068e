"""What happened in the network, period by period, and who was there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ledger.areas import CORRECTIONS, EVERY_TYPE, GATHERINGS, GIFTS
from ledger.rows import table_of
from ledger.state.asks import ASKS, Ask
from ledger.state.spans import Span, within
from ledger.values import THOUSAND, decimal_text, microseconds
from projections.closure import Chance, by_introduction, by_themselves, introduced
from projections.entries import standing_rows
from projections.periods import Long, Periods
from projections.related import when

if TYPE_CHECKING:
    from datetime import tzinfo

    from ledger.database import Database

Row = dict[str, Any]
_GIFTED = (  # months sort before weeks of the same year: 2026-11, 2026-W47
    "WITH years (year) AS (SELECT value FROM json_each(?))"
    " SELECT period, group_concat(balances.member, ' '), sum(given)"
    " FROM members CROSS JOIN years CROSS JOIN balances ON balances.member = members.member"
    " AND period > year || '-' AND period < year || '-W'"
    " WHERE given > 0 OR received > 0 GROUP BY period"
)
_HAPPENED = "SELECT month, group_concat(member, ' ') FROM activity WHERE times > 0 GROUP BY month"
_USED = (  # who lets others use what they offer is in it
    "SELECT owner, booked FROM bookings JOIN resources USING (resource)"
    " WHERE bookings.position > 0 AND resources.position > 0"
    " UNION ALL SELECT owner, lent FROM loans JOIN resources USING (resource)"
    " WHERE borrower <> '' AND resources.position > 0"
)
_ASKED = "SELECT asked, closed, outcome FROM asks WHERE position > 0"
_FULL = "SELECT * FROM asks WHERE position > 0 AND outcome IS NULL AND live = 0"
_CONTRIBUTED = (
    "SELECT initiative, month, min(giver), max(giver) FROM contributions WHERE gifts > 0"
    " GROUP BY initiative, month"
)


@dataclass(slots=True)
class _Period:
    """What is counted of one period; members by id."""

    counts: Counter[str] = field(default_factory=Counter)
    came: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)  # came, and never left or rested
    changed: dict[str, tuple[list[Span], list[Span]]] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    here: set[str] = field(default_factory=set)  # at its end
    resting: set[str] = field(default_factory=set)  # at its end


def vitality(database: Database, at: int, zone: tzinfo, long: Long = "month") -> list[Row]:
    """What happened in each period up to the time `at`, microseconds since 1970, oldest first.

    A period is a `month`, `quarter` or `year` by the clocks of `zone`, from that of the first
    entry on; each: `period, over`, whether it was over by `at`; then how often, `gifts,
    asks_opened, asks_met, asks_lapsed, gatherings, introductions`, and `initiatives` that had
    gifts of two or more givers. Of introductions made 90 days ago or earlier of two who had given
    each other nothing, `introductions_watched`, those after which they did within that time,
    `introductions_led`, and the share, `yield`; the same of open triads of two whom nobody
    introduced, `triads_watched, triads_led, closure`, and `lift`, the one share over the other;
    see `closure`. `drawn`: the triads are some of all. `members` were some at some time in it,
    `active` those of them who were in something that happened, `active_share` of all;
    `joined, returned, left` those who did, and at its end `paused` ones, and `silent` ones, who
    are there and were in nothing. Shares are decimals in text, null over nothing.
    """
    periods = Periods(_first(database, at), at, long, zone)
    found = [_Period() for _ in periods.labels]
    _count_people(database, periods, found)
    _count_activity(database, periods, found)
    _count_asks(database, periods, found)
    _count_initiatives(database, periods, found)
    for start, end, each in zip(periods.starts, periods.ends, found, strict=True):
        held = database.positions(types=GATHERINGS, since=start, before=end, live=True)
        each.counts["gatherings"] = len(held)
    made = introduced(database)
    for introduction in made:
        found[periods.place(introduction.at)].counts["introductions"] += 1
    _count_chances(by_introduction(made, at), "introductions", periods, found)
    triads, drawn = by_themselves(database, made, at)
    _count_chances(triads, "triads", periods, found)
    return [
        {"period": label, "over": over, **_row(each), "drawn": drawn}
        for label, over, each in zip(periods.labels, periods.over, found, strict=True)
    ]


def _first(database: Database, at: int) -> int:
    """When the first of all entries that stand occurred."""
    [position] = database.positions(types=EVERY_TYPE - CORRECTIONS, live=True, limit=1) or [1]
    rows = list(standing_rows(database, [position]))
    return min([at, *(microseconds(when(row)[0]) for row in rows)])


def _count_people(database: Database, periods: Periods, found: list[_Period]) -> None:
    query = "SELECT member, spans, pauses FROM members WHERE position > 0"
    for member, stored, stored_pauses in database.select(query):
        spans: list[Span] = json.loads(stored)
        pauses: list[Span] = json.loads(stored_pauses) if stored_pauses != "[]" else []
        for number, (start, end) in enumerate(spans):
            began = found[periods.place(start or 0)]
            began.counts["returned" if number else "joined"] += 1
            began.came.add(member)
            if end is not None:
                found[periods.place(end)].counts["left"] += 1
        if len(spans) == 1 and spans[0][1] is None and not pauses:
            began.settled.add(member)
            continue
        for time in {time for span in (*spans, *pauses) for time in span if time is not None}:
            found[periods.place(time)].changed[member] = spans, pauses
    here: set[str] = set()
    resting: set[str] = set()
    for end, period in zip(periods.ends, found, strict=True):
        period.members = here | period.came
        changed = period.changed
        here = here.difference(changed) | period.settled
        here.update(member for member, (spans, _) in changed.items() if within(spans, end - 1))
        resting = resting.difference(changed)
        resting.update(member for member, (_, pauses) in changed.items() if within(pauses, end - 1))
        period.here, period.resting = here, resting & here


def _count_activity(database: Database, periods: Periods, found: list[_Period]) -> None:
    first, last = (int(label[:4]) for label in (periods.labels[0], periods.labels[-1]))
    years = json.dumps([f"{year:04}" for year in range(first, last + 1)])
    for month, members, given in database.select(_GIFTED, years):
        period = found[periods.of_month(month)]
        period.active.update(members.split())
        period.counts["gifts"] += given
    for month, members in database.select(_HAPPENED):
        found[periods.of_month(month)].active.update(members.split())
    for owner, used in database.select(_USED):
        found[periods.place(used)].active.add(owner)


def _count_asks(database: Database, periods: Periods, found: list[_Period]) -> None:
    for asked, closed, outcome in database.select(_ASKED):
        found[periods.place(asked)].counts["asks_opened"] += 1
        if outcome in ("met", "lapsed"):
            found[periods.place(closed)].counts[f"asks_{outcome}"] += 1
    for values in database.select(_FULL):
        met = _met(database, table_of(ASKS).row(values))
        found[periods.place(met)].counts["asks_met"] += 1


def _met(database: Database, ask: Ask) -> int:
    """When an ask that nobody closed had been given in full."""
    left = ask.quantity or 0
    at = ask.asked
    for row in standing_rows(database, database.positions(ask.ask, GIFTS, live=True)):
        if left > 0 and row.get("unit") == ask.unit:
            left -= int(Decimal(row["quantity"]) * THOUSAND)
            at = microseconds(when(row)[0])
    return at


def _count_initiatives(database: Database, periods: Periods, found: list[_Period]) -> None:
    """Those with gifts of two givers or more: of whose givers the first is not the last."""
    givers: dict[tuple[int, str], set[str]] = {}
    for initiative, month, *first_and_last in database.select(_CONTRIBUTED):
        givers.setdefault((periods.of_month(month), initiative), set()).update(first_and_last)
    for (place, _), several in givers.items():
        found[place].counts["initiatives"] += len(several) > 1


def _count_chances(
    chances: Iterable[Chance], name: str, periods: Periods, found: list[_Period]
) -> None:
    for since, taken in chances:
        counts = found[periods.place(since)].counts
        counts[f"{name}_watched"] += 1
        counts[f"{name}_led"] += taken


def _row(period: _Period) -> Row:
    counts = period.counts
    names = ("gifts", "asks_opened", "asks_met", "asks_lapsed", "gatherings", "introductions")
    led = (counts["introductions_led"], counts["introductions_watched"])
    closed = (counts["triads_led"], counts["triads_watched"])
    active = period.members & period.active
    return {
        **{name: counts[name] for name in (*names, "initiatives")},
        "introductions_watched": led[1],
        "introductions_led": led[0],
        "yield": _share(*led),
        "triads_watched": closed[1],
        "triads_led": closed[0],
        "closure": _share(*closed),
        "lift": _share(led[0] * closed[1], led[1] * closed[0]),
        "members": len(period.members),
        "active": len(active),
        "active_share": _share(len(active), len(period.members)),
        **{name: counts[name] for name in ("joined", "returned", "left")},
        "paused": len(period.resting),
        "silent": len(period.here - period.resting - period.active),
    }


def _share(some: int, all: int) -> str | None:
    return decimal_text(round(THOUSAND * some / all)) if all else None
