"""A ledger of the first schema is opened, goes on, and verifies."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from older import with_index_of_log
from samples import GIVE, START_INITIATIVE
from worlds import Chance, differences, founded, opened, play

from ledger.ledger import Ledger
from ledger.state import FOLDS, INITIATIVES
from ledger.verify import Verification
from projections.reciprocity import PAIRS
from projections.registry import PROJECTIONS

pytestmark = pytest.mark.file

NEW_FOLDS = ("affiliations", "endorsements", "initiatives", "participations")
NEW_FOLDS += ("nominations", "relations", "stories", "ties")
NEWER = (*NEW_FOLDS, "late", "states", "saved", "tiles", "marks", "checkpoints", "superseded")


def made_old(path: Path) -> None:
    """Take from a ledger all that the first schema did not have."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table in NEWER:
            connection.execute(f"DROP TABLE {table}")
        for name in ("superseded", *NEW_FOLDS):
            connection.execute("DELETE FROM folds WHERE name = ?", (name,))
        for column in ("largest", "tree"):
            connection.execute(f"ALTER TABLE progress DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 1")


def test_a_ledger_of_the_first_schema_goes_on(tmp_path: Path) -> None:
    # Given a ledger as the first version of natverk left it
    with founded(tmp_path) as ledger:
        play(ledger, Chance(13).moves(120))
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


def test_a_ledger_from_before_initiatives_gets_their_rows(tmp_path: Path) -> None:
    # Given a ledger whose asks had no initiative, and that knew of none
    with founded(tmp_path) as ledger:
        play(ledger, Chance(12, corrections=True).moves(120))
    path = tmp_path / "natverk.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name in NEW_FOLDS:
            connection.execute(f"DROP TABLE {name}")
            connection.execute("DELETE FROM folds WHERE name = ?", (name,))
        connection.execute("ALTER TABLE asks DROP COLUMN initiative")
        connection.execute("UPDATE folds SET version = 1 WHERE name = 'asks'")
    # When it is opened and gone on with
    with opened(path) as ledger:
        ledger.record(START_INITIATIVE)
        # Then the rows are there, and nothing is wrong
        assert ledger.database.find(INITIATIVES, live=True)
        assert differences(ledger) == []
        assert Verification(ledger.database, (*FOLDS, *PROJECTIONS)).findings() == []


def test_a_ledger_from_before_first_gifts_gets_their_times(tmp_path: Path) -> None:
    # Given a ledger whose pairs did not say when the first gift was, and gifts taken back
    with founded(tmp_path) as ledger:
        play(ledger, Chance(5, corrections=True).moves(200))
        rows = ledger.database.find(PAIRS)
    path = tmp_path / "natverk.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("ALTER TABLE pairs DROP COLUMN first")
        connection.execute("UPDATE folds SET version = 1 WHERE name = 'pairs'")
    # When it is opened
    with opened(path) as ledger:
        # Then they are there, and nothing is wrong
        assert ledger.database.find(PAIRS) == rows
        assert differences(ledger) == []
        assert Verification(ledger.database, (*FOLDS, *PROJECTIONS)).findings() == []


def test_a_ledger_whose_log_has_an_index_goes_on(tmp_path: Path) -> None:
    # Given a ledger whose entries are found by an index, as they were once
    with founded(tmp_path) as ledger:
        play(ledger, Chance(7, corrections=True).moves(120))
        before = list(ledger.database.entries())
    path = tmp_path / "natverk.db"
    with_index_of_log(path)
    # When it is opened and gone on with
    with opened(path) as ledger:
        record(ledger)
        # Then it is as it was, and nothing is wrong with it
        assert list(ledger.database.entries(until=len(before))) == before
        assert differences(ledger) == []
        assert Verification(ledger.database, (*FOLDS, *PROJECTIONS)).findings() == []


def record(ledger: Ledger) -> None:
    assert ledger.record(GIVE).position == ledger.database.head()
