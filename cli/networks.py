"""`natverk networks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli import render
from cli.answers import answer, day
from cli.language import N_, _
from cli.options import asks, session_of
from cli.render import Column
from ledger.places import Server, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.context import Session
    from ledger.networks import Elsewhere, Named, Networks

Row = dict[str, Any]
Members = dict[tuple[str, str], str]  # what members are called, by network and id


class Found(NamedTuple):
    """Rows of `projections.networks`, and what members are called whom their relations name."""

    rows: list[Row]
    members: Members


COLUMNS = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("members", N_("members"), "right"),
    Column("entries", N_("entries"), "right"),
    Column("last_at", N_("last entry"), show=day),
    Column("gifts", N_("gifts this month"), "right"),
    Column("active", N_("active this month"), "right"),
    Column("related", N_("related to")),
)


@click.command("networks", short_help=_("the networks of a database, side by side"))
@asks
@click.pass_context
def command(context: click.Context) -> None:
    """The networks that you may use, with their members, this month's gifts and the last entry.

    A file has one network, a PostgreSQL database may have many. Which of them another command
    is about is said with --network. Where one of the servers of networks that are elsewhere does
    not answer, the others are listed, and the exit code is 4.

    \b
    natverk networks
    natverk --network Kvarteret balance
    """
    from ledger.networks import OneNetwork, networks_of, unfinished  # noqa: PLC0415 - not for --help
    from projections.networks import mark_mutual  # noqa: PLC0415

    session = session_of(context)
    session.tells_moved = False  # which is said of each
    place = place_of(session.file)
    code = 0
    if isinstance(place, Server):
        with networks_of(place) as asked:
            found, half = _found(session, asked), unfinished(asked)
        code = _add_elsewhere(session, asked.elsewhere, found)
    else:
        found, half = _found(session, OneNetwork(session.database)), []
    mark_mutual(found.rows)
    shown = _meant(session, found.rows)
    if not session.json:
        names = {row["id"]: row["name"] for row in found.rows}
        shown = [{**row, "related": _related(row, names, found.members)} for row in shown]
    answer(session, shown, COLUMNS, _("there is no network that you may use"))
    _say_closed(session, shown, half)
    context.exit(code)


def _say_closed(session: Session, shown: Sequence[Row], half: Sequence[Named]) -> None:
    """Which networks have moved away, and which copies nobody can open yet."""
    for row in shown:
        if row["moved_to"] is not None:
            session.note(_("{name} has moved to {moved_to}: this is how it was").format(**row))
    for each in half:
        words = _("a copy of {network} is not finished: nobody can open it yet")
        session.note(words.format(network=each))


def _related(row: Row, names: dict[str, str], members: Members) -> str:
    """The relations of a network with others, for people."""
    from cli.relating import in_words  # noqa: PLC0415 - not for --help

    told = []
    for each in row["relations"]:
        other, mine, theirs = each["network"], each["member"], each["theirs"]
        here, there = members.get((row["id"], mine), mine), members.get((other, theirs), theirs)
        words = in_words(here, there, each["nature"], names.get(other, other))
        told.append(words + (_(" (mutual)") if each["mutual"] else ""))
    return "; ".join(told)


def _found(session: Session, asked: Networks) -> Found:
    from ledger.values import microseconds  # noqa: PLC0415 - not for --help
    from projections.networks import names_in_relations, networks  # noqa: PLC0415

    rows = networks(asked, microseconds(session.clock()))
    return Found(rows, {} if session.json else names_in_relations(asked, rows))


def _add_elsewhere(session: Session, elsewhere: Sequence[Elsewhere], found: Found) -> int:
    """Add the networks that are in other places, each of which is asked once; the exit code.

    Of a place that does not answer it is said which networks are left out.
    """
    from ledger.errors import LedgerError  # noqa: PLC0415 - not for --help
    from ledger.networks import networks_of  # noqa: PLC0415

    code = 0
    for uri in dict.fromkeys(each.server.uri for each in elsewhere):
        there = {each.id: each.name or each.id for each in elsewhere if each.server.uri == uri}
        try:
            with networks_of(Server(uri)) as asked:
                more = _found(session, asked)
        except LedgerError as error:
            told, hint = session.told(error)
            left_out = _("not listed: {networks}; {reason}")
            render.error(left_out.format(networks=", ".join(there.values()), reason=told), hint)
            code = error.exit_code
            continue
        found.rows.extend(row for row in more.rows if row["id"] in there)
        found.members.update(more.members)
    return code


def _meant(session: Session, rows: list[Row]) -> list[Row]:
    """Those that are asked for, by name."""
    from ledger.networks import Named, chosen  # noqa: PLC0415 - not for --help
    from ledger.values import fold  # noqa: PLC0415

    if session.network_option is None:
        return sorted(rows, key=lambda row: (fold(row["name"]), row["id"]))
    there = [Named(row["id"], row["name"]) for row in rows]
    one = chosen(session.network or "", there, str(place_of(session.file)))
    return [row for row in rows if row["id"] == one]
