"""What is offered, what of it is booked and lent, and what has been taken from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Few, Fold, places, reset
from ledger.values import END_OF_TIME, Total, fold

if TYPE_CHECKING:
    from ledger import events


@dataclass(slots=True)
class Resource:
    """An offer. `capacity`: reusable, so many at a time; `stock`: consumable; neither: standing.

    `stock` and `taken` are thousandths of `unit`; `offered` and `withdrawn` are
    microseconds since 1970, and the same as ISO text with `_at`. `word` is the
    category as it is compared. `live`: not withdrawn, and something is left.
    """

    resource: str
    owner: str = ""
    kind: str = ""
    category: str | None = None
    word: str | None = None
    capacity: int | None = None
    stock: Total | None = None
    unit: str | None = None
    open: list[str] = field(default_factory=list)
    offered: int = 0
    offered_at: str = ""
    withdrawn: int | None = None
    withdrawn_at: str | None = None
    taken: Total = 0
    position: int = 0
    live: bool = False

    @property
    def exists(self) -> bool:
        """Whether anything was ever offered under this id."""
        return self.position > 0

    def judge(self) -> None:
        """Set `live` from the rest of the row."""
        left = self.stock is None or self.taken < self.stock
        self.live = self.exists and self.withdrawn is None and left


@dataclass(slots=True)
class Booking:
    """`count` of a resource from `start` until just before `end`, unless released."""

    booking: str
    resource: str = ""
    booker: str = ""
    start: int = 0
    end: int = 0
    start_at: str = ""
    end_at: str = ""
    count: int = 0
    booked: int = 0
    released: int | None = None
    released_at: str | None = None
    position: int = 0

    @property
    def until(self) -> int:
        """When it ends, a release counted; at or before `start`: it never began."""
        return self.end if self.released is None else min(self.end, self.released)


@dataclass(slots=True)
class Loan:
    """One of a resource, with a borrower since `lent`; `out` until it is returned."""

    loan: int
    resource: str = ""
    borrower: str = ""
    lent: int = 0
    lent_at: str = ""
    due: int | None = None
    due_at: str | None = None
    returned: int | None = None
    returned_at: str | None = None
    out: bool = False

    @property
    def until(self) -> int:
        """Until when it was meant to be away, as far as is known."""
        ends = [end for end in (self.due, self.returned) if end is not None]
        return min(ends, default=END_OF_TIME)


def _offered(row: Resource, event: events.ResourceOffered, sign: int) -> None:
    if sign < 0:
        reset(row, "resource", "withdrawn", "withdrawn_at", "taken")
        return
    row.owner, row.kind, row.category = event.owner, event.kind, event.category
    row.word = None if event.category is None else fold(event.category)
    row.capacity, row.stock, row.unit = event.capacity, event.stock_thousandths, event.unit
    row.open = list(event.open)
    row.offered, row.offered_at = event.occurred, event.occurred_at.isoformat()
    row.position = event.position
    row.judge()


def _withdrawn(row: Resource, event: events.ResourceWithdrawn, sign: int) -> None:
    row.withdrawn = event.occurred if sign > 0 else None
    row.withdrawn_at = event.occurred_at.isoformat() if sign > 0 else None
    row.judge()


def _taken(row: Resource, event: events.GiftGiven, sign: int) -> None:
    row.taken += sign * (event.thousandths or 0)
    row.judge()


def _resource(event: events.ResourceWithdrawn) -> tuple[tuple[str], ...]:
    return ((event.resource,),)


def _source_of_gift(event: events.GiftGiven) -> tuple[tuple[str], ...]:
    return () if event.resource is None else ((event.resource,),)


def _booked(row: Booking, event: events.ResourceBooked, sign: int) -> None:
    if sign < 0:
        reset(row, "booking", "released", "released_at")
        return
    row.resource, row.booker, row.count = event.resource, event.booker, event.count
    row.start, row.start_at = event.moment(event.start)
    row.end, row.end_at = event.moment(event.end)
    row.booked = event.occurred
    row.position = event.position


def _released(row: Booking, event: events.BookingReleased, sign: int) -> None:
    row.released = event.occurred if sign > 0 else None
    row.released_at = event.occurred_at.isoformat() if sign > 0 else None


def _booking(event: events.BookingReleased) -> tuple[tuple[str], ...]:
    return ((event.booking,),)


def _lent(row: Loan, event: events.ResourceLent, sign: int) -> None:
    if sign < 0:
        reset(row, "loan", "returned", "returned_at")
        return
    row.resource, row.borrower = event.resource, event.borrower
    row.lent, row.lent_at = event.occurred, event.occurred_at.isoformat()
    if event.due is not None:
        row.due, row.due_at = event.moment(event.due)
    row.out = row.lent_at != "" and row.returned is None


def _returned(row: Loan, event: events.ResourceReturned, sign: int) -> None:
    row.returned = event.occurred if sign > 0 else None
    row.returned_at = event.occurred_at.isoformat() if sign > 0 else None
    row.out = row.lent_at != "" and row.returned is None


RESOURCES = Fold(
    name="resources",
    version=1,
    row=Resource,
    key_length=1,
    on={
        "resource-offered": (_resource, _offered),
        "resource-withdrawn": (_resource, _withdrawn),
        "gift-given": (_source_of_gift, _taken),
    },
    ignored=areas.EVERY_TYPE - areas.OFFERS - areas.GIFTS,
    indexes=(("live", "kind", "word"), ("owner", "live"), ("withdrawn",)),
    by_columns={"gift-given": lambda rows: Few(lambda columns: places(columns.texts["resource"]))},
)
BOOKINGS = Fold(
    name="bookings",
    version=1,
    row=Booking,
    key_length=1,
    on={"resource-booked": (_booking, _booked), "booking-released": (_booking, _released)},
    ignored=areas.EVERY_TYPE - areas.BOOKINGS,
    indexes=(("resource", "end"), ("booker", "end")),
)
LOANS = Fold(
    name="loans",
    version=1,
    row=Loan,
    key_length=1,
    on={
        "resource-lent": (lambda event: ((event.slot,),), _lent),
        "resource-returned": (lambda event: ((event.loan,),), _returned),
    },
    ignored=areas.EVERY_TYPE - areas.LOANS,
    indexes=(("resource", "out", "returned"), ("borrower", "out"), ("out", "due")),
)
