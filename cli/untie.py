"""`natverk untie`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("untie", short_help=_("say that a declared relation is no more"))
@click.argument("first", metavar="A", type=MEMBER)
@click.argument("second", metavar="B", type=MEMBER)
@click.option("--nature", metavar="WORD", help=_("Only the relation of this nature; else all."))
@records
def command(session: Session, first: str, second: str, nature: str | None) -> None:
    """Record that A and B no longer have a relation.

    \b
    natverk untie Åsa Knut --nature neighbour
    """
    from ledger.commands import Untie  # noqa: PLC0415 - not for --help

    session.record(Untie, first=session.member(first), second=session.member(second), nature=nature)
