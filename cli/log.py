"""`natverk log`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cli import render
from cli.arguments import MEMBER
from cli.entry_lines import pages
from cli.following import Wanted, check_follows, print_lines
from cli.following import follow as follow_on
from cli.language import _
from cli.options import asks_past, how_many, session_of
from cli.periods import before, since
from ledger.areas import EVERY_TYPE
from ledger.database import EVERYTHING
from ledger.errors import Usage
from ledger.values import END_OF_TIME, START_OF_TIME
from projections.entries import entry_rows
from projections.superseding import marked

if TYPE_CHECKING:
    from cli.context import Session


class UnknownType(Usage):
    """There is no such type of entry."""

    message = "there is no type of entry “{name}”"
    hint = "the types are: {types}"


@click.command("log", short_help=_("the entries, newest first"))
@click.option("--member", metavar="WHO", type=MEMBER, help=_("Only entries about this member."))
@click.option("--type", "kind", metavar="T", help=_("Only entries of this type: gift-given …"))
@click.option("--since", "first", metavar="D", help=_("What occurred from this day or time."))
@click.option("--until", "last", metavar="D", help=_("What occurred until the end of this day."))
@how_many(_("At most so many entries; 0: all."))
@click.option("--reverse", is_flag=True, help=_("The oldest of them first."))
@click.option("--follow", is_flag=True, help=_("The last recorded, and those to come, as they do."))
@asks_past
@click.pass_context
def command(
    context: click.Context,
    member: str | None,
    kind: str | None,
    first: str | None,
    last: str | None,
    most: int,
    reverse: bool,
    follow: bool,
) -> None:
    """Show the entries, in the order in which they occurred, newest first.

    With --follow it is the last that were recorded, in the order in which they were, and it goes
    on with what is recorded from then on until it is interrupted with Ctrl-C; --json then is an
    object a line.

    \b
    natverk log
    natverk log --member Åsa --since 2026-10-01 --until 2026-10-31 -n 0
    natverk log --type gift-given --json
    natverk log --member Åsa --follow
    """
    session = session_of(context)
    if follow:
        check_follows(session, reverse=reverse)
    if kind is not None and kind not in EVERY_TYPE:
        raise UnknownType(name=kind, types=sorted(EVERY_TYPE))
    wanted = Wanted(
        EVERYTHING if member is None else session.member(member),
        None if kind is None else [kind],
        START_OF_TIME if first is None else since(session, first),
        END_OF_TIME if last is None else before(session, last),
    )
    positions = wanted.newest(session.view, most + 1 if most else 0, as_recorded=follow)
    more = most and len(positions) > most
    shown = positions[:most] if more else positions
    _print(session, shown[::-1] if reverse or follow else shown, whole=not follow)
    if more:
        session.note(_("there are earlier entries; -n 0 shows all"))
    if follow:
        follow_on(session, session.database.head(), wanted)
    elif not shown:
        session.note(_("no entries"))


def _print(session: Session, positions: Sequence[int], *, whole: bool) -> None:
    rows = marked(session.view, entry_rows(session.view, positions))
    if session.json and whole:
        render.print_json(rows)
        return
    room = len(f"#{max(positions, default=0)}")
    for page in pages(rows):
        print_lines(session, page, room)
