"""`natverk undo`."""

from __future__ import annotations

import click

from cli.context import Session
from cli.language import _
from cli.options import records_now


@click.command("undo", short_help=_("take back what was recorded last"))
@click.argument("entry", metavar="[POS]", required=False)
@records_now
def command(session: Session, entry: str | None) -> None:
    """Take back what you recorded last, or the entry at POS; it says which.

    Yours is what `natverk me` says, or --recorded-by; when neither says anyone, the last
    entry of all is taken back. Of a correction, the old values are recorded again.

    \b
    natverk undo
    natverk undo 412
    """
    from cli.correcting import say_standing_after, undone  # noqa: PLC0415 - not for --help
    from cli.sentences import sentences  # noqa: PLC0415
    from ledger.areas import CORRECTIONS  # noqa: PLC0415
    from ledger.commands import Undo  # noqa: PLC0415

    target = None if entry is None else session.position(entry)
    recorded = session.record(Undo, target=target)
    rows = undone(session, recorded)
    for row, told in zip(rows, sentences(session, rows), strict=True):
        session.note(_("undone: {entry}").format(entry=told))
        if row["type"] in CORRECTIONS:
            session.note(_("what was so before is recorded again"))
    say_standing_after(session, recorded)
