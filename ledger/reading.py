"""What the folds and the decisions read of a ledger while entries wait to be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ledger.codec import decode
from ledger.database import Database
from ledger.events import Event, version_of
from ledger.folds import Fold, Key
from ledger.personal import worded
from ledger.rows import table_of
from ledger.state import FOLDS, SUPERSEDED
from ledger.tables import Tables
from ledger.values import START_OF_TIME

if TYPE_CHECKING:
    from ledger.state.superseded import Superseded

FEW = 10  # entries that are named as being in the way


class Reading:
    """The rows of a ledger and the log behind them, what is pending included.

    It is the source from which the folds load rows, and the log that decisions
    read. `tables` are the folds of the rules.
    """

    def __init__(self, database: Database, folds: tuple[Fold, ...]) -> None:
        self.database = database
        self.folds = folds
        self._cursor = database.cursor
        self.tables = Tables([fold for fold in folds if fold in FOLDS], self)
        self._projections = Tables([fold for fold in folds if fold not in FOLDS], self)
        self._both = (self.tables, self._projections)
        self._whole: set[Fold] | None = None  # folds all of whose rows are in memory; None: unknown
        self._names: dict[str, str] = {}  # of members, by name, where they wait to be written

    def _write_log(self) -> None:
        """Write the entries that are pending, with their texts."""
        raise NotImplementedError

    def load(self, fold: Fold, key: Key) -> Any | None:
        """The kept row with this key, or None."""
        if self._whole is None:
            self._whole = self._empty((*self.tables.folds, *self._projections.folds))
        return None if fold in self._whole else table_of(fold).load(self._cursor, key)

    def _empty(self, folds: Sequence[Fold]) -> set[Fold]:
        """Those of the folds of which no row is kept."""
        if not folds:
            return set()
        first = ", ".join(f"(SELECT 1 FROM {fold.name} LIMIT 1)" for fold in folds)
        found = self._cursor.execute(f"SELECT {first}").fetchone()
        return {fold for fold, any_row in zip(folds, found, strict=True) if any_row is None}

    def find(self, fold: Fold, equal: Mapping[str, Any], beyond: Mapping[str, int]) -> list[Any]:
        """The kept rows with columns equal to `equal` and above `beyond`."""
        return table_of(fold).find(self._cursor, equal, beyond)

    def entries_about(
        self, subject: str, types: Iterable[str], after: int = START_OF_TIME
    ) -> list[Event]:
        """The entries of these types about a subject that occurred after a time, in order."""
        self._write_log()
        wanted = set(types)
        positions = self.database.positions(subject, wanted, since=after + 1, live=True)
        events = [self.version(at) for at in positions if self._is_live(at)]
        if subject.startswith("#") and self._is_live(int(subject[1:])):
            events.append(self.version(int(subject[1:])))
        found = [x for x in events if x is not None and x.type in wanted and x.occurred > after]
        return sorted(found, key=attrgetter("occurred_at", "slot"))

    def entries(self, after: int, until: int) -> Iterator[Event]:
        """The entries in (after, until], in order."""
        for position, topic, state in self.database.entries(after, until):
            yield decode(topic, state, position)

    def version(self, position: int) -> Event | None:
        """What the entry at a position says in its slot; None: it takes something back."""
        entry = self.entry(position)
        return None if entry is None else version_of(entry)

    def _is_live(self, position: int) -> bool:
        row: Superseded = self.tables.get(SUPERSEDED, position)
        return not row.successor

    def worded(self, event: Event) -> Event:
        """An entry, or what one says in its slot, with its texts; those erased are None."""
        self._write_log()
        texts = {field: self.database.text(event.position, field) for field in event.TEXTS}
        return worded(event, {field: text for field, text in texts.items() if text is not None})

    def recorded_by(self, member: str) -> list[int]:
        """The positions of the first few entries that a member recorded; reads the whole log."""
        self._write_log()
        query = "SELECT originator_version FROM stored_events WHERE instr(state, ?) > 0 LIMIT ?"
        found = self.database.select(query, f'"actor":"{member}"'.encode(), FEW)
        return [position for (position,) in found]

    def entry(self, position: int) -> Event | None:
        """The entry at a position, or None."""
        self._write_log()
        stored = self.database.entry(position)
        return None if stored is None else decode(*stored, position)

    def holder(self, name: str) -> str | None:
        """The id of the member, here or gone, whose folded name this is."""
        pending = self._names.get(name)
        if pending is not None:
            return pending
        found = self._cursor.execute(
            "SELECT thing FROM names WHERE folded = ? AND thing GLOB 'm*'", (name,)
        ).fetchone()
        return None if found is None else found[0]
