"""`natverk return`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER, RESOURCE
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("return", short_help=_("take a loan back"))
@click.argument("resource", type=RESOURCE)
@click.argument("borrower", metavar="[WHO]", required=False, type=MEMBER)
@records
def command(session: Session, resource: str, borrower: str | None) -> None:
    """Record that RESOURCE has come back; WHO is needed when several members have one.

    \b
    natverk return lastcykel
    """
    from ledger.commands import ReturnResource  # noqa: PLC0415 - not for --help

    session.record(
        ReturnResource,
        resource=session.resource(resource),
        borrower=None if borrower is None else session.member(borrower),
    )
