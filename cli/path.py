"""`natverk path`."""

from __future__ import annotations

import click

from cli import render
from cli.arguments import MEMBER
from cli.language import _
from cli.options import asks_past, session_of
from cli.ties import COLUMNS, told
from ledger.errors import Usage


class ToThemselves(Usage):
    """A chain leads from one member to another, and one was named twice."""

    message = "{member} is named twice"
    hint = "write natverk path A B, of two members"


@click.command("path", short_help=_("how two members are linked, and who could introduce"))
@click.argument("first", metavar="A", type=MEMBER)
@click.argument("second", metavar="B", type=MEMBER)
@asks_past
@click.pass_context
def command(context: click.Context, first: str, second: str) -> None:
    """The shortest chain of ties from A to B, and whom A could ask for an introduction.

    Ties are those of natverk ties, declared or revealed. Whoever has left or paused does not
    stand between others.

    \b
    natverk path Åsa Omar
    """
    from projections.nearness import path  # noqa: PLC0415 - not for --help

    session = session_of(context)
    one, other = session.member(first), session.member(second)
    if one == other:
        raise ToThemselves(member=one)
    rows = path(session.view, session.asked, one, other)
    if session.json:
        render.print_json(rows)
        return
    ties = [row for row in rows if row["section"] == "tie"]
    if not ties:
        named = session.named((one, other))
        words = _("no chain of ties leads from {one} to {other}")
        session.note(words.format(one=named[one], other=named[other]))
        return
    chain = [ties[0]["first_name"], *(row["second_name"] for row in ties)]
    render.write(" – ".join(chain) + "\n")
    render.print_table([told(row) for row in ties], COLUMNS)
    introducers = [f"{row['name']} ({row['id']})" for row in rows if row["section"] != "tie"]
    if introducers:
        words = _("who could introduce {one}: {introducers}")
        render.write(words.format(one=chain[0], introducers=", ".join(introducers)) + "\n")
