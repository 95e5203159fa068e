"""`natverk describe`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER, text_argument
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("describe", short_help=_("change a member's name, contact or description"))
@click.argument("who", type=MEMBER)
@click.option("--name", metavar="NAME", help=_("The new name."))
@click.option("--contact", metavar="TEXT", callback=text_argument, help=_("How to reach them."))
@click.option("--about", metavar="TEXT", callback=text_argument, help=_("Words about them."))
@records
def command(
    session: Session, who: str, name: str | None, contact: str | None, about: str | None
) -> None:
    """Change the name, contact or description of WHO.

    \b
    natverk describe Åsa --name "Åsa Öberg-Lind" --contact 070-1234567
    """
    from ledger.commands import Describe  # noqa: PLC0415 - not for --help

    session.record(Describe, member=session.member(who), name=name, contact=contact, about=about)
