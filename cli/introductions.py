"""`natverk introductions`."""

from __future__ import annotations

import click

from cli.answers import answer, day
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column
from cli.sentences import CAME_OF_IT

COLUMNS = (
    Column("position", N_("entry"), show=lambda position: f"#{position}"),
    Column("introduced_at", N_("when"), show=day),
    Column("introducer_name", N_("introducer")),
    Column("first_name", N_("introduced")),
    Column("second_name", N_("and")),
    Column("about", N_("about")),
    Column("ask", N_("ask")),
    Column("outcome", N_("led to"), show=lambda outcome: _(CAME_OF_IT[outcome])),
)


@click.command("introductions", short_help=_("who introduced whom"))
@asks_past
@click.pass_context
def command(context: click.Context) -> None:
    """Who introduced whom, and what came of it, in the order of the log.

    \b
    natverk introductions
    """
    from projections.introductions import introductions  # noqa: PLC0415 - not for --help

    session = session_of(context)
    none = _("nobody has been introduced yet")
    answer(session, introductions(session.view), COLUMNS, none)
