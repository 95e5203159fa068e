"""Which entries have been taken back or replaced, and by which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold

if TYPE_CHECKING:
    from ledger import events


@dataclass(slots=True)
class Superseded:
    """A version that is no longer live: the entry `successor` took it back or replaced it.

    `entry` is the slot, the position of the first version; `reversal`: from then on
    nothing stands there, unless the successor is itself in this table. `successor` 0: it is live.
    """

    position: int
    successor: int = 0
    entry: int = 0
    reversal: bool = False


def _superseded(row: Superseded, event: events.EntryReversed, sign: int) -> None:
    if sign > 0:
        row.successor, row.entry = event.position, event.entry
        row.reversal = event.type == "entry-reversed"


def _target(event: events.EntryReversed) -> tuple[tuple[int], ...]:
    return ((event.target,),)


SUPERSEDED = Fold(
    name="superseded",
    version=1,
    row=Superseded,
    key_length=1,
    on=dict.fromkeys(sorted(areas.CORRECTIONS), (_target, _superseded)),
    ignored=areas.EVERY_TYPE - areas.CORRECTIONS,
    indexes=(("entry",),),
)
