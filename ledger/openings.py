"""When a resource is open: weekly hours and single periods, as text in one of two forms.

- a period, an ISO 8601 interval of whole seconds, each end with its offset:
  `2026-12-01T10:00:00+01:00/2026-12-01T12:00:00+01:00`;
- weekly hours, an RFC 5545 rule and a duration of at most a day:
  `RRULE:FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9;BYMINUTE=0/PT8H`, days in order.

Weekly hours are on a wall clock in the network's zone and so is the duration:
22:00 and PT4H close when it shows 02:00, every night. An hour that the clock
shows twice is open from its first time to its last; one it skips takes no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, TypeAlias

from ledger import errors
from ledger.values import MICROSECOND, check_moment, fold

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TO = "\u2013"  # an en dash

Span: TypeAlias = tuple[datetime, datetime]
_DAY, _WEEK = 24 * 60, 7 * 24 * 60  # minutes
_NAMES = (  # folded, two languages a day; three letters are enough
    *("mondays", "mandagar", "tuesdays", "tisdagar", "wednesdays", "onsdagar", "thursdays"),
    *("torsdagar", "fridays", "fredagar", "saturdays", "lordagar", "sundays", "sondagar"),
)
_NUMBERS = {name[:n]: at // 2 for at, name in enumerate(_NAMES) for n in range(3, 11)}
_EVERY_DAY = ("daily", "every day", "dagligen", "varje dag", "alla dagar")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
# Compiled when first used: most that is recorded has nothing to do with hours.
_HOURS = r"([0-9]{1,2})(?:[:.]([0-9]{2}))?-([0-9]{1,2})(?:[:.]([0-9]{2}))?"
_DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
_TIME = r"(?:[t ]([0-9]{1,2}:[0-9]{2}))?"
_HOURS_OF_A_DATE = rf"{_DATE}[t ]({_HOURS})"
_DATES = rf"{_DATE}{_TIME}(?:[/-]{_DATE}{_TIME})?"
_UNCLEAR_DATE = r"[0-9]{1,4}[/.][0-9]{1,2}(?:[/.][0-9]{1,4})?(?: .*)?"
_RULE = (
    r"RRULE:FREQ=WEEKLY;BYDAY=([A-Z,]+);BYHOUR=(1?[0-9]|2[0-3]);BYMINUTE=([1-5]?[0-9])"
    r"/PT(?:([0-9]{1,2})H)?(?:([0-9]{1,2})M)?"
)


class _Weekly(NamedTuple):
    """Open on `days` (0 is Monday) from `start`, in minutes after midnight, for `minutes`."""

    days: tuple[int, ...]
    start: int
    minutes: int


class _Period(NamedTuple):
    """Open once, from `start` to before `end`, each with the offset that it was written in."""

    start: datetime
    end: datetime


_Read: TypeAlias = _Weekly | _Period


def parse_opening(text: str, zone: tzinfo) -> str:
    """The stored form of what somebody wrote, times being those of `zone`.

    Takes `mon-fri 09:00-17:00`, `tis,tors 18-21`, `fri 22-02`, `daily 0-24`,
    `2026-12-01 10:00-12:00`, `2026-12-01`, `2026-12-01/2026-12-03` (whole days,
    the last one too), `2026-12-01T10:00/2026-12-01T12:00` and the stored form.
    Raises NotAnOpening, EmptyOpening, AmbiguousDate or TimeOutOfRange.
    """
    plain = re.sub(r" ?([-,/]) ?", r"\1", fold(text.translate(_DASHES)))
    if re.fullmatch(_UNCLEAR_DATE, plain):
        raise errors.AmbiguousDate(value=text)
    if found := re.fullmatch(_HOURS_OF_A_DATE, plain):
        start, minutes = _hours(text, found[2])
        opens = _wall(text, found[1]) + timedelta(minutes=start)
        closes = opens + timedelta(minutes=minutes)
    elif found := re.fullmatch(_DATES, plain):
        opens, closes = _between_dates(text, found)
    elif text.startswith("RRULE:") or ("T" in text and "/" in text):
        return check_opening(text)
    else:
        days, _, hours = plain.rpartition(" ")
        start, minutes = _hours(text, hours)
        return _written(_Weekly(_days(text, days), start, minutes), text)
    return _written(_Period(*_moments(opens, closes, zone)), text)


def check_opening(value: object) -> str:
    """An opening in its stored form, returned as it is; raises as parse_opening does."""
    if not isinstance(value, str):
        raise errors.NotText(what="an opening")
    _read(value)
    return value


def covers(openings: Sequence[str], start: datetime, end: datetime, zone: tzinfo) -> bool:
    """Is every moment from `start` to before `end` within one of the openings?

    No openings at all mean always open. `start` and `end` know their zones.
    The cost depends on the number of openings and not on the length of time:
    hours with a gap are left at the gap, which comes within a week.
    """
    if not openings:
        return True
    read = [_read(opening) for opening in openings]
    at, end = start.astimezone(UTC), end.astimezone(UTC)
    if end - at > timedelta(weeks=1) and _never_closed(read):
        return True
    while at < end:
        around = [period for each in read for period in _around(each, at, at, zone)]
        closing = max((closes for opens, closes in around if opens <= at < closes), default=None)
        if closing is None:
            return False
        at = closing
    return True


def open_periods(
    openings: Sequence[str], start: datetime, end: datetime, zone: tzinfo
) -> list[Span]:
    """The open periods between `start` and `end`, in UTC, joined, clipped and in order.

    Costs as much as there are opening hours in that time.
    """
    since, until = start.astimezone(UTC), end.astimezone(UTC)
    if not openings:
        return [(since, until)] if since < until else []
    joined: list[Span] = []
    around = (period for each in openings for period in _around(_read(each), since, until, zone))
    for opens, closes in sorted(around):
        first, last = max(opens, since), min(closes, until)
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        elif first < last:
            joined.append((first, last))
    return joined


def described(opening: str) -> str:
    """A stored opening in a few English words: `Mon-Fri 09:00-17:00`, but with en dashes."""
    read = _read(opening)
    if isinstance(read, _Weekly):
        closes = (read.start + read.minutes - 1) % _DAY + 1
        clocks = [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (read.start, closes)]
        return f"{_named(read.days)} {TO.join(clocks)}"
    start, end = read.start.replace(tzinfo=None), read.end.replace(tzinfo=None)
    if start.time() == end.time() == time():
        last = (end - timedelta(days=1)).date()
        return f"{start:%Y-%m-%d}" + ("" if last == start.date() else f" {TO} {last}")
    if start < end < start + timedelta(days=1):
        return f"{start:%Y-%m-%d %H:%M}{TO}{end:%H:%M}"
    return f"{start:%Y-%m-%d %H:%M} {TO} {end:%Y-%m-%d %H:%M}"


def _named(days: tuple[int, ...]) -> str:
    parts: list[str] = []
    for _, numbered in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        run = [SHORT_DAYS[day] for _, day in numbered]
        parts += run if len(run) < 3 else [f"{run[0]}{TO}{run[-1]}"]
    return "daily" if len(days) == len(DAYS) else ", ".join(parts)


def _days(text: str, days: str) -> tuple[int, ...]:
    """The days, 0 being Monday, named by `mon-fri`, `tis,tors` or `daily`."""
    if days in _EVERY_DAY:
        return tuple(range(len(DAYS)))
    named: set[int] = set()
    for part in days.split(","):
        first, dash, last = part.partition("-")
        ends = _NUMBERS.get(first), _NUMBERS.get(last if dash else first)
        if ends[0] is None or ends[1] is None:
            raise errors.NotAnOpening(value=text)
        named.update((ends[0] + n) % 7 for n in range((ends[1] - ends[0]) % 7 + 1))
    return tuple(sorted(named))


def _hours(text: str, hours: str) -> tuple[int, int]:
    """Minutes after midnight, and minutes of duration; an earlier end is the next day's."""
    found = re.fullmatch(_HOURS, hours)
    if not found:
        raise errors.NotAnOpening(value=text)
    hour, minute, last_hour, last_minute = (int(part or 0) for part in found.groups())
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if minute > 59 or last_minute > 59 or start >= _DAY or end > _DAY:
        raise errors.NotAnOpening(value=text)
    if start == end:
        raise errors.EmptyOpening(value=text)
    return start, (end - start) % _DAY or _DAY


