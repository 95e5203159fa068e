"""`natverk show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.entry_lines import entry_lines
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.sentences import ENDS, TIMES, end_shown, when_shown
from ledger.refusals import UnknownId
from ledger.values import EVERYONE, ID
from projections.entries import TEXT_FIELDS
from projections.related import related

if TYPE_CHECKING:
    from cli.context import Session

_TITLES = {
    "corrects": N_("corrects"),
    "takes-back": N_("takes back"),
    "corrected-by": N_("corrected"),
    "taken-back-by": N_("taken back"),
    "because": N_("because of"),
    "target": N_("about"),
    "confirmation": N_("confirmed"),
    "dispute": N_("disputed"),
    "follow-up": N_("followed up"),
    "retelling": N_("retold"),
    "return": N_("returned"),
    "note": N_("notes"),
    "led-to": N_("led to"),
}
_POSITIONS = (
    *("entry", "target", "gift", "introduction", "loan", "heard_from"),
    *("because_of", "superseded_by", "newest"),
)
_GROUPS = ("members", "listeners", "participants")
_FREE_TEXT = (*TEXT_FIELDS, "category", "unit", "role", "nature", "survey", "id")


@click.command("show", short_help=_("one entry, and what others say of it"))
@click.argument("entry", metavar="POS")
@asks_past
@click.pass_context
def command(context: click.Context, entry: str) -> None:
    """Show the entry at POS: all it says, what led to it, and what came of it.

    \b
    natverk show 412
    natverk show 412 --json
    """
    session = session_of(context)
    position = session.position(entry)
    rows = related(session.view, position)
    if not rows:
        raise UnknownId(what="entry", id=f"#{position}")
    if session.json:
        render.print_json(rows)
        return
    render.write(f"{entry_lines(session, rows[:1])[0]}\n\n")
    for name, value in _facts(session, rows[0]):
        render.write(f"  {name:<14}{value}\n")
    for relation, title in _TITLES.items():
        found = [row for row in rows[1:] if row["relation"] == relation]
        if found:
            lines = entry_lines(session, found)
            render.write(f"\n{_(title)}:\n" + "".join(f"  {line}\n" for line in lines))


def _facts(session: Session, row: dict[str, Any]) -> list[tuple[str, str]]:
    facts = {**row, **_of_replacement(row)}
    ids = {
        value
        for name, value in facts.items()
        if name not in _FREE_TEXT and isinstance(value, str) and ID.fullmatch(value)
    }
    ids |= {each for name in _GROUPS for each in facts.get(name, ())}
    named = session.named(ids)
    return [
        (name, _shown(session, name, value, named))
        for name, value in facts.items()
        if name not in ("position", "replacement") and value is not None and value != []
    ]


def _of_replacement(row: dict[str, Any]) -> dict[str, Any]:
    """What a correction puts in place, its own time set apart from that of the correction."""
    new = row.get("replacement", {})
    said = {name: value for name, value in new.items() if name not in row}
    return said | ({"happened_at": new["occurred_at"], "id": row["id"]} if new else {})


def _shown(session: Session, name: str, value: Any, named: dict[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(session, name, each, named) for each in value)
    if name in _POSITIONS:
        return f"#{value}"
    if name in (*TIMES, "happened_at"):
        return when_shown(session, value)
    if name in ENDS:
        return end_shown(session, value)
    if isinstance(value, str) and value in named and name not in _FREE_TEXT:
        return f"{named[value]} ({value})" if not named[value].startswith("[") else named[value]
    if isinstance(value, str) and value == EVERYONE and name == "receiver":
        return _("everyone")
    return " ".join(str(value).splitlines())
