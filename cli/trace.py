"""`natverk trace`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.entry_lines import entry_lines
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.trees import branches
from ledger.refusals import UnknownId

if TYPE_CHECKING:
    from cli.context import Session

_TITLES = {"led-to-it": N_("what led to it"), "came-of-it": N_("what came of it")}


@click.command("trace", short_help=_("what led to an entry, and what came of it"))
@click.argument("entry", metavar="POS")
@asks_past
@click.pass_context
def command(context: click.Context, entry: str) -> None:
    """What led to the entry at POS, and what came of it, as far as it goes both ways.

    It goes by what is written down: --because, the ask or initiative that something is for, the
    telling that a story was heard in, and the gift, introduction or loan that something is about.
    Each entry is shown once, and as it stands when it was corrected.

    \b
    natverk trace 412
    natverk trace 412 --json
    """
    from projections.trace import trace  # noqa: PLC0415 - not for --help

    session = session_of(context)
    position = session.position(entry)
    rows = trace(session.view, position)
    if not rows:
        raise UnknownId(what="entry", id=f"#{position}")
    if session.json:
        render.print_json(rows)
        return
    render.write(f"{entry_lines(session, rows[:1])[0]}\n")
    for direction, title in _TITLES.items():
        found = [row for row in rows if row["direction"] == direction]
        if found:
            render.write(f"\n{_(title)}:\n" + _drawn(session, found))
    if len(rows) == 1:
        session.note(_("nothing is written down that led to it or came of it"))


def _drawn(session: Session, rows: list[dict[str, Any]]) -> str:
    drawn = branches([row["depth"] for row in rows])
    lines = zip(drawn, entry_lines(session, rows), strict=True)
    return "".join(f"{before}{line}\n" for before, line in lines)
