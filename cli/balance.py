"""`natverk balance`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import click

from cli.answers import answer, measured
from cli.arguments import MEMBER, RECEIVER
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column
from ledger.errors import Usage

if TYPE_CHECKING:
    from projections.reciprocity import By

WHO = (Column("id", N_("id")), Column("name", N_("name")))
WITH = Column("with_name", N_("with"))
PERIOD = Column("period", N_("period"))
GIFTS = (
    Column("given", N_("gifts given"), "right"),
    Column("received", N_("received"), "right"),
)
ANSWERED = (
    Column("confirmed", N_("confirmed"), "right"),
    Column("disputed", N_("disputed"), "right"),
)
MEASURED = (
    Column("units", N_("measured, given"), show=partial(measured, "given")),
    Column("units", N_("measured, received"), show=partial(measured, "received")),
)


class WithWhom(Usage):
    """`--with` was given without the member whose balance it is."""

    message = "--with needs the member whose balance it is"
    hint = "write natverk balance WHO --with OTHER"


class WithAndBy(Usage):
    """`--with` and `--by` were given together."""

    message = "--with and --by do not go together; give one of them"


@click.command("balance", short_help=_("what members have given and received"))
@click.argument("who", required=False, type=MEMBER)
@click.option(
    "--with", "other", metavar="OTHER", type=RECEIVER, help=_("Only between WHO and OTHER.")
)
@click.option("--by", type=click.Choice(["week", "month", "year"]), help=_("A row for each."))
@asks_past
@click.pass_context
def command(context: click.Context, who: str | None, other: str | None, by: str | None) -> None:
    """What everyone, or WHO, has given and received: gifts, and what of them was measured.

    Nothing here is owed. By name, never ranked.

    \b
    natverk balance
    natverk balance Åsa --by month
    natverk balance Åsa --with Knut
    """
    from projections.reciprocity import (  # noqa: PLC0415 - not for --help
        balance_by,
        balance_rows,
        balance_with,
    )

    if other is not None and by is not None:
        raise WithAndBy()
    if other is not None and who is None:
        raise WithWhom()
    session = session_of(context)
    member = None if who is None else session.member(who)
    none = _("nobody has joined yet")
    columns: tuple[Column, ...] = WHO
    if other is not None and member is not None:
        rows = balance_with(session.view, member, session.receiver(other))
        columns = (*WHO, WITH)
    elif by is not None:
        rows = balance_by(session.view, cast("By", by), member)
        columns, none = (*WHO, PERIOD), _("no gift has been recorded")
    else:
        rows = balance_rows(session.view, member)
    # Most gifts are never answered, so there are columns only for the answers that there are.
    answered = [column for column in ANSWERED if any(row.get(column.key) for row in rows)]
    answer(session, rows, (*columns, *GIFTS, *answered, *MEASURED), none)
