"""`natverk ties`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from cli.answers import Row, answer
from cli.arguments import MEMBER, at_most_one
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column

if TYPE_CHECKING:
    from projections.ties import Which

COLUMNS = (
    Column("first_name", N_("member")),
    Column("second_name", N_("and")),
    Column("tie", N_("tie")),
    Column("said", N_("as")),
    Column("given", N_("gifts given"), "right"),
    Column("received", N_("received"), "right"),
    Column("introductions", N_("introductions"), "right"),
    Column("tellings", N_("tellings"), "right"),
    Column("gatherings", N_("gatherings"), "right"),
)
NONE: dict[str | None, str] = {
    None: N_("there are no ties yet"),
    "declared": N_("no tie is declared"),
    "revealed": N_("no tie has shown yet"),
    "gap": N_("what is declared and what has shown are the same"),
}


@click.command("ties", short_help=_("the ties that are declared, and those that show"))
@click.argument("who", required=False, type=MEMBER)
@click.option("--declared", is_flag=True, help=_("Only ties and affiliations that are declared."))
@click.option("--revealed", is_flag=True, help=_("Only ties that have shown in what was done."))
@click.option("--gap", is_flag=True, help=_("Only those that are one and not the other."))
@asks_past
@click.pass_context
def command(
    context: click.Context, who: str | None, declared: bool, revealed: bool, gap: bool
) -> None:
    """The ties of everyone, or of WHO: those declared beside those that show, by name.

    A tie shows in gifts, in introductions, when one told the other a story, and when both
    were at a gathering. An introduction shows a tie of who made it with both; a tie of the
    two only when the follow-up says that they met.

    \b
    natverk ties
    natverk ties Åsa
    natverk ties --gap
    """
    from projections.ties import ties  # noqa: PLC0415 - not for --help

    which = cast("Which | None", at_most_one(declared=declared, revealed=revealed, gap=gap))
    session = session_of(context)
    member = None if who is None else session.member(who)
    rows = ties(session.view, session.asked, member, which)
    answer(session, rows if session.json else [told(row) for row in rows], COLUMNS, _(NONE[which]))


def told(row: Row) -> Row:
    """A row with how the tie is known, `tie`, and what was `said` of it, in words."""
    tie = _("both") if row["declared"] and row["revealed"] else None
    words = [] if row["natures"] is None else row["natures"] or [_("a tie")]
    if row["roles"] is not None:
        words = [*words, *(row["roles"] or [_("an affiliation")])]
    tie = tie or (_("declared") if row["declared"] else _("revealed"))
    return {**row, "tie": tie, "said": words}
