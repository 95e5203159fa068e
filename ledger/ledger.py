"""The one shell around the core: open a ledger, record in it, bring its rows up to date."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ledger import errors
from ledger.closed import refusal
from ledger.codec import decode
from ledger.commands import Command, Found
from ledger.database import Database
from ledger.dialect import Coming
from ledger.events import Event
from ledger.files import translated
from ledger.folds import Fold
from ledger.founding import SECRET_BYTES, create, put_in_place, refuse_existing
from ledger.personal import Key, Random
from ledger.places import Server
from ledger.refusals import ClockBehind, NotFounded
from ledger.rows import table_of
from ledger.saved import remake
from ledger.state import FOLDS
from ledger.store import Store
from ledger.upgrade import is_current, upgrade
from ledger.values import END_OF_TIME, MICROSECOND, microseconds, moment_at
from ledger.writer import Recorded, Writer
from ledger.zones import zone, zone_of

CLOCK_SLACK = timedelta(minutes=2)  # how far the clock may be behind the last entry
ERASING_SECONDS = 2  # how long an erasure waits for those who read
_MADE_BY = (
    "INSERT INTO folds VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version"
)

Clock = Callable[[], datetime]


class Ledger:
    """A ledger, open for recording.

    `projections` are the folds kept beside those of the rules. `clock` gives
    the time of recording, with its zone; `random` gives so many random bytes.
    `copying`: for whoever makes a copy of it, when it is closed to all others.
    """

    def __init__(
        self,
        path: Path | Server,
        projections: Sequence[Fold],
        clock: Clock,
        random: Random = os.urandom,
        *,
        copying: bool = False,
    ) -> None:
        self.folds = (*FOLDS, *projections)
        self._clock = clock
        self._copying = copying
        self._store = _current_store(path)
        self._at: int | None = None
        self._undisturbed = False  # whether it was found as it had been left here
        self.erasing = False  # whether an erasure waits for those who read an older state
        try:
            self.database = Database(self._store.connection, path)
            self._writer = Writer(self.database, self._store.recorder, self.folds, random)
            with translated(path):
                if not copying:
                    self.database.check_finished()
                self._bring_up_to_date()
                if self.database.setting("erasing") is not None:
                    self._finish_erasing(0)
                founded = self.database.progress()[0] > 0
                self.zone = zone_of(self.database) if founded else ZoneInfo("UTC")
        except BaseException:
            self.close()
            raise

    @classmethod
    def found(
        cls,
        path: Path | Server,
        command: Found,
        projections: Sequence[Fold],
        clock: Clock,
        random: Random = os.urandom,
    ) -> Ledger:
        """Make the file at `path` and found the network in it. Raises `LedgerExists`.

        It is made under another name beside it, so that what is at `path` is whole. On a
        server the tables are made, and the network in them.
        """
        founded_in = zone(command.time_zone)
        if isinstance(path, Server):
            return cls._found_on(path, command, projections, clock, random)
        refuse_existing(path)
        unfinished = path.with_name(f".{path.name}.{random(4).hex()}")
        try:
            create(unfinished, random)
            with cls(unfinished, projections, clock, random) as ledger:
                ledger.zone = founded_in
                ledger.record(command)
            put_in_place(unfinished, path)
        except errors.Unusable as error:
            error.facts["path"] = str(path)
            raise
        finally:
            for suffix in ("", "-wal", "-shm"):
                with suppress(OSError):  # where nothing can be written, nothing is left either
                    Path(f"{unfinished}{suffix}").unlink(missing_ok=True)
        return cls(path, projections, clock, random)

    @classmethod
    def _found_on(
        cls,
        server: Server,
        command: Found,
        projections: Sequence[Fold],
        clock: Clock,
        random: Random,
    ) -> Ledger:
        from ledger.postgres.store import made  # noqa: PLC0415 - a library

        network, secret = UUID(bytes=random(16), version=4).hex, random(SECRET_BYTES)
        with made(server, (*FOLDS, *projections), network, secret, name=command.name) as place:
            ledger = cls(place, projections, clock, random)
            try:
                ledger.zone = zone(command.time_zone)
                ledger.record(command)
            except BaseException:
                ledger.close()
                raise
        return ledger

    def record(self, command: Command, key: Key | None = None) -> Recorded:
        """Record one command, durably, before this returns.

        A connection to a server that was lost is made again, once, where nothing can then have
        been recorded twice. Raises what `commands.validated` and `decisions.decide` raise,
        `KeyReused`, `ClockBehind`, and `errors.Unusable` when the file or the server fails.
        """
        try:
            return self._record(command, key)
        except errors.ConnectionLost as lost:
            # With a key, what was recorded all the same is found rather than recorded twice.
            if key is None and isinstance(lost, errors.MaybeRecorded):
                raise
        self._store.connect_again()
        return self._record(command, key)

    def _record(self, command: Command, key: Key | None) -> Recorded:
        if self._undisturbed:
            with suppress(_Disturbed):
                return self._record_as_left(command, key)
        with self.transaction() as transaction:
            return transaction.record(command, key)

    def _record_as_left(self, command: Command, key: Key | None) -> Recorded:
        """Record by what is in memory. Raises `_Disturbed` where the ledger is not as left."""
        with self._writing() as answer:
            try:
                recorded = Transaction(self._writer, self._now(), self.zone).record(command, key)
                left = self._at
                self._finish()
                at, _, _, head, closed = self.database.standing(answer)
            except Exception:  # any: memory may contradict what others have recorded since
                raise _Disturbed from None
            if not at == head == left or closed:
                raise _Disturbed
        return recorded

    def repeated(self, key: Key) -> Recorded | None:
        """What an earlier request with this key recorded, None when it is new.

        For those who cannot even ask without knowing. Raises `KeyReused`.
        """
        with translated(self.database.path):
            return self._writer.repeated(key)

    @contextmanager
    def transaction(self, *, dry_run: bool = False) -> Iterator[Transaction]:
        """Record several commands at once: all of them or, after an error, none.

        A dry run decides everything and records nothing.
        """
        with suppress(_DryRun), self._writing() as answer:
            self._start(*self.database.standing(answer))
            yield Transaction(self._writer, self._now(), self.zone)
            if dry_run:
                raise _DryRun
            self._finish()

    @contextmanager
    def _writing(self) -> Iterator[Coming]:
        """A transaction under the lock; gives the coming answer to how it stands."""
        with translated(self.database.path):
            try:
                with self._store.writing():
                    yield self.database.ask_standing()
                if self._writer.erased:
                    self._writer.erased = False
                    self._finish_erasing(ERASING_SECONDS)
            except BaseException:
                self._forget()
                raise

    def entries(self, after: int = 0, until: int = END_OF_TIME) -> Iterator[Event]:
        """The entries in (after, until], decoded and validated, in order."""
        for position, topic, state in self.database.entries(after, until):
            yield decode(topic, state, position)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self, at: int, recorded: int, largest: int, head: int, closed: str | None) -> None:
        """Bring what is in memory, and the rows, up to the head; the lock is held."""
        if closed and not self._copying:
            raise refusal(closed, self.database.path, self.database.directory)
        if at != self._at:
            self._writer.discard()
        self._undisturbed = at == self._at == head
        self._writer.position, self._writer.recorded = at, recorded
        self._writer.largest = largest
        self._writer.states.begin(at)
        self._at = at
        if head < at:
            lost = f"its entries after #{head} are lost" if head else "all its entries are lost"
            raise errors.LedgerDamaged(path=str(self.database.path), reason=lost)
        if head != at:
            for position, topic, state in self.database.entries(at):
                self._writer.catch_up(decode(topic, state, position), state)

    def _finish(self) -> None:
        if self._writer.position == self._at and not self._writer.pending:
            return
        self._writer.write_out()
        cursor = self.database.cursor
        self._writer.states.keep(self._writer.position, self._writer.largest)
        tree = self._writer.tree.write(cursor)
        moved = cursor.execute(
            "UPDATE progress SET at = ?, recorded = ?, largest = ?, tree = ? WHERE at = ?",
            (self._writer.position, self._writer.recorded, self._writer.largest, tree, self._at),
        )
        if not self._store.has_moved(moved):
            raise errors.Conflict(expected=self._at, found=self.database.progress()[0])
        self._at = self._writer.position

    def _finish_erasing(self, wait_seconds: float) -> None:
        from ledger.erasure import finish  # noqa: PLC0415 - hardly anyone is ever forgotten

        self.erasing = not finish(self.database, wait_seconds)

    def _forget(self) -> None:
        self._writer.discard()
        self._at = None
        self._undisturbed = False

    def _now(self) -> datetime:
        now = self._clock().astimezone(self.zone)
        last = self._writer.recorded
        if microseconds(now) >= last:
            return now
        recorded_at = moment_at(last).astimezone(self.zone)
        if last - microseconds(now) > CLOCK_SLACK // MICROSECOND:
            raise ClockBehind(now=now, recorded_at=recorded_at)
        return recorded_at

    def _bring_up_to_date(self) -> None:
        outdated = self.database.outdated(self.folds)
        if not outdated:
            return
        self._store.prepare(outdated)
        with self._store.writing():
            outdated = self.database.outdated(self.folds)
            cursor = self.database.cursor
            for fold in outdated:
                for statement in self.database.dialect.empty(table_of(fold)):
                    cursor.execute(statement)
            tables = remake(self._writer, outdated)
            for fold in outdated:
                table_of(fold).put(cursor, tables.rows(fold).values())
                cursor.execute(_MADE_BY, (fold.name, fold.version))


class Transaction:
    """Several commands recorded at once, at one moment of recording."""

    def __init__(self, writer: Writer, now: datetime, zone: ZoneInfo) -> None:
        self.writer = writer
        self.now = now
        self.zone = zone

    def record(self, command: Command, key: Key | None = None) -> Recorded:
        """Record one command as part of the transaction; one that is refused changes nothing.

        Raises `NotFounded` when it is not what founds the network and nothing has.
        """
        if self.writer.position == 0 and not isinstance(command, Found):
            raise NotFounded()
        return self.writer.record(command, self.now, self.zone, key)

    def add(self, requests: Sequence[tuple[Command, Sequence[Key]]]) -> list[Event]:
        """Record commands that are validated and new in a founded network; see `Writer.add`."""
        return self.writer.add(requests, self.now, self.zone)


class _DryRun(Exception):
    """Rolls a transaction back."""


class _Disturbed(Exception):
    """Somebody else has recorded, or may have."""


def _current_store(path: Path | Server) -> Any:
    """The log of a ledger, which is brought up to the current schema first."""
    if isinstance(path, Server):
        from ledger.postgres.store import Store as StoreOnServer  # noqa: PLC0415 - a library

        return StoreOnServer(path)
    store = Store(path)
    try:
        if is_current(store.connection):
            return store
    except BaseException:
        store.close()
        raise
    store.close()
    upgrade(path)
    return Store(path)
