"""What does it cost to record one gift, and does that grow with the ledger?"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import worlds
from conftest import LARGE, SMALL, Figures

from ledger.commands import Give
from ledger.ledger import Ledger

GIFTS = 300  # recorded, or inserted, each time


def recording(ledger: Ledger) -> Callable[[], None]:
    chance = random.Random(3)

    def record() -> None:
        for _ in range(GIFTS):
            giver, receiver = chance.sample(range(1, worlds.MEMBERS + 1), 2)
            ledger.record(
                Give(giver=f"m{giver}", receiver=f"m{receiver}", quantity="1.5", unit="hour")
            )

    return record


def test_one_gift_against_a_bare_insert_of_the_same_bytes(
    race: Any, world: Any, figures: Figures, tmp_path: Path
) -> None:
    ledger = world(SMALL)
    ledger.record(Give(giver="m1", receiver="m2", quantity="1.5", unit="hour"))
    stored = ledger.database.entry(ledger.database.head())
    bare = sqlite3.connect(tmp_path / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute(
        "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER,"
        " topic TEXT, state BLOB, PRIMARY KEY (originator_id, originator_version))"
    )
    position = iter(range(1, 10**9))

    def insert() -> None:
        for _ in range(GIFTS):
            bare.execute("BEGIN IMMEDIATE")
            row = (ledger.database.network, next(position), *stored)
            bare.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
            bare.execute("COMMIT")

    ratio = race(insert, recording(ledger))
    bare.close()
    figures.at_least("record one gift, durable, projections current", 1 / ratio, 0.35)


def test_one_gift_at_a_million_entries_against_ten_thousand(
    race: Any, world: Any, figures: Figures
) -> None:
    ratio = race(recording(world(SMALL)), recording(world(LARGE)), rounds=11)
    figures.at_most("record one gift at 1,000,000 entries against 10,000", ratio, 1.3)
