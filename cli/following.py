"""`natverk log --follow`: entries as they are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from cli import render, streams
from cli.entry_lines import entry_lines
from cli.language import _
from ledger import following
from ledger.database import EVERYTHING, Database
from ledger.errors import LedgerError, Usage
from ledger.values import END_OF_TIME, START_OF_TIME, microseconds
from projections.entries import entry_rows
from projections.superseding import marked

if TYPE_CHECKING:
    from cli.context import Session
    from cli.sentences import Row


class OnlyOfThePast(Usage):
    """What is yet to be recorded was asked for, as of the past."""

    message = "--follow shows what is recorded from now on, and {option} asks about the past"
    hint = "leave out one of the two"


class FollowReversed(Usage):
    """What is yet to be recorded can only come after what is there."""

    message = "--follow shows the last entries in the order in which they were recorded"
    hint = "leave out --reverse"


class Wanted(NamedTuple):
    """Which entries are shown: about a subject, of some types, that occurred in [since, before)."""

    subject: str
    types: list[str] | None
    since: int
    before: int

    def newest(self, view: Database, most: int, *, as_recorded: bool) -> Sequence[int]:
        """The positions of the last that occurred, or were recorded, newest first; 0: of all."""
        if as_recorded and self == EVERY_ENTRY:  # however long the log is
            head = view.head()
            return range(head, max(head - most, 0) if most else 0, -1)
        return view.positions(
            self.subject,
            self.types,
            since=self.since,
            before=self.before,
            newest_first=True,
            as_recorded=as_recorded,
            limit=most or -1,
        )

    def takes(self, database: Database, row: Row) -> bool:
        """Whether an entry is one of them."""
        kind, occurred = row["type"], microseconds(datetime.fromisoformat(row["occurred_at"]))
        if self.types is not None and kind not in self.types:
            return False
        return self.since <= occurred < self.before and database.is_about(
            row["position"], self.subject, kind, occurred
        )


EVERY_ENTRY = Wanted(EVERYTHING, None, START_OF_TIME, END_OF_TIME)


def check_follows(session: Session, *, reverse: bool) -> None:
    """Raise `OnlyOfThePast` when the session is about a past, or `FollowReversed`."""
    if reverse:
        raise FollowReversed
    for option, given in (("--as-of", session.as_of), ("--known-at", session.known_at)):
        if given is not None:
            raise OnlyOfThePast(option=option)


def follow(session: Session, after: int, wanted: Wanted) -> None:
    """Show those recorded after a position as they come, until interrupted."""

    def tell(positions: range) -> None:
        database = session.database
        rows = [row for row in entry_rows(database, positions) if wanted.takes(database, row)]
        print_lines(session, list(marked(database, rows)))

    try:
        following.follow(
            session.database,
            after,
            tell,
            lambda error: _lost(session, error),
            streams.stop_without_reader,
        )
    except KeyboardInterrupt:
        return


def print_lines(session: Session, rows: list[Row], room: int = 0) -> None:
    """A line for each entry, of JSON or for people; positions are set to the right in `room`."""
    if session.json:
        render.print_objects(rows)
    elif rows:
        render.write("".join(f"{line}\n" for line in entry_lines(session, rows, room)))


def _lost(session: Session, error: LedgerError) -> None:
    session.note(_("{error}; trying again").format(error=session.told(error)[0]))
