"""`natverk import events`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from cli import render
from cli.arguments import standard_input
from cli.language import _, plural
from cli.options import asks, session_of
from cli.tables.lines import Faults, plain_stream, text_lines
from ledger.errors import LedgerError, LedgerMissing, TableUnreadable
from ledger.forgetting import ErasurePending
from ledger.places import Server

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.intake import Lines, Taken
    from ledger.transfer import Header


class TakenUntilTheLost(LedgerError):
    """An export of a damaged ledger was taken in up to the first entry that it lacks."""

    message = (
        "entry {entries} is lost, so nothing from there on was taken in; {left} later are left"
    )
    hint = "the export itself is the only place where the later entries are: keep it"


@click.command("events", short_help=_("the events that another ledger exported"))
@click.argument("file", metavar="FILE")
@asks
@click.pass_context
def events(context: click.Context, file: str) -> None:
    """Take in the events that `natverk export --ndjson` wrote; - is standard input.

    Where there is no ledger yet, one is made: the same, entry for entry. Where
    the same ledger is, it goes on with the entries that it does not have yet.
    Anything else is refused. Each 10,000 entries are recorded at once; an
    import that was interrupted is completed by running it again.

    \b
    natverk --ledger copy.db import events backup.ndjson
    natverk import events backup.ndjson.gz
    """
    from ledger.intake import read_header, take_in  # noqa: PLC0415 - not for --help

    session = session_of(context)
    with _source(file) as stream:
        faults: Faults = {}
        lines = _lines(text_lines(plain_stream(file, stream), faults), faults)
        header = read_header(lines)
        with _made(session, header):
            taken = take_in(session.ledger, header, lines, _progress(header))
    _say(session, header, taken)
    if header.lost is not None:
        raise TakenUntilTheLost(entries=[header.lost], left=taken.left)


@contextmanager
def _source(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield standard_input()
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except OSError as error:
        raise TableUnreadable(path=file, reason=error.strerror or str(error)) from None


def _lines(texts: Iterator[str], faults: Faults) -> Lines:
    for number, text in enumerate(texts, 1):
        if number in faults:
            raise faults[number]
        yield number, text


@contextmanager
def _made(session: Session, header: Header) -> Iterator[None]:
    """A ledger to import into, made if there is none; taken away if nothing came into it."""
    from ledger.founding import create  # noqa: PLC0415 - not for --help

    if isinstance(session.place, Server):
        with _made_on(session.place, session, header):
            yield
        return
    path = session.path
    if path.exists() and path.stat().st_size:
        yield
        return
    create(path, os.urandom, header.network, header.secret)
    try:
        yield
    except BaseException:
        if session.ledger.database.head() == 0:
            session.close()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
        raise


@contextmanager
def _made_on(server: Server, session: Session, header: Header) -> Iterator[None]:
    """The same in a database of a server, where it may lie beside other networks."""
    from ledger.founding import SECRET_BYTES  # noqa: PLC0415 - not for --help
    from ledger.networks import UnknownNetwork  # noqa: PLC0415
    from ledger.postgres.connection import connect  # noqa: PLC0415 - a library
    from ledger.postgres.store import made  # noqa: PLC0415

    network = server.network or header.network
    session.place = Server(server.uri, network)
    try:
        connect(session.place).close()
    except (LedgerMissing, UnknownNetwork):
        secret = header.secret or os.urandom(SECRET_BYTES)
        with made(server, session.folds, network, secret):
            try:
                yield
            except BaseException:
                session.close()
                raise
        return
    yield


def _progress(header: Header) -> Callable[[Taken], None]:
    def tell(taken: Taken) -> None:
        if sys.stderr.isatty() and taken.entries < header.position:
            render.note(
                _("{entries} of {all} entries").format(entries=taken.entries, all=header.position)
            )

    return tell


def _say(session: Session, header: Header, taken: Taken) -> None:
    if session.json:
        row = {"new": taken.new, "seen": taken.seen, "position": taken.entries}
        render.print_object(row)
    else:
        new = plural("{n} new entry", "{n} new entries", taken.new).format(n=taken.new)
        render.write(
            _("{new}, {seen} seen before; {path} has the export up to #{position}\n").format(
                new=new, seen=taken.seen, path=session.place, position=taken.entries
            )
        )
    if taken.new and not header.personal:
        session.note(_("the export has no personal texts: names show as [forgotten]"))
    if session.ledger.erasing:
        raise ErasurePending()
