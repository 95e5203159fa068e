"""Judge every live entry of a ledger by the rules, without reading the log once more.

Most entries cannot break a rule: a gift between members who never left, towards no
ask and from no resource. What is judged is everything else, found by the index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from operator import attrgetter, eq
from typing import TYPE_CHECKING, Any, cast

from ledger.areas import ACTING, CORRECTIONS, EVERY_TYPE, GIFTS
from ledger.codec import decode
from ledger.decisions.timeline import COMING_AND_GOING, check, check_membership, check_resource
from ledger.errors import DamagedEntry, LedgerError
from ledger.folds import Version
from ledger.state import ASKS, BOOKINGS, INITIATIVES, LOANS, MEMBERS, NETWORK, RESOURCES
from ledger.state.lookup import State
from ledger.state.network import WHOLE
from ledger.tables import Tables
from ledger.values import EVERYONE, START_OF_TIME
from ledger.zones import zone

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.events import Event
    from ledger.runs import Run
    from ledger.state.lookup import Log

Broken = tuple[int | None, LedgerError]
_OTHERS = EVERY_TYPE - GIFTS - CORRECTIONS


class Judging:
    """What has to be known of every entry to judge them all in the end."""

    def __init__(self) -> None:
        self._parties: set[str] = set()  # to any gift
        self._to_self: list[int] = []  # gifts
        self._actors: dict[str, int] = {}  # and the last entry that each recorded

    def see(self, run: Run) -> None:
        """Take the next entries, as they were recorded."""
        if run.columns is not None and run.type == "gift-given":
            self._see_gifts(run, run.columns.texts)
            return
        for event in run.events:
            if event.type == "gift-given":
                gift: Any = event
                self._parties |= {gift.giver, gift.receiver}
                if gift.giver == gift.receiver:
                    self._to_self.append(event.position)
            if event.actor is not None:
                self._actors[event.actor] = event.position

    def _see_gifts(self, run: Run, said: Mapping[str, Sequence[str]]) -> None:
        self._parties.update(said["giver"], said["receiver"])
        if any(map(eq, said["giver"], said["receiver"])):
            two = zip(run.positions, said["giver"], said["receiver"], strict=True)
            self._to_self += [position for position, giver, receiver in two if giver == receiver]
        if any(said["actor"]):
            self._actors.update(zip(said["actor"], run.positions, strict=True))
            self._actors.pop("", None)

    def broken(self, database: Database, tables: Tables, version: Version) -> Iterator[Broken]:
        """The position and the error of each live entry that breaks a rule.

        And of each resource of which too much is used, without a position.
        """
        log = cast("Log", _Log(database, version))  # a rule asks no more of it
        state = State(tables, log, database.head(), _zone(tables))
        judged: set[int] = set()
        for position in self._suspects(database, tables):
            event = version(position)
            if event is None or position in judged or not state.is_live(position):
                continue
            judged.add(position)
            try:
                check(event, state)
            except LedgerError as error:
                yield position, error
        yield from _comings_and_goings(database, tables, version)
        yield from _in_use(tables, state)

    def _suspects(self, database: Database, tables: Tables) -> Iterator[int]:
        """The positions of the live entries that could break a rule."""
        yield from database.positions(types=_OTHERS, live=True)
        for (ask,) in list(tables.rows(ASKS)):
            yield from database.positions(ask, GIFTS, live=True)
        for (initiative,) in list(tables.rows(INITIATIVES)):
            yield from database.positions(initiative, GIFTS, live=True)
        for (resource,) in list(tables.rows(RESOURCES)):
            yield from database.positions(resource, GIFTS, live=True)
        for (member,), row in list(tables.rows(MEMBERS).items()):
            if not row.exists or any(end is not None for _, end in row.spans):
                yield from database.positions(member, ACTING, live=True)
        members = tables.rows(MEMBERS)
        for member in sorted(self._parties - {EVERYONE}):
            if (member,) not in members:
                yield from database.positions(member, GIFTS, live=True)
        for actor, position in self._actors.items():
            if (actor,) not in members or not members[actor,].exists:
                yield position
        yield from self._to_self


class _Log:
    """What `State` reads of the log while it judges."""

    def __init__(self, database: Database, version: Version) -> None:
        self._database = database
        self.version = version

    def entry(self, position: int) -> Event | None:
        """The entry at a position, None when it is not there or cannot be read."""
        stored = self._database.entry(position)
        try:
            return None if stored is None else decode(*stored, position)
        except DamagedEntry:
            return None

    def entries_about(
        self, subject: str, types: Iterable[str], after: int = START_OF_TIME
    ) -> list[Event]:
        """What stands in the slots, of these types, about a subject."""
        positions = self._database.positions(subject, types, since=after + 1, live=True)
        found = [event for event in map(self.version, positions) if event is not None]
        return sorted(found, key=attrgetter("occurred_at", "slot"))


def _zone(tables: Tables) -> tzinfo:
    name: str = tables.get(NETWORK, WHOLE).time_zone
    return zone(name or "UTC")


def _comings_and_goings(database: Database, tables: Tables, version: Version) -> Iterator[Broken]:
    own: defaultdict[str, list[Event]] = defaultdict(list)
    for position in database.positions(types=COMING_AND_GOING, live=True):
        event = version(position)
        if event is not None:
            own[getattr(event, "member", "")].append(event)
    for member, entries in own.items():
        entries.sort(key=lambda event: (event.occurred, event.slot))
        try:
            check_membership(member, entries)
        except LedgerError as error:
            [position] = error.facts["entries"]  # type: ignore[misc]
            yield position, error


def _in_use(tables: Tables, state: State) -> Iterator[Broken]:
    bookings: defaultdict[str, list[Any]] = defaultdict(list)
    loans: defaultdict[str, list[Any]] = defaultdict(list)
    for row in tables.rows(BOOKINGS).values():
        bookings[row.resource].append(row)
    for row in tables.rows(LOANS).values():
        loans[row.resource].append(row)
    for (resource,), row in list(tables.rows(RESOURCES).items()):
        if not row.exists:
            continue
        try:
            check_resource(row, bookings[resource], loans[resource], state)
        except LedgerError as error:
            yield None, error
