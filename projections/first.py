"""Giving first, what came back and when, and whether what is received is passed on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

from ledger.values import local, moment_at
from projections.gifts import gifts
from projections.measures import FEWEST
from projections.membership import called, known
from projections.network_measures import DAY
from projections.ratio import Ratio, decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from ledger.database import Database
    from projections.gifts import Gift

Row = dict[str, Any]

WITHIN = 30  # days, in which what was received is passed on
DRAWN = 100_000  # random times in a baseline, about
MOST_SHUFFLES = 200


@dataclass(slots=True)
class Sides:
    """The gifts of a member in the order of time: when and to whom, when and from whom."""

    given: list[int] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    givers: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        """When the first of them was."""
        return min(self.given[:1] + self.received[:1])

    @property
    def over(self) -> int:
        """When nothing that they give can follow on the last of them any more."""
        return max(self.given[-1:] + self.received[-1:]) + WITHIN * DAY

    def passes_on(self, at: int, giver: str) -> bool:
        """Whether they give to anyone but `giver` within the days after a time."""
        place, end = bisect_right(self.given, at), at + WITHIN * DAY
        while place < len(self.given) and self.given[place] <= end:
            if self.receivers[place] != giver:
                return True
            place += 1
        return False


@dataclass(slots=True)
class Forward:
    """How many gifts received were passed on, and how many at random times, all shuffles together.

    `received` are those so long ago that it is known.
    """

    received: int = 0
    passed: int = 0
    shuffles: int = 0
    by_chance: int = 0

    @property
    def share(self) -> Ratio:
        """Of what was received, what was passed on."""
        return Ratio(self.passed, self.received)

    @property
    def baseline(self) -> Ratio:
        """The same at random times."""
        return Ratio(self.by_chance, self.received * self.shuffles)

    @property
    def lift(self) -> Ratio:
        """How many times the baseline the share is."""
        return Ratio(self.passed * self.shuffles, self.by_chance)


def first(database: Database, at: int, zone: tzinfo, member: str | None = None) -> Row:
    """Of everyone or of one member, who gave first, after how long something came back, and more.

    `at` is the time that is asked about, in microseconds since 1970. The row has: `id, name`, null
    for everyone; `gave_first, counted, share_first`: of the members who both gave and received
    how many gave before they received anything; of one member, of those with whom gifts went both
    ways, to how many they gave first. `median_delay, delays, waiting`: days from the first gift
    given to the first received, the median over those who gave first, how many these are, and how
    many more gave and have received nothing yet. `received, passed_on, share_passed_on`: gifts
    received at least `within` days ago, and those after which the receiver gave to somebody else
    than the giver within these days. `baseline, lift, shuffles`: that share with the gifts received
    at random times from the receiver's first gift to `within` days after their last, the share over
    it, and how often that was drawn, the same for each `position`. `members`: how many it is about,
    those who gave or received, or with whom gifts passed; `too_small`, when they are fewer than
    five; `at`, an ISO time by the clocks of `zone`. Shares and days are decimals in text, null
    where undefined. Raises `UnknownId`, `DamagedEntry`.
    """
    if member is None:
        sides = _sides(gifts(database))
        whose = list(sides.values())
        firsts = [(_first(each.given), _first(each.received)) for each in whose]
    else:
        known(database, member)
        own = [each for each in gifts(database, member) if member in (each.giver, each.receiver)]
        sides = _sides(own)
        whose = [sides.pop(member)] if member in sides else []
        firsts = [(_first(each.received), _first(each.given)) for each in sides.values()]
    forward = _forward(whose, at - WITHIN * DAY, Random(database.head()))
    return {
        "id": member,
        "name": None if member is None else called(database, [member])[member],
        **_told_first(firsts),
        **_told_forward(forward),
        "within": WITHIN,
        "members": len(firsts),
        "too_small": len(firsts) < FEWEST,
        "position": database.head(),
        "at": local(moment_at(at), zone).isoformat(),
    }


def _sides(found: Iterable[Gift]) -> dict[str, Sides]:
    """The gifts of each member, from gifts in the order of time; others than members have none."""
    sides: dict[str, Sides] = {}
    for occurred, giver, receiver in found:
        own = sides.get(giver) or sides.setdefault(giver, Sides())
        own.given.append(occurred)
        own.receivers.append(receiver)
        if receiver[0] == "m":
            theirs = sides.get(receiver) or sides.setdefault(receiver, Sides())
            theirs.received.append(occurred)
            theirs.givers.append(giver)
    return sides


def _first(times: list[int]) -> int | None:
    return times[0] if times else None


def _told_first(firsts: list[tuple[int | None, int | None]]) -> Row:
    """Of times of a first gift given and a first received, what is told of giving first."""
    both = [(given, got) for given, got in firsts if given is not None and got is not None]
    delays = [got - given for given, got in both if given < got]
    share = Ratio(len(delays), len(both)).value
    return {
        "gave_first": len(delays),
        "counted": len(both),
        "share_first": None if share is None else decimal(share),
        "median_delay": decimal(median(delays) / DAY) if delays else None,
        "delays": len(delays),
        "waiting": sum(given is not None and got is None for given, got in firsts),
    }


def _forward(whose: list[Sides], end: int, chance: Random) -> Forward:
    """What was received up to a time and passed on, and at times by chance up to it."""
    observed = [(each, each.received[: bisect_right(each.received, end)]) for each in whose]
    forward = Forward(received=sum(len(times) for _, times in observed))
    for each, times in observed:
        forward.passed += sum(map(each.passes_on, times, each.givers))
    if forward.received:
        forward.shuffles = min(max(DRAWN // forward.received, 1), MOST_SHUFFLES)
    for _ in range(forward.shuffles):
        for each, times in observed:
            if times:
                start, span = each.start, min(each.over, end) - each.start
                for giver in each.givers[: len(times)]:
                    at = start + int(chance.random() * span)
                    forward.by_chance += each.passes_on(at, giver)
    return forward


def _told_forward(forward: Forward) -> Row:
    share, baseline, lift = forward.share.value, forward.baseline.value, forward.lift.value
    return {
        "received": forward.received,
        "passed_on": forward.passed,
        "share_passed_on": None if share is None else decimal(share),
        "baseline": None if baseline is None else decimal(baseline),
        "lift": None if lift is None else decimal(lift),
        "shuffles": forward.shuffles,
    }
