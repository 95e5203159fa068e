"""`natverk note`."""

from __future__ import annotations

import click

from cli.arguments import text_argument
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("note", short_help=_("add words to an entry"))
@click.argument("target", metavar="POS")
@click.argument("text", callback=text_argument)
@records
def command(session: Session, target: str, text: str) -> None:
    """Add TEXT to the entry at POS; - reads it from standard input, @FILE from a file.

    \b
    natverk note 412 "it rained, and they came anyway"
    """
    from ledger.commands import Note  # noqa: PLC0415 - not for --help

    session.record(Note, target=session.position(target), text=text)
