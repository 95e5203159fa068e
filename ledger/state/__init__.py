"""What the rules need to know, as folds; questions read the same rows.

Each fold is in the file of its area, imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.folds import Fold
    from ledger.state.asks import ASKS
    from ledger.state.ids import IDS
    from ledger.state.members import MEMBERS
    from ledger.state.network import NETWORK
    from ledger.state.resources import BOOKINGS, LOANS, RESOURCES
    from ledger.state.superseded import SUPERSEDED

    FOLDS: tuple[Fold, ...]

_PLACES = {
    "NETWORK": "network",
    "IDS": "ids",
    "MEMBERS": "members",
    "RESOURCES": "resources",
    "BOOKINGS": "resources",
    "LOANS": "resources",
    "ASKS": "asks",
    "SUPERSEDED": "superseded",
}


def __getattr__(name: str) -> Any:
    """A fold by its name, or `FOLDS`, all of them."""
    if name == "FOLDS":
        return tuple(map(__getattr__, _PLACES))
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"ledger.state.{_PLACES[name]}"), name)


__all__ = [
    "ASKS",
    "BOOKINGS",
    "FOLDS",
    "IDS",
    "LOANS",
    "MEMBERS",
    "NETWORK",
    "RESOURCES",
    "SUPERSEDED",
]
