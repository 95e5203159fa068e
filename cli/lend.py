"""`natverk lend`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER, RESOURCE
from cli.context import Session
from cli.language import _
from cli.options import records
from cli.periods import coming_end


@click.command("lend", short_help=_("let a member take a resource along"))
@click.argument("resource", type=RESOURCE)
@click.argument("borrower", metavar="WHO", type=MEMBER)
@click.option("--due", metavar="WHEN", help=_("When it should be back; a date: with that day."))
@records
def command(session: Session, resource: str, borrower: str, due: str | None) -> None:
    """Record that WHO takes RESOURCE along, until it is returned.

    \b
    natverk lend lastcykel Knut --due friday
    """
    from ledger.commands import Lend  # noqa: PLC0415 - not for --help

    session.record(
        Lend,
        resource=session.resource(resource),
        borrower=session.member(borrower),
        due=None if due is None else coming_end(session, due),
    )
