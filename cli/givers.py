"""`natverk givers`."""

from __future__ import annotations

import click

from cli import render
from cli.answers import Row, rounded
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column

SEEN = {
    "seen-and-measured": "",
    "seen": N_("named, gave nothing"),
    "measured": N_("gave, not named"),
}
BY = {"given": N_("gifts given"), "receivers": N_("members given to")}


def _seen(seen: str | None) -> str:
    return _(SEEN[seen]) if seen else ""


COLUMNS = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("given", N_("gifts given"), "right"),
    Column("receivers", N_("to members"), "right"),
    Column("gave_first", N_("gave first"), "right"),
    Column("named_by", N_("named by"), "right"),
    Column("seen", N_("seen"), show=_seen),
)
AGREEMENTS = (
    Column("by", N_("by the number of"), show=lambda by: _(BY[by])),
    Column("value", N_("agreement"), "right"),
    Column("members", N_("members"), "right"),
    Column("remark", N_("remark")),
)


@click.command("givers", short_help=_("who gives, and who is named as giving most"))
@click.option("--survey", metavar="NAME", help=_("Only who was named in this survey."))
@asks_past
@click.pass_context
def command(context: click.Context, survey: str | None) -> None:
    """Who gives, beside whom members name as giving most, by name.

    To how many members each gave; of those who gave to them too, to how many they gave first;
    and how many members named them. Then how far the two orders agree, over all who ever were
    members (Kendall's tau-b): 1 the same order, -1 the opposite, 0 no more than by chance.

    \b
    natverk givers
    natverk givers --survey autumn-2026
    """
    from projections.givers import givers  # noqa: PLC0415 - not for --help

    session = session_of(context)
    rows = givers(session.view, survey)
    if session.json:
        render.print_json(rows)
        return
    found = [_told(row) for row in rows if row["section"] == "giver"]
    if not any(row["named_by"] for row in found):
        found = [{**row, "seen": None} for row in found]
        session.note(_("nobody has been named yet: natverk nominate records whom a member names"))
    if found:
        render.print_table(found, COLUMNS)
        render.write("\n")
    says = _("how far the two orders agree; 1: the same order, -1: the reverse, 0: as by chance")
    render.write(f"{says}\n")
    render.print_table(
        [_agreement(row) for row in rows if row["section"] == "agreement"], AGREEMENTS
    )


def _told(row: Row) -> Row:
    """A row for people."""
    first = _("{some} of {all}").format(some=row["first"], all=row["mutual"])
    return {**row, "gave_first": first if row["mutual"] else ""}


def _agreement(row: Row) -> Row:
    few = _("too few to mean anything") if row["too_small"] else ""
    return {**row, "value": rounded(row["value"]), "remark": few}
