"""`natverk forgotten`: the list of those who were forgotten, out and into a restored backup."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import render
from cli.arguments import standard_input
from cli.files import check_other_than, writing
from cli.language import _, plural
from cli.options import asks, ledger_option, session_of
from ledger.errors import TableUnreadable

if TYPE_CHECKING:
    from ledger.forgotten import Applied

_MOST_BYTES = 64 * 1024 * 1024


@click.group("forgotten", short_help=_("carry forgettings to a restored backup"))
def command() -> None:
    """Carry forgettings to a backup that was restored, or to any copy of the ledger.

    The list holds no names: ids, positions, and checksums of what was erased.
    Keep it beside the backups, and write it anew whenever someone was forgotten.

    \b
    natverk forgotten export forgotten.json
    natverk --ledger restored.db forgotten apply forgotten.json
    """


@command.command("export", short_help=_("write the list of those who were forgotten"))
@click.argument("file", metavar="FILE")
@ledger_option
@click.pass_context
def export(context: click.Context, file: str) -> None:
    """Write the list of those who were forgotten to FILE; - is standard output.

    \b
    natverk forgotten export forgotten.json
    """
    from ledger.forgotten import forgettings, written  # noqa: PLC0415 - not for --help

    session = session_of(context)
    found = forgettings(session.database)
    if file == "-":
        render.write(written(found))
        return
    check_other_than(session.place, Path(file))
    with writing(Path(file)) as stream:
        stream.write(written(found).encode())
    count = len(found.people)
    session.note(
        plural("{n} member written to {path}", "{n} members written to {path}", count).format(
            n=count, path=file
        )
    )


@command.command("apply", short_help=_("forget here who is on a list"))
@click.argument("file", metavar="FILE")
@asks
@click.pass_context
def apply(context: click.Context, file: str) -> None:
    """Forget in this ledger everyone on the list in FILE; - is standard input.

    Who is not known here is left out. Applied again, it changes nothing.

    \b
    natverk --ledger restored.db forgotten apply forgotten.json
    """
    from ledger.forgetting import ErasurePending  # noqa: PLC0415 - not for --help
    from ledger.forgotten import apply, read  # noqa: PLC0415

    session = session_of(context)
    found = read(file, _content(file))
    applied = apply(session.ledger, found)
    if session.json:
        render.print_object(asdict(applied))
    else:
        render.write(_said(applied))
    if session.ledger.erasing:
        raise ErasurePending()


def _content(file: str) -> str:
    try:
        if file == "-":
            data = standard_input().read(_MOST_BYTES)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(_MOST_BYTES)
    except OSError as error:
        raise TableUnreadable(path=file, reason=error.strerror or str(error)) from None
    return data.decode("utf-8", errors="replace")


def _said(applied: Applied) -> str:
    now = plural("{n} member forgotten", "{n} members forgotten", applied.forgotten)
    parts = [now.format(n=applied.forgotten)]
    for count, template in (
        (applied.again, _("{n} erased again")),
        (applied.already, _("{n} forgotten before")),
        (applied.unknown, _("{n} not known here")),
    ):
        if count:
            parts.append(template.format(n=count))
    return ", ".join(parts) + "\n"
