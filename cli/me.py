"""`natverk me`."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click

from cli import render
from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import asks, session_of
from ledger.errors import LedgerError
from ledger.places import Server, is_same, place_of


class MeElsewhere(LedgerError):
    """Who records would be stored beside the name of another ledger, where the id is another's."""

    message = "commands here go to {usual} unless they are told otherwise, and not to {path}"
    hint = "say who records with --recorded-by, or let a natverk.toml in another folder name {path}"


@click.command("me", short_help=_("say who is recording"))
@click.argument("who", required=False, type=MEMBER)
@asks
@click.pass_context
def command(context: click.Context, who: str | None) -> None:
    """Store that WHO is recording, in natverk.toml; without WHO, say who is.

    Which ledger natverk.toml names stays as it is; where none is named and none
    is there, or the network has moved from there to this one, it is this one.

    Entries then say who recorded them; --recorded-by says otherwise for one.
    It is a claim and not a proof: nobody logs in.

    \b
    natverk me Åsa
    """
    from cli.settings import store_me  # noqa: PLC0415 - not for --help
    from ledger.forgetting import Forgotten  # noqa: PLC0415
    from ledger.refusals import UnknownId  # noqa: PLC0415
    from ledger.state.members import MEMBERS  # noqa: PLC0415

    session = session_of(context)
    member = session.actor if who is None else session.member(who)
    row = None if member is None else session.database.load(MEMBERS, member)
    if row is not None and not row.exists:
        raise UnknownId(what="member", id=member)
    if who is None or row is None or member is None:
        _say(session, member, session.settings.path)
        return
    if row.forgotten_at:
        raise Forgotten(member=member)
    is_usual, place = session.usual, session.place
    shown = _with_network(place, place.network if isinstance(place, Server) else None)
    moved = not is_usual and _has_moved_here(session)
    if not is_usual and not moved and _lead_elsewhere(session):
        usual = place_of(session.usual_file)
        network = session.usual_network or session.settings.network
        raise MeElsewhere(path=shown, usual=_with_network(usual, network))
    settings = session.settings._replace(named=False) if moved else session.settings
    path = store_me(settings, os.curdir, member, place)
    _say(session, member, path)
    if not is_usual:
        session.note(
            _("commands here go to {ledger} from now on, says {path}").format(
                ledger=shown, path=path
            )
        )


def _lead_elsewhere(session: Session) -> bool:
    """Whether the settings lead commands to another ledger, and not only to one of several."""
    usual = place_of(session.usual_file)
    if not isinstance(usual, Server):
        return session.settings.named or Path(usual).exists()
    named = session.settings.network is not None
    return named or session.usual_network is not None or not is_same(usual, session.place)


def _has_moved_here(session: Session) -> bool:
    """Whether the network of this ledger was in the usual one, and has moved here from there."""
    from ledger.database import Database  # noqa: PLC0415 - hardly ever needed

    usual = place_of(session.usual_file)
    try:
        if isinstance(usual, Server):
            usual = Server(usual.uri, session.usual_network)
        with closing(Database.reading(usual)) as left:
            there = None if left.moved is None else place_of(left.moved)
            same = left.network == session.database.network
    except LedgerError:  # it is not there, for one
        return False
    return there is not None and same and is_same(there, session.place)


def _with_network(place: str | Server, network: str | None) -> str:
    return f"{place} ({network})" if isinstance(place, Server) and network else str(place)


def _say(session: Session, member: str | None, path: str | None) -> None:
    if member is None:
        session.note(_("nobody: entries say nothing about who recorded them"))
        if session.json:
            render.print_json([])
        return
    if session.json:
        name = session.named([member])[member]
        render.print_json([{"id": member, "name": name, "settings": str(path)}])
    else:
        says = _("{who} is recording, says {path}")
        render.write(says.format(who=session.with_id(member), path=path) + "\n")
