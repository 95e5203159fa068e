"""Checks of the ledger's file, of what it lies on, and of what opens it.

Each stands on its own: what one finds broken, or cannot look at, keeps no other
from being made. Nothing is written. What the log says is left to an audit.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any, Literal

from ledger import errors
from ledger.closed import CLOSED, refusal
from ledger.database import Database
from ledger.faults import faults_of
from ledger.files import (
    APPLICATION_ID,
    CHECKPOINT_PAGES,
    VERSION,
    check_file,
    connect,
    open_to_look,
    translated,
)
from ledger.folds import Fold
from ledger.mounts import file_system_of
from ledger.schema import changed_triggers
from ledger.standins import gone

State = Literal["ok", "warning", "problem"]
MIB = 2**20
SPARE = 64 * MIB  # free space below which a disk is nearly full
LARGE_WAL = 4 * CHECKPOINT_PAGES * 4096
REMOTE = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "9p", "lustre"),
        *("glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "davfs"),
    }
)
IN_FORCE = {"journal_mode": "wal", "synchronous": 2, "trusted_schema": 0, "recursive_triggers": 1}
NO_WAL = b"\x01\x01"  # versions of the file's form: https://www.sqlite.org/fileformat2.html
_LEFT = r"\.{name}\.(unfinished|[0-9a-f]{{8}})(-wal|-shm|-journal)?"


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found; `found` and `remedy` are templates in English, filled from `facts`."""

    state: State
    found: str
    remedy: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def examine(path: Path, folds: Sequence[Fold]) -> Iterator[tuple[str, Check]]:
    """Every check of the ledger at `path` with its name; `folds` are those that it keeps.

    Raises `LedgerMissing`, `LedgerUnreachable`, and `NotALedger` for any other file.
    """
    check_file(path, write=False)
    examined = _Examined(path, folds)
    checks: dict[str, Callable[[], Iterator[Check]]] = {
        "programs": _programs,
        "sqlite": _sqlite,
        "permissions": examined.permissions,
        "folder": examined.folder,
        "file system": examined.file_system,
        "free space": examined.space,
        "write-ahead log": examined.wal,
        "left behind": examined.left,
        "form": examined.form,
        "pages": examined.pages,
        "tables": examined.tables,
        "settings": examined.settings,
        "triggers": examined.triggers,
        "projections": examined.folds,
        "progress": examined.progress,
        "erasure": examined.erasure,
        "verified": examined.verified,
    }
    spoilt = (errors.LedgerDamaged, errors.LedgerLocked, errors.DiskFailed)  # for the checks to say
    try:
        with suppress(*spoilt), translated(path):
            if examined.value("application_id") != APPLICATION_ID:
                raise errors.NotALedger(path=str(path))
        for name, check in checks.items():
            yield from _made(name, check, path)
    finally:
        examined.close()


