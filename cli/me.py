"""`natverk me`."""

from __future__ import annotations

import os

import click

from cli import render
from cli.arguments import MEMBER
from cli.context import Session
from cli.language import _
from cli.options import asks, session_of


@click.command("me", short_help=_("say who is recording"))
@click.argument("who", required=False, type=MEMBER)
@asks
@click.pass_context
def command(context: click.Context, who: str | None) -> None:
    """Store that WHO is recording, in natverk.toml; without WHO, say who is.

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
    if who is None:
        _say(session, session.actor, session.settings.path)
        return
    member = session.member(who)
    row = session.database.load(MEMBERS, member)
    if not row.exists:
        raise UnknownId(what="member", id=member)
    if row.forgotten_at:
        raise Forgotten(member=member)
    _say(session, member, store_me(session.settings, os.curdir, member, session.file))


def _say(session: Session, member: str | None, path: str | None) -> None:
    if member is None:
        session.note(_("nobody: entries say nothing about who recorded them"))
        if session.json:
            render.print_json([])
        return
    name = session.named([member])[member]
    if session.json:
        render.print_json([{"id": member, "name": name, "settings": str(path)}])
    else:
        says = _("{name} ({id}) is recording, says {path}")
        render.write(says.format(name=name, id=member, path=path) + "\n")
