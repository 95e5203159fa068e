"""`natverk offer`."""

from __future__ import annotations

import click

from cli.arguments import CATEGORY_HELP, KIND, MEMBER, count_option, text_argument
from cli.context import Session
from cli.language import _
from cli.options import records, unit_option


@click.command("offer", short_help=_("offer something"))
@click.argument("owner", metavar="WHO", type=MEMBER)
@click.argument("what", required=False, callback=text_argument)
@click.option("--kind", type=KIND, required=True, help=_("What kind of thing."))
@click.option("--category", metavar="C", help=CATEGORY_HELP)
@click.option(
    "--capacity",
    metavar="N",
    callback=count_option,
    help=_("Reusable: so many at a time, to be booked and lent."),
)
@click.option("--stock", metavar="N", help=_("Consumable: so much in all, to be given."))
@unit_option
@click.option(
    "--open",
    "openings",
    metavar="WHEN",
    multiple=True,
    help=_("When: mon-fri 09:00-17:00, 2026-12-01 10:00-12:00, 2026-12-01/2026-12-03."),
)
@records
def command(
    session: Session,
    owner: str,
    what: str | None,
    kind: str,
    category: str | None,
    capacity: int | None,
    stock: str | None,
    unit: str | None,
    openings: tuple[str, ...],
) -> None:
    """Record that WHO offers WHAT.

    With a capacity it is reusable, with a stock it is used up, with neither it stands
    as it is. WHAT may be left out when a category says it; - reads it from standard
    input, @FILE from a file.

    \b
    natverk offer Åsa lastcykel --kind equipment --capacity 1 --open "mon-fri 08-18"
    natverk offer "Café Linden" coffee --kind other --stock 20 --unit cup
    natverk offer Knut --kind service --category bike-repair
    """
    from ledger.commands import Offer  # noqa: PLC0415 - not for --help
    from ledger.openings import parse_opening  # noqa: PLC0415

    session.record(
        Offer,
        owner=session.member(owner),
        kind=kind,
        what=what,
        category=category,
        capacity=capacity,
        stock=stock,
        unit=unit,
        open=tuple(parse_opening(opening, session.zone) for opening in openings),
    )
