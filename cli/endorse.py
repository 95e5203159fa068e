"""`natverk endorse`."""

from __future__ import annotations

import click

from cli.arguments import INITIATIVE, MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("endorse", short_help=_("vouch for an initiative"))
@click.argument("endorser", metavar="WHO", type=MEMBER)
@click.argument("initiative", type=INITIATIVE)
@records
def command(session: Session, endorser: str, initiative: str) -> None:
    """Record that WHO vouches for INITIATIVE, until they withdraw it.

    \b
    natverk endorse "Café Linden" "soup evenings"
    """
    from ledger.commands import Endorse  # noqa: PLC0415 - not for --help

    session.record(
        Endorse,
        endorser=session.member(endorser),
        initiative=session.initiative(initiative),
    )
