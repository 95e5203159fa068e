"""Gifts recorded in processes of their own, several at once: `python recording.py PLACE [NETWORK]`.

Such a process is given a number of gifts on each line, and says what came of them on a line of
JSON: their positions, and the seconds that each took.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from ledger.commands import Found, Give, Join
from ledger.ledger import Ledger
from ledger.places import Server, place_of
from projections.registry import PROJECTIONS

MEMBERS = 50
WARMING = 20  # gifts after which code is loaded and statements are prepared


@dataclass
class Recorded:
    """What came of some gifts."""

    positions: list[int]
    waits: list[float]


class Writer:
    """A process that records."""

    def __init__(self, place: Path | Server) -> None:
        where = [place.uri, str(place.network)] if isinstance(place, Server) else [str(place)]
        self._process = subprocess.Popen(
            [sys.executable, __file__, *where],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, gifts: int) -> None:
        """Let it record."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{gifts}\n")
        self._process.stdin.flush()

    def answer(self) -> Recorded:
        """What came of it. Fails when a gift did."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "who records has failed, and says above why"
        return Recorded(*json.loads(line))

    def end(self) -> None:
        """End it."""
        self._process.communicate()


def founded(place: Path | Server, name: str) -> Path | Server:
    """Where a network is that is founded at a place, with members."""
    founding = Found(name=name, idea="dela", time_zone="Europe/Stockholm")
    with Ledger.found(place, founding, PROJECTIONS, lambda: datetime.now(UTC)) as ledger:
        with ledger.transaction() as transaction:
            for number in range(1, MEMBERS + 1):
                transaction.record(Join(name=f"Member {number}"))
        network = ledger.database.network
    return Server(place.uri, network) if isinstance(place, Server) else place


@contextmanager
def writers(places: Sequence[Path | Server]) -> Iterator[list[Writer]]:
    """A process for each of the places, all of which have recorded a few gifts."""
    started = [Writer(place) for place in places]
    try:
        record(started, WARMING)
        yield started
    finally:
        for each in started:
            each.end()


def record(those: Sequence[Writer], gifts: int) -> list[Recorded]:
    """Let them all record at once, so many gifts each."""
    for each in those:
        each.ask(gifts)
    return [each.answer() for each in those]


def main(where: str, network: str = "") -> None:
    """Be such a process."""
    chance = random.Random(os.getpid())
    place = place_of(where)
    place = Server(place.uri, network) if isinstance(place, Server) else Path(place)
    with Ledger(place, PROJECTIONS, lambda: datetime.now(UTC)) as ledger:
        for line in sys.stdin:
            done = Recorded([], [])
            for _ in range(int(line)):
                giver, receiver = chance.sample(range(1, MEMBERS + 1), 2)
                give = Give(giver=f"m{giver}", receiver=f"m{receiver}", quantity="1.5", unit="hour")
                began = perf_counter()
                done.positions += ledger.record(give).positions
                done.waits.append(perf_counter() - began)
            print(json.dumps([done.positions, done.waits]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
