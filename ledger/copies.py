"""The ledger as a file, copied while others record, and the copy made a ledger again.

A copy is made under another name beside its own, checked, and only then given its
name: what lies there is the earlier copy, the new one whole, or nothing. It is
written by SQLite's VACUUM INTO (https://www.sqlite.org/lang_vacuum.html), which
reads one moment of the ledger, keeps nobody from recording, and makes one compact
file: nothing of what was erased, and no write-ahead log that could be left behind.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger import errors
from ledger.codec import decode
from ledger.database import Database
from ledger.files import open_file, translated
from ledger.folds import Fold
from ledger.founding import put_in_place, refuse_existing
from ledger.ledger import Clock, Ledger
from ledger.values import microseconds, moment_at
from ledger.verify import Verification

BACKUP = "backup"  # the setting of a copy that says so
BESIDE = ("-wal", "-journal")  # read into a file of that name by SQLite, whatever they are of
_UNWRITTEN = {
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
}


class NoEarlierBackup(errors.LedgerError):
    """A backup would be written over something that is not an earlier one of the same ledger."""

    message = "{path} is there already and is no earlier backup of this ledger"
    hint = "choose another file, or move that one away"


class BackupIsAhead(errors.LedgerError):
    """A backup would be written over one with entries that the ledger does not have."""

    message = "{path} has entries that this ledger does not have, from #{position} on"
    hint = "choose another file, and find out which of the two is right"


class BackupHasCheckpoints(errors.LedgerError):
    """A backup would be written over one with checkpoints that the ledger does not have."""

    message = "{path} has checkpoints that this ledger does not have, the last of {size} entries"
    hint = "choose another file, and keep that one: it was used as a ledger of its own"


class LeftBeside(errors.LedgerError):
    """A part of another ledger lies where SQLite would read it into the copy."""

    message = "{path} is a part of another ledger, and would spoil this one"
    hint = "move it away, and keep it: it may hold the last entries of a ledger that was lost"


class CopyUnderWay(errors.LedgerError):
    """Another process is writing the same copy."""

    message = "{path} is being written by someone else"
    hint = "try again in a moment, or choose another file"


class CopyNotWritten(errors.Unusable):
    """A copy cannot be written where it should be."""

    message = "the copy {path} cannot be written: {reason}"
    hint = "check that the folder exists, that you may write in it, and that there is room"


class CopyUnsound(errors.LedgerError):
    """What was copied contradicts itself, so the copy is not kept."""

    message = "{path} is not sound: {reason}"
    hint = "natverk replay --compare shows what differs; natverk export --ndjson saves the entries"


class BackupMissing(errors.Usage):
    """There is no file to restore from."""

    message = "there is no backup at {path}"
    hint = "check the path; natverk backup FILE writes one"


class NotABackup(errors.Usage):
    """The file to restore from is something else."""

    message = "{path} is no backup of a ledger"
    hint = "natverk backup FILE writes one; natverk import events reads an export"


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy holds: so many `entries`, the last at `position`, recorded at `recorded_at`."""

    entries: int
    position: int
    recorded_at: datetime


def back_up(source: Path, target: Path, folds: Sequence[Fold]) -> Copy:
    """Copy the ledger at `source`, whose rows are up to date, to `target`.

    An earlier backup of the same ledger is replaced. Raises `NoEarlierBackup`,
    `BackupIsAhead`, `BackupHasCheckpoints`, `LeftBeside`, `CopyUnderWay`, `CopyNotWritten`,
    `CopyUnsound`, and `errors.Unusable` when the ledger cannot be read.
    """
    with closing(Database.reading(source)) as ledger, translated(source):
        head = ledger.head()
        _refuse_other(ledger, target)
    refuse_beside(target)
    with unfinished(target) as made:
        _copy(source, made, target)
        try:
            _mark(made, backup=True)
            copy = check_copy(made, folds)
        except errors.LedgerError as error:
            error.facts["path"] = str(source)
            raise
        if copy.position < head:
            raise CopyUnsound(path=str(source), reason=f"it had #{head}, the copy has not")
        _replace(made, target)
    return copy


def restore(backup: Path, path: Path, projections: Sequence[Fold], clock: Clock) -> Copy:
    """Make a ledger at `path` from a backup, its rows brought up to date and checked.

    Raises `LedgerExists`, `LeftBeside`, `BackupMissing`, `NotABackup`, `CopyUnderWay`,
    `CopyNotWritten`, `CopyUnsound`, and `errors.Unusable` when the backup cannot be read.
    """
    refuse_existing(path)
    refuse_beside(path)
    try:
        Database.reading(backup).close()
    except errors.LedgerMissing:
        raise BackupMissing(path=str(backup)) from None
    except errors.NotALedger:
        raise NotABackup(path=str(backup)) from None
    with unfinished(path) as made:
        _copy(backup, made, path)
        try:
            _mark(made, backup=False)
            with Ledger(made, projections, clock) as ledger:
                folds = ledger.folds
            copy = check_copy(made, folds)
        except errors.LedgerError as error:
            error.facts["path"] = str(backup)
            raise
        _flush(made)
        put_in_place(made, path)
    return copy


