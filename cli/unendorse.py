"""`natverk unendorse`."""

from __future__ import annotations

import click

from cli.arguments import INITIATIVE, MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("unendorse", short_help=_("vouch for an initiative no longer"))
@click.argument("endorser", metavar="WHO", type=MEMBER)
@click.argument("initiative", type=INITIATIVE)
@records
def command(session: Session, endorser: str, initiative: str) -> None:
    """Record that WHO no longer vouches for INITIATIVE.

    \b
    natverk unendorse "Café Linden" "soup evenings"
    """
    from ledger.commands import Unendorse  # noqa: PLC0415 - not for --help

    session.record(
        Unendorse,
        endorser=session.member(endorser),
        initiative=session.initiative(initiative),
    )
