"""`natverk members`."""

from __future__ import annotations

import click

from cli.answers import answer, day
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column

COLUMNS = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("kind", N_("kind"), show=_),
    Column("status", N_("status"), show=_),
    Column("joined_at", N_("joined"), show=day),
    Column("left_at", N_("left"), show=day),
)


@click.command("members", short_help=_("who is a member"))
@asks_past
@click.pass_context
def command(context: click.Context) -> None:
    """Who is a member, who has paused and who has left, by name.

    \b
    natverk members
    natverk members --json
    """
    from projections.membership import members  # noqa: PLC0415 - not for --help

    session = session_of(context)
    rows = members(session.view, session.asked)
    answer(session, rows, COLUMNS, _("nobody has joined yet"))
