"""A primary is killed while several record, its standby goes on, and nobody notices but by waiting.

Used by a test and by a benchmark.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import quote

from servers import REPLICATED, Cluster

from ledger.commands import Found, Give, Join
from ledger.database import Database
from ledger.errors import LedgerError, Unusable
from ledger.following import follow
from ledger.ledger import Ledger
from ledger.personal import Key
from ledger.places import Server
from ledger.verify import Verification
from projections.registry import PROJECTIONS

AGAIN_SECONDS = 0.05
FOUNDED = Found(name="Linden", idea="dela", time_zone="Europe/Stockholm")


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Enough(Exception):
    """Ends a `follow` that would go on for ever."""


class Follower:
    """Follows the log over both servers, in a thread of its own."""

    def __init__(self, place: Server) -> None:
        self.positions: list[int] = []
        self.lost: list[LedgerError] = []
        self._enough = False
        self._place = place
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End it with something that is recorded."""
        self._enough = True
        with Ledger(self._place, PROJECTIONS, now) as ledger:
            while self._thread.is_alive():
                ledger.record(Give(giver="m1", receiver="everyone", what="at last"))
                self._thread.join(AGAIN_SECONDS)

    def _follow(self) -> None:
        with closing(Database.reading(self._place)) as database, suppress(Enough):
            follow(database, 0, self._tell, self.lost.append, lambda: None)

    def _tell(self, positions: range) -> None:
        self.positions.extend(positions)
        if self._enough:
            raise Enough


@dataclass
class Writer:
    """Records gifts one after the other, each until it is acknowledged."""

    number: int
    acknowledged: dict[str, int] = field(default_factory=dict)  # position by name
    longest_wait: float = 0

    def record(self, place: Server, done: threading.Event) -> None:
        """Until `done`; what is not acknowledged is given again under its key."""
        with Ledger(place, PROJECTIONS, now) as ledger:
            while not done.is_set():
                name = f"{self.number}-{len(self.acknowledged)}"
                give = Give(giver=f"m{self.number}", receiver="everyone", what=name)
                key = Key("failover", name.encode(), b"f" * 16)
                began = monotonic()
                while name not in self.acknowledged:
                    try:
                        self.acknowledged[name] = ledger.record(give, key).positions[0]
                    except Unusable:
                        if done.wait(AGAIN_SECONDS):
                            return
                self.longest_wait = max(self.longest_wait, monotonic() - began)


def fail_over(writers: int, before: int, after: int) -> tuple[list[Writer], float]:
    """Who recorded on the two servers, and the seconds from the kill to the promotion.

    What they were told was recorded is checked.

    Each has `before` gifts acknowledged when the primary is killed, and `after` more at the end.
    """
    primary = Cluster.started(**REPLICATED)
    standby = primary.standby()
    try:
        place = on_both(primary, standby)
        with Ledger.found(place, FOUNDED, PROJECTIONS, now) as ledger:
            for number in range(writers):
                ledger.record(Join(name=f"Per {number}"))
        follower = Follower(place)
        recording = [Writer(number) for number in range(1, writers + 1)]
        done = threading.Event()
        threads = [threading.Thread(target=x.record, args=(place, done)) for x in recording]
        for thread in threads:
            thread.start()
        try:
            wait_for(recording, before, threads)
            began = monotonic()
            primary.kill()
            standby.promote()
            promoted = monotonic() - began
            wait_for(recording, max(len(x.acknowledged) for x in recording) + after, threads)
        finally:
            done.set()
            for thread in threads:
                thread.join()
        check(place, recording)
        follower.end()
        assert follower.positions == list(range(1, len(follower.positions) + 1))
        assert len(follower.lost) == 1
        return recording, promoted
    finally:
        primary.end()
        standby.end()


def on_both(*clusters: Cluster) -> Server:
    """A database on whichever of the servers takes what is recorded."""
    hosts = ",".join(quote(str(each.folder)) for each in clusters)
    return Server(f"postgresql://natverk@/postgres?host={hosts}&target_session_attrs=read-write")


def wait_for(writers: Sequence[Writer], count: int, threads: Sequence[threading.Thread]) -> None:
    """Until each has had so many acknowledged. Fails when one has stopped."""
    while any(len(each.acknowledged) < count for each in writers):
        assert all(thread.is_alive() for thread in threads)
        threading.Event().wait(AGAIN_SECONDS)


def check(place: Server, writers: Sequence[Writer]) -> None:
    """Everything acknowledged is there, once, and all that is there is right."""
    with closing(Database.reading(place)) as database:
        said = dict(database.select("SELECT position, text FROM texts WHERE field = 'what'"))
        for writer in writers:
            for name, position in writer.acknowledged.items():
                assert said[position] == name
        assert len(set(said.values())) == len(said)
        with Ledger(place, PROJECTIONS, now) as ledger:
            folds = ledger.folds
        assert Verification(database, folds).findings() == []
