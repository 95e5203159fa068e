"""The rows by which the subject index finds an entry.

A correction is found twice: under its own type when it was recorded, and under
the type of what it puts in a slot, marked, when that occurred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from ledger.areas import CORRECTIONS
from ledger.database import EVERYTHING, REPLACING
from ledger.events import Event, subjects_of

if TYPE_CHECKING:
    from ledger.events import EntryCorrected

IndexRow = tuple[str, str, int, int]  # subject, type, occurred, position
INTO_SUBJECTS = "INSERT INTO subjects (subject, type, occurred, position) VALUES (?, ?, ?, ?)"


Group = tuple[list[str], str, int]  # subjects, and the type and time of them all


def index_groups(event: Event, occurred: int) -> list[Group]:
    """What an entry is found by: the whole network, and each thing that it is about.

    `occurred` is that of the event, which it costs to find out.
    """
    return [([EVERYTHING, *subjects_of(event)], event.type, occurred), *more_groups(event)]


def more_groups(event: Event) -> Sequence[Group]:
    """What an entry is found by beyond its own type: what a correction puts in a slot."""
    if event.type != "entry-corrected":
        return ()
    new = cast("EntryCorrected", event).version
    subjects = dict.fromkeys((EVERYTHING, *subjects_of(new), f"#{new.replaces}"))
    return [(list(subjects), REPLACING + new.type, new.occurred)]


def index_rows(event: Event, occurred: int) -> list[IndexRow]:
    """The rows of what an entry is found by, see `index_groups`."""
    return [
        (subject, kind, at, event.position)
        for subjects, kind, at in index_groups(event, occurred)
        for subject in subjects
    ]


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


def occurred_before(events: Iterable[Event], before: int) -> Iterator[Event]:
    """The events that a replay of what occurred before a time takes: corrections judge themselves.

    Times are microseconds since 1970.
    """
    return (event for event in events if event.type in CORRECTIONS or event.occurred < before)
