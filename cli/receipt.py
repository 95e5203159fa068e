"""`natverk receipt`."""

from __future__ import annotations

import click

from cli import render
from cli.language import _
from cli.options import asks, session_of
from ledger.refusals import UnknownId


@click.command("receipt", short_help=_("a proof of one entry, to take away"))
@click.argument("entry", metavar="POS")
@asks
@click.pass_context
def command(context: click.Context, entry: str) -> None:
    """Print a proof that the entry at POS is in the log, for someone without the ledger.

    It holds the entry as it is stored, without names and other personal texts, and
    the newest kept checkpoint over it, rather one that is signed; without any, one
    is made. natverk verify-receipt checks it.

    \b
    natverk receipt 412 > 412.tlog-proof
    """
    from cli.checkpoints import kept_now, receipt_row, signed_by  # noqa: PLC0415 - not for --help
    from ledger.checkpoints import covering, receipt_of  # noqa: PLC0415

    session = session_of(context)
    position = session.position(entry)
    if session.database.entry(position) is None:
        raise UnknownId(what="entry", id=f"#{position}")
    checkpoint = covering(session.database, position) or kept_now(session)
    receipt = receipt_of(session.database, position, checkpoint)
    if session.json:
        row = receipt_row(receipt, signed_by(receipt.checkpoint))
        render.print_object({**row, "receipt": str(receipt)})
    else:
        render.print_lines([str(receipt)])
