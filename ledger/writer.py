"""One write transaction: decide, append, fold; written out in as few statements as can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, cast

from ledger import errors
from ledger.areas import CORRECTIONS
from ledger.codec import encode
from ledger.commands import Command, validated
from ledger.database import Database
from ledger.decisions import Recording, decide
from ledger.events import Event
from ledger.folds import Fold
from ledger.index import INTO_SUBJECTS, IndexRow, index_rows
from ledger.personal import (
    INTO_KEYS,
    NAMING,
    Keys,
    Random,
    TextRow,
    name_now,
    name_of,
    seal,
    worded,
)
from ledger.personal import Key as IdempotencyKey
from ledger.reading import Reading
from ledger.rows import insert, table_of
from ledger.saved import StateKeeper, lateness
from ledger.state import MEMBERS, NAMED
from ledger.state.lookup import Expecting, State
from ledger.store import Recorder, StoredRow
from ledger.tree import Tree
from ledger.values import START_OF_TIME, local, microseconds

if TYPE_CHECKING:
    from ledger.events import EntryCorrected, EntryReversed, MemberForgotten

ENTRY_ID_DIGITS = 32
IDS_AT_ONCE = 64  # asking for random bytes costs more than the bytes
PENDING_ENTRIES = 10_000  # held in memory before they are written out
ROWS_IN_MEMORY = 200_000  # kept after they are written out


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


class Writer(Reading):
    """Everything that one ledger has read and is about to write.

    What is pending is written out before it is read back. The folds of the rules are
    brought forward with each event, all else when it is written out,
    since the same work done many times over is done faster.
    """

    def __init__(
        self, database: Database, recorder: Recorder, folds: tuple[Fold, ...], random: Random
    ) -> None:
        super().__init__(database, folds)
        self._recorder = recorder
        self._random = random
        self.keys = Keys(self._cursor)
        self.tree = Tree(database)
        self.position = 0
        self.recorded = self.largest = START_OF_TIME
        self.states = StateKeeper(self)
        self._unlogged: list[Event] = []
        self._unfolded: list[Event] = []  # by the projections
        self._stored: dict[int, bytes] = {}  # of entries whose bytes came with them
        self._subjects: list[IndexRow] = []
        self._late: list[tuple[int, int]] = []
        self._texts: list[TextRow] = []
        self._named: list[tuple[str, str]] = []  # things
        self._renamed: list[str] = []
        self._keys: dict[tuple[str, bytes], tuple[bytes, list[int]]] = {}
        self.erased = False  # whether texts were, in this transaction
        self._ids: list[str] = []
        self._recorded_at: datetime | None = None

    @property
    def pending(self) -> bool:
        """Whether anything waits to be written."""
        return bool(self._unfolded or self._keys)

    # Recording

    def record(
        self, command: Command, now: datetime, zone: tzinfo, key: IdempotencyKey | None = None
    ) -> Recorded:
        """Decide a command and append what comes of it. Nothing changes when it is refused."""
        command = _placed(validated(command), zone)
        if key is not None:
            repeated = self.repeated(key)
            if repeated is not None:
                return repeated
        events = self.add([(command, () if key is None else (key,))], now, zone)
        return Recorded(tuple(event.position for event in events), tuple(events))

    def add(
        self,
        requests: Sequence[tuple[Command, Sequence[IdempotencyKey]]],
        now: datetime,
        zone: tzinfo,
    ) -> list[Event]:
        """Append what comes of commands that are validated and new: of all of them, or of none.

        Their times are by the network's clocks. Each is remembered under its keys. A command
        may name members whom those before it let join.
        """
        state = State(self.tables, self, self.position, zone)
        decided: list[tuple[Event, ...]] = []
        for command, _ in requests:
            if decided:
                state = Expecting(state, decided[-1])
            recording = Recording(now, self._entry_id())
            decided.append(decide(command, state, recording))
        appended: list[Event] = []
        for (_, keys), events in zip(requests, decided, strict=True):
            positions: list[int] = []
            for event in events:
                appended.append(self._append(event))
                positions.append(self.position)
            for key in keys:
                self._keys[key[:2]] = (key.fingerprint, positions)
        return appended

    def repeated(self, key: IdempotencyKey) -> Recorded | None:
        """What an earlier request with this key recorded. Raises `KeyReused`."""
        seen = self._keys.get((key.namespace, key.key)) or self.keys.seen(key)
        if seen is None:
            return None
        fingerprint, positions = seen
        if fingerprint not in (None, key.fingerprint):
            shown = key.shown or key.key.decode(errors="replace")
            raise errors.KeyReused(key=shown, entries=positions)
        return Recorded(tuple(positions), repeated=True)

    def append_stored(self, event: Event, state: bytes, texts: list[TextRow]) -> None:
        """Append the bytes of an entry as they are; `event` is what they say, at its position.

        A text that is missing was erased or left out.
        """
        self._stored[event.position] = state
        self._take(event, texts, worded(event, {field: text for _, field, _, text in texts}))

    def catch_up(self, event: Event, state: bytes) -> None:
        """Hash, index and fold an entry that is in the log already."""
        self.tree.append([state])
        self.position = event.position
        self.recorded = max(self.recorded, microseconds(event.recorded_at))
        self._index([event])
        self.tables.apply(event)
        self._defer(event)

    def _entry_id(self) -> str:
        if not self._ids:
            digits = self._random(IDS_AT_ONCE * ENTRY_ID_DIGITS // 2).hex()
            starts = range(0, len(digits), ENTRY_ID_DIGITS)
            self._ids = [digits[start : start + ENTRY_ID_DIGITS] for start in starts]
        return self._ids.pop()

    def _append(self, event: Event) -> Event:
        sealed, texts = seal(event, self.position + 1, self._random)
        self._take(sealed, texts, event)
        return sealed

    def _take(self, event: Event, texts: list[TextRow], in_words: Event) -> None:
        self.position = event.position
        if event.recorded_at is not self._recorded_at:
            self._recorded_at = event.recorded_at
            self.recorded = max(self.recorded, microseconds(event.recorded_at))
        self._unlogged.append(event)
        self._texts += texts
        self.tables.apply(event)
        if event.type in NAMING:
            self._name(in_words, event.position)
        elif event.type in CORRECTIONS:
            self._name_again(cast("EntryCorrected | EntryReversed", event))
        self._defer(event)
        if event.type == "member-forgotten":
            self._erase(event)

    def _erase(self, event: Event) -> None:
        from ledger.erasure import erase  # noqa: PLC0415 - hardly anyone is ever forgotten

        self.write_out()
        erase(self.database, cast("MemberForgotten", event))
        self.erased = True

    def _defer(self, event: Event) -> None:
        """Leave the event to the projections until enough of them wait."""
        self._unfolded.append(event)
        if len(self._unfolded) >= PENDING_ENTRIES:
            self.write_out()

    def _index(self, events: Iterable[Event]) -> None:
        for event in events:
            occurred = event.occurred
            self._subjects += index_rows(event, occurred)
            late, self.largest = lateness(event, occurred, self.largest)
            if late is not None:
                self._late.append((event.position, late))

    def _name(self, in_words: Event, position: int) -> None:
        named = name_of(in_words)
        if named is None:
            return
        thing, folded = named
        if thing[0] != "m":
            self._named.append(named)
            return
        if in_words.type == "member-described":
            if self.tables.get(MEMBERS, thing).name_at != position:
                return
            self._names = {name: holder for name, holder in self._names.items() if holder != thing}
            self._renamed.append(thing)
            self._write_names()
        self._names[folded] = thing

    def _name_again(self, correction: EntryCorrected | EntryReversed) -> None:
        """Look up anew what something is called whose naming has been corrected."""
        named = correction.version or self.version(correction.target)
        if named is None or named.type not in NAMING:
            return
        thing: str = getattr(named, NAMING[named.type][0])
        self._write_names()
        self._write_log()
        fold = NAMED[thing[0]]
        name = name_now(self.database, thing[0], self.tables.get(fold, thing))
        self._cursor.execute("DELETE FROM names WHERE thing = ?", (thing,))
        if name:
            self._named.append((thing, name))
            self._write_names()

    # Writing out

    def write_out(self) -> None:
        """Write everything that is pending, in the open transaction."""
        self._write_log()
        self._write_names()
        keys = sorted([(*key, mark, str(at)) for key, (mark, at) in self._keys.items()])
        insert(self._cursor, INTO_KEYS, keys)
        self._keys.clear()
        self._projections.apply_all(self._unfolded)
        self._unfolded.clear()
        for tables in self._both:
            tables.settle()
            for fold, changed in tables.take_changed():
                table_of(fold).put(self._cursor, changed)
                self.states.touched(fold, changed)
        if sum(tables.size for tables in self._both) > ROWS_IN_MEMORY:
            self._forget()
            self._whole = set()

    def discard(self) -> None:
        """Forget everything pending and every row in memory."""
        self._unlogged.clear()
        self._unfolded.clear()
        self._stored.clear()
        self._subjects.clear()
        self._late.clear()
        self.states.discard()
        self._texts.clear()
        self._names.clear()
        self._named.clear()
        self._renamed.clear()
        self._keys.clear()
        self.erased = False
        self._recorded_at = None
        self.tree.discard()
        self._forget()
        self._whole = None

    def _forget(self) -> None:
        for tables in self._both:
            tables.forget()

    def _write_log(self) -> None:
        if self._unlogged:
            network, stored = self.database.network, self._stored
            entries: list[StoredRow] = [
                (network, event.position, event.type, stored.get(event.position) or encode(event))
                for event in self._unlogged
            ]
            self._recorder.append(self._cursor, entries)
            self.tree.append([entry[-1] for entry in entries])
            self._index(self._unlogged)
            self._unlogged.clear()
            stored.clear()
        if self._subjects:
            self._subjects.sort()
            insert(self._cursor, INTO_SUBJECTS, self._subjects)
        if self._texts:
            into = "INSERT INTO texts (position, field, salt, text) VALUES (?, ?, ?, ?)"
            insert(self._cursor, into, self._texts)
        if self._late:
            into = "INSERT INTO late (position, occurred) VALUES (?, ?)"
            insert(self._cursor, into, self._late)
        self._subjects.clear()
        self._late.clear()
        self._texts.clear()

    def _write_names(self) -> None:
        if self._renamed:
            renamed = [(thing,) for thing in self._renamed]
            self._cursor.executemany("DELETE FROM names WHERE thing = ?", renamed)
            self._renamed.clear()
        self._named += [(thing, folded) for folded, thing in self._names.items()]
        if self._named:
            insert(self._cursor, "INSERT INTO names (thing, folded) VALUES (?, ?)", self._named)
            self._names.clear()
            self._named.clear()


def _placed(command: Command, zone: tzinfo) -> Command:
    """The command with its time by the network's clocks."""
    at = command.occurred_at
    return command if at is None else replace(command, occurred_at=local(at, zone))
