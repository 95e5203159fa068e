"""`natverk demo`."""

from __future__ import annotations

import shlex
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from cli import render
from cli.context import Session
from cli.language import _
from cli.story import STORY, TODAY
from ledger.database import Database
from ledger.errors import LedgerError

FILE = "natverk-demo.db"
ZONE = ZoneInfo("Europe/Stockholm")
QUESTIONS = (
    ("members",),
    ("balance",),
    ("available",),
    ("asks", "--open"),
    ("match",),
    ("log", "-n", "8"),
)


class NotTheDemo(LedgerError):
    """Where the demo would be made there is something else."""

    message = "{path} is there already and is not a demo"
    hint = "name another file: natverk demo FILE"


@click.command("demo", short_help=_("a made-up network to look at"))
@click.argument("file", default=FILE, type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """Found a made-up Swedish neighbourhood network in FILE, and show it.

    The ledger you work in is never touched. The demo is made anew each time.

    \b
    natverk demo
    natverk --ledger natverk-demo.db statement Åsa
    """
    _clear(file)
    for when, arguments in lines():
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            _run(file, when, arguments)
    today = datetime.fromisoformat(TODAY).replace(tzinfo=ZONE)
    for question in QUESTIONS:
        render.write(f"\n$ natverk {shlex.join(question)}\n")
        _run(file, today, list(question))
    told = _("the demo is in {file}; ask it more with natverk --ledger {file} …")
    render.note(told.format(file=file))


def lines() -> list[tuple[datetime, list[str]]]:
    """The story as moments and command lines."""
    read = [line.split(" ", 2) for line in STORY.strip().splitlines()]
    return [
        (datetime.fromisoformat(f"{day} {time}").replace(tzinfo=ZONE), shlex.split(words))
        for day, time, words in read
    ]


def _run(file: Path, when: datetime, arguments: list[str]) -> None:
    """Run one command line in the demo's ledger at a moment of the story."""
    from cli.main import natverk  # noqa: PLC0415 - the group imports this module

    session = Session(clock=lambda: when)
    session.ledger_option = str(file)
    try:
        with natverk.make_context("natverk", arguments, obj=session) as context:
            natverk.invoke(context)
    finally:
        session.close()


def _clear(file: Path) -> None:
    """Remove an earlier demo. Raises `NotTheDemo` when the file is anything else."""
    if not file.exists() or file.stat().st_size == 0:
        return
    try:
        database = Database.reading(file)
    except LedgerError:
        raise NotTheDemo(path=str(file)) from None
    first = database.entry(1)
    database.close()
    founded_at = lines()[0][0].isoformat()
    if first is None or f'"recorded_at":"{founded_at}"'.encode() not in first[1]:
        raise NotTheDemo(path=str(file))
    for suffix in ("", "-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
