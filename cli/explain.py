"""`natverk explain`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cli import render
from cli.answers import Row, amount, part
from cli.answers import status as status_shown
from cli.arguments import ASK, INITIATIVE, MEMBER, RESOURCE
from cli.balance import ANSWERED, GIFTS, MEASURED
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column

if TYPE_CHECKING:
    from cli.context import Session
    from projections.explain import Explained

ENTRY = (Column("place", N_("entry")), Column("when", N_("when")), Column("says", N_("what")))
REMARK = Column("remark", N_("remark"))
STATUS = Column("status", N_("status"), show=status_shown)
OF_ASK = (Column("given", N_("given")), Column("gifts", N_("gifts"), "right"), STATUS)
OF_RESOURCE = (
    Column("left", N_("left")),
    Column("lent", N_("lent"), "right"),
    Column("booked", N_("booked"), "right"),
    STATUS,
)
OF_INITIATIVE = (
    Column("participants", N_("in it"), "right"),
    Column("endorsers", N_("endorsed by"), "right"),
    Column("gifts", N_("gifts"), "right"),
    STATUS,
)
_RUNNING = (
    *("given", "received", "units", "gifts", "quantity", "left", "lent", "booked", "status"),
    *("participants", "endorsers", "confirmed", "disputed"),
)
_ANSWERED = {
    "confirmed": N_("confirmed by {entries}"),
    "disputed": N_("disputed by {entries}"),
}
_SUPERSEDED = {
    "entry-corrected": N_("not counted: corrected by #{position}"),
    "entry-reversed": N_("not counted: taken back by #{position}"),
}


@click.group("explain", short_help=_("why a number or a status is as it is"))
def command() -> None:
    """Show every entry that made a number or a status, with the value after each.

    What was corrected or taken back is shown too, and not counted. The last
    value is what the question itself answers; if not, that is an error.

    \b
    natverk explain balance Åsa --unit hour
    natverk explain resource lastcykel
    """


@command.command("balance", short_help=_("what a member has given and received"))
@click.argument("who", type=MEMBER)
@click.option("--unit", metavar="U", help=_("Only the gifts measured in this unit."))
@asks_past
@click.pass_context
def explain_balance(context: click.Context, who: str, unit: str | None) -> None:
    """Every gift to and from WHO, with the balance after each.

    \b
    natverk explain balance Åsa
    natverk explain balance Åsa --unit hour
    """
    from ledger.values import check_unit, one_unit  # noqa: PLC0415 - not for --help
    from projections.explain import OfBalance  # noqa: PLC0415
    from projections.reciprocity import balance  # noqa: PLC0415

    session = session_of(context)
    member = session.member(who)
    if unit is not None:
        unit = check_unit(unit)
        written = unit in balance(session.view, member).units
        unit = unit if written else one_unit(unit)
    none = _("no gift has been recorded")
    if unit is not None:
        none = _("no gift has been measured in {unit}").format(unit=unit)
    columns = (*GIFTS, *ANSWERED, *MEASURED)
    _explain(session, OfBalance(session.view, member, unit), columns, none)


@command.command("member", short_help=_("whether a member is there"))
@click.argument("who", type=MEMBER)
@asks_past
@click.pass_context
def explain_member(context: click.Context, who: str) -> None:
    """How WHO came, went, rested and was described, with the status after each.

    \b
    natverk explain member Åsa
    """
    from projections.explain import OfMember  # noqa: PLC0415 - not for --help

    session = session_of(context)
    _explain(session, OfMember(session.view, session.member(who)), [STATUS])


@command.command("resource", short_help=_("what is left, lent and booked of a resource"))
@click.argument("resource", type=RESOURCE)
@asks_past
@click.pass_context
def explain_resource(context: click.Context, resource: str) -> None:
    """How RESOURCE was offered and used, with what is left, lent and booked after each.

    \b
    natverk explain resource lastcykel
    """
    from projections.explain_things import OfResource  # noqa: PLC0415 - not for --help

    session = session_of(context)
    _explain(session, OfResource(session.view, session.resource(resource)), OF_RESOURCE)


@command.command("ask", short_help=_("how far an ask is met"))
@click.argument("ask", type=ASK)
@asks_past
@click.pass_context
def explain_ask(context: click.Context, ask: str) -> None:
    """What was given towards ASK, and how it stands after each entry.

    \b
    natverk explain ask a4
    """
    from projections.explain_things import OfAsk  # noqa: PLC0415 - not for --help

    session = session_of(context)
    _explain(session, OfAsk(session.view, session.ask(ask)), OF_ASK)


@command.command("initiative", short_help=_("who is in an initiative, and what it has got"))
@click.argument("initiative", type=INITIATIVE)
@asks_past
@click.pass_context
def explain_initiative(context: click.Context, initiative: str) -> None:
    """Who joined and endorsed INITIATIVE and what was given, with how many after each.

    \b
    natverk explain initiative "soup evenings"
    """
    from projections.explain_things import OfInitiative  # noqa: PLC0415 - not for --help

    session = session_of(context)
    _explain(session, OfInitiative(session.view, session.initiative(initiative)), OF_INITIATIVE)


def _explain(
    session: Session, explained: Explained, running: Sequence[Column], none: str = ""
) -> None:
    lines = explained.lines(session.asked)
    said = _said(session, [line["position"] for line in lines if line["position"]])
    rows = [
        {**line, "says": said[line["position"]] if line["position"] else _over(line)}
        for line in lines
    ]
    if session.json:
        render.print_json({k: v for k, v in row.items() if k != "booking"} for row in rows)
        return
    if not rows:
        session.note(none)
    told = [_told(session, row) for row in rows]
    if not any(row["confirmed"] or row["disputed"] for row in rows if "confirmed" in row):
        running = [column for column in running if column not in ANSWERED]
    remarks = [REMARK] if any(row["remark"] for row in told) else []
    render.print_table(told, [*ENTRY, *running, *remarks])


def _said(session: Session, positions: list[int]) -> dict[int, str]:
    """The sentence of what each entry says in its slot."""
    from cli.sentences import words  # noqa: PLC0415 - not for --help
    from projections.entries import standing_rows  # noqa: PLC0415

    rows = list(standing_rows(session.view, positions))
    return dict(zip(positions, words(session, rows), strict=True))


def _over(line: Row) -> str:
    return _("booking {booking} was over").format(booking=line["booking"])


def _told(session: Session, row: Row) -> Row:
    """A row for people: where it was superseded, it has no running value."""
    from cli.sentences import end_shown, when_shown  # noqa: PLC0415 - not for --help

    shown = end_shown if row["position"] is None else when_shown
    told = {**row, "when": shown(session, row["occurred_at"]), "place": "", "remark": ""}
    if row["position"] is not None:
        told["place"] = f"#{row['position']}"
    if row["position"] not in (None, row["entry"]):
        told["remark"] = _("corrects #{position}").format(position=row["entry"])
    if row["superseded_by"] is not None:
        by = session.view.entry(row["superseded_by"])
        kind = "entry-corrected" if by is None else by[0]
        told["remark"] = _(_SUPERSEDED[kind]).format(position=row["superseded_by"])
        return {**told, **dict.fromkeys(_RUNNING)}
    if row.get("answer") is not None:
        entries = ", ".join(f"#{position}" for position in row["answered_by"])
        answer = _(_ANSWERED[row["answer"]]).format(entries=entries)
        told["remark"] = "; ".join(filter(None, [told["remark"], answer]))
    if row.get("quantity") is not None:
        told["given"] = part(row["given"], row["quantity"], row["unit"])
    if row.get("left") is not None:
        told["left"] = amount(row["left"], row["unit"])
    return told
