"""Faults of SQLite that its makers have published, and what they mean here.

Only those that spoil a file or an answer; from https://www.sqlite.org/changes.html and
https://www.sqlite.org/wal.html#walresetbug. The SQLite in use is the one that Python
was built with, or that the system puts in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in the versions from `since` up to, and not including, `mended`.

    `backports` are the first mended versions of older branches, by their first two
    numbers. `touches`: whether natverk does what brings it about.
    """

    name: str
    since: Version
    mended: Version
    touches: bool
    meaning: str
    backports: tuple[Version, ...] = ()

    def is_in(self, version: Version) -> bool:
        """Whether a version has the fault."""
        if not self.since <= version < self.mended:
            return False
        return not any(version[:2] == b[:2] and version >= b for b in self.backports)


FAULTS = (
    Fault(
        "WAL-reset",
        (3, 7, 0),
        (3, 51, 3),
        True,
        "several processes that record at once can, very rarely, spoil the file",
        ((3, 44, 6), (3, 50, 7)),
    ),
    Fault(
        "rolled-back savepoint",
        (3, 35, 0),
        (3, 37, 2),
        False,
        "natverk uses no savepoints",
    ),
    Fault(
        "old values in triggers of an upsert",
        (3, 24, 0),
        (3, 45, 3),
        False,
        "no trigger of natverk reads old values",
    ),
)


def faults_of(version: Version) -> list[Fault]:
    """The known faults of a version of SQLite."""
    return [fault for fault in FAULTS if fault.is_in(version)]
