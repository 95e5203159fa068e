"""A network moves from one server to another while several record in it, found by a directory.

Used by a test and by a benchmark.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from servers import Cluster

from ledger.closed import Moved
from ledger.commands import Found, Give, Join
from ledger.copying import copy, fence
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.places import Server
from ledger.verify import Verification
from projections.registry import PROJECTIONS

AGAIN_SECONDS = 0.02


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def uri_of(database: Database) -> str:
    """The address at which a ledger was found."""
    assert isinstance(database.path, Server)
    return database.path.uri


def network_in(server: Server, name: str, members: int) -> str:
    """The id of a new network with so many members."""
    found = Found(name=name, idea="dela", time_zone="Europe/Stockholm")
    with Ledger.found(server, found, PROJECTIONS, now) as ledger:
        for number in range(members):
            ledger.record(Join(name=f"Per {number}"))
        return ledger.database.network


@dataclass
class Writer:
    """Records in a network wherever the directory says that it is."""

    directory: Server
    member: str
    recorded: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    longest_wait: float = 0

    def record(self, done: threading.Event) -> None:
        """Until `done`; who is told that the network has moved asks the directory again."""
        began = monotonic()
        while not done.is_set():
            with Ledger(self.directory, PROJECTIONS, now) as ledger:
                self.places.append(uri_of(ledger.database))
                try:
                    while not done.is_set():
                        recorded = ledger.record(Give(giver=self.member, receiver="everyone"))
                        self.recorded += recorded.positions
                        self.longest_wait = max(self.longest_wait, monotonic() - began)
                        began = monotonic()
                except Moved:
                    done.wait(AGAIN_SECONDS)


def moved(source: Server, target: Server, directory: Cluster, database: str) -> float:
    """Move a network as an operator does; the seconds during which nobody could record."""
    _copied(source, target, moving=True)
    with Ledger(source, PROJECTIONS, now) as old:
        began = monotonic()
        fence(old, target.without_password)
    _copied(source, target)
    row = f"('{source.network}', 'Linden', '{target.without_password}')"
    directory.do_in(
        database,
        f"INSERT INTO natverk.elsewhere VALUES {row}"
        " ON CONFLICT (network) DO UPDATE SET uri = excluded.uri",
    )
    return monotonic() - began


def _copied(source: Server, target: Server, *, moving: bool = False) -> None:
    with closing(Database.reading(source)) as reading:
        copy(reading, target, PROJECTIONS, now, moving=moving)


def move_under_load(
    first: Cluster, second: Cluster, writers: int, before: int, after: int
) -> tuple[list[Writer], float]:
    """Who recorded while a network moved, and how long nobody could; what they recorded is checked.

    Another network stays where it is, and is recorded in throughout.
    """
    there, target = first.empty(), second.empty()
    moves, stays = (network_in(there, name, writers) for name in ("Linden", "Skogen"))
    recording = [
        Writer(Server(there.uri, network), f"m{number}")
        for network in (moves, stays)
        for number in range(1, writers + 1)
    ]
    done = threading.Event()
    threads = [threading.Thread(target=each.record, args=(done,)) for each in recording]
    for thread in threads:
        thread.start()
    try:
        wait_for(recording, before, threads)
        fenced = moved(Server(there.uri, moves, here=True), target, first, there.uri)
        wait_for(recording, max(len(each.recorded) for each in recording) + after, threads)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    check(Server(there.uri, moves), target.uri, recording[:writers])
    check(Server(there.uri, stays), there.uri, recording[writers:])
    return recording, fenced


def wait_for(writers: Sequence[Writer], count: int, threads: Sequence[threading.Thread]) -> None:
    """Until each has recorded so many. Fails when one has stopped."""
    while any(len(each.recorded) < count for each in writers):
        assert all(thread.is_alive() for thread in threads)
        threading.Event().wait(AGAIN_SECONDS)


def check(directory: Server, place: str, writers: Sequence[Writer]) -> None:
    """Everything recorded is in the network, once, at its place; and all there is right."""
    with closing(Database.reading(directory)) as database:
        assert uri_of(database) == place
        assert all(each.places[-1] == place for each in writers)
        gifts = [at for at, topic, _ in database.entries() if topic == "gift-given"]
        assert sorted(at for each in writers for at in each.recorded) == gifts
        with Ledger(directory, PROJECTIONS, now) as ledger:
            folds = ledger.folds
        assert Verification(database, folds).findings() == []
