"""Entries that follow each other in the log, taken together.

Many of one type that are written alike are kept by columns, and no event is made of them
unless somebody asks for it: an audit of a million gifts then takes half the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ledger.codec import decode_all
from ledger.values import microseconds

if TYPE_CHECKING:
    from ledger.columns import Codes, Columns
    from ledger.events import Event

Entry = tuple[int, str, bytes]  # position, topic and stored bytes
FEWEST = 50  # entries for which it is worth to load what makes columns


class Run:
    """Entries that follow each other, as events or, all of one type, by columns.

    `columns` is None for those that are only there as events, and `type` then empty.
    """

    __slots__ = ("_entries", "_events", "_occurred", "columns", "type")

    def __init__(
        self,
        events: list[Event] | None = None,
        entries: Sequence[Entry] = (),
        columns: Columns | None = None,
    ) -> None:
        self._events = events
        self._entries = entries
        self._occurred: list[int] | None = None
        self.columns = columns
        self.type = "" if columns is None else entries[0][1]

    def __len__(self) -> int:
        return len(self._entries if self._events is None else self._events)

    def __getitem__(self, part: slice) -> Run:
        if self.columns is None or not len(range(len(self))[part]):
            return Run(self.events[part])
        return Run(None, self._entries[part], self.columns[part])

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
        """When each occurred, in microseconds since 1970."""
        if self._occurred is None:
            if self.columns is None:
                self._occurred = [microseconds(event.occurred_at) for event in self.events]
            else:
                self._occurred = list(self.columns.occurred.tolist())
        return self._occurred

    @property
    def recorded(self) -> list[int]:
        """When each was recorded, in microseconds since 1970."""
        if self.columns is None:
            return [microseconds(event.recorded_at) for event in self.events]
        return list(self.columns.recorded.tolist())

    def those(self, places: Iterable[int]) -> list[Event]:
        """The events at some places of the run, counted from 0."""
        if self._events is None:
            return decode_all([self._entries[place] for place in places])
        return [self._events[place] for place in places]


class Runs:
    """Puts the entries of a ledger into runs, those of some types by columns as far as can be."""

    def __init__(self, types: Collection[str]) -> None:
        self._types = types
        self._codes: Codes | None = None

    def of(self, entries: Sequence[Entry]) -> Iterator[Run]:
        """Entries that follow each other, in runs.

        Raises `DamagedEntry`, once what comes before it has been given.
        """
        for topic, part in groupby(entries, lambda x: x[1] if x[1] in self._types else None):
            alike = list(part)
            if topic is None or len(alike) < FEWEST:
                yield Run(decode_all(alike))
            else:
                yield from self._by_columns(topic, alike)

    def _by_columns(self, topic: str, entries: list[Entry]) -> Iterator[Run]:
        from ledger.columns import Codes, read  # noqa: PLC0415 - for few entries not worth while

        if self._codes is None:
            self._codes = Codes()
        start = 0
        for part in read(topic, [state for _, _, state in entries], self._codes):
            end = start + (part if isinstance(part, int) else len(part))
            if isinstance(part, int):
                yield Run(decode_all(entries[start:end]))
            else:
                yield Run(None, entries[start:end], part)
            start = end
