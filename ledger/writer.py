"""One write transaction: decide, append, fold; written out in as few statements as can be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any

from ledger import errors
from ledger.codec import decode, encode
from ledger.commands import Command, validated
from ledger.database import EVERYTHING, Database
from ledger.decisions import Recording, decide
from ledger.events import Event, MemberDescribed, subjects_of
from ledger.folds import Fold, Key, Tables
from ledger.personal import Key as IdempotencyKey
from ledger.personal import Keys, Random, TextRow, name_of, seal
from ledger.rows import table_of
from ledger.state import MEMBERS
from ledger.state.lookup import State
from ledger.store import Recorder, StoredRow
from ledger.values import START_OF_TIME, microseconds

ENTRY_ID_BYTES = 16
PENDING_ENTRIES = 10_000  # held in memory before they are written out


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a command.

    `positions` are its entries: none when it was already in effect. `repeated`:
    the same request had been recorded before under the same key.
    """

    positions: tuple[int, ...]
    events: tuple[Event, ...] = ()
    repeated: bool = False

    @property
    def position(self) -> int | None:
        """The position of the one entry, or None."""
        return self.positions[0] if self.positions else None


class Writer:
    """Everything that one ledger has read and is about to write.

    It is the source from which the folds load rows, and the log that decisions
    read; what is pending is written out before it is read back.
    """

    def __init__(
        self, database: Database, recorder: Recorder, folds: tuple[Fold, ...], random: Random
    ) -> None:
        self.database = database
        self._cursor = database.cursor
        self._recorder = recorder
        self._random = random
        self.tables = Tables(folds, self)
        self.keys = Keys(self._cursor)
        self.position = 0
        self.recorded = START_OF_TIME
        self._entries: list[StoredRow] = []
        self._subjects: list[tuple[str, str, int, int]] = []
        self._texts: list[TextRow] = []
        self._names: dict[str, str] = {}
        self._renamed: list[str] = []
        self._keys: dict[tuple[str, bytes], tuple[bytes, list[int]]] = {}

    @property
    def pending(self) -> bool:
        """Whether anything waits to be written."""
        return bool(self._entries or self._keys)

    # Recording

    def record(
        self, command: Command, now: datetime, zone: tzinfo, key: IdempotencyKey | None = None
    ) -> Recorded:
        """Decide a command and append what comes of it. Nothing changes when it is refused."""
        command = validated(command)
        if command.occurred_at is not None:
            command = replace(command, occurred_at=command.occurred_at.astimezone(zone))
        if key is not None:
            repeated = self.repeated(key)
            if repeated is not None:
                return repeated
        state = State(self.tables, self, self.position, zone)
        recording = Recording(now, self._random(ENTRY_ID_BYTES).hex())
        events = decide(command, state, recording)
        appended = tuple(self._append(event) for event in events)
        positions = tuple(event.position for event in appended)
        if key is not None:
            self._keys[(key.namespace, key.key)] = (key.fingerprint, list(positions))
        return Recorded(positions, appended)

    def repeated(self, key: IdempotencyKey) -> Recorded | None:
        """What an earlier request with this key recorded. Raises `KeyReused`."""
        seen = self._keys.get((key.namespace, key.key)) or self.keys.seen(key)
        if seen is None:
            return None
        fingerprint, positions = seen
        if fingerprint != key.fingerprint:
            raise errors.KeyReused(key=key.key.decode(errors="replace"), entries=positions)
        return Recorded(tuple(positions), repeated=True)

    def append_stored(self, topic: str, state: bytes, texts: list[TextRow]) -> Event:
        """Append an entry's bytes as they are. Raises `DamagedEntry`."""
        event = decode(topic, state, self.position + 1)
        words: dict[str, Any] = {field: text for _, field, _, text in texts}
        self._take(event, state, texts, replace(event, **words) if words else event)
        return event

    def catch_up(self, event: Event) -> None:
        """Index and fold an entry that is in the log already."""
        self.position = event.position
        self.recorded = max(self.recorded, microseconds(event.recorded_at))
        self._index(event)
        self.tables.apply(event)
        if len(self._subjects) >= PENDING_ENTRIES:
            self.write_out()

    def _append(self, event: Event) -> Event:
        sealed, texts = seal(event, self.position + 1, self._random)
        self._take(sealed, encode(sealed), texts, event)
        return sealed

    def _take(self, event: Event, state: bytes, texts: list[TextRow], worded: Event) -> None:
        position = self.position = event.position
        self.recorded = max(self.recorded, microseconds(event.recorded_at))
        self._entries.append((self.database.network, position, event.type, state))
        self._index(event)
        self._texts += texts
        self.tables.apply(event)
        self._name(worded, position)
        if len(self._entries) >= PENDING_ENTRIES:
            self.write_out()

    def _index(self, event: Event) -> None:
        occurred, kind, position = event.occurred, event.type, event.position
        self._subjects.append((EVERYTHING, kind, occurred, position))
        for subject in subjects_of(event):
            self._subjects.append((subject, kind, occurred, position))

    def _name(self, worded: Event, position: int) -> None:
        named = name_of(worded) if worded.TEXTS else None
        if named is None:
            return
        thing, folded = named
        if isinstance(worded, MemberDescribed):
            if self.tables.get(MEMBERS, thing).name_at != position:
                return
            self._names = {name: holder for name, holder in self._names.items() if holder != thing}
            self._renamed.append(thing)
            self._write_names()
        self._names[folded] = thing
        if thing[0] != "m":
            self._write_names()

    # Writing out

    def write_out(self) -> None:
        """Write everything that is pending, in the open transaction."""
        self._write_log()
        self._write_names()
        self._cursor.executemany(
            "INSERT INTO keys VALUES (?, ?, ?, ?)",
            sorted((*key, mark, json.dumps(at)) for key, (mark, at) in self._keys.items()),
        )
        self._keys.clear()
        self.tables.settle()
        for fold in self.tables.folds:
            changed = self.tables.changed[fold.name]
            if changed:
                rows = self.tables.rows(fold)
                table_of(fold).put(self._cursor, [rows[key] for key in sorted(changed)])
                changed.clear()

    def discard(self) -> None:
        """Forget everything pending and every row in memory."""
        self._entries.clear()
        self._subjects.clear()
        self._texts.clear()
        self._names.clear()
        self._renamed.clear()
        self._keys.clear()
        self.tables.forget()

    def _write_log(self) -> None:
        if self._entries:
            self._recorder.append(self._cursor, self._entries)
        if self._subjects:
            self._subjects.sort()
            self._cursor.executemany("INSERT INTO subjects VALUES (?, ?, ?, ?)", self._subjects)
        if self._texts:
            insert = "INSERT INTO texts (position, field, salt, text) VALUES (?, ?, ?, ?)"
            self._cursor.executemany(insert, self._texts)
        self._entries.clear()
        self._subjects.clear()
        self._texts.clear()

    def _write_names(self) -> None:
        if self._renamed:
            renamed = [(thing,) for thing in self._renamed]
            self._cursor.executemany("DELETE FROM names WHERE thing = ?", renamed)
            self._renamed.clear()
        if self._names:
            named = [(thing, folded) for folded, thing in self._names.items()]
            self._cursor.executemany("INSERT INTO names (thing, folded) VALUES (?, ?)", named)
            self._names.clear()

    # What the folds and the decisions read

    def load(self, fold: Fold, key: Key) -> Any | None:
        """The kept row with this key, or None."""
        return table_of(fold).load(self._cursor, key)

    def find(self, fold: Fold, equal: Mapping[str, Any], beyond: Mapping[str, int]) -> list[Any]:
        """The kept rows with columns equal to `equal` and above `beyond`."""
        return table_of(fold).find(self._cursor, equal, beyond)

    def entries_about(
        self, subject: str, types: Iterable[str], after: int = START_OF_TIME
    ) -> list[Event]:
        """The entries of these types about a subject that occurred after a time, in order."""
        self._write_log()
        wanted = set(types)
        positions = self.database.positions(subject, wanted, since=after + 1)
        events = [event for event in map(self.entry, positions) if event is not None]
        if subject.startswith("#"):
            itself = self.entry(int(subject[1:]))
            if itself is not None and itself.type in wanted and itself.occurred > after:
                events.append(itself)
                events.sort(key=attrgetter("occurred_at", "position"))
        return events

    def entry(self, position: int) -> Event | None:
        """The entry at a position, or None."""
        self._write_log()
        stored = self.database.entry(position)
        return None if stored is None else decode(*stored, position)

    def holder(self, name: str) -> str | None:
        """The id of the member, here or gone, whose folded name this is."""
        pending = self._names.get(name)
        if pending is not None and pending[0] == "m":
            return pending
        found = self._cursor.execute(
            "SELECT thing FROM names WHERE folded = ? AND thing GLOB 'm*'", (name,)
        ).fetchone()
        return None if found is None else found[0]

