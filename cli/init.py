"""`natverk init`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from cli.arguments import text_argument
from cli.context import DEFAULT_LEDGER, Session
from cli.language import _
from cli.options import asks, at_option, dry_run_option, session_of


@click.command("init", short_help=_("found a network"))
@click.argument("name")
@click.option(
    "--idea",
    metavar="TEXT",
    required=True,
    callback=text_argument,
    help=_("The idea or question that it gathers around; - for stdin, @FILE for a file."),
)
@click.option(
    "--time-zone",
    metavar="ZONE",
    default="Europe/Stockholm",
    show_default=True,
    help=_("Where its days begin and end; fixed for good."),
)
@asks
@at_option
@dry_run_option
@click.pass_context
def command(context: click.Context, name: str, idea: str, time_zone: str) -> None:
    """Found the network NAME in a new ledger.

    \b
    natverk init "Kvarteret Linden" --idea "Grannar som hjälps åt"
    """
    from cli.recording import say  # noqa: PLC0415 - not for --help
    from ledger.commands import Found, validated  # noqa: PLC0415
    from ledger.errors import LedgerExists  # noqa: PLC0415
    from ledger.writer import Recorded  # noqa: PLC0415
    from ledger.zones import zone  # noqa: PLC0415

    session = session_of(context)
    session.zone = zone(time_zone)
    at = None if session.at is None else session.moment(session.at)
    found = validated(Found(name=name, idea=idea, time_zone=time_zone, occurred_at=at))
    if not session.dry_run:
        session.found(session.path, found)
        say(session, Recorded((1,)))
        _say_what_next(session)
    elif session.path.exists() and session.path.stat().st_size:
        raise LedgerExists(path=str(session.path))
    else:
        with TemporaryDirectory() as folder:
            session.found(Path(folder, DEFAULT_LEDGER), found)
            say(session, Recorded((1,)))
            session.close()


def _say_what_next(session: Session) -> None:
    session.note(_("the ledger is {path}").format(path=session.path.absolute()))
    option = "" if session.ledger_option is None else _(" (with the same --ledger PATH)")
    session.note(
        _("next: natverk join NAME, then natverk give GIVER RECEIVER WHAT{option}").format(
            option=option
        )
    )
