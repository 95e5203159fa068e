"""`natverk vitality`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from cli import render
from cli.answers import Row, part, say_too_small
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column

if TYPE_CHECKING:
    from cli.context import Session

PERIOD = Column("period", N_("period"))
HAPPENED = (
    PERIOD,
    Column("gifts", N_("gifts"), "right"),
    Column("asks_opened", N_("asks opened"), "right"),
    Column("asks_met", N_("met"), "right"),
    Column("asks_lapsed", N_("lapsed"), "right"),
    Column("introductions", N_("introductions"), "right"),
    Column("gatherings", N_("gatherings"), "right"),
    Column("initiatives", N_("initiatives given to by several"), "right"),
)
PEOPLE = (
    PERIOD,
    Column("members", N_("members"), "right"),
    Column("joined", N_("joined"), "right"),
    Column("returned", N_("came back"), "right"),
    Column("left", N_("left"), "right"),
    Column("paused", N_("paused"), "right"),
    Column("silent", N_("silent"), "right"),
    Column("active", N_("active"), "right"),
    Column("active_share", N_("share"), "right"),
)
INTRODUCED = (
    PERIOD,
    Column("introduced", N_("introduced"), "right"),
    Column("yield", N_("yield"), "right"),
    Column("by_themselves", N_("nobody introduced"), "right"),
    Column("closure", N_("share"), "right"),
    Column("lift", N_("lift"), "right"),
)

COUNTED = (
    *(column.key for column in HAPPENED if column is not PERIOD),
    *("joined", "returned", "left", "active", "introductions_watched", "triads_watched"),
)


@click.command("vitality", short_help=_("what happened period by period, and who was there"))
@click.option(
    "--by",
    "long",
    type=click.Choice(["month", "quarter", "year"]),
    default="month",
    show_default=True,
    help=_("How long a period is."),
)
@asks_past
@click.pass_context
def command(context: click.Context, long: str) -> None:
    """What happened in each period, who was there, and what introductions led to.

    Active are those who were in something that happened: a gift, an ask, an offer that somebody
    used, an introduction, a telling, a gathering and so on. Silent are those who are there at
    the end of the period and were in nothing; who paused is not silent.

    The yield is the share of introductions after which the two gave each other something within
    90 days, for the first time. Beside it stand pairs whom nobody introduced, though they had a
    partner in common: of these the share that did so within 90 days of having one. The lift is
    the yield over that share. Both count when the 90 days are over. Periods in which nothing
    happened share a row.

    \b
    natverk vitality
    natverk vitality --by quarter --as-of 2026-12-31
    """
    from projections.vitality import vitality  # noqa: PLC0415 - not for --help

    session = session_of(context)
    rows = vitality(session.view, session.asked, session.zone, long)  # type: ignore[arg-type]
    if session.json:
        render.print_json(rows)
    else:
        _print(rows)
    _say(session, rows)


def _print(rows: list[Row]) -> None:
    told = [_together(list(alike)) for _quiet, alike in groupby(map(_told, rows), _if_quiet)]
    each_other = _("who gave each other something within 90 days")
    headings = (_("what happened"), _("who was there"), each_other)
    for number, columns in enumerate((HAPPENED, PEOPLE, INTRODUCED)):
        render.write(("\n" if number else "") + f"{headings[number]}\n")
        render.print_table(told, columns)


def _told(row: Row) -> Row:
    """A row for people."""
    watched = {
        "introduced": ("introductions_led", "introductions_watched"),
        "by_themselves": ("triads_led", "triads_watched"),
    }
    counted = {
        name: part(str(row[some]), str(row[all]), None) if row[all] else ""
        for name, (some, all) in watched.items()
    }
    return {**row, **counted, "period": row["period"] + ("" if row["over"] else _(" so far"))}


def _if_quiet(row: Row) -> Row:
    """What a row says but for its period, where nothing happened in it; else all of it."""
    happened = any(row[name] for name in COUNTED)
    return row if happened else {**row, "period": "", "over": True}


def _together(rows: list[Row]) -> Row:
    """Periods that follow each other, and in which nothing happened, as one."""
    if len(rows) == 1:
        return rows[0]
    return {**rows[-1], "period": f"{rows[0]['period']} – {rows[-1]['period']}"}


def _say(session: Session, rows: list[Row]) -> None:
    from projections.measures import FEWEST  # noqa: PLC0415 - not for --help

    members = rows[-1]["members"]
    if members < FEWEST:
        say_too_small(session, members)
    if rows[-1]["drawn"]:
        position = session.view.head()
        text = _("pairs whom nobody introduced are drawn by lot, the lot being #{position}")
        session.note(text.format(position=position))
