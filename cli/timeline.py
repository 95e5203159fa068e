"""`natverk timeline`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from cli import render
from cli.answers import Row, day
from cli.language import _
from cli.options import asks_past, how_many, session_of

if TYPE_CHECKING:
    from cli.context import Session


@click.command("timeline", short_help=_("the network's story in plain sentences, newest first"))
@how_many(_("At most so many entries; 0: all."))
@asks_past
@click.pass_context
def command(context: click.Context, most: int) -> None:
    """The network's story: what is common to all who are in it, the newest first.

    Left out are bookings, loans, pauses, changed descriptions, notes, nominations, and what was
    confirmed or disputed; natverk log has all of that too. What was corrected is told as it
    stands, and what was taken back is not told.

    \b
    natverk timeline
    natverk timeline --as-of 2026-10-31 -n 0
    """
    from projections.timeline import timeline  # noqa: PLC0415 - not for --help

    session = session_of(context)
    told = _told(session, timeline(session.view, most + 1 if most else None))
    shown = islice(told, most) if most else told
    if session.json:
        render.print_json(shown)
    else:
        for row in shown:
            when, position = day(row["occurred_at"]), row["position"]
            render.write(f"{when}  {row['sentence']} (#{position})\n")
    if next(told, None) is not None:
        session.note(_("there is more before that; -n 0 tells all"))


def _told(session: Session, rows: Iterator[Row]) -> Iterator[Row]:
    """Rows with the `sentence` that `log` has for them."""
    from cli.entry_lines import pages  # noqa: PLC0415 - not for --help
    from cli.sentences import words  # noqa: PLC0415

    for page in pages(rows):
        for row, sentence in zip(page, words(session, page), strict=True):
            yield {**row, "sentence": sentence}
