"""All that was ever said about a thing, superseded or not, each with what it says in its slot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.codec import decode
from ledger.database import REPLACING, Database
from ledger.events import Event, version_of
from ledger.state.superseded import SUPERSEDED


@dataclass(frozen=True, slots=True)
class Version:
    """What an entry says in its slot; `successor` is the entry that superseded it, 0: it stands."""

    event: Event
    successor: int


def versions_about(database: Database, subject: str, types: Iterable[str]) -> list[Version]:
    """Every version of entries of these types about a subject, in no order.

    Costs as much as there are; see `Database.positions`.
    """
    wanted = list(types)
    marked = [*wanted, *(REPLACING + kind for kind in wanted)]
    found = []
    for position in database.positions(subject, marked):
        event = version_at(database, position)
        if event is not None:
            found.append(Version(event, database.load(SUPERSEDED, position).successor))
    return found


def version_at(database: Database, position: int) -> Event | None:
    """What the entry at a position says in its slot; None: it takes something back."""
    stored = database.entry(position)
    return None if stored is None else version_of(decode(*stored, position))


def by_slot(versions: Iterable[Version]) -> list[Sequence[Version]]:
    """Versions by slot, the newest of a slot last; slots by when that occurred, then by place."""
    slots: dict[int, list[Version]] = {}
    for version in versions:
        slots.setdefault(version.event.slot, []).append(version)
    for said in slots.values():
        said.sort(key=lambda version: version.event.position)
    return sorted(slots.values(), key=lambda said: (said[-1].event.occurred, said[-1].event.slot))
