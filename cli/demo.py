"""`natverk demo`."""

from __future__ import annotations

import shlex
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from cli import render
from cli.context import Session
from cli.language import N_, _
from cli.settings import Settings
from cli.story import STORY, TODAY
from ledger.database import Database
from ledger.errors import LedgerError, LedgerNotMade
from ledger.values import microseconds

FILE = "natverk-demo.db"
ZONE = ZoneInfo("Europe/Stockholm")
QUESTIONS = (
    (N_("Who is in the network"), ("members",)),
    (N_("What they have given and received: described, never owed"), ("balance",)),
    (N_("What is free right now"), ("available",)),
    (N_("What is asked for"), ("asks", "--open")),
    (N_("Which offers could meet which asks"), ("match",)),
    (N_("Whom to bring together, and whom to ask how it goes"), ("weave",)),
    (N_("What people gather around"), ("initiatives",)),
    (N_("Who told whom about it"), ("spread", "i1")),
    (N_("What led to the opportunity that came of it"), ("trace", "95")),
    (N_("What happened last"), ("log", "-n", "10")),
)


class NotTheDemo(LedgerError):
    """Where the demo would be made there is something else."""

    message = "{path} is there already and is not a demo"
    hint = "name another file: natverk demo FILE"


class MoreThanTheDemo(LedgerError):
    """The demo was gone on with: what was recorded in it would be lost."""

    message = "{path} has entries that the demo did not make, from #{position} on"
    hint = "name another file: natverk demo FILE; or remove {path} yourself"


@click.command("demo", short_help=_("a made-up network to look at"))
@click.argument("file", default=FILE, type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """Found a made-up Swedish neighbourhood network in FILE, and show it.

    The ledger you work in is never touched. The demo is made anew each time,
    unless something else was recorded in it.

    \b
    natverk demo
    natverk --ledger natverk-demo.db statement Åsa
    """
    _clear(file)
    for when, arguments in lines():
        _run(file, when, arguments, quietly=True)
    _say_what_it_is()
    for title, question in QUESTIONS:
        render.write(f"\n{_(title)}\n$ natverk {shlex.join(question)}\n")
        _run(file, _moment(TODAY), list(question))
    _say_what_next(file)


def lines() -> list[tuple[datetime, list[str]]]:
    """The story as moments and command lines."""
    read = [line.split(" ", 2) for line in STORY.strip().splitlines()]
    return [(_moment(f"{day} {time}"), shlex.split(words)) for day, time, words in read]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _say_what_it_is() -> None:
    told = lines()
    render.write(
        _(
            "A made-up neighbourhood network: {entries} entries, {first} to {last}.\n"
            "Each was one command, such as\n\n"
        ).format(entries=len(told), first=f"{told[0][0]:%Y-%m-%d}", last=f"{told[-1][0]:%Y-%m-%d}")
    )
    shown = [words for _when, words in told if words[0] in ("ask", "introduce", "give")]
    asked = next(at for at, words in enumerate(shown) if words[0] == "ask")
    for words in shown[asked : asked + 3]:
        render.write(f"  natverk {' '.join(map(_quoted, words))}\n")
    day, _between, time = TODAY.partition(" ")
    render.write(
        _("\nAll that follows is as it was on {day} at {time}.\n").format(day=day, time=time)
    )


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _say_what_next(file: Path) -> None:
    option = f"natverk --ledger {shlex.quote(str(file))}"
    render.note("")
    render.note(_("Ask it more:"))
    for question in (
        "status",
        "statement Noor",
        "initiative show i1",
        "available --at 2026-11-24T19:00",
    ):
        render.note(f"  {option} {question}")
    render.note(_("Begin your own: natverk init NAME --idea TEXT"))


def _run(file: Path, when: datetime, arguments: list[str], *, quietly: bool = False) -> None:
    """Run one command line in the demo's ledger at a moment of the story.

    Notes are not shown; `quietly`, neither is the answer. What the reader has set for
    ledgers of their own does not count here.
    """
    from cli.main import natverk  # noqa: PLC0415 - the group imports this module

    session = Session(clock=lambda: when)
    session.settings = Settings()
    session.ledger_option = str(file)
    nowhere = StringIO()
    with redirect_stderr(nowhere), redirect_stdout(nowhere if quietly else sys.stdout):
        try:
            with natverk.make_context("natverk", arguments, obj=session) as context:
                natverk.invoke(context)
        finally:
            session.close()


def _clear(file: Path) -> None:
    """Remove an earlier demo. Raises `NotTheDemo`, `MoreThanTheDemo` for anything else."""
    if not file.exists() or file.stat().st_size == 0:
        return
    try:
        database = Database.reading(file)
    except LedgerError:
        raise NotTheDemo(path=str(file)) from None
    told = lines()
    with closing(database):
        first, head, recorded = database.entry(1), database.head(), database.progress()[1]
    founded_at = told[0][0].isoformat()
    if first is None or f'"recorded_at":"{founded_at}"'.encode() not in first[1]:
        raise NotTheDemo(path=str(file))
    if head > len(told) or recorded > microseconds(told[-1][0]):
        raise MoreThanTheDemo(path=str(file), position=min(head, len(told) + 1))
    try:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        raise LedgerNotMade(path=str(file), reason=error.strerror or str(error)) from error
