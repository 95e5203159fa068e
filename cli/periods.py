"""From the dates that bound a question, a booking, a loan or an ask to times."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from ledger.values import MICROSECOND, MINUTE, microseconds

if TYPE_CHECKING:
    from cli.context import Session


def since(session: Session, text: str) -> int:
    """The first moment that `--since` takes in."""
    return microseconds(session.moment(text, today_is_now=False))


def before(session: Session, text: str) -> int:
    """The first moment that `--until` leaves out: a day is taken in whole, and so is a minute."""
    start = session.moment(text, today_is_now=False)
    end = session.moment(text, end=True, today_is_now=False)
    if end != start:
        return microseconds(end)
    to_the_minute = not start.microsecond and not re.search(r":[0-9]{2}:[0-9]{2}", text)
    return microseconds(start) + (MINUTE // MICROSECOND if to_the_minute else 1)


def coming(session: Session, text: str) -> datetime:
    """When something that is planned begins."""
    return session.moment(text, future=True, today_is_now=False)


def coming_end(session: Session, text: str) -> datetime:
    """The first moment after something that is planned: a day is taken in whole."""
    return session.moment(text, end=True, future=True, today_is_now=False)


def coming_day(session: Session, text: str) -> date:
    """The last day on which something helps."""
    return session.moment(text, future=True).date()
