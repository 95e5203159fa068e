"""What is asked for, what has been given towards it, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Few, Fold, places, reset
from ledger.values import Total, fold

if TYPE_CHECKING:
    from ledger import events


@dataclass(slots=True)
class Ask:
    """An ask. `quantity` and `given` are thousandths of `unit`; `gifts` counts all towards it.

    `asked` and `closed` are microseconds since 1970, and the same as ISO text
    with `_at`. `initiative` is what it is for, `word` the category as it is
    compared; `given_by_unit` holds what came in each unit. `live`: not closed, and
    not yet all of it given.
    """

    ask: str
    asker: str = ""
    kind: str = ""
    category: str | None = None
    word: str | None = None
    quantity: Total | None = None
    unit: str | None = None
    needed_by: str | None = None
    initiative: str | None = None
    asked: int = 0
    asked_at: str = ""
    gifts: int = 0
    given_by_unit: dict[str, int] | None = None
    outcome: str | None = None
    closed: int | None = None
    closed_at: str | None = None
    position: int = 0
    live: bool = False

    @property
    def exists(self) -> bool:
        """Whether anything was ever asked under this id."""
        return self.position > 0

    @property
    def given(self) -> int:
        """Thousandths given in the unit asked for."""
        return (self.given_by_unit or {}).get(self.unit or "", 0)

    @property
    def status(self) -> str:
        """`open`, `partly-met`, `met`, `withdrawn` or `lapsed`, leaving not counted."""
        if self.outcome is not None:
            return self.outcome
        if self.quantity is None or self.given == 0:
            return "open"
        return "partly-met" if self.given < self.quantity else "met"

    def judge(self) -> None:
        """Set `live` from the rest of the row."""
        self.live = self.exists and self.status in ("open", "partly-met")


def _made(row: Ask, event: events.AskMade, sign: int) -> None:
    if sign < 0:
        reset(row, "ask", "gifts", "given_by_unit", "outcome", "closed", "closed_at")
        return
    row.asker, row.kind, row.category = event.asker, event.kind, event.category
    row.word = None if event.category is None else fold(event.category)
    row.quantity, row.unit = event.thousandths, event.unit
    row.needed_by = None if event.needed_by is None else event.needed_by.isoformat()
    row.initiative = event.initiative
    row.asked, row.asked_at = event.occurred, event.occurred_at.isoformat()
    row.position = event.position
    row.judge()


def _given(row: Ask, event: events.GiftGiven, sign: int) -> None:
    row.gifts += sign
    if event.unit is not None and event.thousandths is not None:
        given = row.given_by_unit or {}
        given[event.unit] = given.get(event.unit, 0) + sign * event.thousandths
        row.given_by_unit = {unit: given[unit] for unit in sorted(given) if given[unit]} or None
    row.judge()


def _closed(row: Ask, event: events.AskClosed, sign: int) -> None:
    row.outcome = event.outcome if sign > 0 else None
    row.closed = event.occurred if sign > 0 else None
    row.closed_at = event.occurred_at.isoformat() if sign > 0 else None
    row.judge()


def _ask(event: events.AskClosed) -> tuple[tuple[str], ...]:
    return ((event.ask,),)


def _ask_of_gift(event: events.GiftGiven) -> tuple[tuple[str], ...]:
    return () if event.ask is None else ((event.ask,),)


ASKS = Fold(
    name="asks",
    version=2,
    row=Ask,
    key_length=1,
    on={
        "ask-made": (_ask, _made),
        "ask-closed": (_ask, _closed),
        "gift-given": (_ask_of_gift, _given),
    },
    ignored=areas.EVERY_TYPE - areas.ASKS - areas.GIFTS,
    indexes=(("live", "kind", "word"), ("asker", "live")),
    by_columns={"gift-given": lambda rows: Few(lambda columns: places(columns.texts["ask"]))},
)
