"""`natverk join`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records
from ledger.errors import Usage


class BackAsSomethingElse(Usage):
    """Who comes back is what they were."""

    message = "--organisation does not go with --back"
    hint = "who comes back is the same person or organisation as before"


@click.command("join", short_help=_("let someone in, or back"))
@click.argument("name")
@click.option("--organisation", is_flag=True, help=_("An organisation, and not a person."))
@click.option("--invited-by", metavar="WHO", type=MEMBER, help=_("The member who invited them."))
@click.option("--back", is_flag=True, help=_("Someone who had left returns, history and all."))
@records
def command(
    session: Session, name: str, organisation: bool, invited_by: str | None, back: bool
) -> None:
    """Let NAME in, or with --back let someone who had left return.

    \b
    natverk join "Åsa Öberg" --invited-by Knut
    natverk join "Café Linden" --organisation
    natverk join Åsa --back
    """
    from ledger.commands import Join, Return  # noqa: PLC0415 - not for --help

    inviter = None if invited_by is None else session.member(invited_by)
    if back and organisation:
        raise BackAsSomethingElse()
    if back:
        session.record(Return, member=session.member(name, gone=True), invited_by=inviter)
    else:
        kind = "organisation" if organisation else "person"
        session.record(Join, name=name, kind=kind, invited_by=inviter)
