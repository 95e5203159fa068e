"""`natverk dispute`."""

from __future__ import annotations

import click

from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("dispute", short_help=_("say that a gift did not take place as recorded"))
@click.argument("gift", metavar="POS")
@records
def command(session: Session, gift: str) -> None:
    """Say that the gift at POS did not take place as recorded; a later word counts.

    It is for the giver or the receiver to say, of a gift to everyone for any member; not for
    whoever recorded it.

    \b
    natverk dispute 412 --recorded-by Knut
    """
    from ledger.commands import Dispute  # noqa: PLC0415 - not for --help

    session.record(Dispute, gift=session.position(gift))