def _between_dates(text: str, found: re.Match[str]) -> Span:
    """From one time to another, or whole days with the last one too; on the wall clock."""
    day, clock, last_day, last_clock = found.groups()
    if bool(clock) != bool(last_clock):
        raise errors.NotAnOpening(value=text)
    end = _wall(text, last_day or day, last_clock)
    return _wall(text, day, clock), end if last_clock else end + timedelta(days=1)


def _wall(text: str, day: str, clock: str | None = None) -> datetime:
    try:
        moment = datetime.fromisoformat(f"{day}T{(clock or '00:00').zfill(5)}")
    except ValueError:
        raise errors.NotAnOpening(value=text) from None
    return check_moment(moment.replace(tzinfo=UTC)).replace(tzinfo=None)


def _written(read: _Read, text: str) -> str:
    """The stored form; the period's ends keep the offsets that they have."""
    if isinstance(read, _Period):
        start, end = check_moment(read.start), check_moment(read.end)
        if not start.astimezone(UTC) < end.astimezone(UTC):
            raise errors.EmptyOpening(value=text)
        return f"{start.isoformat(timespec='seconds')}/{end.isoformat(timespec='seconds')}"
    if not 0 < read.minutes <= _DAY:
        raise errors.EmptyOpening(value=text)
    days = ",".join(DAYS[day] for day in read.days)
    (hour, minute), (hours, minutes) = divmod(read.start, 60), divmod(read.minutes, 60)
    duration = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    return f"RRULE:FREQ=WEEKLY;BYDAY={days};BYHOUR={hour};BYMINUTE={minute}/PT{duration}"


