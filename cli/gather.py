"""`natverk gather`."""

from __future__ import annotations

import click

from cli.arguments import FOR_HELP, INITIATIVE, MEMBER, text_argument
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("gather", short_help=_("record that members came together"))
@click.argument("what", callback=text_argument)
@click.option(
    "--with",
    "participants",
    metavar="WHO",
    type=MEMBER,
    multiple=True,
    required=True,
    help=_("Who was there; given once for each."),
)
@click.option("--for", "initiative", metavar="INITIATIVE", type=INITIATIVE, help=FOR_HELP)
@records
def command(
    session: Session, what: str, participants: tuple[str, ...], initiative: str | None
) -> None:
    """Record a gathering that took place, and who was there.

    \b
    natverk gather "cooking for thirty" --with Åsa --with Knut --at friday
    """
    from ledger.commands import Gather  # noqa: PLC0415 - not for --help

    session.record(
        Gather,
        participants=tuple(session.member(each) for each in participants),
        what=what,
        initiative=None if initiative is None else session.initiative(initiative),
    )
