"""Months, quarters or years one after the other, by the network's own calendar."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

from ledger.values import local, microseconds, moment_at

if TYPE_CHECKING:
    from datetime import tzinfo

Long = Literal["month", "quarter", "year"]
LENGTHS: tuple[Long, ...] = get_args(Long)
_YEAR = 12  # months
_MONTHS: dict[Long, int] = {"month": 1, "quarter": 3, "year": _YEAR}


class Periods:
    """The periods from the one that a time lies in to that of another, which is cut off there.

    Times are in microseconds since 1970. `labels` are 2026-11, 2026-Q4 or 2026. Periods are
    known by their place; `ends` are the first moments after each.
    """

    def __init__(self, first: int, at: int, long: Long, zone: tzinfo) -> None:
        months = _MONTHS[long]
        start, end = (_month(time, zone) // months * months for time in (first, at))
        begun = range(start, end + 1, months)
        self.labels = [_label(month, long) for month in begun]
        self.starts = [_moment(month, zone) for month in begun]
        self.ends = [*self.starts[1:], at + 1]
        self.over = [True] * (len(begun) - 1) + [_moment(end + months, zone) <= at + 1]
        self._by_month = {
            _label(month + more, "month"): place
            for place, month in enumerate(begun)
            for more in range(months)
        }

    def __len__(self) -> int:
        return len(self.labels)

    def place(self, time: int) -> int:
        """The period in which a time lies; -1: before the first."""
        return bisect_right(self.starts, time) - 1

    def of_month(self, month: str) -> int:
        """The period in which a month lies."""
        return self._by_month[month]


def _month(time: int, zone: tzinfo) -> int:
    """The month of a time, counted from the year 0."""
    day = local(moment_at(time), zone)
    return day.year * _YEAR + day.month - 1


def _moment(month: int, zone: tzinfo) -> int:
    year, place = divmod(month, _YEAR)
    return microseconds(datetime(year, place + 1, 1, tzinfo=zone))


def _label(month: int, long: Long) -> str:
    year, place = divmod(month, _YEAR)
    if long == "year":
        return f"{year:04}"
    return f"{year:04}-Q{place // 3 + 1}" if long == "quarter" else f"{year:04}-{place + 1:02}"
