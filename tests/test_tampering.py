"""Histories that someone with the file in hand rewrote, below a checkpoint that was passed around.

Each is done many times over at random places, by a careful hand: the triggers are dropped and
where it says so every hash beside the log is made anew.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from samples import GIVE
from worlds import founded, people

from ledger.checkpoints import current, disagreement
from ledger.database import Database
from ledger.errors import LedgerError
from ledger.notes import Checkpoint
from ledger.rehash import Rehash
from ledger.tree import KeptTree, rebuild

pytestmark = pytest.mark.file

ENTRIES, COVERED = 200, 150  # the checkpoint is over the first 150
Tamper = Callable[[sqlite3.Connection, random.Random], None]
MOVE = "UPDATE stored_events SET originator_version = ? WHERE originator_version = ?"


def edit(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Change one byte of an entry."""
    position = chance.randint(1, COVERED)
    query = "SELECT state FROM stored_events WHERE originator_version = ?"
    state = bytearray(connection.execute(query, (position,)).fetchone()[0])
    state[chance.randrange(len(state))] ^= chance.randint(1, 255)
    update = "UPDATE stored_events SET state = ? WHERE originator_version = ?"
    connection.execute(update, (bytes(state), position))


def delete(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Take an entry out, and close the gap."""
    position = chance.randint(1, COVERED)
    connection.execute("DELETE FROM stored_events WHERE originator_version = ?", (position,))
    for later in range(position + 1, ENTRIES + 1):
        connection.execute(MOVE, (later - 1, later))
    connection.execute("UPDATE progress SET at = at - 1")


def reorder(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Let two entries take each other's place."""
    one, other = chance.sample(range(1, COVERED + 1), 2)
    for there, here in ((-1, one), (one, other), (other, -1)):
        connection.execute(MOVE, (there, here))


def truncate(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Forget how it went on."""
    head = chance.randint(1, COVERED - 1)
    connection.execute("DELETE FROM stored_events WHERE originator_version > ?", (head,))
    connection.execute("UPDATE progress SET at = ?", (head,))


def fork(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Go back to some entry, and on from there in another way."""
    head = chance.randint(1, COVERED - 1)
    other = "CAST(replace(CAST(state AS TEXT), 'T', 't') AS BLOB)"
    update = f"UPDATE stored_events SET state = {other} WHERE originator_version > ?"
    connection.execute(update, (head,))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Checkpoint]:
    """A ledger's file, and the checkpoint of its first entries."""
    folder = tmp_path_factory.mktemp("original")
    with founded(folder, *people("Åsa", "Knut")) as ledger:
        for size in (COVERED, ENTRIES):
            with ledger.transaction() as transaction:
                while transaction.writer.position < size:
                    transaction.record(GIVE)
            if size == COVERED:
                checkpoint = current(ledger.database, KeptTree(ledger.database))
    with closing(sqlite3.connect(folder / "natverk.db")) as connection:
        for name in ("no_update", "no_delete", "no_gap"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (folder / "natverk.db").read_bytes(), checkpoint


def found(path: Path, checkpoint: Checkpoint) -> list[LedgerError]:
    with closing(Database.reading(path)) as database:
        rehash = Rehash(database, [checkpoint.size])
        findings = [f for block in database.blocks() for f in rehash.feed(block)]
        findings += rehash.finish()
        told = disagreement(database, checkpoint, rehash.roots)
        return findings if told is None else [*findings, told]


def tampered(path: Path, original: bytes, tamper: Tamper, seed: int, *, hidden: bool) -> None:
    path.write_bytes(original)
    with closing(sqlite3.connect(path)) as connection:
        tamper(connection, random.Random(seed))
        if hidden:
            rebuild(Database(connection, path))
        connection.commit()


def test_the_original_is_found_right(tmp_path: Path, original: tuple[bytes, Checkpoint]) -> None:
    (tmp_path / "copy.db").write_bytes(original[0])
    assert found(tmp_path / "copy.db", original[1]) == []


@pytest.mark.parametrize("hidden", [True, False], ids=["chained anew", "as it was"])
@pytest.mark.parametrize("tamper", [edit, delete, reorder, truncate, fork])
@pytest.mark.parametrize(
    "times", [pytest.param(5, id="5"), pytest.param(50, id="50", marks=pytest.mark.torture)]
)
def test_what_was_rewritten_below_a_checkpoint_is_found(
    tmp_path: Path,
    original: tuple[bytes, Checkpoint],
    tamper: Tamper,
    hidden: bool,
    times: int,
) -> None:
    data, checkpoint = original
    path = tmp_path / "copy.db"
    missed = []
    for seed in range(times):
        tampered(path, data, tamper, seed, hidden=hidden)
        if not found(path, checkpoint):
            missed.append(seed)
    assert missed == []
