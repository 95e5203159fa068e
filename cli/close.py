"""`natverk close`."""

from __future__ import annotations

import click

from cli.arguments import ASK, only_one
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("close", short_help=_("end an ask"))
@click.argument("ask", type=ASK)
@click.option("--met", is_flag=True, help=_("What was asked for has come."))
@click.option("--withdrawn", is_flag=True, help=_("It is no longer asked for."))
@click.option("--lapsed", is_flag=True, help=_("It came to nothing."))
@records
def command(session: Session, ask: str, met: bool, withdrawn: bool, lapsed: bool) -> None:
    """End ASK as met, withdrawn or lapsed.

    \b
    natverk close a4 --met
    """
    from ledger.commands import Close  # noqa: PLC0415 - not for --help

    outcome = only_one(met=met, withdrawn=withdrawn, lapsed=lapsed)
    session.record(Close, ask=session.ask(ask), outcome=outcome)
