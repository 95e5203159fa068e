"""`natverk diff`."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.answers import Row, amount, measured
from cli.answers import status as status_shown
from cli.language import N_, _
from cli.options import asks, session_of
from cli.past import echoed, past_of
from cli.render import Column
from cli.sentences import when_shown
from ledger.errors import Usage
from ledger.state.asks import ASKS
from ledger.state.resources import RESOURCES
from ledger.values import ENTRY, ID

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.past import Past

COLUMNS = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("field", N_("what")),
    Column("before", N_("before")),
    Column("after", N_("after")),
)
_HEADINGS = {
    "members": N_("members"),
    "balance": N_("balances"),
    "resources": N_("resources"),
    "asks": N_("asks"),
    "initiatives": N_("initiatives"),
}
_IDS = ("owner", "asker", "starter", "initiative")
_FIELDS = {
    "given": N_("gifts given"),
    "received": N_("gifts received"),
    "joined_at": N_("joined"),
    "left_at": N_("left"),
    "offered_at": N_("offered"),
    "asked_at": N_("asked"),
    "needed_by": N_("needed by"),
    "position": N_("entry"),
}
_COUNTED = ("stock", "left", "quantity", "given")  # in the unit of a resource or an ask
_MEASURED = {"given": N_("measured, given"), "received": N_("measured, received")}


class DiffBackwards(Usage):
    """The second of two pasts lies before the first."""

    message = "--to lies before --from"
    hint = "swap them"


@click.command("diff", short_help=_("what changed between two times"))
@click.option("--from", "first", metavar="WHEN|POS", required=True, help=_("The earlier past."))
@click.option("--to", "second", metavar="WHEN|POS", required=True, help=_("The later past."))
@asks
@click.pass_context
def command(context: click.Context, first: str, second: str) -> None:
    """What changed in membership, balances, resources and asks.

    A time is what had occurred by then, as is known now; the position of an
    entry is what was known then.

    \b
    natverk diff --from 2026-10-01 --to today
    natverk diff --from 400 --to 412
    """
    from projections.diff import SECTIONS, answers, differences  # noqa: PLC0415 - not for --help

    session = session_of(context)
    with closing(_past(session, first)) as earlier, closing(_past(session, second)) as later:
        if (later.before, later.known_at) < (earlier.before, earlier.known_at):
            raise DiffBackwards()
        session.note(_("from: {past}").format(past=echoed(session, earlier)))
        session.note(_("to: {past}").format(past=echoed(session, later)))
        found = list(
            differences(answers(earlier, earlier.before - 1), answers(later, later.before - 1))
        )
    if session.json:
        render.print_json(found)
        return
    if not found:
        session.note(_("nothing changed"))
    sections = [(name, [x for x in found if x["section"] == name]) for name in SECTIONS]
    for name, rows in sections:
        if rows:
            render.write(f"{_(_HEADINGS[name])}\n")
            render.print_table([told for row in rows for told in _told(session, row)], COLUMNS)


def _past(session: Session, text: str) -> Past:
    if ENTRY.fullmatch(text.strip()):
        return past_of(session, None, text)
    return past_of(session, text, None)


def _told(session: Session, row: Row) -> list[Row]:
    """A difference for people; what was measured is two, given and received."""
    field, before, after = row["field"], row["before"], row["after"]
    if field is None:
        title = _("new") if before is None else _("gone")
        was, now = (None if x is None else status_shown(x["status"]) for x in (before, after))
        return [row | {"field": title, "before": was, "after": now}]
    if field == "units":
        sides = [
            row | {"field": _(title), "before": show(before), "after": show(after)}
            for side, title in _MEASURED.items()
            for show in [partial(measured, side)]
        ]
        return [side for side in sides if side["before"] != side["after"]]
    title = N_("given") if (row["section"], field) == ("asks", "given") else _title(field)
    shown = {when: _shown(session, field, row[when]) for when in ("before", "after")}
    if row["section"] in ("resources", "asks") and field in _COUNTED:
        fold = RESOURCES if row["section"] == "resources" else ASKS
        unit = session.database.load(fold, row["id"]).unit
        shown = {when: amount(value, unit) for when, value in shown.items()}
    return [row | {"field": _(title)} | shown]


def _title(field: str) -> str:
    return _FIELDS.get(field, field)


def _shown(session: Session, field: str, value: Any) -> Any:
    if value is None:
        return None
    if field.endswith("_at"):
        return when_shown(session, value)
    if field == "position":
        return f"#{value}"
    if field == "status":
        return status_shown(value)
    if isinstance(value, list):
        return ", ".join(_called(session, each) for each in value)
    return _called(session, value) if field in _IDS else value


def _called(session: Session, value: str) -> str:
    return session.named([value])[value] if ID.fullmatch(value) else value
