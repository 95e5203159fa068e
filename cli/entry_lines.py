"""Entries as lines: position, time, sentence, who reported it, and what has superseded it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from cli.language import N_, _
from cli.sentences import Row, sentences
from ledger.areas import ANSWERS_TO_GIFTS, CORRECTIONS, GATHERINGS, NETWORK, NOTES, RELATIONS, TIES
from ledger.state.asks import ASKS
from ledger.state.initiatives import INITIATIVES
from ledger.state.resources import BOOKINGS, RESOURCES

if TYPE_CHECKING:
    from cli.context import Session

PAGE = 500  # entries whose names are looked up together
# The member whom an entry is about is the first of these; whoever else records it reports it.
_DOERS = (
    *("giver", "owner", "asker", "booker", "borrower", "introducer", "member"),
    *("person", "starter", "participant", "endorser", "teller", "realiser", "nominator"),
)
_SHARED = TIES | GATHERINGS  # it is about all of them alike
_DOER_ELSEWHERE = {  # by type: the field that leads to the row of the thing, and its doer
    "resource-withdrawn": ("resource", RESOURCES, "owner"),
    "booking-released": ("booking", BOOKINGS, "booker"),
    "ask-closed": ("ask", ASKS, "asker"),
    "initiative-concluded": ("initiative", INITIATIVES, "starter"),
}
_OWN_WORDS = (
    NETWORK | RELATIONS | ANSWERS_TO_GIFTS | NOTES | CORRECTIONS | {"introduction-followed-up"}
)
CORRECTED, REVERSED = "entry-corrected", "entry-reversed"
_BY: dict[
    tuple[str | None, str | None], str
] = {  # by the types of what superseded it, and of the last that was said in its place if another
    (CORRECTED, None): N_(" (corrected by #{position})"),
    (CORRECTED, CORRECTED): N_(" (corrected by #{position})"),
    (CORRECTED, REVERSED): N_(" (corrected by #{position}, taken back by #{newest})"),
    (REVERSED, None): N_(" (taken back by #{position})"),
    (REVERSED, CORRECTED): N_(" (taken back by #{position}, stands again through #{newest})"),
    (REVERSED, REVERSED): N_(" (taken back by #{position}, and again by #{newest})"),
}
_UNDONE = N_(" (undone by #{position})")


def entry_lines(session: Session, rows: Iterable[Row], width: int = 0) -> list[str]:
    """A line for each row of `projections.entries`, positions set to the right in `width`.

    Who recorded an entry is said when it is not the one whom it is about; and by
    which entry it was superseded, of rows that are `marked`.
    """
    rows = list(rows)
    reporters = [_reporter(session, row) for row in rows]
    named = session.named(set(filter(None, reporters)))
    lines = []
    for row, reporter, told in zip(rows, reporters, sentences(session, rows), strict=True):
        position, _space, rest = " ".join(told.splitlines()).partition(" ")
        by = "" if reporter is None else _(" (reported by {who})").format(who=named[reporter])
        lines.append(f"{position.rjust(width)} {rest}{by}{_superseded(session, row)}")
    return lines


def pages(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows of entries, so many together that names are looked up at little cost."""
    coming = iter(rows)
    while page := list(islice(coming, PAGE)):
        yield page


def _reporter(session: Session, row: Row) -> str | None:
    """Who recorded an entry, when that is not the one whom it is about."""
    actor: str | None = row["actor"]
    if actor is None or row["type"] in _OWN_WORDS:
        return None
    if row["type"] in _DOER_ELSEWHERE:
        field, fold, who = _DOER_ELSEWHERE[row["type"]]
        doer = getattr(session.view.load(fold, row[field]), who)
    elif row["type"] in _SHARED:
        doer = (
            actor
            if actor in row.get("participants", (row.get("first"), row.get("second")))
            else None
        )
    else:
        doer = next((row[field] for field in _DOERS if field in row), None)
    return None if actor == doer else actor


def _superseded(session: Session, row: Row) -> str:
    successor, newest = row.get("superseded_by"), row.get("newest")
    if successor is None:
        return ""
    types = _topic(session, successor), _topic(session, newest)
    by = _UNDONE if row["type"] == REVERSED else _BY.get(types, "")
    return _(by).format(position=successor, newest=newest) if by else ""


def _topic(session: Session, position: int | None) -> str | None:
    entry = None if position is None else session.view.entry(position)
    return None if entry is None else entry[0]