def _made(
    name: str, check: Callable[[], Iterator[Check]], path: Path
) -> Iterator[tuple[str, Check]]:
    try:
        with translated(path):
            found = list(check())
        yield from ((name, each) for each in found)
    except (errors.LedgerError, OSError, ValueError, TypeError, ImportError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = error.hint if isinstance(error, errors.LedgerError) else ""
        yield name, Check("problem", "could not be checked: {reason}", hint, {"reason": reason})


def _programs() -> Iterator[Check]:
    facts = {"version": version_of("natverk"), "python": platform.python_version()}
    yield Check("ok", "natverk {version}, Python {python}", "", facts)


def _sqlite() -> Iterator[Check]:
    version = sqlite3.sqlite_version
    found = faults_of(sqlite3.sqlite_version_info)
    touching = [fault for fault in found if fault.touches]
    if not touching:
        yield Check("ok", "SQLite {version}", "", {"version": version})
    for fault in touching:
        mended = ".".join(map(str, fault.mended))
        facts = {"version": version, "fault": fault.name, "meaning": fault.meaning}
        yield Check(
            "warning",
            "SQLite {version} has the {fault} fault: {meaning}",
            "use a Python with SQLite {mended} or newer, and keep backups",
            {**facts, "mended": mended},
        )


class _Examined:
    """One ledger's file under examination."""

    def __init__(self, path: Path, folds: Sequence[Fold]) -> None:
        self.path = path
        self._folds = folds

    @cached_property
    def connection(self) -> sqlite3.Connection:
        """The file, opened only to read, nothing about it taken for granted."""
        return open_to_look(self.path)

    @cached_property
    def database(self) -> Database:
        return Database(self.connection, self.path)

    def close(self) -> None:
        if "connection" in self.__dict__:
            self.connection.close()

    def value(self, pragma: str) -> Any:
        return self.connection.execute(f"PRAGMA {pragma}").fetchone()[0]

    # The file and its place

    def permissions(self) -> Iterator[Check]:
        """Of the file and of those beside it."""
        loose = 0
        for suffix in ("", "-wal", "-shm"):
            file = Path(f"{self.path}{suffix}")
            if file.exists():
                loose |= stat.S_IMODE(file.stat().st_mode) & 0o077
        facts = {"mode": f"{stat.S_IMODE(self.path.stat().st_mode):04o}", "path": self.path}
        remedy = "chmod 600 {path}* leaves it to you alone"
        if loose & 0o022:
            yield Check("problem", "others may write to it ({mode})", remedy, facts)
        elif loose:
            yield Check("warning", "others may read it ({mode})", remedy, facts)
        else:
            yield Check("ok", "only its owner reads and writes it", "", facts)

    def folder(self) -> Iterator[Check]:
        """Whoever may write in the folder can put another file in the ledger's place."""
        folder = self.path.absolute().parent
        mode = folder.stat().st_mode
        facts = {"folder": folder}
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            found, remedy = "anyone may put another file in its place", "chmod o-w {folder}"
            yield Check("problem", found, remedy, facts)
        elif not os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            found = "you may not write in the folder, so nothing can be recorded"
            yield Check("warning", found, "check the permissions of {folder}", facts)
        else:
            yield Check("ok", "{folder}", "", facts)

    def file_system(self) -> Iterator[Check]:
        """Processes on several machines cannot share a write-ahead log."""
        kind = file_system_of(self.path.resolve())
        if kind in REMOTE:
            found = "{kind}, over a network: recording from two machines spoils the file"
            remedy = "keep the ledger on a disk of the machine that records"
            yield Check("warning", found, remedy, {"kind": kind})
        else:
            yield Check("ok", "{kind}", "", {"kind": kind or "?"})

    def space(self) -> Iterator[Check]:
        """A backup, and a large import, need about as much again as the ledger."""
        size = sum(_size(Path(f"{self.path}{suffix}")) for suffix in ("", "-wal"))
        free = shutil.disk_usage(self.path.absolute().parent).free
        facts = {"free": f"{free / MIB:,.0f}", "size": f"{size / MIB:,.1f}"}
        found, remedy = "{free} MiB free, the ledger takes {size} MiB", "make room on the disk"
        state: State = "problem" if free < SPARE else "warning" if free < 2 * size else "ok"
        yield Check(state, found, "" if state == "ok" else remedy, facts)

    def wal(self) -> Iterator[Check]:
        """What is recorded and not yet copied into the file."""
        size = _size(Path(f"{self.path}-wal"))
        facts = {"size": f"{size / MIB:,.1f}"}
        remedy = "end what keeps the ledger open for long; the next to record shortens it"
        state: State = "warning" if size > LARGE_WAL else "ok"
        yield Check(state, "{size} MiB", "" if state == "ok" else remedy, facts)

    def left(self) -> Iterator[Check]:
        """Files that a killed process left unfinished; there may be names in them."""
        pattern = re.compile(_LEFT.format(name=re.escape(self.path.name)))
        beside = (each.name for each in self.path.absolute().parent.iterdir())
        names = sorted(name for name in beside if pattern.fullmatch(name))
        facts = {"files": ", ".join(names)}
        if names:
            found, remedy = "unfinished: {files}", "if nothing is under way, remove {files}"
            yield Check("warning", found, remedy, facts)
        else:
            yield Check("ok", "nothing unfinished beside it")

    # What is in it

    def form(self) -> Iterator[Check]:
        """The version of the schema."""
        version = self.value("user_version")
        facts = {"version": version, "known": VERSION}
        if version > VERSION:
            found = "version {version}, this natverk knows {known}"
            yield Check("problem", found, "upgrade natverk", facts)
        else:
            yield Check("ok", "ledger version {version}", "", facts)

    def pages(self) -> Iterator[Check]:
        """Whether the pages of the file hang together."""
        said = " ".join(str(self.value("quick_check(1)")).split())
        if said == "ok":
            yield Check("ok", "they hang together")
        else:
            remedy = "natverk export --ndjson FILE saves what can be read; restore a backup"
            yield Check("problem", "damaged: {said}", remedy, {"said": said})

    def tables(self) -> Iterator[Check]:
        """Those beside the log are there; rows by another version of natverk are made anew."""
        kept = self.database.versions()
        lacking = gone(self.database, [x for x in self._folds if kept.get(x.name) == x.version])
        if lacking and self.value("user_version") >= VERSION:
            remedy = "natverk verify tells of each how to get it back"
            yield Check(
                "problem",
                "gone, or not as natverk made them: {names}",
                remedy,
                {"names": ", ".join(lacking)},
            )
        else:
            yield Check("ok", "they are there")

    def settings(self) -> Iterator[Check]:
        """Those of a connection that records."""
        with self.path.open("rb") as file:
            form = file.read(20)[18:]
        if form == NO_WAL:
            found = "nothing was recorded in it since it was copied"
            yield Check("ok", found)
            return
        with closing(connect(self.path, write=True)) as recording:
            found_in_force = {
                name: recording.execute(f"PRAGMA {name}").fetchone()[0] for name in IN_FORCE
            }
        wrong = {n: value for n, value in found_in_force.items() if value != IN_FORCE[n]}
        said = ", ".join(f"{name} {value}" for name, value in (wrong or found_in_force).items())
        if wrong:
            remedy = "this build of SQLite does not keep what is recorded safe: use another"
            yield Check("problem", "{said}", remedy, {"said": said})
        else:
            yield Check("ok", "{said}", "", {"said": said})

    def triggers(self) -> Iterator[Check]:
        """They are there, as the schema has them, and there are no others."""
        differ = changed_triggers(self.connection)
        facts = {"names": ", ".join(differ)}
        if differ:
            found = "not as natverk made them: {names}"
            remedy = "someone changed the file by other means: compare it with a backup"
            yield Check("problem", found, remedy, facts)
        else:
            yield Check("ok", "the log can only be appended to")

    def folds(self) -> Iterator[Check]:
        """The version of each."""
        kept = self.database.versions()
        known = {fold.name: fold.version for fold in self._folds}
        old = sorted(name for name in known if kept.get(name) != known[name])
        said = ", ".join(f"{name} {version}" for name, version in sorted(kept.items()))
        if old:
            facts = {"names": ", ".join(old)}
            found = "rows by another version of natverk: {names}"
            remedy = "they are made anew when something is recorded or asked"
            yield Check("warning", found, remedy, facts)
        else:
            yield Check("ok", "{said}", "", {"said": said})

    def progress(self) -> Iterator[Check]:
        """Where the rows stand against the last entry, and whether any more may come."""
        closed = self.database.setting(CLOSED)
        at, head = self.database.progress()[0], self.database.head()
        facts = {"at": at, "head": head}
        if at > head:
            found = "the rows are at #{at}, the last entry is #{head}: entries are missing"
            yield Check("problem", found, "compare it with a backup", facts)
        elif closed:
            why = refusal(closed, self.path)
            yield Check("warning", why.message, why.hint, why.facts)
        elif at < head:
            found = "the rows are at #{at}, the last entry is #{head}"
            remedy = "the next to record brings them up to date"
            yield Check("warning", found, remedy, facts)
        else:
            yield Check("ok", "everything is up to #{head}", "", facts)

    def erasure(self) -> Iterator[Check]:
        """Whether a forgetting still has to be finished."""
        if self.database.setting("erasing") is None:
            yield Check("ok", "none is pending")
        else:
            found = "one is not finished: what was erased may still be in the file"
            remedy = "end whatever has the ledger open, then record something or open it again"
            yield Check("problem", found, remedy)

    def verified(self) -> Iterator[Check]:
        """When everything was last checked against the log."""
        last = self.database.setting("verified")
        never = Check("warning", "never", "natverk verify checks everything")
        yield never if last is None else Check("ok", "{last}", "", {"last": last})


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
