"""`natverk initiatives`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from cli import asks as asked
from cli import render
from cli.answers import Row, amount, answer, by_section, day, status, what
from cli.language import N_, _, plural
from cli.options import asks_past, session_of
from cli.render import Column

if TYPE_CHECKING:
    from cli.context import Session

COLUMNS = (
    Column("id", N_("id")),
    Column("what", N_("what")),
    Column("starter_name", N_("started by")),
    Column("participants", N_("in it"), "right"),
    Column("needs", N_("needs met")),
    Column("gifts", N_("gifts"), "right"),
    Column("vouched", N_("endorsed by")),
    Column("status", N_("status"), show=status),
)
PEOPLE = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("kind", N_("kind"), show=_),
    Column("since", N_("since"), show=day),
)
STATUSES = (N_("concluded"),)
VOUCHED = N_("{endorsers} ({organisations}), {independent} independent")
ENDORSED = N_("endorsed by {endorsers}, of whom {organisations}; {independent} independent")


@click.command("initiatives", short_help=_("what people gather around"))
@asks_past
@click.pass_context
def command(context: click.Context) -> None:
    """What people gather around, oldest first: who is in it, what it needs and has got.

    Endorsers with a tie or an affiliation between them, or whom the same member introduced,
    count as one that is independent.

    \b
    natverk initiatives
    """
    print_all(session_of(context))


def print_all(session: Session) -> None:
    """Every initiative."""
    from projections.initiatives import initiatives  # noqa: PLC0415 - not for --help

    rows = initiatives(session.view, session.asked)
    if not session.json:
        rows = [_told(row) for row in rows]
    answer(session, rows, COLUMNS, _("no initiative has been started yet"))


def print_one(session: Session, id: str, limit: int | None) -> None:
    """One initiative, section by section."""
    from projections.initiatives import initiative  # noqa: PLC0415 - not for --help

    rows = initiative(session.view, id, session.asked, session.zone, limit)
    if session.json:
        render.print_json(rows)
        return
    sections = by_section(rows)
    _summary(sections.pop("initiative")[0])
    for name, found in sections.items():
        heading, show = _SECTIONS[name]
        render.write(f"\n{_(heading)}\n")
        show(session, found)


def say_needs(session: Session, id: str) -> None:
    """Note each ask for an initiative that is still open."""
    from ledger.values import microseconds  # noqa: PLC0415 - after recording only
    from projections.asks import OPEN  # noqa: PLC0415
    from projections.initiatives import needs  # noqa: PLC0415

    for row in needs(session.database, id, microseconds(session.now)):
        if row["status"] in OPEN:
            session.note(
                _("still asked for: {what} ({id}); natverk close {id} ends it").format(
                    what=what(row)["what"], id=row["id"]
                )
            )


def _told(row: Row) -> Row:
    """A row for people."""
    all_needs = row["needs_open"] + row["needs_met"]
    needs = _("{some} of {all}").format(some=row["needs_met"], all=all_needs) if all_needs else ""
    return {**what(row), "needs": needs, "vouched": _vouched(row)}


def _vouched(row: Row, said: str = VOUCHED) -> str:
    """`4 (2 organisations), 3 independent`; nothing when nobody does."""
    if not row["endorsers"]:
        return ""
    organisations = plural("{n} organisation", "{n} organisations", row["organisations"])
    return _(said).format(
        endorsers=row["endorsers"],
        organisations=organisations.format(n=row["organisations"]),
        independent=row["independent"],
    )


def _summary(row: Row) -> None:
    told = _told(row)
    since = _("{what} ({id}): {status}, started by {who} on {day}").format(
        what=told["what"],
        id=row["id"],
        status=status(row["status"]),
        who=row["starter_name"],
        day=day(row["started_at"]),
    )
    if row["concluded_at"] is not None:
        since += _(", concluded on {day}").format(day=day(row["concluded_at"]))
    lines = [since]
    if told["needs"]:
        lines.append(_("needs met: {needs}").format(needs=told["needs"]))
    gifts = plural("{n} gift", "{n} gifts", row["gifts"]).format(n=row["gifts"])
    kinds = [f"{_(kind)} {count}" for kind, count in row["kinds"].items()]
    measured = [amount(given, unit) for unit, given in row["given"].items()]
    has_got = ", ".join([gifts, *kinds, *measured])
    lines.append(_("has got: {gifts}").format(gifts=has_got))
    if told["vouched"]:
        lines.append(_vouched(row, ENDORSED))
    render.write("\n".join(lines) + "\n")


def _people(session: Session, rows: list[Row]) -> None:
    render.print_table(rows, PEOPLE)


def _needs(session: Session, rows: list[Row]) -> None:
    render.print_table([asked.told(row) for row in rows], asked.COLUMNS)


def _gifts(session: Session, rows: list[Row]) -> None:
    from cli.entry_lines import entry_lines  # noqa: PLC0415 - not for --help

    render.write("\n".join(entry_lines(session, rows)) + "\n")


_SECTIONS: dict[str, tuple[str, Callable[[Session, list[Row]], None]]] = {
    "participant": (N_("in it"), _people),
    "endorser": (N_("endorsed by"), _people),
    "need": (N_("what it needs"), _needs),
    "gift": (N_("gifts, newest first"), _gifts),
}
