"""Recording a command and saying what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli import render
from cli.language import _
from cli.sentences import sentence
from ledger.commands import Command, validated
from ledger.personal import request_key
from projections.entries import entry_row

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.writer import Recorded


def record(session: Session, kind: type[Command], fields: dict[str, Any]) -> Recorded:
    """Record one command; print its entry, or on stderr why there is none."""
    ledger = session.ledger
    at = session.at
    occurred_at = None if at is None else session.moment(at, today_is_now=True)
    command = validated(kind(occurred_at=occurred_at, actor=session.actor, **fields))
    key = None
    if session.key is not None:
        key = request_key(ledger.database.setting("secret"), session.key, command, at)
    with ledger.transaction(dry_run=session.dry_run) as transaction:
        recorded = transaction.record(command, key)
        rows = _rows(session, recorded, transaction.writer) if session.dry_run else None
    if rows is None:
        rows = _rows(session, recorded)
    _say(session, recorded, rows)
    return recorded


def _rows(session: Session, recorded: Recorded, pending: Any = None) -> list[dict[str, Any]]:
    if pending is not None:
        pending.write_out()
    database = session.ledger.database
    stored = [(position, database.entry(position)) for position in recorded.positions]
    return [entry_row(database, position, entry[1]) for position, entry in stored if entry]


def _say(session: Session, recorded: Recorded, rows: list[dict[str, Any]]) -> None:
    if recorded.repeated:
        where = ", ".join(f"#{position}" for position in recorded.positions)
        session.note(_("already recorded as {where}").format(where=where or _("no entry")))
    elif not rows:
        session.note(_("already so; nothing was recorded"))
    elif session.dry_run:
        session.note(_("a dry run: nothing was recorded"))
    if session.json:
        render.print_json(rows)
        return
    for row in rows:
        render.write(sentence(session, row) + "\n")
