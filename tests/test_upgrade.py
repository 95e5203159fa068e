"""A ledger of the first schema is opened, goes on, and verifies."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from samples import GIVE
from worlds import Chance, differences, founded, opened, play

from ledger.ledger import Ledger
from ledger.state import FOLDS
from ledger.verify import Verification
from projections.registry import PROJECTIONS

NEWER = ("late", "states", "saved", "tiles", "marks", "checkpoints", "superseded")


def made_old(path: Path) -> None:
    """Take from a ledger all that the first schema did not have."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table in NEWER:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM folds WHERE name = 'superseded'")
        for column in ("largest", "tree"):
            connection.execute(f"ALTER TABLE progress DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 1")


def test_a_ledger_of_the_first_schema_goes_on(tmp_path: Path) -> None:
    # Given a ledger as the first version of natverk left it
    with founded(tmp_path) as ledger:
        play(ledger, Chance(11).moves(120))
        before = [ledger.database.entry(at) for at in range(1, ledger.database.head() + 1)]
        root = ledger.database.select("SELECT tree FROM progress")
    path = tmp_path / "natverk.db"
    made_old(path)
    # When it is opened, twice, and gone on with
    with opened(path) as ledger:
        assert [ledger.database.entry(at) for at in range(1, len(before) + 1)] == before
        assert ledger.database.select("SELECT tree FROM progress") == root
    with opened(path) as ledger:
        record(ledger)
        # Then nothing is wrong with it
        assert differences(ledger) == []
        assert Verification(ledger.database, (*FOLDS, *PROJECTIONS)).findings() == []


def record(ledger: Ledger) -> None:
    assert ledger.record(GIVE).position == ledger.database.head()
