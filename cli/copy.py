"""`natverk copy`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.files import OverTheLedger, check_other_than
from cli.language import N_, _, plural
from cli.options import json_option, network_option, session_of
from ledger.errors import (
    ConnectionLost,
    EmptyText,
    LedgerError,
    LedgerMissing,
    MaybeRecorded,
    NotALedger,
    Usage,
)
from ledger.places import Server, is_same, place_of

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.copying import Copied

_GOES_ON = N_("what has come stays, and nobody can open it yet; the same command goes on with it")
_HINTS: dict[type[LedgerError], str] = {  # where others speak of --ledger
    LedgerMissing: N_("check the path: natverk copy FROM TO copies the ledger at FROM"),
    NotALedger: N_("check FROM and TO: each is a ledger, or there is nothing at TO yet"),
    OverTheLedger: N_("choose another place for the copy"),
    **dict.fromkeys((ConnectionLost, MaybeRecorded), _GOES_ON),
}


class LedgerTwice(Usage):
    """A ledger was named beside the two that a copy is about."""

    message = "copy takes the ledger as FROM, and no --ledger"
    hint = "write natverk copy FROM TO"


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
    on, and TO has everything up to there; copy --move TO FROM is the way back.

    \b
    natverk copy natverk.db postgresql://host/natverk
    natverk copy postgresql://host/natverk natverk.db
    natverk copy --move natverk.db postgresql://host/natverk
    """
    session = session_of(context)
    session.tells_moved = False
    with _hinting():
        place = _places(session, source, target)
        session.interrupted = _GOES_ON
        copied = _moved(session, place) if move else _copied(session, place)
    if session.json:
        render.print_object(_row(place, copied))
    else:
        entries = plural("{n} entry", "{n} entries", copied.entries).format(n=copied.entries)
        render.write(
            _("{path} is a copy of {source}: {entries}, {new} new\n").format(
                path=place, source=session.place, entries=entries, new=copied.new
            )
        )
    left = session.database.moved is not None
    session.note(_state(copied, left=left).format(path=place, source=session.place))


def _state(copied: Copied, *, left: bool) -> str:
    """In which of the two one can record now; `left`: the network has moved to the copy."""
    if left:
        return _("from now on record in {path}: {source} is closed")
    if copied.open:
        return _("one can record in both now, and then they part; --move closes {source}")
    return _("{path} stays closed, as the network has moved from there; --move moves it back")


@contextmanager
def _hinting() -> Iterator[None]:
    """Give errors the hints that fit a copy."""
    try:
        yield
    except LedgerError as error:
        error.hint = _HINTS.get(type(error), error.hint)
        raise


def _places(session: Session, source: str, target: str) -> str | Server:
    """Where the copy goes, once the session is about the ledger that is copied.

    Raises `LedgerTwice`, `EmptyText`, and `OverTheLedger` when the two are the same.
    """
    if session.ledger_option is not None:
        raise LedgerTwice
    for text, what in ((source, "FROM"), (target, "TO")):
        if not text:
            raise EmptyText(what=what)
    session.ledger_option = source
    place = place_of(target)
    _check_other(session.place, place)
    found = session.database.path  # which a directory may have led to
    if isinstance(found, Server):
        _check_other(found, place)
    return place


def _check_other(source: str | Server, target: str | Server) -> None:
    """Raises `OverTheLedger` when a copy would be made onto the ledger itself."""
    if is_same(source, target):
        raise OverTheLedger(path=str(target))
    if not isinstance(target, Server):
        check_other_than(source, Path(target))


def _moved(session: Session, place: str | Server) -> Copied:
    """Copy it, let nobody record in it any more, and copy what came meanwhile."""
    from ledger.copying import fence  # noqa: PLC0415 - not for --help

    first = _copied(session, place, moving=True)
    to = place.without_password if isinstance(place, Server) else str(Path(place).absolute())
    fence(session.ledger, to)
    session.close()
    last = _copied(session, place)
    return replace(last, new=first.new + last.new)


def _copied(session: Session, place: str | Server, *, moving: bool = False) -> Copied:
    from ledger.copying import copy  # noqa: PLC0415 - not for --help
    from projections.registry import PROJECTIONS  # noqa: PLC0415

    def tell(come: int, of: int) -> None:
        if sys.stderr.isatty() and come < of:
            render.note(_("{entries} of {all} entries").format(entries=come, all=of))

    target = place if isinstance(place, Server) else Path(place)
    return copy(session.database, target, PROJECTIONS, session.clock, tell, moving=moving)


def _row(place: str | Server, copied: Copied) -> dict[str, Any]:
    """What a copy holds, for programs."""
    from ledger.notes import in_base64  # noqa: PLC0415 - only for programs

    return {
        "path": str(place),
        "entries": copied.entries,
        "new": copied.new,
        "root": in_base64(copied.checkpoint.root),
        "open": copied.open,
    }
