"""What every event carries, and the types of its fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from ledger.openings import check_opening
from ledger.values import (
    LARGEST_THOUSANDTHS,
    SLUG,
    SLUG_LENGTH,
    Aware,
    Between,
    Check,
    Pattern,
    microseconds,
)

MemberId = Annotated[str, Pattern("m[1-9][0-9]{0,14}")]
Receiver = Annotated[str, Pattern("everyone|[mi][1-9][0-9]{0,14}")]
ResourceId = Annotated[str, Pattern("r[1-9][0-9]{0,14}")]
AskId = Annotated[str, Pattern("a[1-9][0-9]{0,14}")]
InitiativeId = Annotated[str, Pattern("i[1-9][0-9]{0,14}")]
BookingId = Annotated[str, Pattern("b[1-9][0-9]{0,14}")]
EntryId = Annotated[str, Pattern("[0-9a-f]{32}")]
Moment = Annotated[datetime, Aware()]
Position = Annotated[int, Between(1, 10**15)]
Text = Annotated[str, Pattern("[0-9a-f]{64}")]
Slug = Annotated[str, Pattern(SLUG, SLUG_LENGTH)]
Unit = Slug
Opening = Annotated[str, Check(check_opening)]
Thousandths = Annotated[int, Between(1, LARGEST_THOUSANDTHS)]
Count = Annotated[int, Between(1, 10**9)]
MemberKind = Literal["person", "organisation"]
AskOutcome = Literal["met", "withdrawn", "lapsed"]
IntroductionOutcome = Literal["met", "collaborated", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event carries, inside the stored bytes.

    `id` is random; `actor` is who recorded it (None: nobody said);
    `occurred_at` is claimed and `recorded_at` is ours, both in the network's
    time zone with their offset; `because_of` are earlier positions that led
    to it. `position` is the place in the log, 0 before it has one, and `replaces`
    the position of the entry in whose slot this stands as a replacement, else
    0; these two are not in the bytes.
    """

    type: ClassVar[str] = ""
    MEMBERS: ClassVar[tuple[str, ...]] = ()
    THINGS: ClassVar[tuple[str, ...]] = ()
    TARGETS: ClassVar[tuple[str, ...]] = ()
    GROUPS: ClassVar[tuple[str, ...]] = ()
    SOURCES: ClassVar[tuple[str, ...]] = ()
    TEXTS: ClassVar[tuple[str, ...]] = ()
    ACTS: ClassVar[bool] = True

    id: EntryId
    actor: MemberId | None = None
    occurred_at: Moment
    recorded_at: Moment
    because_of: tuple[Position, ...] = ()
    position: int = 0
    replaces: int = 0

    @property
    def slot(self) -> int:
        """The position under which others refer to it, whatever has replaced it since."""
        return self.replaces or self.position

    @property
    def occurred(self) -> int:
        """`occurred_at` in microseconds since 1970."""
        return microseconds(self.occurred_at)

    @staticmethod
    def moment(moment: datetime) -> tuple[int, str]:
        """A moment as microseconds since 1970 and as ISO text."""
        return microseconds(moment), moment.isoformat()
