"""`natverk describe-network`."""

from __future__ import annotations

import click

from cli.arguments import text_argument
from cli.context import Session
from cli.language import _
from cli.options import records


@click.command("describe-network", short_help=_("change the network's name or idea"))
@click.option("--name", metavar="NAME", help=_("The new name."))
@click.option("--idea", metavar="TEXT", callback=text_argument, help=_("The new idea."))
@records
def command(session: Session, name: str | None, idea: str | None) -> None:
    """Change the network's name or idea; its time zone is fixed for good.

    \b
    natverk describe-network --idea "Grannar som delar det de har"
    """
    from cli.naming import refuse_taken  # noqa: PLC0415 - not for --help
    from ledger.commands import DescribeNetwork, validated  # noqa: PLC0415

    refuse_taken(session, validated(DescribeNetwork(name=name, idea=idea)).name)
    session.record(DescribeNetwork, name=name, idea=idea)
