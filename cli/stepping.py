"""`natverk replay --step`: the entries one by one, with what each changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.language import _
from cli.sentences import sentences, words
from ledger.stepping import Change, Step, steps
from ledger.values import START_OF_TIME
from projections.entries import entry_rows

if TYPE_CHECKING:
    from cli.context import Session


def walk(session: Session, limits: dict[str, int]) -> None:
    """Print each entry and what it changed; a terminal waits for a key before the next."""
    walked = steps(session.database, session.folds, **limits)
    if session.json:
        render.print_json(_rows(session, walked))
        return
    waits = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    if waits:
        session.note(_("any key: the next entry; q: stop"))
    for count, step in enumerate(walked):
        if waits and count and _asked_to_stop():
            return
        lines = sentences(session, entry_rows(session.view, [step.position]))
        lines += [f"  {_told(change)}" for change in step.changes]
        render.write("\n".join(lines) + "\n")


def _rows(session: Session, walked: Iterator[Step]) -> Iterator[dict[str, Any]]:
    for step in walked:
        [said] = words(session, list(entry_rows(session.view, [step.position])))
        yield {
            "position": step.position,
            "type": step.event.type,
            "occurred_at": step.event.occurred_at.isoformat(),
            "says": said,
            "changes": [
                {
                    "fold": change.fold,
                    "key": list(change.key),
                    "column": change.column,
                    "before": change.before,
                    "after": change.after,
                }
                for change in step.changes
            ],
        }


def _told(change: Change) -> str:
    return _("{row}: {column} {before} → {after}").format(
        row=" ".join(filter(None, (change.fold, *map(str, change.key)))),
        column=change.column,
        before=_shown(change.before),
        after=_shown(change.after),
    )


def _shown(value: Any) -> str:
    return _("nothing") if value in (None, "", START_OF_TIME) else str(value)


def _asked_to_stop() -> bool:
    try:
        return click.getchar() in ("q", "Q")
    except EOFError:
        return True
