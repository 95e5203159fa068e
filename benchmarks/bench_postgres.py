"""What does it cost to record one gift on a PostgreSQL server that keeps what it acknowledges?

The server is started from the machine's own binaries; without them this fails.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import worlds
from conftest import Figures, of_the_tests

from ledger.commands import Found, Give, Join
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

GIFTS = 100  # recorded, or inserted, each time
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A server that has what it acknowledges on the disk."""
    started = of_the_tests("servers").Cluster.started(**DURABLE)
    yield started
    started.end()


def test_one_gift_against_a_bare_prepared_insert(race: Any, cluster: Any, figures: Figures) -> None:
    server = cluster.database()
    founding = Found(name="Linden", idea="dela", time_zone="Europe/Stockholm")
    with Ledger.found(server, founding, PROJECTIONS, lambda: datetime.now(UTC)) as ledger:
        with ledger.transaction() as transaction:
            for number in range(worlds.MEMBERS):
                transaction.record(Join(name=f"Member {number}"))
        chance, positions = random.Random(3), iter(range(10**9))

        def record() -> None:
            for _ in range(GIFTS):
                giver, receiver = chance.sample(range(1, worlds.MEMBERS + 1), 2)
                ledger.record(
                    Give(giver=f"m{giver}", receiver=f"m{receiver}", quantity="1.5", unit="hour")
                )

        record()
        stored = ledger.database.entry(ledger.database.head())
        assert stored is not None
        with closing(psycopg.connect(server.uri, autocommit=True)) as bare:
            bare.execute(
                "CREATE TABLE bare (network text, at bigint, topic text, state bytea,"
                " PRIMARY KEY (network, at))"
            )

            def insert() -> None:
                for _ in range(GIFTS):
                    row = (ledger.database.network, next(positions), *stored)
                    bare.execute("INSERT INTO bare VALUES (%s, %s, %s, %s)", row, prepare=True)

            ratio = race(insert, record)
        figures.at_least("record one gift on PostgreSQL, projections current", 1 / ratio, 0.35)
