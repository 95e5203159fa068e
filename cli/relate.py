"""`natverk relate`."""

from __future__ import annotations

import click

from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("relate", short_help=_("say what there is with another network"))
@click.argument("other")
@click.argument("who", required=False, type=MEMBER)
@click.argument("theirs", required=False)
@click.option("--nature", metavar="WORD", help=_("Which: sister … It is in the log for good."))
@records
def command(
    session: Session, other: str, who: str | None, theirs: str | None, nature: str | None
) -> None:
    """Record that this network, or WHO in it, has a relation with the network OTHER.

    With THEIRS it is with a member there. OTHER and THEIRS are ids, or names where the
    other network is in the same database and you may use it too. What is kept is ids.
    Somebody who is a member of both is two members until they are related with
    --nature same. natverk networks shows relations, and which of them both have said.

    \b
    natverk relate Skogen --nature sister
    natverk relate Skogen "Café Linden" "Skogens livs"
    natverk relate Skogen Åsa m3 --nature same
    """
    from cli.relating import check_there, related  # noqa: PLC0415 - not for --help
    from ledger.commands import Relate  # noqa: PLC0415

    fields = related(session, other, who, theirs)
    check_there(session, fields["other"], fields["theirs"])
    session.record(Relate, **fields, nature=nature)
