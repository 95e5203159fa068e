"""`natverk spread`."""

from __future__ import annotations

import click

from cli import render
from cli.answers import Row, day
from cli.arguments import INITIATIVE
from cli.language import N_, _, plural
from cli.options import asks_past, session_of
from cli.render import Column

COLUMNS = (
    Column("told", N_("who")),
    Column("heard_at", N_("heard"), show=day),
    Column("position", N_("entry"), show=lambda position: f"#{position}"),
    Column("tellings", N_("told on"), "right"),
    Column("reached", N_("told first"), "right"),
    Column("quiet_since", N_("quiet since"), show=day),
)


@click.command("spread", short_help=_("who told whom about an initiative"))
@click.argument("initiative", type=INITIATIVE)
@asks_past
@click.pass_context
def command(context: click.Context, initiative: str) -> None:
    """Who told whom about INITIATIVE, as a tree, and where it went quiet.

    Who was told several times is there once: under the telling that they said they heard of it
    in, else under the first. At the left are those who knew of it without being told. A branch
    is quiet since the last telling that anybody in it was in.

    \b
    natverk spread "soup evenings"
    natverk spread i1 --as-of 2026-10-31
    """
    from projections.spread import spread  # noqa: PLC0415 - not for --help

    session = session_of(context)
    rows = spread(session.view, session.initiative(initiative))
    if session.json:
        render.print_json(rows)
        return
    whole, *members = rows
    if not whole["tellings"]:
        session.note(_("nobody has been told of {what} yet").format(what=whole["what"]))
        return
    render.write(f"{_summary(whole)}\n")
    render.print_table(_drawn(members), COLUMNS)


def _summary(row: Row) -> str:
    generations, tellings, tellers = (
        text.format(n=n)
        for text, n in (
            (plural("{n} generation", "{n} generations", row["generations"]), row["generations"]),
            (plural("{n} telling", "{n} tellings", row["tellings"]), row["tellings"]),
            (plural("{n} member", "{n} members", row["tellers"]), row["tellers"]),
        )
    )
    return _(
        "{what} ({id}): {reach} heard of it in {generations}, by {tellings} of {tellers};"
        " {silent} of those who heard have told nobody"
    ).format(
        **{name: row[name] for name in ("what", "id", "reach", "silent")},
        generations=generations,
        tellings=tellings,
        tellers=tellers,
    )


def _drawn(members: list[Row]) -> list[Row]:
    from cli.trees import branches  # noqa: PLC0415 - not for --help

    drawn = branches([row["generation"] for row in members])
    return [
        {**row, "told": before + row["name"]} for row, before in zip(members, drawn, strict=True)
    ]
