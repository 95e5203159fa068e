"""`natverk pause`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("pause", short_help=_("hide a member's offers and asks for a while"))
@click.argument("who", type=MEMBER)
@records
def command(session: Session, who: str) -> None:
    """Hide the offers and asks of WHO until they resume.

    \b
    natverk pause Åsa
    """
    from ledger.commands import Pause  # noqa: PLC0415 - not for --help

    session.record(Pause, member=session.member(who))
