"""`natverk weave`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli import render
from cli.answers import Row, by_section, day
from cli.language import N_, _, plural
from cli.match import MATCHED
from cli.options import asks_past, how_many, session_of
from cli.render import Column
from ledger.values import moment_at
from projections.weave import SHOWN, weave

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED = 3  # of those who stand between two
MATCHES = (*MATCHED, Column("near", N_("through")))
TRIADS = (
    Column("first_name", N_("member")),
    Column("second_name", N_("and")),
    Column("near", N_("through")),
    Column("asks", N_("asks")),
    Column("resources", N_("offers")),
)
NEWCOMERS = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("joined_at", N_("joined"), show=day),
    Column("invited_by_name", N_("invited by")),
)
QUIET = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("last_at", N_("last was in something"), show=day),
    Column("position", N_("entry"), show=lambda position: f"#{position}"),
)
ASKS = (
    Column("id", N_("ask")),
    Column("asker_name", N_("asker")),
    Column("what", N_("asks for")),
    Column("needed_by", N_("needed by")),
)
INTRODUCTIONS = (
    Column("position", N_("entry"), show=lambda position: f"#{position}"),
    Column("introduced_at", N_("when"), show=day),
    Column("introducer_name", N_("introducer")),
    Column("first_name", N_("introduced")),
    Column("second_name", N_("and")),
    Column("about", N_("about")),
)
SECTIONS = {
    "match": (N_("asks that an offer could meet, the nearest first"), MATCHES),
    "triad": (N_("two who could be introduced: one asks for what the other offers"), TRIADS),
    "newcomer": (N_("joined, and in nothing yet"), NEWCOMERS),
    "quiet": (N_("in nothing for 90 days"), QUIET),
    "ask": (N_("needed within a week"), ASKS),
    "introduction": (N_("introduced, and nobody said what came of it"), INTRODUCTIONS),
}


@click.command("weave", short_help=_("whom to bring together, and whom to ask how it goes"))
@how_many(_("At most so many of each; 0: all."), SHOWN)
@asks_past
@click.pass_context
def command(context: click.Context, most: int) -> None:
    """A work list for whoever holds the network together.

    Asks that an offer could meet, the nearest by ties first, and through whom; two who could
    be introduced; members who joined two weeks to 90 days ago and have been in nothing yet;
    members who have been in nothing for 90 days; asks that are needed within a week; and
    introductions that nobody has followed up in two weeks.

    \b
    natverk weave
    natverk weave -n 0 --json
    """
    session = session_of(context)
    now = moment_at(session.asked).astimezone(session.zone)
    rows = weave(session.view, now, most + 1 if most else None)
    sections = by_section(rows)
    shown = {name: found[: most or None] for name, found in sections.items()}
    if session.json:
        render.print_json([row for found in shown.values() for row in found])
    else:
        _print(shown)
        if not rows:
            session.note(_("nothing is waiting"))
    if any(len(shown[name]) < len(found) for name, found in sections.items()):
        session.note(_("there is more; -n 0 shows all"))


def _print(sections: dict[str, list[Row]]) -> None:
    for number, (name, rows) in enumerate(sections.items()):
        heading, columns = SECTIONS[name]
        render.write(("\n" if number else "") + f"{_(heading)}\n")
        render.print_table([_told(row) for row in rows], columns)


def _told(row: Row) -> Row:
    """A row with who stands `near`, or that nobody need, and what an ask is for in words."""
    if row["section"] == "match" and row["steps"] == 1:
        return {**row, "near": _("they have a tie")}
    if row["section"] in ("match", "triad"):
        return {**row, "near": _listed(row["through_names"])}
    if row["section"] == "ask":
        return {**row, "what": row["what"] or row["category"]}
    return row


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    rest = [plural("{n} more", "{n} more", more).format(n=more)] if more > 0 else []
    return ", ".join([*names[:NAMED], *rest]) or _("nobody near")
