"""`natverk introduce`."""

from __future__ import annotations

import click

from cli.arguments import ASK, MEMBER, text_argument
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("introduce", short_help=_("record that someone brought two members together"))
@click.argument("introducer", metavar="WHO", type=MEMBER)
@click.argument("first", metavar="A", type=MEMBER)
@click.argument("second", metavar="B", type=MEMBER)
@click.option("--about", metavar="TEXT", callback=text_argument, help=_("What it was about."))
@click.option("--ask", metavar="ASK", type=ASK, help=_("The ask that it could help."))
@records
def command(
    session: Session,
    introducer: str,
    first: str,
    second: str,
    about: str | None,
    ask: str | None,
) -> None:
    """Record that WHO brought A and B together.

    \b
    natverk introduce Åsa Knut Eva --about "both keep bees"
    """
    from ledger.commands import Introduce  # noqa: PLC0415 - not for --help

    session.record(
        Introduce,
        introducer=session.member(introducer),
        first=session.member(first),
        second=session.member(second),
        about=about,
        ask=None if ask is None else session.ask(ask),
    )
