"""The network itself: its time zone, and which entries hold its name and idea."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold
from ledger.values import START_OF_TIME

if TYPE_CHECKING:
    from ledger import events


WHOLE = ""  # the key of the one row, and the subject that every entry is about


@dataclass(slots=True)
class Network:
    """One row, with the key `WHOLE`; `name_at` and `idea_at` are positions."""

    network: str
    time_zone: str = ""
    founded_at: str = ""
    name_at: int = 0
    idea_at: int = 0
    last: int = START_OF_TIME


def _founded(row: Network, event: events.NetworkFounded, sign: int) -> None:
    row.time_zone = event.time_zone
    row.founded_at = event.occurred_at.isoformat()
    row.name_at = row.idea_at = event.position


def _described(row: Network, event: events.NetworkDescribed, sign: int) -> None:
    if event.name is not None:
        row.name_at = event.position
    if event.idea is not None:
        row.idea_at = event.position


def _key(event: events.Event) -> tuple[tuple[str], ...]:
    return ((WHOLE,),)


NETWORK = Fold(
    name="network",
    version=1,
    row=Network,
    key_length=1,
    timed=True,
    saved=False,  # a network is often founded after its first gifts
    on={"network-founded": (_key, _founded), "network-described": (_key, _described)},
    ignored=areas.EVERY_TYPE - areas.NETWORK,
)
