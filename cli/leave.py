"""`natverk leave`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("leave", short_help=_("end a membership"))
@click.argument("who", type=MEMBER)
@records
def command(session: Session, who: str) -> None:
    """End the membership of WHO, and with it their offers, asks and coming bookings.

    Nothing is deleted; natverk join --back lets them return under the same id.

    \b
    natverk leave Åsa
    """
    from cli.ending import ended_by_leaving, say_ended  # noqa: PLC0415 - not for --help
    from ledger.commands import Leave  # noqa: PLC0415

    member = session.member(who)
    ended = ended_by_leaving(session, member)
    if session.record(Leave, member=member).events:
        say_ended(session, ended)
