"""`natverk withdraw`."""

from __future__ import annotations

import click

from cli.arguments import RESOURCE
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("withdraw", short_help=_("stop offering something"))
@click.argument("resource", type=RESOURCE)
@records
def command(session: Session, resource: str) -> None:
    """Stop offering RESOURCE; its coming bookings end with the offer.

    \b
    natverk withdraw lastcykel
    """
    from cli.ending import ended_by_withdrawing, say_ended  # noqa: PLC0415 - not for --help
    from ledger.commands import Withdraw  # noqa: PLC0415

    withdrawn = session.resource(resource)
    ended = ended_by_withdrawing(session, withdrawn)
    if session.record(Withdraw, resource=withdrawn).events:
        say_ended(session, ended)
