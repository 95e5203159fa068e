"""`natverk ask`."""

from __future__ import annotations

import click

from cli.arguments import CATEGORY_HELP, FOR_HELP, INITIATIVE, KIND, MEMBER, text_argument
from cli.context import Session
from cli.language import _
from cli.options import records, unit_option
from cli.periods import coming_day


@click.command("ask", short_help=_("ask for something"))
@click.argument("asker", metavar="WHO", type=MEMBER)
@click.argument("what", required=False, callback=text_argument)
@click.option("--kind", type=KIND, required=True, help=_("What kind of thing."))
@click.option("--category", metavar="C", help=CATEGORY_HELP)
@click.option("--quantity", metavar="N", help=_("How much, if that is known."))
@unit_option
@click.option("--by", "needed_by", metavar="DATE", help=_("The last day on which it helps."))
@click.option("--for", "initiative", metavar="INITIATIVE", type=INITIATIVE, help=FOR_HELP)
@records
def command(
    session: Session,
    asker: str,
    what: str | None,
    kind: str,
    category: str | None,
    quantity: str | None,
    unit: str | None,
    needed_by: str | None,
    initiative: str | None,
) -> None:
    """Record that WHO asks for WHAT.

    WHAT may be left out when a category says it; - reads it from standard input,
    @FILE from a file.

    \b
    natverk ask Knut "painting a fence" --kind service --quantity 4 --unit hour
    natverk ask Eva --kind equipment --category respirators --by 2026-12-01
    natverk ask Eva "a room for the soup evenings" --kind premises --for "soup evenings"
    """
    from ledger.commands import Ask  # noqa: PLC0415 - not for --help

    session.record(
        Ask,
        asker=session.member(asker),
        kind=kind,
        what=what,
        category=category,
        quantity=quantity,
        unit=unit,
        needed_by=None if needed_by is None else coming_day(session, needed_by),
        initiative=None if initiative is None else session.initiative(initiative),
    )
