"""Entries that follow each other in the log, taken together.

Where many of one type are alike in form they are kept by columns, and no event is made of
an entry unless somebody asks for it: most of what an audit does to a million gifts then
takes a third of the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, cast

from ledger.codec import columns_of, decode_all
from ledger.values import microseconds

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.forms import Columns

Entry = tuple[int, str, bytes]  # position, topic and stored bytes
FEWEST = 8  # entries for which columns are worth making


class Run:
    """Entries that follow each other, as events or, all of one type, by columns.

    `columns` has None for what is only there as events; otherwise `type` is their type.
    `occurred` and `recorded` are microseconds since 1970.
    """

    __slots__ = ("_entries", "_events", "_occurred", "_recorded", "columns", "type")

    def __init__(
        self,
        events: list[Event] | None = None,
        entries: Sequence[Entry] = (),
        columns: Columns | None = None,
    ) -> None:
        self._events = events
        self._entries = entries
        self.columns = columns
        self.type = "" if columns is None else entries[0][1]
        self._occurred = None if columns is None else columns.occurred
        self._recorded = None if columns is None else columns.recorded

    def __len__(self) -> int:
        return len(self._entries if self._events is None else self._events)

    def __getitem__(self, part: slice) -> Run:
        if self.columns is None:
            return Run(self.events[part])
        return Run(None, self._entries[part], self.columns.part(part))

    @property
    def events(self) -> list[Event]:
        """The entries as events."""
        if self._events is None:
            self._events = decode_all(self._entries)
        return self._events

    @property
    def positions(self) -> list[int]:
        """The positions of the entries."""
        if self._events is None:
            return [position for position, _, _ in self._entries]
        return [event.position for event in self._events]

    @property
    def last(self) -> int:
        """The position of the last entry."""
        return self._entries[-1][0] if self._events is None else self._events[-1].position

    @property
    def occurred(self) -> list[int]:
        """When each occurred."""
        if self._occurred is None:
            self._occurred = [microseconds(event.occurred_at) for event in self.events]
        return self._occurred

    @property
    def recorded(self) -> list[int]:
        """When each was recorded."""
        if self._recorded is None:
            self._recorded = [microseconds(event.recorded_at) for event in self.events]
        return self._recorded

    def those(self, places: Iterable[int]) -> list[Event]:
        """The events at some places of the run, counted from 0."""
        if self._events is None:
            return decode_all([self._entries[place] for place in places])
        return [self._events[place] for place in places]


def runs_of(entries: Sequence[Entry], types: Collection[str]) -> Iterator[Run]:
    """The entries in runs, those of some types by columns as far as can be.

    Raises `DamagedEntry`, once what comes before it has been given.
    """
    for topic, run in groupby(entries, lambda entry: entry[1] if entry[1] in types else None):
        alike = list(run)
        columns = None if topic is None or len(alike) < FEWEST else columns_of(topic, alike)
        if columns is None:
            yield Run(decode_all(alike))
        else:
            yield from _told_apart(Run(None, alike, columns))


def _told_apart(run: Run) -> Iterator[Run]:
    """The parts of a run by columns that are so, and as events those of which nothing was read."""
    told = cast("Columns", run.columns).fields["occurred_at"]
    if all(told):
        yield run
        return
    start = 0
    for readable, part in groupby(told, bool):
        end = start + len(list(part))
        yield run[start:end] if readable else Run(run[start:end].events)
        start = end
