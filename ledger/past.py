"""A ledger as it was: what had occurred before a time, as it was known at a position.

The answer for such a pair never changes, erased texts apart. It is given by the
same questions as any other: the rows that they read are made anew, in tables of
the connection's own that go before the kept ones, from the last saved state that
fits, the few entries after it, and those that were late.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

from ledger import errors, saved
from ledger.areas import NETWORK
from ledger.codec import decode
from ledger.database import NAMED_BY, Database
from ledger.dialect import Connection
from ledger.events import Event, version_of
from ledger.files import connection_to, translated
from ledger.folds import Fold, Key
from ledger.index import occurred_before
from ledger.places import Place
from ledger.rows import insert, table_of
from ledger.state import SUPERSEDED
from ledger.tables import Tables
from ledger.values import END_OF_TIME, START_OF_TIME, microseconds


class NothingKnown(errors.LedgerError):
    """At the time that is asked about, nothing had been recorded."""

    message = "nothing had been recorded by {end}"
    hint = "the first entry was recorded on {first}"


class Past(Database):
    """The tables of one ledger as they were, over a connection of its own.

    Of the entries up to the position `known_at`, those count that occurred before
    `before`, in microseconds since 1970. `folds` are all that the ledger keeps.
    """

    def __init__(
        self,
        connection: Connection,
        path: Place,
        folds: Sequence[Fold],
        before: int,
        known_at: int,
    ) -> None:
        super().__init__(connection, path)
        self.before = before
        self.known_at = known_at
        self._folds = {fold.name: fold for fold in folds}
        self._named = re.compile(rf"\b({'|'.join(self._folds)})\b")
        self._made: set[str] = set()
        for statement in self.dialect.start_past:
            self.cursor.execute(statement)
        self._hide_later_corrections()

    @classmethod
    def of(cls, path: Place, folds: Sequence[Fold], before: int, known_at: int) -> Past:
        """Open the ledger at `path` as it was."""
        connection = connection_to(path)
        try:
            with translated(path):
                return cls(connection, path, folds, before, known_at)
        except BaseException:
            connection.close()
            raise

    # What it counts

    @cached_property
    def later(self) -> int:
        """How many entries there are that it does not count because they came or occurred later."""
        state, _ = self._starts_from
        ordinary = state - saved.apart(self._kept, state)
        ordinary += sum(1 for event in self._since if event.type not in saved.APART)
        of_the_network = len(self.positions(types=NETWORK))
        recorded = self._kept.head() - self._corrections_until(END_OF_TIME)
        return recorded - ordinary - of_the_network

    @cached_property
    def corrections_since(self) -> int:
        """How many corrections were recorded after `known_at`."""
        return self._corrections_until(END_OF_TIME) - self._corrections_until(self.known_at)

    def _corrections_until(self, position: int) -> int:
        kept = f"{self.dialect.kept}superseded"
        query = f"SELECT count(*) FROM {kept} WHERE successor BETWEEN 1 AND ?"
        count: int = super().select(query, position)[0][0]
        return count

    # What questions read

    def head(self) -> int:
        """The position of the last entry that was known."""
        return min(self.known_at, super().head())

    def load(self, fold: Fold, *key: Any) -> Any:
        """The row of a fold with a key; one that nothing has touched has only defaults."""
        if not fold.saved and fold.name not in self._made:
            return self._folded(fold, key)
        self._make(fold.name)
        return super().load(fold, *key)

    def find(self, fold: Fold, **equal: Any) -> list[Any]:
        """The rows of a fold whose columns have these values, by key."""
        self._make(fold.name)
        return super().find(fold, **equal)

    def select(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query of a projection's own answers."""
        self._make_what_is_in(query)
        return super().select(query, *values)

    def stream(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """As `select`, row by row, for answers that are long."""
        self._make_what_is_in(query)
        return super().stream(query, *values)

    def entry(self, position: int) -> tuple[str, bytes] | None:
        """The topic and the stored bytes of an entry that was known, or None."""
        return super().entry(position) if position <= self.known_at else None

    def name_of_newcomer(self, id: str) -> str | None:
        """What something is called that is named before it is there, as is known."""
        if id[0] not in NAMED_BY:
            return None
        kind, field, given = NAMED_BY[id[0]]
        for at in super().positions(id, {kind}, until=self.known_at, live=True):
            entry = self._recorded(at)
            event = None if entry is None else version_of(entry)
            if event is not None and getattr(event, given, "") == id:
                return self.text(at, field) or getattr(event, "category", None)
        return None

    def positions(
        self,
        subject: str = "",
        types: Iterable[str] | None = None,
        *,
        before: int = END_OF_TIME,
        until: int = END_OF_TIME,
        **how: Any,
    ) -> list[int]:
        """The positions of entries about a subject; see `Database.positions`."""
        return super().positions(
            subject, types, before=min(before, self.before), until=min(until, self.known_at), **how
        )

    # How the rows are made

    @cached_property
    def _starts_from(self) -> tuple[int, int]:
        return saved.state_before(self._kept, self.before, self.known_at)

    @cached_property
    def _kept(self) -> Database:
        """The same connection, for the tables that no fold makes."""
        return Database(self.connection, self.path)

    @cached_property
    def _since(self) -> list[Event]:
        """The entries that count beyond the state to start from, in the order of the log."""
        state, following = self._starts_from
        read = [
            decode(topic, stored, position)
            for position, topic, stored in self._kept.entries(state, following)
        ]
        late = saved.late_entries(self._kept, following, self.known_at, self.before)
        read += [event for event in map(self._recorded, late) if event is not None]
        return list(occurred_before(read, self.before))

    def _recorded(self, position: int) -> Event | None:
        stored = self.entry(position)
        return None if stored is None else decode(*stored, position)

    def _hide_later_corrections(self) -> None:
        kept = super().select(
            f"SELECT {SUPERSEDED.listed} FROM {self.dialect.kept}superseded"
            " WHERE successor BETWEEN 1 AND ?",
            self.known_at,
        )
        self._fill(SUPERSEDED, sorted(kept))

    def _make_what_is_in(self, query: str) -> None:
        for name in set(self._named.findall(query)):
            self._make(name)

    def _make(self, name: str) -> None:
        """Make the rows of a fold as they were, once."""
        if name in self._made:
            return
        fold = self._folds[name]
        rows = saved.rows_at(self._kept, fold, self._starts_from[0]) if fold.saved else {}
        tables = Tables((fold,), _Source(self, rows), before=self.before)
        tables.apply_all(self._since if fold.saved else self._everything())
        tables.settle()
        values = table_of(fold).values
        for _, changed in tables.take_changed():
            rows |= {fold.key_of(row): values(row) for row in changed}
        self._fill(fold, [tuple(rows[key]) for key in sorted(rows)])

    def _everything(self) -> Iterator[Event]:
        read = (decode(t, stored, at) for at, t, stored in self._kept.entries(0, self.known_at))
        return occurred_before(read, self.before)

    def _fill(self, fold: Fold, rows: Iterable[tuple[Any, ...]]) -> None:
        table, ours = table_of(fold), self.dialect.ours
        for statement in self.dialect.create(table, ours):
            self.cursor.execute(statement)
        insert(self.cursor, table.into(ours), list(rows))
        self._made.add(fold.name)

    def _folded(self, fold: Fold, key: Key) -> Any:
        """One row, from the entries about the first part of its key."""
        row = fold.row(*key)
        for event in self.entries_about(str(key[0]), fold.on):
            keys, handler = fold.on[event.type]
            if key in keys(event):
                handler(row, event, 1)
        return row

    def entries_about(
        self, subject: str, types: Iterable[str], after: int = START_OF_TIME
    ) -> list[Event]:
        """What stood in the slots then, as of `folds.Source`."""
        wanted = set(types)
        at = self.positions(subject, wanted, since=after + 1, live=True)
        if subject.startswith("#") and not super().load(SUPERSEDED, int(subject[1:])).successor:
            at.append(int(subject[1:]))
        found = [x for x in map(self.version, at) if x is not None and x.type in wanted]
        return sorted(found, key=attrgetter("occurred_at", "slot"))

    def version(self, position: int) -> Event | None:
        """What the entry at a position says in its slot, if it counts."""
        entry = self._recorded(position)
        event = None if entry is None else version_of(entry)
        return event if event is not None and event.occurred < self.before else None


class _Source:
    """Where the rows of a saved state and the entries of the past come from."""

    def __init__(self, past: Past, rows: dict[Key, saved.Stored]) -> None:
        self.entries_about = past.entries_about
        self.version = past.version
        self._rows = rows

    def load(self, fold: Fold, key: Key) -> Any | None:
        """The saved row with this key, or None."""
        values = self._rows.get(key)
        return None if values is None else table_of(fold).row(values)

    def find(self, fold: Fold, equal: Mapping[str, Any], beyond: Mapping[str, int]) -> list[Any]:
        """No handler looks for rows."""
        raise NotImplementedError


def position_at(database: Database, moment: int) -> int:
    """The last position recorded by a moment, in microseconds since 1970; 0: none was.

    Recorded times never run backwards.
    """
    low, high = 0, database.head()
    while low < high:
        middle = (low + high + 1) // 2
        if recorded_at(database, middle) <= moment:
            low = middle
        else:
            high = middle - 1
    return low


def recorded_at(database: Database, position: int) -> int:
    """When an entry was recorded, in microseconds since 1970."""
    stored = database.entry(position)
    assert stored is not None
    return microseconds(decode(*stored, position).recorded_at)
