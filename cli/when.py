"""Times as people write and read them. Pure: the caller says what time it is and where.

A time without an offset is on the wall clock of the network's zone. A day is a
calendar day of that zone, 23 or 25 hours long when the clocks are changed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cli.language import _
from ledger.errors import Usage
from ledger.values import check_moment, fold

DAY = timedelta(days=1)

_NOW = ("now", "nu")
_DAYS_FROM_TODAY = {
    **dict.fromkeys(("today", "idag", "i dag", "kl"), 0),  # "kl 18": today at six
    **dict.fromkeys(("yesterday", "igar", "i gar"), -1),
    **dict.fromkeys(("tomorrow", "imorgon", "i morgon"), 1),
}
_WEEKDAYS = (  # folded, two languages a day; three letters are enough
    *("monday", "mandag", "tuesday", "tisdag", "wednesday", "onsdag", "thursday", "torsdag"),
    *("friday", "fredag", "saturday", "lordag", "sunday", "sondag"),
)
_WEEKDAY = {name[:n]: at // 2 for at, name in enumerate(_WEEKDAYS) for n in range(3, 10)}
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
# Patterns are compiled when used: most questions name no time.
_AT = r"\b(?:kl|klockan|at)\.? ?(?=[0-9])"
_CLOCK_ALONE = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_WRITTEN = (
    r"(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})|(?P<word>[a-z]+(?: [a-z]+)??))"
    r"(?:(?P<t>t| )(?:kl )?(?P<hour>[0-9]{1,2})"
    r"(?:[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:[.,][0-9]{1,6})?))?)?"
    r"(?P<offset> ?(?:z|[+-][0-9]{2}(?::?[0-9]{2}(?::[0-9]{2})?)?))?)?"
)
_UNCLEAR_DATE = (
    r"(?![0-9]{4}-[0-9]{2}-[0-9]{2})([0-9]{4}|[0-9]{1,2})[/.-]([0-9]{1,2})"
    r"(?:[/.-]([0-9]{4}|[0-9]{1,2}))?\.?(?: .*)?"
)


class NotAMoment(Usage):
    """What was written does not say when."""

    message = "“{value}” does not say when"
    hint = (
        "write for example 2026-11-03, 2026-11-03T14:30, now, today, yesterday, tomorrow, friday"
        " or yesterday 14:30"
    )


class UnclearDate(Usage):
    """A date is written in an order that people read differently, such as 3/11."""

    message = "“{value}” is not a date that everyone reads alike"
    hint = "write {readings}"


class NoSuchDate(Usage):
    """A date that no calendar has, such as 2026-02-30."""

    message = "there is no {value} in the calendar"
    hint = "check the month and the day; the order is year, month, day"


class NoSuchTime(Usage):
    """A time that no clock shows, such as 25:00."""

    message = "“{value}” has a time that no clock shows"
    hint = "write a time from 00:00 to 24:00"


class SkippedByTheClocks(Usage):
    """A local time that was passed over when the clocks went forward."""

    message = "“{value}” is not on the clock: it goes forward past that time"
    hint = "write {first} or {second}, whichever is meant"


class ShownTwiceByTheClocks(Usage):
    """A local time that came twice because the clocks went back."""

    message = "“{value}” is on the clock twice: it goes back that night"
    hint = "write {first} or {second}, whichever is meant"


def parse_moment(
    text: str,
    now: datetime,
    zone: tzinfo,
    *,
    end: bool = False,
    future: bool = False,
    today_is_now: bool = True,
) -> datetime:
    """The moment, in `zone`, that somebody wrote.

    Takes `2026-11-03`, `2026-11-03T14:30` (or with a space, seconds, an offset),
    `now`, `today`, `yesterday`, `tomorrow` and weekdays, in English or Swedish,
    and a time after any day: `yesterday 14:30`, `fredag kl 18`. A time alone is
    today's. A weekday is the latest one up to and with today; with `future`, the
    next one from and with today.

    A day without a time is its start; with `end` it is the start of the day
    after, so that a period takes in its last day. Today without a time is `now`,
    unless `today_is_now` is false.

    Raises NotAMoment, UnclearDate (`3/11`), NoSuchDate, NoSuchTime,
    TimeOutOfRange, SkippedByTheClocks or ShownTwiceByTheClocks.
    """
    now = now.astimezone(zone)
    plain = re.sub(_AT, "kl ", fold(text.translate(_DASHES)))
    if re.fullmatch(_CLOCK_ALONE, plain):
        plain = "kl " + plain
    if plain in _NOW:
        return now
    found = re.fullmatch(_WRITTEN, plain)
    if not found or plain == "kl":
        raise _not_understood(text, plain, now.date(), future)
    day = _day(text, found, now.date(), future)
    if found["hour"]:
        return check_moment(_at_clock(text, found, day, zone))
    if day == now.date() and today_is_now:
        return now
    return check_moment(start_of_day(day + DAY if end else day, zone))


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment of a calendar day in `zone`, which need not be midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def shown(moment: datetime, zone: tzinfo) -> str:
    """A moment for people, to the minute, in `zone`: `2026-11-03 14:30`."""
    return moment.astimezone(zone).isoformat(" ")[:16]


def shown_end(moment: datetime, zone: tzinfo) -> str:
    """The end of something for people: a midnight belongs to the day before, `2026-12-03 24:00`."""
    end = moment.astimezone(zone)
    return f"{end.date() - DAY} 24:00" if end.time() == time() else shown(end, zone)


def iso(moment: datetime, zone: tzinfo) -> str:
    """A moment for machines, exactly, with the offset of `zone`: `2026-11-03T14:30:00+01:00`.

    Fractions of a second are there only when they are not zero.
    """
    return moment.astimezone(zone).isoformat()


def _day(text: str, found: re.Match[str], today: date, future: bool) -> date:
    word = found["word"]
    if word is None:
        try:
            day = date.fromisoformat(found["date"])
        except ValueError:
            raise NoSuchDate(value=found["date"]) from None
        check_moment(datetime.combine(day, time(), UTC))
        return day
    if word in _DAYS_FROM_TODAY:
        return today + _DAYS_FROM_TODAY[word] * DAY
    if word not in _WEEKDAY:
        raise NotAMoment(value=_short(text))
    if future:
        return today + (_WEEKDAY[word] - today.weekday()) % 7 * DAY
    return today - (today.weekday() - _WEEKDAY[word]) % 7 * DAY


def _at_clock(text: str, found: re.Match[str], day: date, zone: tzinfo) -> datetime:
    """The moment of a written time on `day`; with an offset, the day is that of the offset."""
    hour, minute, second = found["hour"], found["minute"] or "00", found["second"] or "00"
    if int(hour) == 24 and not float(f"{minute}{second}".replace(",", ".")):
        day, hour = day + DAY, "0"
    offset = (found["offset"] or "").strip().upper()
    if offset and (found["word"] or not found["minute"]):
        raise NotAMoment(value=_short(text))
    if offset.startswith("-") and found["t"] == " " and not found["second"]:
        raise NotAMoment(value=_short(text))  # 10:00-11:00 is hours more likely
    try:
        moment = datetime.fromisoformat(f"{day}T{hour:0>2}:{minute}:{second}{offset}")
    except ValueError:
        raise NoSuchTime(value=_short(text)) from None
    return moment.astimezone(zone) if offset else _on_the_wall(text, moment, zone)


def _on_the_wall(text: str, wall: datetime, zone: tzinfo) -> datetime:
    """The one moment when the clocks show `wall`."""
    moment = wall.replace(tzinfo=zone)
    first, second = moment, moment.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return moment
    # Those who meant a skipped time had clocks that were an hour ahead, or an hour behind.
    readings = sorted(each.astimezone(UTC) for each in (first, second))
    written = [iso(each, zone) for each in readings]
    error = SkippedByTheClocks if before < after else ShownTwiceByTheClocks
    raise error(value=_short(text), first=written[0], second=written[1])


def _not_understood(text: str, plain: str, today: date, future: bool) -> Usage:
    found = re.fullmatch(_UNCLEAR_DATE, plain)
    readings = _readings(found, today, future) if found else []
    if not readings:
        return NotAMoment(value=_short(text))
    written = [each.isoformat() for each in readings]
    return UnclearDate(value=_short(text), readings=f" {_('or')} ".join(written))


def _readings(found: re.Match[str], today: date, future: bool) -> list[date]:
    """The days that somebody may mean by 3/11, 3/11-26 or 26-11-03, most likely first."""
    first, second, third = found.groups()
    if third is None:
        orders = [("", second, first), ("", first, second)]
    elif len(first) == 4:
        orders = [(first, second, third)]
    else:
        orders = [(third, second, first), (third, first, second)]
        if len(first) == len(third) == 2:
            orders.append((first, second, third))
    days: list[date] = []
    for year, month, day in orders:
        try:
            read = date(_year(year, today), int(month), int(day))
            if not year and not future and read > today:
                read = read.replace(year=read.year - 1)
            if not year and future and read < today:
                read = read.replace(year=read.year + 1)
        except ValueError:
            continue
        if read not in days:
            days.append(read)
    return days


def _year(written: str, today: date) -> int:
    if not written:
        return today.year
    if len(written) == 4:
        return int(written)
    year = today.year // 100 * 100 + int(written)
    return year if year <= today.year + 10 else year - 100


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
