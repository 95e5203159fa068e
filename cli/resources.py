"""`natverk resources`."""

from __future__ import annotations

import click

from cli.answers import Row, answer, openings, part, status, what
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column

COLUMNS = (
    Column("id", N_("id")),
    Column("owner_name", N_("owner")),
    Column("what", N_("what")),
    Column("kind", N_("kind"), show=_),
    Column("category", N_("category")),
    Column("status", N_("status"), show=status),
    Column("amount", N_("how much")),
    Column("open", N_("open"), show=openings),
    Column("lent", N_("lent to")),
    Column("bookings", N_("bookings"), "right"),
)


@click.command("resources", short_help=_("what is and was offered"))
@asks_past
@click.pass_context
def command(context: click.Context) -> None:
    """Everything that is or was offered; what still is comes first.

    \b
    natverk resources
    """
    from projections.membership import called  # noqa: PLC0415 - not for --help
    from projections.offers import resources  # noqa: PLC0415

    session = session_of(context)
    rows = resources(session.view, session.asked)
    if not session.json:
        borrowers = {borrower for row in rows for borrower in row["borrowers"]}
        names = called(session.view, borrowers)
        rows = [told(row, names) for row in rows]
    answer(session, rows, COLUMNS, _("nothing has been offered yet"))


def told(row: Row, names: dict[str, str]) -> Row:
    """A row of resources for people: how much of it, and who has it."""
    late = list(row["overdue"])
    lent = []
    for borrower in row["borrowers"]:
        overdue = borrower in late
        if overdue:
            late.remove(borrower)
        name = names[borrower]
        lent.append(_("{name}, overdue").format(name=name) if overdue else name)
    return {**what(row), "amount": _amount(row), "lent": "; ".join(lent)}


def _amount(row: Row) -> str:
    if row["stock"] is not None:
        return part(row["left"], row["stock"], row["unit"])
    return row["capacity"] or ""
