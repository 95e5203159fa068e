"""`natverk init`."""

from __future__ import annotations

import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from cli.arguments import text_argument
from cli.context import Session
from cli.language import _
from cli.options import asks, at_option, dry_run_option, session_of
from cli.where import DEFAULT_LEDGER
from ledger.errors import LedgerError, LedgerExists

if TYPE_CHECKING:
    from ledger.commands import Found
    from ledger.places import Server


class SettingsNameIt(LedgerError):
    """A network would be founded in the ledger that natverk.toml names."""

    message = "there is already a file at {path}, which {settings} names"
    hint = "found the network in a file of its own: natverk --ledger {other} init …"


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

    On a PostgreSQL server it is made in a database that is there, by a user who may
    create schemas and roles. Whoever else is to record in it, or to ask, is granted
    the role of the network, which is named at the end.

    \b
    natverk init "Kvarteret Linden" --idea "Grannar som hjälps åt"
    natverk --ledger postgresql://HOST/DATABASE init "Kvarteret Linden" --idea "Grannar"
    """
    from cli.recording import say  # noqa: PLC0415 - not for --help
    from ledger.commands import Found, validated  # noqa: PLC0415
    from ledger.places import Server, place_of  # noqa: PLC0415
    from ledger.writer import Recorded  # noqa: PLC0415
    from ledger.zones import zone  # noqa: PLC0415

    session = session_of(context)
    session.zone = zone(time_zone)
    at = None if session.at is None else session.moment(session.at)
    found = validated(Found(name=name, idea=idea, time_zone=time_zone, occurred_at=at))
    try:
        if session.dry_run:
            _try(session, found)
            return
        place = place_of(session.file)  # a network that is named elsewhere is another
        session.found(place if isinstance(place, Server) else session.path, found)
    except LedgerExists as error:
        raise _who_names_it(session) or error from None
    say(session, Recorded((1,)))
    _say_what_next(session, found.name)


def _who_names_it(session: Session) -> LedgerError | None:
    """Why there is a file already: natverk.toml names it, though there is none in this folder."""
    from ledger.places import Server, place_of  # noqa: PLC0415 - not for --help

    settings, place = session.settings.path, place_of(session.file)
    if isinstance(place, Server) or settings is None or not session.usual:
        return None
    if Path(DEFAULT_LEDGER).exists():
        return None
    return SettingsNameIt(path=place, settings=settings, other=f"./{DEFAULT_LEDGER}")


def _try(session: Session, found: Found) -> None:
    """Found the network where it would be, show it, and throw it away."""
    from cli.recording import say  # noqa: PLC0415 - not for --help
    from ledger.errors import LedgerNotMade  # noqa: PLC0415
    from ledger.founding import refuse_existing  # noqa: PLC0415
    from ledger.places import Server, place_of  # noqa: PLC0415
    from ledger.writer import Recorded  # noqa: PLC0415

    place = place_of(session.file)
    if isinstance(place, Server):
        from ledger.postgres.store import refuse_existing_on  # noqa: PLC0415 - a library

        refuse_existing_on(place, found.name)
    else:
        refuse_existing(session.path)
    try:
        folder = TemporaryDirectory(dir=None if isinstance(place, Server) else session.path.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LedgerNotMade(path=str(place), reason=reason) from None
    with folder as there:
        session.found(Path(there, DEFAULT_LEDGER), found)
        say(session, Recorded((1,)))
        session.close()


def _say_what_next(session: Session, name: str) -> None:
    from ledger.places import Server  # noqa: PLC0415 - not for --help

    place = session.place
    where = place if isinstance(place, Server) else session.path.absolute()
    session.note(_("the ledger is {path}").format(path=where))
    if isinstance(place, Server):
        from ledger.postgres.networks import role_of  # noqa: PLC0415 - a library

        session.note(
            _("to let others in, say in psql: GRANT {role} TO their_user;").format(
                role=role_of(session.database.network)
            )
        )
    said = [] if session.ledger_option is None else [_("the same --ledger PATH")]
    if isinstance(place, Server) and _has_others(place):
        said.append(f"--network {shlex.quote(name)}")
    option = _(" (with {options})").format(options=_(" and ").join(said)) if said else ""
    session.note(
        _("next: natverk join NAME, then natverk give GIVER RECEIVER WHAT{option}").format(
            option=option
        )
    )


def _has_others(place: Server) -> bool:
    """Whether one has to say which network of a database is meant."""
    from ledger.networks import named, networks_of  # noqa: PLC0415 - not for --help

    with networks_of(place) as asked:
        return len(named(asked)) > 1
