"""`natverk affiliate`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("affiliate", short_help=_("say that a person acts for an organisation"))
@click.argument("person", type=MEMBER)
@click.argument("organisation", type=MEMBER)
@click.option("--role", metavar="WORD", help=_("As what: treasurer … It is in the log for good."))
@records
def command(session: Session, person: str, organisation: str, role: str | None) -> None:
    """Record that PERSON acts for ORGANISATION; a person may have several roles in one.

    \b
    natverk affiliate Knut "Café Linden" --role baker
    """
    from ledger.commands import Affiliate  # noqa: PLC0415 - not for --help

    session.record(
        Affiliate,
        person=session.member(person),
        organisation=session.member(organisation),
        role=role,
    )
