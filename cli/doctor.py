"""`natverk doctor`."""

from __future__ import annotations

from typing import Any

import click

from cli import render
from cli.language import N_, _
from cli.options import asks, session_of

FOUND_SOMETHING = 1
STATES = {"ok": N_("ok"), "warning": N_("warning"), "problem": N_("problem")}
COLUMNS = (
    render.Column("check", N_("check"), show=_),
    render.Column("state", N_("state"), show=lambda state: _(STATES[state])),
    render.Column("found", N_("found")),
)


@click.command("doctor", short_help=_("check the ledger's file and what it lies on"))
@asks
@click.pass_context
def command(context: click.Context) -> None:
    """Check the ledger's file, the disk it lies on, and the programs that open it.

    Nothing is changed. The exit code is 1 when there is a problem; a warning is
    something to know. What the entries say is checked by natverk replay --compare.

    \b
    natverk doctor
    natverk doctor --json
    """
    from ledger.doctor import Check, examine  # noqa: PLC0415 - not for --help

    def row_of(name: str, check: Check) -> dict[str, Any]:
        facts = dict(check.facts)
        found, remedy = (_(words).format(**facts) for words in (check.found, check.remedy or " "))
        row = {"check": name, "state": check.state, "found": found}
        return {**row, "remedy": remedy.strip() or None}

    session = session_of(context)
    rows = [row_of(name, check) for name, check in examine(session.path, session.folds)]
    session.show(rows, COLUMNS)
    if not session.json:
        for row in rows:
            if row["remedy"]:
                session.note(f"{_(row['check'])}: {row['remedy']}")
    if any(row["state"] == "problem" for row in rows):
        context.exit(FOUND_SOMETHING)
