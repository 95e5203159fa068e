"""Time zones by their IANA names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.errors import LedgerDamaged
from ledger.refusals import UnknownTimeZone
from ledger.state.network import NETWORK, WHOLE

if TYPE_CHECKING:
    from ledger.database import Database


def zone(name: str) -> ZoneInfo:
    """The time zone with an IANA name. Raises `UnknownTimeZone`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone(time_zone=name) from None


def zone_of(database: Database) -> ZoneInfo:
    """The time zone of a ledger's network. Raises `LedgerDamaged`, `UnknownTimeZone`."""
    name: str = database.load(NETWORK, WHOLE).time_zone
    if not name:
        reason = "the time zone of its network is lost"
        raise LedgerDamaged(path=str(database.path), reason=reason)
    return zone(name)
