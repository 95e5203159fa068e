"""Who told whom about what, a row for each telling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold, reset

if TYPE_CHECKING:
    from ledger.events import StoryTold


@dataclass(slots=True)
class Story:
    """A telling, known by its slot `#position`; `heard_from` is the slot of an earlier one.

    `heard_from` 0: nobody said where the teller heard of it. `told` is in microseconds since
    1970, and the same as ISO text with `_at`.
    """

    entry: str
    initiative: str = ""
    teller: str = ""
    listeners: list[str] = field(default_factory=list)
    heard_from: int = 0
    told: int = 0
    told_at: str = ""
    position: int = 0


def _told(row: Story, event: StoryTold, sign: int) -> None:
    if sign < 0:
        reset(row, "entry")
        return
    row.initiative, row.heard_from = event.initiative, event.heard_from or 0
    row.teller, row.listeners = event.teller, list(event.listeners)
    row.told, row.told_at = event.occurred, event.occurred_at.isoformat()
    row.position = event.position


STORIES = Fold(
    name="stories",
    version=1,
    row=Story,
    key_length=1,
    on={"story-told": (lambda event: ((f"#{event.slot}",),), _told)},
    ignored=areas.EVERY_TYPE - areas.STORIES,
    indexes=(("initiative",),),
)
