"""Why a number or a status is as it is: every entry that made it, with the value after each.

The entries are folded one by one, by the folds' own handlers, and what comes of
them must be what the question itself reads, or it is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from ledger.areas import ANSWERS_TO_GIFTS
from ledger.errors import LedgerError
from ledger.folds import Fold
from ledger.state.members import MEMBERS
from ledger.tables import Tables
from ledger.values import START_OF_TIME
from ledger.versions import Version, by_slot, version_at, versions_about
from projections.answers import ANSWERS, Answers, Counts, answers_of
from projections.membership import known, status_of
from projections.reciprocity import ALL_TIME, BALANCES, balance, units_shown

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.events import Event, GiftGiven
    from ledger.state.resources import Booking
    from projections.reciprocity import Balance

Row = dict[str, Any]
COMING_AND_GOING = MEMBERS.on.keys() - {"member-described"}
BOOKING_OVER = "booking-over"  # the type of a line that no entry made, but time


class DoesNotAddUp(LedgerError):
    """What the entries about something make is not what the ledger keeps of it."""

    message = (
        "it does not add up: the entries about {thing} make {made}, and the ledger keeps {kept}"
    )
    hint = "natverk replay --compare shows every row that is not what the log makes of it"


class Explained:
    """A number or a status with the entries that made it.

    `lines` are rows `position, entry, type, occurred_at, superseded_by`, then the
    value after each. What stands comes in the order of the timeline, and before
    it what was said in its slot earlier; what was superseded changes nothing, and
    is last only where nothing counts. `entry` is the slot.
    """

    folds: ClassVar[tuple[Fold, ...]]

    def __init__(self, database: Database, id: str) -> None:
        self.database = database
        self.id = id
        self.tables = Tables(self.folds)

    def lines(self, asked: int) -> list[Row]:
        """Every line, at the time `asked`, microseconds since 1970. Raises `DoesNotAddUp`."""
        kept = self.kept(asked)
        nothing = self.values(START_OF_TIME)
        found = _ending_in_what_counts(list(self._lines(asked)), nothing)
        made = self.made(asked)
        differ = [name for name in kept if kept[name] != made[name]]
        if differ:
            raise DoesNotAddUp(thing=self.id, made=_told(made, differ), kept=_told(kept, differ))
        return found

    # What each kind of thing says of itself

    def versions(self) -> Iterable[Version]:
        """All that was said that can change the value."""
        raise NotImplementedError

    def values(self, at: int) -> Row:
        """The value at a time, from the rows as they are so far."""
        raise NotImplementedError

    def kept(self, at: int) -> Row:
        """What the question reads. Raises `UnknownId`."""
        raise NotImplementedError

    def made(self, at: int) -> Row:
        """What the entries make of what the question reads, when all are folded."""
        return self.values(at)

    def besides(self, version: Version) -> Row:
        """What a line says of its own entry alone."""
        return {}

    def is_about(self, event: Event) -> bool:
        """Whether an entry is a line even when it changes nothing."""
        return True

    def apply(self, event: Event) -> None:
        """Fold one entry."""
        self.tables.apply(event)

    def over(self, since: int, until: int) -> list[Booking]:
        """The bookings whose time ended by itself in (since, until]."""
        return []

    # How the lines come about

    def _lines(self, asked: int) -> Iterator[Row]:
        now, values = START_OF_TIME, self.values(START_OF_TIME)
        for said in by_slot(self.versions()):
            newest = said[-1]
            if not newest.successor:
                for booking in self.over(now, newest.event.occurred):
                    yield _over(booking) | self.values(booking.end)
                now = newest.event.occurred
                values = self.values(now)
            for version in said:
                event, changed = version.event, False
                if not version.successor:
                    self.apply(event)
                    before, values = values, self.values(now)
                    changed = values != before
                if changed or self.is_about(event):
                    yield _line(version) | self.besides(version) | values
        for booking in self.over(now, asked):
            yield _over(booking) | self.values(booking.end)

    def _about(self, subject: str, types: Iterable[str]) -> list[Version]:
        return versions_about(self.database, subject, types)

    def _coming_and_going(self, members: Iterable[str]) -> list[Version]:
        return [
            version
            for member in members
            for version in self._about(member, COMING_AND_GOING)
            if version.event.member == member  # type: ignore[attr-defined]
        ]


class OfBalance(Explained):
    """A member's gifts; with a `unit` only those measured in it."""

    folds = (BALANCES,)

    def __init__(self, database: Database, id: str, unit: str | None = None) -> None:
        super().__init__(database, id)
        self._unit = unit
        self._answers: dict[int, tuple[str | None, list[int]]] = {}  # by slot, of what counts
        self._counts = Counts()._asdict()

    def versions(self) -> Iterable[Version]:
        """Gifts to and from the member."""
        found = self._about(self.id, BALANCES.on)
        if self._unit is None:
            return found
        return [version for version in found if version.event.unit == self._unit]  # type: ignore[attr-defined]

    def apply(self, event: Event) -> None:
        """Fold one gift, with what was answered to it."""
        super().apply(event)
        self._answers[event.slot] = _answered(self.database, event)  # type: ignore[arg-type]
        word, _ = self._answers[event.slot]
        if word is not None:
            self._counts[word] += 1

    def besides(self, version: Version) -> Row:
        """`answer, answered_by` of a gift that counts."""
        word, by = (None, []) if version.successor else self._answers[version.event.slot]
        return {"answer": word, "answered_by": by}

    def values(self, at: int) -> Row:
        """`given, received, confirmed, disputed, units`."""
        return self._shown(self.tables.get(BALANCES, self.id, ALL_TIME), Counts(**self._counts))

    def kept(self, at: int) -> Row:
        """The same of the row kept; how many gifts had one unit is kept nowhere."""
        known(self.database, self.id)
        row = self._shown(balance(self.database, self.id), answers_of(self.database, self.id))
        return row if self._unit is None else {"units": row["units"]}

    def _shown(self, row: Balance, counts: Counts) -> Row:
        units = row.units
        if self._unit is not None:
            units = {unit: both for unit, both in units.items() if unit == self._unit}
        return {
            "given": row.given,
            "received": row.received,
            **counts._asdict(),
            "units": units_shown(units),
        }


