"""`natverk opportunity`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER, OPPORTUNITY_KIND, text_argument
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("opportunity", short_help=_("record what someone made of what they got"))
@click.argument("realiser", metavar="WHO", type=MEMBER)
@click.argument("what", callback=text_argument)
@click.option("--kind", type=OPPORTUNITY_KIND, required=True, help=_("What kind of opportunity."))
@records
def command(session: Session, realiser: str, what: str, kind: str) -> None:
    """Record what WHO made of gifts, introductions and stories; --because names these entries.

    \b
    natverk opportunity Eva "lunches for the school" --kind product --because 12 --because 31
    """
    from ledger.commands import Realise  # noqa: PLC0415 - not for --help

    session.record(Realise, realiser=session.member(realiser), kind=kind, what=what)
