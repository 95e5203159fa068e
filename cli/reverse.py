"""`natverk reverse`."""

from __future__ import annotations

import click

from cli.arguments import text_argument
from cli.context import Session
from cli.language import _
from cli.options import records_now


@click.command("reverse", short_help=_("take an entry back"))
@click.argument("entry", metavar="POS")
@click.option(
    "--reason", metavar="TEXT", required=True, callback=text_argument, help=_("Why, in words.")
)
@records_now
def command(session: Session, entry: str, reason: str) -> None:
    """Take the entry at POS back, as if it had never been recorded.

    It stays in the log, marked; no answer counts it any more.

    \b
    natverk reverse 412 --reason "recorded twice"
    """
    from cli.correcting import say_standing_after  # noqa: PLC0415 - not for --help
    from ledger.commands import Reverse  # noqa: PLC0415

    recorded = session.record(Reverse, target=session.position(entry), reason=reason)
    say_standing_after(session, recorded)