class OfMember(Explained):
    """Whether a member is there."""

    folds = (MEMBERS,)

    def versions(self) -> Iterable[Version]:
        """Coming, going, resting and being described."""
        return [
            version
            for version in self._about(self.id, MEMBERS.on)
            if version.event.member == self.id  # type: ignore[attr-defined]
        ]

    def values(self, at: int) -> Row:
        """`status`."""
        row = self.tables.get(MEMBERS, self.id)
        return {"status": status_of(row, at) if row.exists else None}

    def kept(self, at: int) -> Row:
        """The status and the whole row."""
        row = known(self.database, self.id)
        return {"status": status_of(row, at)} | _columns(MEMBERS, row)

    def made(self, at: int) -> Row:
        """The status and the whole row."""
        return self.values(at) | _columns(MEMBERS, self.tables.get(MEMBERS, self.id))


def _answered(database: Database, gift: GiftGiven) -> tuple[str | None, list[int]]:
    """Whether a gift as it stands was `confirmed` or `disputed`, None: neither.

    And the positions of the entries that say so.
    """
    slot = f"#{gift.slot}"
    found = database.positions(slot, ANSWERS_TO_GIFTS, live=True)
    events: list[Any] = [event for at in found if (event := version_at(database, at)) is not None]
    if not events:
        return None, []
    said = sorted([gift, *events], key=lambda event: (event.occurred, event.slot))
    row = Answers(slot)
    last = {}
    for event in said:
        keys, handler = ANSWERS.on[event.type]
        if keys(event):
            handler(row, event, 1)
            last[event.actor] = event.position
    by = [last[member] for member, word in row.counted.items() if word == row.word]
    return row.word, sorted(by)


def _line(version: Version) -> Row:
    event = version.event
    return {
        "position": event.position,
        "entry": event.slot,
        "type": event.type,
        "occurred_at": event.occurred_at.isoformat(),
        "superseded_by": version.successor or None,
    }


def _over(booking: Booking) -> Row:
    return {
        "position": None,
        "entry": booking.position,
        "type": BOOKING_OVER,
        "occurred_at": booking.end_at,
        "superseded_by": None,
        "booking": booking.booking,
    }


def _ending_in_what_counts(lines: list[Row], nothing: Row) -> list[Row]:
    """The lines, those at the end that are not counted before the last that is.

    `nothing` is the value before every line.
    """
    counted = [at for at, line in enumerate(lines) if line["superseded_by"] is None]
    if not counted:
        return lines
    first = last = counted[-1]
    while first and _is_earlier_version(lines[first - 1], lines[last]):
        first -= 1
    before = lines[first - 1] if first else nothing
    values = {name: before[name] for name in nothing}
    moved = [line | values for line in lines[last + 1 :]]
    return [*lines[:first], *moved, *lines[first : last + 1]]


def _is_earlier_version(line: Row, of: Row) -> bool:
    return line["superseded_by"] is not None and line["entry"] == of["entry"]


def _columns(fold: Fold, row: Any) -> Row:
    return {name: getattr(row, name) for name in fold.columns}


def _told(row: Row, names: Iterable[str]) -> str:
    return ", ".join(f"{name} {_plain(row[name])}" for name in names)


def _plain(value: Any) -> str:
    """A value for whoever reads an error."""
    if not isinstance(value, dict):
        return str(value)
    parts = (
        f"{unit} {both['given']} given and {both['received']} received"
        for unit, both in value.items()
    )
    return f"({'; '.join(parts)})"
