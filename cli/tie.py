"""`natverk tie`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("tie", short_help=_("declare a relation between two members"))
@click.argument("first", metavar="A", type=MEMBER)
@click.argument("second", metavar="B", type=MEMBER)
@click.option("--nature", metavar="WORD", help=_("Which: neighbour … It is in the log for good."))
@records
def command(session: Session, first: str, second: str, nature: str | None) -> None:
    """Record that A and B, people or organisations, have a relation; there may be several.

    \b
    natverk tie Åsa Knut --nature neighbour
    """
    from ledger.commands import Tie  # noqa: PLC0415 - not for --help

    session.record(Tie, first=session.member(first), second=session.member(second), nature=nature)
