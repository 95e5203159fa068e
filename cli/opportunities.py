"""`natverk opportunities`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cli.answers import answer, day
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column
from cli.sentences import OPPORTUNITIES
from ledger.values import OPPORTUNITY_KINDS


def _kind(kind: str) -> str:
    return _(OPPORTUNITIES[OPPORTUNITY_KINDS.index(kind)])


def _entries(positions: Sequence[int]) -> str:
    return ", ".join(f"#{position}" for position in positions)


COLUMNS = (
    Column("kind", N_("kind"), show=_kind),
    Column("position", N_("entry"), show=lambda position: f"#{position}"),
    Column("realised_at", N_("when"), show=day),
    Column("realiser_name", N_("who")),
    Column("what", N_("what")),
    Column("gifts", N_("gifts behind it"), show=_entries),
    Column("introductions", N_("introductions"), show=_entries),
    Column("stories", N_("stories"), show=_entries),
    Column("gatherings", N_("gatherings"), show=_entries),
)


@click.command("opportunities", short_help=_("what came of it all, and what is behind it"))
@asks_past
@click.pass_context
def command(context: click.Context) -> None:
    """What members made of what they got, by kind, and what led to it.

    The gifts, introductions, stories and gatherings behind each are those that natverk trace finds.

    \b
    natverk opportunities
    """
    from projections.opportunities import opportunities  # noqa: PLC0415 - not for --help

    session = session_of(context)
    none = _("no opportunity has been realised yet")
    answer(session, opportunities(session.view), COLUMNS, none)
