"""`natverk follow-up`."""

from __future__ import annotations

import click

from cli.arguments import only_one
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("follow-up", short_help=_("say what came of an introduction"))
@click.argument("introduction", metavar="POS")
@click.option("--met", is_flag=True, help=_("They met."))
@click.option("--collaborated", is_flag=True, help=_("They did something together."))
@click.option("--nothing", is_flag=True, help=_("Nothing came of it."))
@records
def command(
    session: Session, introduction: str, met: bool, collaborated: bool, nothing: bool
) -> None:
    """Say what came of the introduction at POS; a later word counts.

    \b
    natverk follow-up 412 --collaborated
    """
    from ledger.commands import FollowUp  # noqa: PLC0415 - not for --help

    outcome = only_one(met=met, collaborated=collaborated, nothing=nothing)
    session.record(FollowUp, introduction=session.position(introduction), outcome=outcome)
