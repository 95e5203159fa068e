"""`natverk tell`."""

from __future__ import annotations

import click

from cli.arguments import INITIATIVE, MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("tell", short_help=_("record who told whom about an initiative"))
@click.argument("teller", type=MEMBER)
@click.argument("listener", type=MEMBER, nargs=-1, required=True)
@click.option(
    "--about",
    "initiative",
    metavar="INITIATIVE",
    type=INITIATIVE,
    required=True,
    help=_("What was told about."),
)
@click.option("--heard-from", metavar="POS", help=_("The telling in which the teller heard of it."))
@records
def command(
    session: Session,
    teller: str,
    listener: tuple[str, ...],
    initiative: str,
    heard_from: str | None,
) -> None:
    """Record that TELLER told each LISTENER about an initiative.

    \b
    natverk tell Åsa Knut Eva --about "soup evenings"
    natverk tell Knut Omar --about "soup evenings" --heard-from 412
    """
    from ledger.commands import Tell  # noqa: PLC0415 - not for --help

    session.record(
        Tell,
        teller=session.member(teller),
        listeners=tuple(session.member(each) for each in listener),
        initiative=session.initiative(initiative),
        heard_from=None if heard_from is None else session.position(heard_from),
    )
