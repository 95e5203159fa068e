"""`natverk restore`."""

from __future__ import annotations

from pathlib import Path

import click

from cli import render
from cli.backup import held, row_of
from cli.language import _
from cli.options import asks, session_of


@click.command("restore", short_help=_("make a ledger from a backup"))
@click.argument("file", metavar="FILE")
@asks
@click.pass_context
def command(context: click.Context, file: str) -> None:
    """Make a ledger where there is none from what `natverk backup` wrote.

    Everything in the backup is checked first. What was recorded since it was made
    is not in it: record that again. Who was forgotten since is in it again:
    `natverk forgotten apply` erases them.

    \b
    natverk restore /media/stick/natverk-backup.db
    natverk restore natverk-2026-11-03.db --ledger looked-at.db
    """
    from ledger.copies import restore  # noqa: PLC0415 - not for --help
    from projections.registry import PROJECTIONS  # noqa: PLC0415

    session = session_of(context)
    copy = restore(Path(file), session.path, PROJECTIONS, session.clock)
    if session.json:
        render.print_object(row_of(session, session.path, copy))
    else:
        render.write(
            _("{path} is restored from {file}: {held}\n").format(
                path=session.path, file=file, held=held(session, copy)
            )
        )
    session.note(
        _("who was forgotten since then is in it again: natverk forgotten apply erases them")
    )
