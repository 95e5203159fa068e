"""Every event that natverk records, and the list of them.

An event is a fact: frozen, named in the past tense, and stored for good under
its `type`, which is never renamed or reused. An event that `decide` has just
made holds its texts in words; on the way to the log each is replaced by a
commitment (`personal.seal`), so an event read back holds 64 hex digits there.

`MEMBERS` names the fields that hold members, `THINGS` those that hold other
ids, `TARGETS` those that hold positions of earlier entries, `TEXTS` those that
hold personal words. `ACTS` says whether the members named do something at that
time, which those who have left cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, ClassVar, Literal

from ledger.openings import check_opening
from ledger.values import (
    EVERYONE,
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
Receiver = Annotated[str, Pattern("everyone|m[1-9][0-9]{0,14}")]
ResourceId = Annotated[str, Pattern("r[1-9][0-9]{0,14}")]
AskId = Annotated[str, Pattern("a[1-9][0-9]{0,14}")]
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
Kind = Literal[
    "service",
    "equipment",
    "premises",
    "people",
    "time",
    "knowledge",
    "contact",
    "funding",
    "other",
]
MemberKind = Literal["person", "organisation"]
AskOutcome = Literal["met", "withdrawn", "lapsed"]
IntroductionOutcome = Literal["met", "collaborated", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event carries, inside the stored bytes.

    `id` is random; `actor` is who recorded it (None: nobody said);
    `occurred_at` is claimed and `recorded_at` is ours, both in the network's
    time zone with their offset; `because_of` are earlier positions that led
    to it. `position` is the place in the log, 0 before it has one; it is the
    one field that is not in the bytes.
    """

    type: ClassVar[str] = ""
    MEMBERS: ClassVar[tuple[str, ...]] = ()
    THINGS: ClassVar[tuple[str, ...]] = ()
    TARGETS: ClassVar[tuple[str, ...]] = ()
    TEXTS: ClassVar[tuple[str, ...]] = ()
    ACTS: ClassVar[bool] = True

    id: EntryId
    actor: MemberId | None = None
    occurred_at: Moment
    recorded_at: Moment
    because_of: tuple[Position, ...] = ()
    position: int = 0

    @property
    def occurred(self) -> int:
        """`occurred_at` in microseconds since 1970."""
        return microseconds(self.occurred_at)

    @staticmethod
    def moment(moment: datetime) -> tuple[int, str]:
        """A moment as microseconds since 1970 and as ISO text."""
        return microseconds(moment), moment.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFounded(Event):
    """The network began: its name and idea in words, its time zone for good."""

    type: ClassVar[str] = "network-founded"
    TEXTS: ClassVar[tuple[str, ...]] = ("name", "idea")

    name: Text
    idea: Text
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDescribed(Event):
    """The network took another name or idea; what is None stays."""

    type: ClassVar[str] = "network-described"
    TEXTS: ClassVar[tuple[str, ...]] = ("name", "idea")

    name: Text | None = None
    idea: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    """A person or organisation came in for the first time, perhaps invited."""

    type: ClassVar[str] = "member-joined"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member", "invited_by")
    TEXTS: ClassVar[tuple[str, ...]] = ("name",)

    member: MemberId
    kind: MemberKind
    name: Text
    invited_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Event):
    """A member went; open offers, asks and coming bookings end with it."""

    type: ClassVar[str] = "member-left"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReturned(Event):
    """A member who had left came back under the same id."""

    type: ClassVar[str] = "member-returned"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member", "invited_by")

    member: MemberId
    invited_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPaused(Event):
    """A member rests; offers and asks are hidden until they resume."""

    type: ClassVar[str] = "member-paused"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberResumed(Event):
    """A paused member is active again."""

    type: ClassVar[str] = "member-resumed"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDescribed(Event):
    """A member's name, contact or description changed; what is None stays."""

    type: ClassVar[str] = "member-described"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)
    TEXTS: ClassVar[tuple[str, ...]] = ("name", "contact", "about")
    ACTS: ClassVar[bool] = False

    member: MemberId
    name: Text | None = None
    contact: Text | None = None
    about: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceOffered(Event):
    """A member offers something.

    With a capacity it is reusable, that many at a time; with a stock it is
    consumable; with neither it stands. `open` are periods and weekly hours as
    in `openings`; empty means always.
    """

    type: ClassVar[str] = "resource-offered"
    MEMBERS: ClassVar[tuple[str, ...]] = ("owner",)
    THINGS: ClassVar[tuple[str, ...]] = ("resource",)
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    resource: ResourceId
    owner: MemberId
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    capacity: Count | None = None
    stock_thousandths: Thousandths | None = None
    unit: Unit | None = None
    open: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceWithdrawn(Event):
    """A resource is no longer offered."""

    type: ClassVar[str] = "resource-withdrawn"
    THINGS: ClassVar[tuple[str, ...]] = ("resource",)

    resource: ResourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceBooked(Event):
    """A member has a resource from `start` until just before `end`."""

    type: ClassVar[str] = "resource-booked"
    MEMBERS: ClassVar[tuple[str, ...]] = ("booker",)
    THINGS: ClassVar[tuple[str, ...]] = ("booking", "resource")

    booking: BookingId
    resource: ResourceId
    booker: MemberId
    start: Moment
    end: Moment
    count: Count = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingReleased(Event):
    """A booking ended before its time, or never began."""

    type: ClassVar[str] = "booking-released"
    THINGS: ClassVar[tuple[str, ...]] = ("booking",)

    booking: BookingId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLent(Event):
    """A member took a resource along; the entry's position is the loan."""

    type: ClassVar[str] = "resource-lent"
    MEMBERS: ClassVar[tuple[str, ...]] = ("borrower",)
    THINGS: ClassVar[tuple[str, ...]] = ("resource",)

    resource: ResourceId
    borrower: MemberId
    due: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReturned(Event):
    """A loan came back."""

    type: ClassVar[str] = "resource-returned"
    MEMBERS: ClassVar[tuple[str, ...]] = ("borrower",)
    THINGS: ClassVar[tuple[str, ...]] = ("resource",)
    TARGETS: ClassVar[tuple[str, ...]] = ("loan",)
    ACTS: ClassVar[bool] = False

    loan: Position
    resource: ResourceId
    borrower: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskMade(Event):
    """A member asks for something, perhaps so much of it, perhaps by a date."""

    type: ClassVar[str] = "ask-made"
    MEMBERS: ClassVar[tuple[str, ...]] = ("asker",)
    THINGS: ClassVar[tuple[str, ...]] = ("ask",)
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    ask: AskId
    asker: MemberId
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    thousandths: Thousandths | None = None
    unit: Unit | None = None
    needed_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskClosed(Event):
    """An ask ended: met, withdrawn or lapsed."""

    type: ClassVar[str] = "ask-closed"
    THINGS: ClassVar[tuple[str, ...]] = ("ask",)

    ask: AskId
    outcome: AskOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftGiven(Event):
    """A giver gave something to a member or to everyone.

    `thousandths` of `unit`; None: a gift that nobody measured. `ask` is what
    it goes towards, `resource` what it comes from.
    """

    type: ClassVar[str] = "gift-given"
    MEMBERS: ClassVar[tuple[str, ...]] = ("giver", "receiver")
    THINGS: ClassVar[tuple[str, ...]] = ("ask", "resource")
    TEXTS: ClassVar[tuple[str, ...]] = ("what",)

    giver: MemberId
    receiver: Receiver
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    thousandths: Thousandths | None = None
    unit: Unit | None = None
    ask: AskId | None = None
    resource: ResourceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftConfirmed(Event):
    """Someone says that a gift took place as recorded."""

    type: ClassVar[str] = "gift-confirmed"
    TARGETS: ClassVar[tuple[str, ...]] = ("gift",)

    gift: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDisputed(Event):
    """Someone says that a gift did not take place as recorded."""

    type: ClassVar[str] = "gift-disputed"
    TARGETS: ClassVar[tuple[str, ...]] = ("gift",)

    gift: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionMade(Event):
    """An introducer brought two members together, perhaps about an ask."""

    type: ClassVar[str] = "introduction-made"
    MEMBERS: ClassVar[tuple[str, ...]] = ("introducer", "first", "second")
    THINGS: ClassVar[tuple[str, ...]] = ("ask",)
    TEXTS: ClassVar[tuple[str, ...]] = ("about",)

    introducer: MemberId
    first: MemberId
    second: MemberId
    about: Text | None = None
    ask: AskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionFollowedUp(Event):
    """What came of an introduction; the latest one counts."""

    type: ClassVar[str] = "introduction-followed-up"
    TARGETS: ClassVar[tuple[str, ...]] = ("introduction",)

    introduction: Position
    outcome: IntroductionOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Event):
    """Words about an earlier entry; `members` are those the entry is about."""

    type: ClassVar[str] = "note-added"
    TARGETS: ClassVar[tuple[str, ...]] = ("target",)
    TEXTS: ClassVar[tuple[str, ...]] = ("text",)
    ACTS: ClassVar[bool] = False

    target: Position
    members: tuple[MemberId, ...] = ()
    text: Text


