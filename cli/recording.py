"""Recording a command and saying what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli import render
from cli.language import _
from cli.sentences import sentence
from ledger.commands import Command, validated
from ledger.personal import Key, request_key, secret_of
from ledger.values import check_key
from ledger.writer import Recorded
from projections.entries import entry_rows

if TYPE_CHECKING:
    from cli.context import Session


def request_of(session: Session, command: str, given: dict[str, Any]) -> Key | None:
    """The key of this request as it was given, before names lead to ids; None without `--id`.

    A time that was left to default is no part of it, nor is the `me` of the settings.
    """
    if session.key is None:
        return None
    said = {"because": session.because, **given}
    said = {name: value for name, value in said.items() if value not in (None, (), False)}
    request = {"command": command, "at": session.at, "recorded_by": session.recorded_by, **said}
    secret = secret_of(session.ledger.database)
    return request_key(secret, check_key(session.key), request)


def record(session: Session, kind: type[Command], fields: dict[str, Any]) -> Recorded:
    """Record one command; print its entry, or on stderr why there is none."""
    occurred_at = None if session.at is None else session.moment(session.at)
    causes = tuple(session.position(cause) for cause in session.because)
    command = validated(
        kind(occurred_at=occurred_at, actor=session.actor, **({"because_of": causes} | fields))
    )
    rows = None
    with session.ledger.transaction(dry_run=session.dry_run) as transaction:
        recorded = transaction.record(command, session.request)
        if session.dry_run:
            transaction.writer.write_out()
            rows = shown_rows(session, recorded)
    say(session, recorded, shown_rows(session, recorded) if rows is None else rows)
    return recorded


def say(session: Session, recorded: Recorded, rows: list[dict[str, Any]] | None = None) -> None:
    """Print the entries that a command led to, and on stderr what there is to note about them."""
    if rows is None:
        rows = shown_rows(session, recorded)
    if recorded.repeated and rows:
        where = ", ".join(f"#{position}" for position in recorded.positions)
        session.note(_("already recorded as {where}").format(where=where))
    elif recorded.repeated:
        session.note(_("already recorded, and there was nothing to record then"))
    elif not rows:
        session.note(_("already so; nothing was recorded"))
    elif session.dry_run:
        session.note(_("a dry run: nothing was recorded"))
    if session.json:
        render.print_json(rows)
        return
    for row in rows:
        render.write(sentence(session, row) + "\n")


def shown_rows(session: Session, recorded: Recorded) -> list[dict[str, Any]]:
    """The entries that a command led to, as rows."""
    return list(entry_rows(session.ledger.database, recorded.positions))
