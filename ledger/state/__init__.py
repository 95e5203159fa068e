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
    from ledger.state.initiatives import ENDORSEMENTS, INITIATIVES, PARTICIPATIONS
    from ledger.state.members import MEMBERS
    from ledger.state.network import NETWORK
    from ledger.state.relations import RELATIONS
    from ledger.state.resources import BOOKINGS, LOANS, RESOURCES
    from ledger.state.superseded import SUPERSEDED
    from ledger.state.ties import AFFILIATIONS, TIES

    FOLDS: tuple[Fold, ...]
    NAMED: dict[str, Fold]

_PLACES = {
    "NETWORK": "network",
    "IDS": "ids",
    "MEMBERS": "members",
    "RESOURCES": "resources",
    "BOOKINGS": "resources",
    "LOANS": "resources",
    "ASKS": "asks",
    "INITIATIVES": "initiatives",
    "PARTICIPATIONS": "initiatives",
    "ENDORSEMENTS": "initiatives",
    "AFFILIATIONS": "ties",
    "TIES": "ties",
    "RELATIONS": "relations",
    "SUPERSEDED": "superseded",
}

_NAMED = {"m": "MEMBERS", "r": "RESOURCES", "a": "ASKS", "i": "INITIATIVES"}


def __getattr__(name: str) -> Any:
    """A fold by its name, `FOLDS`, all of them, or `NAMED`, those of named things by letter."""
    if name == "FOLDS":
        return tuple(map(__getattr__, _PLACES))
    if name == "NAMED":
        return {letter: __getattr__(fold) for letter, fold in _NAMED.items()}
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"ledger.state.{_PLACES[name]}"), name)


__all__ = [
    "AFFILIATIONS",
    "ASKS",
    "BOOKINGS",
    "ENDORSEMENTS",
    "FOLDS",
    "IDS",
    "INITIATIVES",
    "LOANS",
    "MEMBERS",
    "NAMED",
    "NETWORK",
    "PARTICIPATIONS",
    "RELATIONS",
    "RESOURCES",
    "SUPERSEDED",
    "TIES",
]
