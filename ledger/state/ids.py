"""The ids that have been handed out, by their letter; none is ever used again."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold, Handler, Keys

if TYPE_CHECKING:
    from ledger import events


@dataclass(slots=True)
class Ids:
    """`used`: the highest number of an id with this letter."""

    letter: str
    used: int = 0


def _uses(field: str) -> tuple[Keys, Handler]:
    """Keys and handler of a type of event that gives the id in `field` to something."""
    read = attrgetter(field)

    def used(row: Ids, event: events.Event, sign: int) -> None:
        row.used = max(row.used, int(read(event)[1:]))  # for good, also when taken back

    return (lambda event: ((read(event)[0],),)), used


_BY_TYPE = {
    "member-joined": _uses("member"),
    "resource-offered": _uses("resource"),
    "resource-booked": _uses("booking"),
    "ask-made": _uses("ask"),
    "initiative-started": _uses("initiative"),
}
IDS = Fold(
    name="ids",
    version=2,
    row=Ids,
    key_length=1,
    on=_BY_TYPE,
    ignored=areas.EVERY_TYPE - _BY_TYPE.keys(),
)
