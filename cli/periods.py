"""From the dates that bound a question to microseconds since 1970."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.values import microseconds

if TYPE_CHECKING:
    from cli.context import Session


def since(session: Session, text: str) -> int:
    """The first moment that `--since` takes in."""
    return microseconds(session.moment(text, today_is_now=False))


def before(session: Session, text: str) -> int:
    """The first moment that `--until` leaves out: a day is taken in whole, a time itself too."""
    start = session.moment(text, today_is_now=False)
    end = session.moment(text, end=True, today_is_now=False)
    return microseconds(end) + (end == start)
