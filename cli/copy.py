"""`natverk copy`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.files import OverTheLedger, check_other_than
from cli.language import _, plural
from cli.options import json_option, network_option, session_of
from ledger.places import Server, is_same, place_of

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.copying import Copied


@click.command("copy", short_help=_("copy the ledger from a file or server to another"))
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option(
    "--move", is_flag=True, help=_("Then let nobody record in FROM, and say where it is.")
)
@network_option
@json_option
@click.pass_context
def command(context: click.Context, source: str, target: str, move: bool) -> None:
    """Copy a ledger to another file or server: the same, byte for byte.

    FROM and TO are each the path of a file or the address of a server. Others may
    go on recording in FROM meanwhile. All of the copy is checked before this is
    done, and until then nobody can open it. Run again, the same command goes on
    with a copy that was broken off, or brings what was recorded since, also
    whom was forgotten. With --move nothing more is recorded in FROM from some moment
    on, and TO has everything up to there.

    \b
    natverk copy natverk.db postgresql://host/natverk
    natverk copy postgresql://host/natverk natverk.db
    natverk copy --move natverk.db postgresql://host/natverk
    """
    session, place = session_of(context), place_of(target)
    session.ledger_option = source
    _check_other(session.place, place)
    copied = _copied(session, place)
    if move:
        from ledger.copying import fence  # noqa: PLC0415 - not for --help

        to = place.without_password if isinstance(place, Server) else str(Path(place).absolute())
        fence(session.ledger, to)
        session.close()
        last = _copied(session, place)
        copied = replace(last, new=copied.new + last.new)
    if session.json:
        render.print_object(_row(place, copied))
        return
    entries = plural("{n} entry", "{n} entries", copied.entries).format(n=copied.entries)
    render.write(
        _("{path} is a copy of {source}: {entries}, {new} new\n").format(
            path=place, source=session.place, entries=entries, new=copied.new
        )
    )


def _check_other(source: str | Server, target: str | Server) -> None:
    """Raises `OverTheLedger` when a copy would be made onto the ledger itself."""
    if is_same(source, target):
        raise OverTheLedger(path=str(target))
    if not isinstance(target, Server):
        check_other_than(source, Path(target))


def _copied(session: Session, place: str | Server) -> Copied:
    from ledger.copying import copy  # noqa: PLC0415 - not for --help
    from projections.registry import PROJECTIONS  # noqa: PLC0415

    def tell(come: int, of: int) -> None:
        if sys.stderr.isatty() and come < of:
            render.note(_("{entries} of {all} entries").format(entries=come, all=of))

    target = place if isinstance(place, Server) else Path(place)
    return copy(session.database, target, PROJECTIONS, session.clock, tell)


def _row(place: str | Server, copied: Copied) -> dict[str, Any]:
    """What a copy holds, for programs."""
    from ledger.notes import in_base64  # noqa: PLC0415 - only for programs

    return {
        "path": str(place),
        "entries": copied.entries,
        "new": copied.new,
        "root": in_base64(copied.checkpoint.root),
    }
