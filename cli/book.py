"""`natverk book`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER, RESOURCE, count_option
from cli.context import Session
from cli.language import _
from cli.options import records
from cli.periods import coming, coming_end


@click.command("book", short_help=_("reserve a resource for a while"))
@click.argument("resource", type=RESOURCE)
@click.argument("booker", metavar="WHO", type=MEMBER)
@click.option("--from", "start", metavar="WHEN", required=True, help=_("From when, or which day."))
@click.option(
    "--to", "end", metavar="WHEN", required=True, help=_("Until when, or with which day.")
)
@click.option(
    "--quantity",
    "count",
    metavar="N",
    default="1",
    callback=count_option,
    help=_("How many of them; else one."),
)
@records
def command(session: Session, resource: str, booker: str, start: str, end: str, count: int) -> None:
    """Reserve RESOURCE for WHO, from one time until just before another.

    A date alone is the whole day: --from 2026-12-01 --to 2026-12-03 is three days.

    \b
    natverk book lastcykel Knut --from friday --to friday
    natverk book lastcykel Knut --from "2026-12-01 10:00" --to "2026-12-01 12:00"
    """
    from ledger.commands import Book  # noqa: PLC0415 - not for --help

    session.record(
        Book,
        resource=session.resource(resource),
        booker=session.member(booker),
        start=coming(session, start),
        end=coming_end(session, end),
        count=count,
    )
