"""Who was in something that happened, month by month; gifts have their own rows for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger import areas
from ledger.folds import Few, Fold
from ledger.state.initiatives import for_initiatives, initiative_of
from projections.reciprocity import periods

if TYPE_CHECKING:
    from ledger.events import Event, GiftGiven

SAID = areas.MEMBERSHIP | areas.RELATIONS | areas.TIES | areas.AFFILIATIONS | areas.NOMINATIONS
HAPPENED = areas.ACTING - SAID  # rather than that somebody joined, or what others say of them


@dataclass(slots=True)
class Activity:
    """How often a member was in something that happened, but for gifts, in a month (2026-11)."""

    member: str
    month: str
    times: int = 0


@dataclass(slots=True)
class Contribution:
    """How many gifts a member gave to an initiative, or for it, in a month (2026-11)."""

    initiative: str
    month: str
    giver: str
    gifts: int = 0


def _month(event: Event) -> str:
    return periods(event.occurred_at.toordinal())[0]


def _who(event: Any) -> tuple[tuple[str, str], ...]:
    named = [getattr(event, field) for field in event.MEMBERS]
    named += [each for field in event.GROUPS for each in getattr(event, field)]
    month = _month(event)
    return tuple((member, month) for member in dict.fromkeys(named))


def _happened(row: Activity, event: Event, sign: int) -> None:
    row.times += sign


def _contributed(event: GiftGiven) -> tuple[tuple[str, str, str], ...]:
    initiative = initiative_of(event)
    return () if initiative is None else ((initiative, _month(event), event.giver),)


def _given(row: Contribution, event: GiftGiven, sign: int) -> None:
    row.gifts += sign


ACTIVITY = Fold(
    name="activity",
    version=1,
    row=Activity,
    key_length=2,
    on=dict.fromkeys(HAPPENED - areas.GIFTS, (_who, _happened)),
    ignored=areas.EVERY_TYPE - (HAPPENED - areas.GIFTS),
)
CONTRIBUTIONS = Fold(
    name="contributions",
    version=1,
    row=Contribution,
    key_length=3,
    on={"gift-given": (_contributed, _given)},
    ignored=areas.EVERY_TYPE - areas.GIFTS,
    by_columns={"gift-given": lambda rows: Few(for_initiatives)},
)
