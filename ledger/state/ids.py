"""The ids that have been handed out, by their letter; none is ever used again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold

if TYPE_CHECKING:
    from ledger import events


@dataclass(slots=True)
class Ids:
    """`used`: how many ids with this letter exist."""

    letter: str
    used: int = 0


def _used(row: Ids, event: events.Event, sign: int) -> None:
    if sign > 0:
        row.used += 1


IDS = Fold(
    name="ids",
    version=1,
    row=Ids,
    key_length=1,
    on={
        "member-joined": (lambda event: (("m",),), _used),
        "resource-offered": (lambda event: (("r",),), _used),
        "resource-booked": (lambda event: (("b",),), _used),
        "ask-made": (lambda event: (("a",),), _used),
    },
    ignored=areas.EVERY_TYPE - {"member-joined", "resource-offered", "resource-booked", "ask-made"},
)
