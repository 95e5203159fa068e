"""What to say after an entry was corrected or taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cli.standing import say_standing
from ledger.areas import CORRECTIONS
from projections.entries import entry_rows, standing_row, standing_rows

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.events import EntryReversed
    from ledger.writer import Recorded


def say_standing_after(session: Session, recorded: Recorded) -> None:
    """The new standing of everyone whose gift was corrected or taken back; see `say_standing`."""
    if session.dry_run:
        return
    members: dict[str, None] = {}
    ask: str | None = None
    for entry in entry_rows(session.database, recorded.positions):
        if entry["type"] not in CORRECTIONS:
            continue
        for said in (standing_row(entry), *standing_rows(session.database, [entry["target"]])):
            if said["type"] == "gift-given":
                members |= dict.fromkeys((said["giver"], said["receiver"]))
                ask = ask or said.get("ask")
    say_standing(session, list(members), ask)


def undone(session: Session, recorded: Recorded) -> list[dict[str, Any]]:
    """The rows of the entries that what was recorded takes back or replaces."""
    targets = [cast("EntryReversed", event).target for event in recorded.events]
    return list(entry_rows(session.database, targets))
