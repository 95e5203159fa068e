"""`natverk asks`."""

from __future__ import annotations

import click

from cli.answers import Row, answer, day, part, status, what
from cli.language import N_, _, plural
from cli.options import asks_past, session_of
from cli.render import Column

OPEN = (
    Column("id", N_("id")),
    Column("asker_name", N_("asker")),
    Column("what", N_("what")),
    Column("kind", N_("kind"), show=_),
    Column("category", N_("category")),
    Column("amount", N_("given so far")),
    Column("needed_by", N_("needed by")),
)
COLUMNS = (
    *OPEN,
    Column("status", N_("status"), show=status),
    Column("asked_at", N_("asked"), show=day),
)


@click.command("asks", short_help=_("what is asked for"))
@click.option("--open", "open_only", is_flag=True, help=_("Only what is not met or ended."))
@asks_past
@click.pass_context
def command(context: click.Context, open_only: bool) -> None:
    """What is and was asked for, oldest first.

    With --open, what those who have paused ask for is left out.

    \b
    natverk asks --open
    """
    from projections.asks import asks  # noqa: PLC0415 - not for --help

    session = session_of(context)
    rows = asks(session.view, session.asked, open_only=open_only)
    if not session.json:
        rows = [told(row) for row in rows]
    none = _("nothing is asked for now") if open_only else _("nothing has been asked for yet")
    answer(session, rows, OPEN if open_only else COLUMNS, none)


def told(row: Row) -> Row:
    """A row of asks for people: what was given of what is asked for, `3 of 10 hours`."""
    if row["quantity"] is not None:
        given = part(row["given"], row["quantity"], row["unit"])
    else:
        gifts = plural("{n} gift", "{n} gifts", row["gifts"])
        given = gifts.format(n=row["gifts"]) if row["gifts"] else ""
    return {**what(row), "amount": given}
