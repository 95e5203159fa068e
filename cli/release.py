"""`natverk release`."""

from __future__ import annotations

import click

from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("release", short_help=_("give a booking back"))
@click.argument("booking")
@records
def command(session: Session, booking: str) -> None:
    """Give BOOKING back, or what is left of it.

    \b
    natverk release b3
    """
    from ledger.commands import Release  # noqa: PLC0415 - not for --help

    session.record(Release, booking=session.booking(booking))
