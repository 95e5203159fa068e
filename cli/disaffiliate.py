"""`natverk disaffiliate`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("disaffiliate", short_help=_("say that a person no longer acts for one"))
@click.argument("person", type=MEMBER)
@click.argument("organisation", type=MEMBER)
@click.option("--role", metavar="WORD", help=_("Only in this role; else in all."))
@records
def command(session: Session, person: str, organisation: str, role: str | None) -> None:
    """Record that PERSON no longer acts for ORGANISATION.

    \b
    natverk disaffiliate Knut "Café Linden"
    """
    from ledger.commands import Disaffiliate  # noqa: PLC0415 - not for --help

    session.record(
        Disaffiliate,
        person=session.member(person),
        organisation=session.member(organisation),
        role=role,
    )
