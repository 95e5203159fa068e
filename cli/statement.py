"""`natverk statement`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from cli import asks as asked
from cli import introductions, render
from cli import resources as offered
from cli.answers import Row, by_section, day
from cli.arguments import MEMBER
from cli.language import N_, _
from cli.options import asks_past, how_many, session_of
from cli.render import Column

if TYPE_CHECKING:
    from cli.context import Session

BOOKINGS = (
    Column("id", N_("id")),
    Column("what", N_("what")),
    Column("owner_name", N_("owner")),
    Column("booker_name", N_("booker")),
    Column("start", N_("from")),
    Column("end", N_("to")),
    Column("count", N_("how many"), "right"),
)
LOANS = (
    Column("resource", N_("id")),
    Column("what", N_("what")),
    Column("owner_name", N_("owner")),
    Column("borrower_name", N_("borrower")),
    Column("lent_at", N_("lent"), show=day),
    Column("due", N_("due")),
)

OTHERS = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("words", N_("as")),
)
INITIATIVES = (Column("id", N_("id")), Column("what", N_("what")))
STARTED = (*INITIATIVES, Column("status", N_("status"), show=_))
ANSWERS = {"confirmed": N_(" (confirmed)"), "disputed": N_(" (disputed)")}


@click.command("statement", short_help=_("everything about one member"))
@click.argument("who", type=MEMBER)
@how_many(_("At most so many of what is told newest first, such as gifts; 0: all."))
@asks_past
@click.pass_context
def command(context: click.Context, who: str, most: int) -> None:
    """Everything about WHO: membership, gifts, asks, offers, ties, initiatives and the rest.

    \b
    natverk statement Åsa
    natverk statement Åsa -n 0 --json
    """
    from projections.statement import statement  # noqa: PLC0415 - not for --help

    session = session_of(context)
    member = session.member(who)
    rows = statement(session.view, member, session.asked, most or None)
    if session.json:
        render.print_json(rows)
        return
    sections = by_section(rows)
    _membership(session, sections.pop("membership")[0])
    del sections["standing"]
    for name, found in sections.items():
        heading, show = _SECTIONS[name]
        render.write(f"\n{_(heading)}\n")
        show(session, found)


def _membership(session: Session, row: Row) -> None:
    from cli.standing import standing  # noqa: PLC0415 - not for --help

    since = _("{name} ({id}), {kind}: {status}, joined {day}").format(
        name=row["name"],
        id=row["id"],
        kind=_(row["kind"]),
        status=_(row["status"]),
        day=day(row["joined_at"]),
    )
    if row["invited_by"] is not None:
        since += _(", invited by {who}").format(who=row["invited_by_name"])
    if row["left_at"] is not None:
        since += _(", left {day}").format(day=day(row["left_at"]))
    lines = [since]
    if row["contact"] is not None:
        lines.append(_("contact: {contact}").format(contact=row["contact"]))
    if row["about"] is not None:
        lines.append(_("about: {about}").format(about=row["about"]))
    lines.append(standing(session.view, row["id"], row["name"]))
    render.write("\n".join(lines) + "\n")


def _gifts(session: Session, rows: list[Row]) -> None:
    from cli.entry_lines import entry_lines  # noqa: PLC0415 - not for --help

    for line, row in zip(entry_lines(session, rows), rows, strict=True):
        render.write(f"{line}{_(ANSWERS[row['answer']]) if row['answer'] else ''}\n")


def _entries(session: Session, rows: list[Row]) -> None:
    from cli.entry_lines import entry_lines  # noqa: PLC0415 - not for --help

    render.write("".join(f"{line}\n" for line in entry_lines(session, rows)))


def _introductions(session: Session, rows: list[Row]) -> None:
    render.print_table(rows, introductions.COLUMNS)


def _asks(session: Session, rows: list[Row]) -> None:
    render.print_table([asked.told(row) for row in rows], asked.COLUMNS)


def _offers(session: Session, rows: list[Row]) -> None:
    borrowers = {borrower for row in rows for borrower in row["borrowers"]}
    names = session.named(borrowers)
    render.print_table([offered.told(row, names) for row in rows], offered.COLUMNS)


def _bookings(session: Session, rows: list[Row]) -> None:
    from cli.sentences import end_shown, when_shown  # noqa: PLC0415 - not for --help

    times = [
        {"start": when_shown(session, row["start"]), "end": end_shown(session, row["end"])}
        for row in rows
    ]
    render.print_table([row | time for row, time in zip(rows, times, strict=True)], BOOKINGS)


def _loans(session: Session, rows: list[Row]) -> None:
    from cli.sentences import end_shown  # noqa: PLC0415 - not for --help

    told = []
    for row in rows:
        due = "" if row["due_at"] is None else end_shown(session, row["due_at"])
        late = _("{due}, overdue").format(due=due) if row["overdue"] else due
        told.append(row | {"due": late})
    render.print_table(told, LOANS)


def _others(session: Session, rows: list[Row]) -> None:
    render.print_table(rows, OTHERS)


def _started(session: Session, rows: list[Row]) -> None:
    render.print_table(rows, STARTED)


def _initiatives(session: Session, rows: list[Row]) -> None:
    render.print_table(rows, INITIATIVES)


_SECTIONS: dict[str, tuple[str, Callable[[Session, list[Row]], None]]] = {
    "gift": (N_("gifts, newest first"), _gifts),
    "introduction": (N_("introductions, newest first"), _introductions),
    "ask": (N_("open asks"), _asks),
    "closed-ask": (N_("closed asks, newest first"), _asks),
    "offer": (N_("offers"), _offers),
    "booking": (N_("coming bookings"), _bookings),
    "loan": (N_("loans out"), _loans),
    "tie": (N_("ties"), _others),
    "affiliation": (N_("affiliations"), _others),
    "initiative": (N_("in the initiatives"), _initiatives),
    "started": (N_("initiatives started, newest first"), _started),
    "endorsement": (N_("endorses"), _initiatives),
    "story": (N_("stories told and heard, newest first"), _entries),
    "gathering": (N_("gatherings, newest first"), _entries),
    "nomination": (N_("nominations as one who gives most, newest first"), _entries),
    "opportunity": (N_("what came of it, newest first"), _entries),
}