def check_copy(path: Path, folds: Sequence[Fold]) -> Copy:
    """Check a ledger that nobody else has open, all of it. Raises `CopyUnsound`, `Unusable`."""
    with closing(Database.reading(path)) as database, translated(path):
        [[said]] = database.select("PRAGMA integrity_check(1)")
        if said != "ok":
            raise errors.LedgerDamaged(path=str(path), reason=" ".join(said.split()))
        [[entries]] = database.select("SELECT count(*) FROM stored_events")
        head = database.head()
        if entries != head:
            reason = f"it has {entries} entries, the last at #{head}"
            raise CopyUnsound(path=str(path), reason=reason)
        for finding in Verification(database, folds).findings():
            raise CopyUnsound(path=str(path), reason=finding.error)
        at, recorded = database.progress()
        for position, topic, state in database.entries(at):
            event = decode(topic, state, position)
            recorded = max(recorded, microseconds(event.recorded_at))
    return Copy(entries, head, moment_at(recorded))


def _refuse_other(ledger: Database, target: Path) -> None:
    """Only an earlier backup of the same ledger may be replaced, with nothing that is not ours.

    It says of itself that it is one. Its last entry is ours too, and so are its checkpoints;
    not always their signatures, which go with who is forgotten.
    """
    if not os.path.lexists(target) or (target.is_file() and not target.stat().st_size):
        return
    try:
        with closing(Database.reading(target)) as there, translated(target):
            same = there.network == ledger.network and there.setting(BACKUP) == 1
            last = there.head()
            entry = there.entry(last)
            checkpoints = _checkpoints(there)
    except errors.LedgerError:
        raise NoEarlierBackup(path=str(target)) from None
    if not same:
        raise NoEarlierBackup(path=str(target))
    if last and ledger.entry(last) != entry:
        raise BackupIsAhead(path=str(target), position=min(ledger.head() + 1, last))
    more = checkpoints - _checkpoints(ledger)
    if more:
        raise BackupHasCheckpoints(path=str(target), size=max(size for size, _ in more))


def _checkpoints(database: Database) -> set[tuple[int, bytes]]:
    return set(database.select("SELECT size, root FROM checkpoints"))


def _mark(copy: Path, *, backup: bool) -> None:
    """Say in a copy whether it is a backup, which may be replaced by the next."""
    with translated(copy), closing(open_file(copy, write=True)) as connection:
        Database(connection, copy).set(BACKUP, int(backup))


def refuse_beside(path: Path) -> None:
    for suffix in BESIDE:
        beside = Path(f"{path}{suffix}")
        if beside.exists() and beside.stat().st_size:
            raise LeftBeside(path=str(beside))


@contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """An empty file beside `target`, for its owner alone; gone at the end if it was not renamed.

    Its name is always the same, so that the next copy clears what a killed one left.
    """
    made = target.with_name(f".{target.name}.unfinished")
    try:
        held = _held(made, target)
    except OSError as error:
        raise CopyNotWritten(path=str(target), reason=error.strerror or str(error)) from error
    try:
        _clear(made)
        yield made
    finally:
        _clear(made)
        made.unlink(missing_ok=True)
        os.close(held)


def _held(made: Path, target: Path) -> int:
    """The file, empty, and a lock on it for as long as it is open."""
    while True:
        held = os.open(made, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if made.exists() and os.path.samestat(os.fstat(held), made.stat()):
                if os.fstat(held).st_nlink == 1:
                    os.ftruncate(held, 0)
                    os.fchmod(held, 0o600)
                    return held
                made.unlink()  # killed after it had been given its name: it is a ledger by now
        except BlockingIOError:
            os.close(held)
            raise CopyUnderWay(path=str(target)) from None
        except BaseException:
            os.close(held)
            raise
        os.close(held)  # someone gave that file its name in between


def _clear(made: Path) -> None:
    for suffix in (*BESIDE, "-shm"):
        Path(f"{made}{suffix}").unlink(missing_ok=True)


def _copy(source: Path, made: Path, target: Path) -> None:
    with translated(source), closing(open_file(source, write=False)) as connection:
        try:
            connection.execute("VACUUM INTO ?", (str(made.absolute()),))
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNWRITTEN:
                raise CopyNotWritten(path=str(target), reason=str(error)) from error
            raise


def _replace(made: Path, target: Path) -> None:
    try:
        _flush(made)
        made.replace(target)
        _flush(target.parent)
    except OSError as error:
        raise CopyNotWritten(path=str(target), reason=error.strerror or str(error)) from error


def _flush(path: Path) -> None:
    """What is written to a file, or to a folder, is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
