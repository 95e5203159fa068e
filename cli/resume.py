"""`natverk resume`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("resume", short_help=_("end a pause"))
@click.argument("who", type=MEMBER)
@records
def command(session: Session, who: str) -> None:
    """End the pause of WHO: their offers and asks are seen again.

    \b
    natverk resume Åsa
    """
    from ledger.commands import Resume  # noqa: PLC0415 - not for --help

    session.record(Resume, member=session.member(who))
