"""`natverk export`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cli import render
from cli.context import nothing_in
from cli.files import check_other_than, writing
from cli.language import _, plural
from cli.options import ledger_option, session_of
from ledger import errors
from ledger.database import Database
from ledger.errors import Usage
from ledger.places import Server
from ledger.refusals import NotFounded

if TYPE_CHECKING:
    from cli.context import Session


BROKEN = (  # what a damaged file leads to; the last three: a value is of another type
    *(sqlite3.Error, errors.LedgerDamaged, errors.NotALedger, errors.DamagedEntry),
    *(errors.DiskFailed, NotFounded, ValueError, TypeError, AttributeError),
)


class OneKindOfExport(Usage):
    """An export is of events, of tables or of one member."""

    message = "give one of --ndjson FILE, --csv DIR and --about WHO FILE"
    hint = "--ndjson - writes to standard output"


@click.command("export", short_help=_("write the ledger out, losslessly or as tables"))
@click.option(
    "--ndjson", metavar="FILE", help=_("The events, losslessly, a line each; - is stdout.")
)
@click.option(
    "--csv", metavar="DIR", help=_("Tables for a spreadsheet, a file each, in this folder.")
)
@click.option(
    "--about",
    metavar="WHO FILE",
    nargs=2,
    help=_("All that is held about a member, for them, in JSON; - is stdout."),
)
@click.option("--without-personal", is_flag=True, help=_("Leave out names and all free text."))
@ledger_option
@click.pass_context
def command(
    context: click.Context,
    ndjson: str | None,
    csv: str | None,
    about: tuple[str, str] | None,
    without_personal: bool,
) -> None:
    """Write the ledger out: its events, losslessly, or tables for a spreadsheet.

    `natverk import events` reads the events back, into an empty place or on
    from where the same ledger stands. Names and other personal texts are in
    the file unless they are left out; whoever gets it can read them. With
    --about a member gets everything held about them, and no more of others
    than the entries about them show. Of a damaged ledger, what can be read is
    written to FILE, and the exit code is 4.

    \b
    natverk export --ndjson backup.ndjson
    natverk export --ndjson - --without-personal | gzip > events.ndjson.gz
    natverk export --csv tables
    natverk export --about Åsa asa.json
    """
    kinds = sum(kind is not None for kind in (ndjson, csv, about))
    if kinds != 1 or (about is not None and without_personal):
        raise OneKindOfExport()
    session = session_of(context)
    if ndjson is not None:
        _events(session, ndjson, personal=not without_personal)
    elif about is not None:
        _about(session, *about)
    else:
        _tables(session, Path(str(csv)), personal=not without_personal)


def _events(session: Session, target: str, *, personal: bool) -> None:
    from ledger.transfer import exported  # noqa: PLC0415 - not for --help

    if target == "-":
        with _reading(session) as database:
            render.print_lines(exported(database, personal=personal))
        return
    path = Path(target)
    check_other_than(session.place, path)
    try:
        with _reading(session) as database:
            _write(path, exported(database, personal=personal))
            entries = database.head()
    except BROKEN as broken:
        _saved(session, path, broken, personal=personal)
    session.note(
        plural("{n} entry written to {path}", "{n} entries written to {path}", entries).format(
            n=entries, path=path
        )
    )


def _about(session: Session, who: str, target: str) -> None:
    import json  # noqa: PLC0415 - not for --help

    from projections.about import about  # noqa: PLC0415

    member = session.member(who)
    row = about(session.database, member, session.asked)
    if target == "-":
        render.print_object(row)
        return
    text = json.dumps(row, ensure_ascii=False, indent=1) + "\n"
    text = "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
    path = Path(target)
    check_other_than(session.place, path)
    with writing(path) as file:
        file.write(text.encode())
    entries = len(row["entries"])
    session.note(
        plural("{n} entry written to {path}", "{n} entries written to {path}", entries).format(
            n=entries, path=path
        )
    )


@contextmanager
def _reading(session: Session) -> Iterator[Database]:
    """The ledger as it is: events need no rows, and a damaged file is not to be written to."""
    with closing(Database.reading(session.place)) as database:
        if database.head() == 0:
            raise nothing_in(database)
        session.tell_moved(database)
        yield database


def _write(path: Path, lines: Iterable[str]) -> None:
    with writing(path) as file:
        file.writelines(line.encode() for line in lines)


def _saved(session: Session, path: Path, broken: Exception, *, personal: bool) -> NoReturn:
    """Write what can be read of a damaged ledger, and say what is lost."""
    from ledger import salvage  # noqa: PLC0415 - hardly ever needed
    from ledger.transfer import exported  # noqa: PLC0415

    if isinstance(session.place, Server):
        raise broken
    read = salvage.saved(session.path, broken)
    with closing(read.database):
        if personal and not isinstance(read.database.setting("secret"), bytes):
            raise salvage.SecretLost(path=str(session.place))
        _write(path, exported(read.database, personal=personal, lost=read.lost))
    if personal and read.texts_lost:
        session.note(_("some personal texts or keys are lost, too"))
    facts = {"ledger": str(session.place), "path": str(path)}
    if read.lost:
        raise salvage.EntriesLost(entries=salvage.shown(read.lost), **facts)
    raise salvage.NothingLost(**facts)


def _tables(session: Session, folder: Path, *, personal: bool) -> None:
    from cli.files import NotWritten  # noqa: PLC0415 - not for --help
    from cli.spreadsheets import spreadsheets  # noqa: PLC0415

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritten(path=str(folder), reason=error.strerror or str(error)) from error
    written: list[str] = []
    for name, lines in spreadsheets(session, personal=personal):
        path = folder / name
        check_other_than(session.place, path)
        with writing(path) as file:
            file.writelines(_encoded(lines))
        written.append(name)
    session.note(_("written to {folder}: {files}").format(folder=folder, files=", ".join(written)))


def _encoded(lines: Iterable[str]) -> Iterable[bytes]:
    # Spreadsheets take UTF-8 without a byte order mark for something older.
    yield b"\xef\xbb\xbf"
    for line in lines:
        yield line.encode()
