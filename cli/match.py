"""`natverk match`."""

from __future__ import annotations

import click

from cli.answers import Row, answer, part
from cli.arguments import ASK
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column

MATCHED = (
    Column("ask", N_("ask")),
    Column("asker_name", N_("asker")),
    Column("asked_for", N_("asks for")),
    Column("resource", N_("offer")),
    Column("owner_name", N_("owner")),
    Column("offered", N_("offers")),
)
COLUMNS = (*MATCHED, Column("reason", N_("reason")))


@click.command("match", short_help=_("which offers could meet which asks"))
@click.argument("ask", required=False, type=ASK)
@asks_past
@click.pass_context
def command(context: click.Context, ask: str | None) -> None:
    """Which offers could meet each open ask, or only ASK; the oldest ask first.

    First offers of the same category, then those of the same kind that share a word.
    Never more than a stock holds: what an older ask takes is gone for the next. Where
    nothing is counted, at most ten offers are shown for an ask.

    \b
    natverk match
    natverk match a4
    """
    from projections.matching import match  # noqa: PLC0415 - not for --help

    session = session_of(context)
    wanted = None if ask is None else session.ask(ask)
    rows = [_with_reason(row) for row in match(session.view, session.asked, wanted)]
    none = _("no offer matches an open ask") if ask is None else _("no offer matches that ask")
    answer(session, rows, COLUMNS, none)


def _with_reason(row: Row) -> Row:
    """The row with its reason in words, in fifth place."""
    named = ("ask", "resource", "owner", "asker")
    return {**{name: row[name] for name in named}, "reason": reason(row), **row}


def reason(row: Row) -> str:
    """`300 of 500 pieces, same category respirators`, or `same kind, both say bicycle`."""
    if row["shared"]:
        why = _("same kind, both say {words}").format(words=", ".join(row["shared"]))
    else:
        why = _("same category {category}").format(category=row["category"])
    if row["quantity"] is None:
        return why
    return f"{part(row['quantity'], row['missing'], row['unit'])}, {why}"
