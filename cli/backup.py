"""`natverk backup`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.files import check_other_than
from cli.language import _, plural
from cli.options import asks, session_of
from cli.when import iso, shown

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.copies import Copy


@click.command("backup", short_help=_("copy the ledger, and check the copy"))
@click.argument("file", metavar="FILE")
@asks
@click.pass_context
def command(context: click.Context, file: str) -> None:
    """Copy the ledger to a file, while others may go on recording.

    The copy is checked, entry by entry and row by row, before it takes its name;
    an earlier backup of the same ledger is replaced, nothing else is. It holds
    names and all other personal texts, and only you may read it. Keep it on
    another disk. `natverk restore` makes a ledger of it again.

    \b
    natverk backup /media/stick/natverk-backup.db
    natverk backup "natverk-$(date +%F).db"
    """
    from ledger.copies import back_up  # noqa: PLC0415 - not for --help

    session, target = session_of(context), Path(file)
    source = session.path
    _ready = session.database  # whose rows are now up to date
    check_other_than(source, target)
    copy = back_up(source, target, session.folds)
    if session.json:
        render.print_object(row_of(session, target, copy))
        return
    render.write(
        _("{path} is backed up in {file}: {held}\n").format(
            path=source, file=target, held=held(session, copy)
        )
    )


def row_of(session: Session, path: Path, copy: Copy) -> dict[str, Any]:
    """What a copy holds, as an object for programs."""
    return {
        "path": str(path),
        "entries": copy.entries,
        "position": copy.position,
        "recorded_at": iso(copy.recorded_at, session.zone),
    }


def held(session: Session, copy: Copy) -> str:
    """What a copy holds, in words."""
    entries = plural("{n} entry", "{n} entries", copy.entries).format(n=copy.entries)
    return _("{entries}, the last #{position}, recorded {when}").format(
        entries=entries, position=copy.position, when=shown(copy.recorded_at, session.zone)
    )
