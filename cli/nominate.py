"""`natverk nominate`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("nominate", short_help=_("record whom a member names as giving most"))
@click.argument("nominator", metavar="WHO", type=MEMBER)
@click.argument("nominee", metavar="AS-GIVER", type=MEMBER)
@click.option("--survey", metavar="NAME", help=_("Of which survey; a word, in the log for good."))
@records
def command(session: Session, nominator: str, nominee: str, survey: str | None) -> None:
    """Record that WHO, asked who gives most, named AS-GIVER.

    \b
    natverk nominate Knut Eva --survey autumn-2026
    """
    from ledger.commands import Nominate  # noqa: PLC0415 - not for --help

    session.record(
        Nominate,
        nominator=session.member(nominator),
        nominee=session.member(nominee),
        survey=survey,
    )
