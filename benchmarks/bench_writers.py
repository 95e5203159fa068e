"""What do eight who record at once get done: each on a network of their own, and all on one?

Each is a process of its own. The server is started from the machine's own binaries, and keeps
what it acknowledges; without them, and `pgbench` among them, this fails.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bench_postgres import DURABLE
from conftest import Figures, of_the_tests, timed
from recording import founded, record, writers

from ledger.database import Database
from ledger.places import Server
from ledger.state import FOLDS
from ledger.verify import Verification
from projections.registry import PROJECTIONS

WRITERS = 8
GIFTS = 250  # of each in a turn
INSERTS = 1_000  # of each client of pgbench in a turn
TURNS = 5
TOGETHER = 20_000
FULL = 0.9  # of the processors' time: who has so much of it used can do no more


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A server that has what it acknowledges on the disk."""
    started = of_the_tests("servers").Cluster.started(**DURABLE)
    yield started
    started.end()


def test_eight_on_networks_of_their_own_against_one(cluster: Any, figures: Figures) -> None:
    server = cluster.database()
    places = [founded(server, f"Linden {number}") for number in range(WRITERS)]
    pgbench = bare_inserts(server, places[0])
    ours, bare, alone, used = [], [], [], []
    with writers(places) as those:
        for _ in range(TURNS):
            one, busy = measured(lambda: record(those[:1], GIFTS))
            alone.append(busy)
            all_of_them, busy = measured(lambda: record(those, GIFTS))
            used.append(busy)
            ours.append(WRITERS * one / all_of_them)
            bare.append(pgbench(WRITERS) / pgbench(1))
    ratio, full = statistics.median(ours), statistics.median(used)
    name = f"{WRITERS} writers on {WRITERS} networks on PostgreSQL"
    figures.note(f"{name}: pgbench, equal inserts", statistics.median(bare), "times one client")
    figures.note(f"{name}: how busy the processors were", full, "of all their time")
    figures.note(f"{name}: and with one writer", statistics.median(alone), "of all their time")
    if full < FULL:
        figures.at_least(name, ratio, 3, "times one writer")
    else:
        figures.note(name, ratio, "times one; no processor left")


@pytest.mark.parametrize("store", ["SQLite", "PostgreSQL"])
def test_eight_on_one_network(
    request: pytest.FixtureRequest, figures: Figures, tmp_path: Path, store: str
) -> None:
    empty = tmp_path / "linden.db"
    if store == "PostgreSQL":
        empty = request.getfixturevalue("cluster").database()
    place = founded(empty, "Linden")
    with writers([place] * WRITERS) as those:
        recorded = record(those, TOGETHER // WRITERS)
    with closing(Database.reading(place)) as database:
        last = database.head()
        positions = sorted(at for each in recorded for at in each.positions)
        assert positions == list(range(last - TOGETHER + 1, last + 1))
        assert [at for at, _, _ in database.entries()] == list(range(1, last + 1))
        assert Verification(database, (*FOLDS, *PROJECTIONS)).findings() == []
    waits = sorted(wait for each in recorded for wait in each.waits)
    usual, rare, worst = waits[TOGETHER // 2], waits[-TOGETHER // 100], waits[-1]
    name = f"{TOGETHER} by {WRITERS} writers on one network in {store}, none failed"
    figures.note(f"{name}: longest wait", worst / usual, "times the median")
    figures.note(f"{name}: one wait in 100", rare / usual, "times the median")


def measured(what: Callable[[], Any]) -> tuple[float, float]:
    """The seconds that something takes, and the part of their time that the processors work."""
    before = processors()
    seconds = timed(what)
    worked, rested = (now - then for now, then in zip(processors(), before, strict=True))
    return seconds, worked / (worked + rested)


def processors() -> tuple[int, int]:
    """For how long the machine's processors have worked so far, and rested."""
    times = Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:9]
    user, nice, system, idle, waiting, *interrupts = map(int, times)
    return user + nice + system + sum(interrupts), idle + waiting


def bare_inserts(server: Server, place: Any) -> Callable[[int], float]:
    """How many rows, each as large as an entry, so many clients insert and commit in a second."""
    with closing(Database.reading(place)) as database:
        topic, state = database.entry(database.head()) or ("", b"")
    with closing(psycopg.connect(server.uri, autocommit=True)) as bare:
        bare.execute(
            "CREATE TABLE bare (network text, at bigint, topic text, state bytea,"
            " PRIMARY KEY (network, at))"
        )
    row = f"md5(:client_id), :at, '{topic}', '\\x{state.hex()}'"
    script = f"\\set at :at + 1\nINSERT INTO bare VALUES ({row});\n"
    program = of_the_tests("servers").find_binaries() / "pgbench"
    starts = count(0, 10**6)

    def run(clients: int) -> float:
        many = ["-c", f"{clients}", "-j", f"{min(clients, os.cpu_count() or 1)}"]
        what = ["-n", "-M", "prepared", "-f", "-", "-t", f"{INSERTS}", "-D", f"at={next(starts)}"]
        command = [str(program), *many, *what, server.uri]
        ran = subprocess.run(command, input=script, capture_output=True, text=True, check=True)
        found = re.search(r"tps = ([\d.]+) \(without", ran.stdout)
        assert found is not None, ran.stdout
        return float(found[1])

    return run
