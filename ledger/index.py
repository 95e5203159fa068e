"""The rows by which the subject index finds an entry."""

from __future__ import annotations

from ledger.database import EVERYTHING
from ledger.events import Event, subjects_of

IndexRow = tuple[str, str, int, int]  # subject, type, occurred, position


def index_rows(event: Event) -> list[IndexRow]:
    """A row for the whole network, and one for each thing that the entry is about."""
    kind, occurred, position = event.type, event.occurred, event.position
    return [(subject, kind, occurred, position) for subject in (EVERYTHING, *subjects_of(event))]
