"""Why nobody records in a ledger: it is a copy that is being made, or the network has moved.

A setting says so, which every write looks at under the lock of the ledger.
"""

from __future__ import annotations

from ledger.errors import LedgerError, Unusable

CLOSED = "closed"  # the setting: nothing, or one of the next two with what follows it
COPYING = "copying "  # and the position up to which all has come, then what it was before, if MOVED
MOVED = "moved "  # and where to


class UnfinishedCopy(Unusable):
    """A copy was broken off, or is still being made."""

    message = "{path} is a copy that is not finished"
    hint = "natverk copy FROM TO, as it was given, goes on with it"


class Moved(Unusable):
    """The network is recorded elsewhere now."""

    message = "the network has moved from {path} to {to}: nothing is recorded here any more"
    hint = (
        "say where it is with --ledger, NATVERK_LEDGER or natverk.toml; if it is not there yet,"
        " natverk copy --move {path} {to} finishes the move"
    )


class UnfinishedCopyOf(UnfinishedCopy):
    """The same of a network that was named, where a database may have others."""

    message = "the copy of {network} at {path} is not finished"


class MovedElsewhere(Moved):
    """A ledger whose network has moved would be copied, or copied into, past where it is."""

    message = "the network has moved from {path} to {to}"
    hint = "copy from there"


class LeftBefore(MovedElsewhere):
    """A ledger would be copied to where its network was before it moved to yet another place."""

    hint = (
        "copy from there; if the network is at {source} now,"
        " natverk copy --move {source} {to} brings it there first"
    )


class DirectoryBehind(Moved):
    """The same where a directory led to, which does not know that the network has moved."""

    hint = "let the owner of {directory} change or delete the row in natverk.elsewhere"


def refusal(closed: str, path: object, directory: object = None) -> LedgerError:
    """What a ledger that is closed says to whoever would record in it.

    `directory`: the place that led to it, if another did.
    """
    if closed.startswith(MOVED):
        if directory is not None:
            to = closed.removeprefix(MOVED)
            return DirectoryBehind(path=str(path), to=to, directory=str(directory))
        return Moved(path=str(path), to=closed.removeprefix(MOVED))
    return UnfinishedCopy(path=str(path))


def moved_to(closed: str | None) -> str | None:
    """Where the network of a ledger has moved, also when it is copied back; None: it has not."""
    return (closed or "").partition(MOVED)[2] or None


def copying(position: int, closed: str | None) -> str:
    """What closes a ledger while it is made a copy, everything up to a position having come."""
    to = moved_to(closed)
    return f"{COPYING}{position}" + ("" if to is None else f" {MOVED}{to}")


def copied_up_to(closed: str | None) -> int | None:
    """The position up to which all has come in an unfinished copy; None: it is none."""
    if not closed or not closed.startswith(COPYING):
        return None
    return int(closed.split()[1])