@lru_cache(maxsize=4096)
def _read(opening: str) -> _Read:
    """What a stored opening says; anything but the one stored form is refused."""
    read: _Read
    try:
        if found := re.fullmatch(_RULE, opening):
            days = {DAYS.index(day) for day in found[1].split(",")}
            hour, minute, hours, minutes = (int(part or 0) for part in found.groups()[1:])
            read = _Weekly(tuple(sorted(days)), hour * 60 + minute, hours * 60 + minutes)
        else:
            start, end = opening.split("/")
            read = _Period(datetime.fromisoformat(start), datetime.fromisoformat(end))
        if _written(read, opening) == opening:
            return read
    except ValueError:
        pass
    raise errors.NotAnOpening(value=opening[:200])


def _never_closed(openings: Sequence[_Read]) -> bool:
    """Do the weekly hours alone fill the week? Each minute of it is a bit."""
    filled = 0
    for each in openings:
        if isinstance(each, _Weekly):
            for day in each.days:
                filled |= ((1 << each.minutes) - 1) << (day * _DAY + each.start)
    whole = (1 << _WEEK) - 1
    return (filled | filled >> _WEEK) & whole == whole


def _around(opening: _Read, since: datetime, until: datetime, zone: tzinfo) -> Iterator[Span]:
    """The opening's periods, in UTC: all from `since` to `until`, and some a little beyond."""
    if isinstance(opening, _Period):
        yield opening.start.astimezone(UTC), opening.end.astimezone(UTC)
        return
    # Untyped, since it ships no types; here, since it takes 10 ms and few commands ask for hours.
    from dateutil.rrule import WEEKLY, rrule  # type: ignore[import-untyped]  # noqa: PLC0415

    first = datetime.combine(since.astimezone(zone) - timedelta(days=2), time())  # past midnight
    last = until.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
    hour, minute = divmod(opening.start, 60)
    at = {"byweekday": opening.days, "byhour": hour, "byminute": minute, "bysecond": 0}
    for wall in rrule(WEEKLY, first, until=last, **at):
        opens, closes = _moments(wall, wall + timedelta(minutes=opening.minutes), zone)
        yield opens.astimezone(UTC), closes.astimezone(UTC)


def _moments(start: datetime, end: datetime, zone: tzinfo) -> Span:
    """When a wall clock in `zone` first shows `start`, and when it last was before `end`."""
    last = end - MICROSECOND
    opens, closes = _moment(start, 0, zone), _moment(last, 1, zone)
    if closes.replace(tzinfo=None) == last:  # and is not skipped
        closes = (closes.astimezone(UTC) + MICROSECOND).astimezone(zone)  # keeps the fold
    return opens, closes


def _moment(wall: datetime, fold: int, zone: tzinfo) -> datetime:
    """When the clock shows `wall`; if it skips that time, the moment of the skip."""
    moment = wall.replace(tzinfo=zone, fold=fold)
    before, after = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    if before is None or after is None or before >= after:
        return moment
    early, late = wall.replace(tzinfo=UTC) - after, wall.replace(tzinfo=UTC) - before
    while late - early > MICROSECOND:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.astimezone(zone)
