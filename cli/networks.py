"""`natverk networks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.answers import answer, day
from cli.language import N_, _
from cli.options import asks, session_of
from cli.render import Column
from ledger.places import Server, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.context import Session
    from ledger.networks import Elsewhere, Networks

Row = dict[str, Any]
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
    is about is said with --network.

    \b
    natverk networks
    natverk --network Linden balance
    """
    from ledger.networks import OneNetwork, networks_of  # noqa: PLC0415 - not for --help
    from projections.networks import mark_mutual  # noqa: PLC0415

    session = session_of(context)
    place = place_of(session.file)
    if isinstance(place, Server):
        with networks_of(place) as asked:
            rows = _rows(session, asked)
        rows += _elsewhere(session, asked.elsewhere)
    else:
        rows = _rows(session, OneNetwork(session.database))
    mark_mutual(rows)
    shown = _meant(session, rows)
    if not session.json:
        names = {row["id"]: row["name"] for row in rows}
        shown = [{**row, "related": _related(row, names)} for row in shown]
    answer(session, shown, COLUMNS, _("there is no network that you may use"))


def _related(row: Row, names: dict[str, str]) -> str:
    """With which others a network has relations, for people."""
    mutual = {each["network"] for each in row["relations"] if each["mutual"]}
    others = dict.fromkeys(each["network"] for each in row["relations"])
    return ", ".join(
        names.get(other, other) + (_(" (mutual)") if other in mutual else "") for other in others
    )


def _rows(session: Session, asked: Networks) -> list[Row]:
    from ledger.values import microseconds  # noqa: PLC0415 - not for --help
    from projections.networks import networks  # noqa: PLC0415

    return networks(asked, microseconds(session.clock()))


def _elsewhere(session: Session, elsewhere: Sequence[Elsewhere]) -> list[Row]:
    """The same of the networks that are in other places, each of which is asked once."""
    from ledger.networks import networks_of  # noqa: PLC0415 - not for --help

    rows: list[Row] = []
    for uri in dict.fromkeys(each.server.uri for each in elsewhere):
        there = {each.id for each in elsewhere if each.server.uri == uri}
        with networks_of(Server(uri)) as asked:
            rows += [row for row in _rows(session, asked) if row["id"] in there]
    return rows


def _meant(session: Session, rows: list[Row]) -> list[Row]:
    """Those that are asked for, by name."""
    from ledger.networks import Named, chosen  # noqa: PLC0415 - not for --help
    from ledger.values import fold  # noqa: PLC0415

    if session.network is None:
        return sorted(rows, key=lambda row: (fold(row["name"]), row["id"]))
    there = [Named(row["id"], row["name"]) for row in rows]
    one = chosen(session.network, there, str(place_of(session.file)))
    return [row for row in rows if row["id"] == one]
