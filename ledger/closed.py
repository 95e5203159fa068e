"""Why nobody records in a ledger: it is a copy that is being made, or the network has moved.

A setting says so, which every write looks at under the lock of the ledger.
"""

from __future__ import annotations

from ledger.errors import LedgerError, Unusable

CLOSED = "closed"  # the setting: nothing, or one of the next two with what follows it
COPYING = "copying "  # and the position up to which all has come
MOVED = "moved "  # and where to


class UnfinishedCopy(Unusable):
    """A copy was broken off, or is still being made."""

    message = "{path} is a copy that is not finished"
    hint = "natverk copy FROM TO, as it was given, goes on with it"


class Moved(Unusable):
    """The network is recorded elsewhere now."""

    message = "the network has moved from {path} to {to}: nothing is recorded here any more"
    hint = "say where it is with --ledger, NATVERK_LEDGER or natverk.toml"


def refusal(closed: str, path: object) -> LedgerError:
    """What a ledger that is closed says to whoever would record in it."""
    if closed.startswith(MOVED):
        return Moved(path=str(path), to=closed.removeprefix(MOVED))
    return UnfinishedCopy(path=str(path))


def moved_to(closed: str | None) -> str | None:
    """Where the network of a ledger has moved; None: it has not."""
    return closed.removeprefix(MOVED) if closed and closed.startswith(MOVED) else None


def copied_up_to(closed: str | None) -> int | None:
    """The position up to which all has come in an unfinished copy; None: it is none."""
    if not closed or not closed.startswith(COPYING):
        return None
    return int(closed.removeprefix(COPYING))
