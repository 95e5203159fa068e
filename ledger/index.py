"""The rows by which the subject index finds an entry.

A correction is found twice: under its own type when it was recorded, and under
the type of what it puts in a slot, marked, when that occurred.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from ledger.database import EVERYTHING, REPLACING
from ledger.events import Event, subjects_of

if TYPE_CHECKING:
    from ledger.events import EntryCorrected

IndexRow = tuple[str, str, int, int]  # subject, type, occurred, position


def index_rows(event: Event, occurred: int) -> list[IndexRow]:
    """A row for the whole network, and one for each thing that the entry is about.

    `occurred` is that of the event, which it costs to find out.
    """
    kind, position = event.type, event.position
    rows = [(subject, kind, occurred, position) for subject in (EVERYTHING, *subjects_of(event))]
    if kind == "entry-corrected":
        new = cast("EntryCorrected", event).version
        subjects = dict.fromkeys((EVERYTHING, *subjects_of(new), f"#{new.replaces}"))
        rows += [(each, REPLACING + new.type, new.occurred, position) for each in subjects]
    return rows


def revised(
    entries: list[Event],
    change: tuple[Event | None, Event | None],
    subject: str,
    types: Iterable[str],
    after: int | None = None,
) -> list[Event]:
    """Entries about a subject, as `Source.entries_about` gives them, with one entry changed.

    `change` is what stood in a slot, and what is to stand there; None: nothing.
    """
    new = change[1]
    slot = next((event.slot for event in change if event is not None), None)
    kept = [event for event in entries if event.slot != slot]
    if new is None or new.type not in types or (after is not None and new.occurred <= after):
        return kept
    if subject in (EVERYTHING, f"#{slot}", *subjects_of(new)):
        kept.append(new)
        kept.sort(key=attrgetter("occurred_at", "slot"))
    return kept
