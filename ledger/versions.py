"""All that was ever said about a thing, superseded or not, each with what it says in its slot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ledger.codec import decode
from ledger.database import REPLACING, Database
from ledger.events import Event, version_of
from ledger.state.superseded import SUPERSEDED
from ledger.values import EVERYONE


@dataclass(frozen=True, slots=True)
class Version:
    """What an entry says in its slot; `successor` is the entry that superseded it, 0: it stands."""

    event: Event
    successor: int


def versions_about(database: Database, subject: str, types: Iterable[str]) -> list[Version]:
    """Every version of entries of these types about a subject, in no order.

    Costs as much as there are; see `Database.positions`.
    """
    found = []
    for position in database.positions(subject, _marked(types)):
        event = version_at(database, position)
        if event is not None:
            found.append(Version(event, database.load(SUPERSEDED, position).successor))
    return found


class Said:
    """What the entries of a ledger say, as a replay looks it up; see `folds.Entries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self, position: int) -> Event | None:
        """What the entry at a position says in its slot; None: it takes something back."""
        return version_at(self._database, position)

    def said_about(self, subjects: Iterable[str], types: Collection[str]) -> list[Event]:
        """What entries of these types about all of some subjects say in their slots.

        They are found by the index, of which somebody may have made something else.
        """
        marked = _marked(types)
        named = [subject for subject in subjects if subject != EVERYONE]
        found = [set(self._database.positions(subject, marked)) for subject in named]
        events = map(self.version, sorted(set.intersection(*found)))
        return [event for event in events if event is not None and event.type in types]


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


def _marked(types: Iterable[str]) -> list[str]:
    """Types as the index has them, those that corrections put in a slot among them."""
    wanted = list(types)
    return [*wanted, *(REPLACING + kind for kind in wanted)]
