"""What the rules need to know, as folds; questions read the same rows."""

from __future__ import annotations

from ledger.folds import Fold
from ledger.state.asks import ASKS
from ledger.state.ids import IDS
from ledger.state.members import MEMBERS
from ledger.state.network import NETWORK
from ledger.state.resources import BOOKINGS, LOANS, RESOURCES

__all__ = ["ASKS", "BOOKINGS", "FOLDS", "IDS", "LOANS", "MEMBERS", "NETWORK", "RESOURCES"]

FOLDS: tuple[Fold, ...] = (NETWORK, IDS, MEMBERS, RESOURCES, BOOKINGS, LOANS, ASKS)