EVENTS: tuple[type[Event], ...] = (
    NetworkFounded,
    NetworkDescribed,
    MemberJoined,
    MemberLeft,
    MemberReturned,
    MemberPaused,
    MemberResumed,
    MemberDescribed,
    ResourceOffered,
    ResourceWithdrawn,
    ResourceBooked,
    BookingReleased,
    ResourceLent,
    ResourceReturned,
    AskMade,
    AskClosed,
    GiftGiven,
    GiftConfirmed,
    GiftDisputed,
    IntroductionMade,
    IntroductionFollowedUp,
    NoteAdded,
)
BY_TYPE: dict[str, type[Event]] = {event.type: event for event in EVENTS}


def members_of(event: Event) -> tuple[str, ...]:
    """The ids of the members an event is about, each once, `everyone` left out."""
    named: list[Any] = [getattr(event, field) for field in event.MEMBERS]
    named += getattr(event, "members", ())
    return tuple(dict.fromkeys(m for m in named if m is not None and m[0] == "m"))


def subjects_of(event: Event) -> list[str]:
    """Everything an entry is found by: members, other ids, `#position` of targets and causes."""
    named, targets = _subject_fields(event.type)
    found = [id for id in named(event) if id is not None and id != EVERYONE]
    found += getattr(event, "members", ())
    found += [f"#{getattr(event, field)}" for field in targets]
    found += [f"#{cause}" for cause in event.because_of]
    return found if len(found) == len(set(found)) else list(dict.fromkeys(found))


@cache
def _subject_fields(topic: str) -> tuple[Callable[[Event], Iterable[Any]], tuple[str, ...]]:
    """What reads the ids of members and things from an event, and the fields with positions."""
    kind = BY_TYPE[topic]
    fields = (*kind.MEMBERS, *kind.THINGS)
    if len(fields) > 1:
        return attrgetter(*fields), kind.TARGETS
    return (lambda event: [getattr(event, field) for field in fields]), kind.TARGETS
