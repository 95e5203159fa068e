"""`natverk unrelate`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("unrelate", short_help=_("say that a relation with another is no more"))
@click.argument("other")
@click.argument("who", required=False, type=MEMBER)
@click.argument("theirs", required=False)
@click.option("--nature", metavar="WORD", help=_("Only the relation of this nature; else all."))
@records
def command(
    session: Session, other: str, who: str | None, theirs: str | None, nature: str | None
) -> None:
    """Record that this network, or WHO in it, has no relation with the network OTHER any more.

    It is written as it was when it was said with natverk relate.

    \b
    natverk unrelate Skogen --nature sister
    natverk unrelate Skogen "Café Linden" "Skogens livs"
    """
    from cli.relating import related, say_what_there_is  # noqa: PLC0415 - not for --help
    from ledger.commands import Unrelate  # noqa: PLC0415

    fields = related(session, other, who, theirs)
    if not session.record(Unrelate, **fields, nature=nature).positions:
        say_what_there_is(session, fields["other"], fields["member"])
