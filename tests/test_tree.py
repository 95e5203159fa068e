"""The tree beside the log: kept with every commit, cheap to prove from; changes are found."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import GIVE
from servers import place_in
from worlds import founded, opened, people

from ledger.database import Database
from ledger.errors import DamagedEntry, LedgerDamaged, LedgerError
from ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    check_consistency,
    check_inclusion,
    leaf_hash,
    root_of,
)
from ledger.refusals import UnknownId
from ledger.rehash import (
    EntriesMissing,
    EntryChanged,
    EntryOutOfPlace,
    HashesDiffer,
    Rehash,
    TreeDiffers,
)
from ledger.tree import KeptTree, kept, rebuild

pytestmark = pytest.mark.file

ENTRIES = 64 * 65 + 17  # a tree of 64 tiles, one tile more, and a part of one


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of 64 tiles, one more and a part of one."""
    folder = tmp_path_factory.mktemp("long")
    with founded(folder, *people("Åsa", "Knut")) as ledger, ledger.transaction() as transaction:
        for _ in range(ENTRIES - 3):
            transaction.record(GIVE)
    return folder / "natverk.db"


@pytest.fixture
def copy(long: Path, tmp_path: Path) -> Path:
    """A copy of it whose triggers are gone, to be changed by whoever has the file in hand."""
    path = tmp_path / "copy.db"
    with closing(sqlite3.connect(long)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    change(path, *(f"DROP TRIGGER {name}" for name in ("no_update", "no_delete", "no_gap")))
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount in (-1, 1) or "AND" in statement
        connection.commit()


def leaves(database: Database) -> list[bytes]:
    return [leaf_hash(state) for _, _, state in database.entries()]


def reading(path: Path) -> Any:
    return closing(Database.reading(path))


def found(path: Path, *sizes: int) -> list[LedgerError]:
    with reading(path) as database:
        rehash = Rehash(database, sizes)
        findings = [f for block in database.blocks() for f in rehash.feed(block)]
        return [*findings, *rehash.finish()]


def told(path: Path) -> list[tuple[type, Any]]:
    return [(type(finding), finding.facts.get("position")) for finding in found(path)]


# Kept


def test_the_root_is_that_of_the_stored_bytes_after_every_commit(tmp_path: Path) -> None:
    with founded(tmp_path, *people("Åsa", "Knut")) as ledger:
        for _ in range(130):
            ledger.record(GIVE)
            stored = leaves(ledger.database)
            tree = KeptTree(ledger.database)
            assert (tree.size, tree.root()) == (len(stored), root_of(stored))
        assert ledger.database.select("SELECT height, number FROM tiles") == [(6, 0), (6, 1)]


def test_what_one_commit_writes_stays_within_a_page(long: Path) -> None:
    with reading(long) as database:
        (size,) = database.select("SELECT max(length(marks)) FROM marks")[0]
        assert size == 512
    most = 30 * 32 + 63 * 8  # a thousand million entries, and the longest part of a tile
    assert most < 4096 // 2


def test_a_transaction_that_is_undone_leaves_the_tree_as_it_was(tmp_path: Path) -> None:
    with founded(tmp_path, *people("Åsa", "Knut")) as ledger:
        before = kept(ledger.database)
        with ledger.transaction(dry_run=True) as transaction:
            for _ in range(100):
                transaction.record(GIVE)
        with pytest.raises(UnknownId), ledger.transaction() as transaction:
            [transaction.record(replace(GIVE, giver=giver)) for giver in ("m1", "m9")]
        assert kept(ledger.database) == before
        ledger.record(GIVE)
        assert KeptTree(ledger.database).root() == root_of(leaves(ledger.database))


def test_two_who_record_in_turn_keep_one_tree(tmp_path: Path) -> None:
    with founded(tmp_path, *people("Åsa", "Knut")) as one, opened(place_in(tmp_path)) as other:
        for _ in range(70):
            one.record(GIVE)
            other.record(GIVE)
        assert KeptTree(one.database).root() == root_of(leaves(one.database))
    assert found(place_in(tmp_path)) == []


def test_entries_that_were_logged_by_others_are_hashed_at_the_next_commit(tmp_path: Path) -> None:
    with founded(tmp_path, *people("Åsa", "Knut")) as ledger:
        ledger.record(GIVE)
        stored = ledger.database.entry(4)
    insert = "INSERT INTO stored_events SELECT originator_id, ?, topic, state FROM stored_events"
    with closing(sqlite3.connect(tmp_path / "natverk.db")) as connection:
        for position in range(5, 80):
            connection.execute(f"{insert} WHERE originator_version = 4", (position,))
        connection.commit()
    with opened(place_in(tmp_path)) as ledger:
        assert ledger.database.entry(79) == stored
        ledger.record(GIVE)
        assert KeptTree(ledger.database).size == 80
        assert KeptTree(ledger.database).root() == root_of(leaves(ledger.database))


def test_a_tree_made_anew_is_the_same(copy: Path) -> None:
    tables = ("progress", "tiles", "marks")
    with opened(copy) as ledger:
        before = [ledger.database.select(f"SELECT * FROM {table}") for table in tables]
        ledger.database.cursor.execute("BEGIN IMMEDIATE")
        rebuild(ledger.database)
        ledger.database.cursor.execute("COMMIT")
        assert [ledger.database.select(f"SELECT * FROM {table}") for table in tables] == before


def test_a_tree_is_not_made_of_what_is_no_bytes(copy: Path) -> None:
    change(copy, "UPDATE stored_events SET state = 'hej' WHERE originator_version = 70")
    with closing(sqlite3.connect(copy)) as connection, pytest.raises(DamagedEntry):
        rebuild(Database(connection, copy))


def test_an_empty_tree_has_the_root_of_nothing(long: Path) -> None:
    with reading(long) as database:
        assert KeptTree(database).root_at(0) == EMPTY_ROOT


@given(st.data())
def test_proofs_from_what_is_kept_hold(long: Path, data: st.DataObject) -> None:
    with reading(long) as database:
        tree, stored = KeptTree(database), leaves(database)
        size = data.draw(st.integers(1, ENTRIES))
        earlier = data.draw(st.integers(1, size))
        root = root_of(stored[:size])
        assert tree.root_at(size) == root
        path = tree.inclusion(earlier, size)
        check_inclusion(earlier - 1, size, stored[earlier - 1], path, root)
        proof = tree.consistency(earlier, size)
        check_consistency(earlier, size, root_of(stored[:earlier]), root, proof)


def test_a_proof_reads_few_entries_and_few_roots(long: Path) -> None:
    with reading(long) as database:
        tree = KeptTree(database)
        asked: list[str] = []
        database.connection.set_trace_callback(asked.append)
        tree.inclusion(1, ENTRIES)
        database.connection.set_trace_callback(None)
    assert len(asked) < 140  # two levels of at most 64 roots, and the entries of two tiles


@pytest.mark.parametrize("statement", ["DELETE FROM tiles", "UPDATE progress SET tree = x''"])
def test_a_proof_from_what_is_not_there_is_refused(copy: Path, statement: str) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(statement)
        connection.commit()
    with reading(copy) as database, pytest.raises(LedgerDamaged):
        KeptTree(database).inclusion(1, ENTRIES - 1)


# Found


def test_a_ledger_that_nobody_changed_has_no_finding(long: Path) -> None:
    assert found(long) == []


def test_roots_at_any_sizes_come_of_the_same_pass(long: Path) -> None:
    sizes = [0, 1, 63, 64, 65, 4095, 4096, 4097, ENTRIES, ENTRIES + 1]
    with reading(long) as database:
        rehash = Rehash(database, sizes)
        for block in database.blocks():
            assert rehash.feed(block) == []
        assert list(rehash.finish()) == []
        stored = leaves(database)
    assert rehash.roots == {size: root_of(stored[:size]) for size in sizes[:-1]}


@pytest.mark.parametrize("position", [1, 64, 65, 2000, 4096, 4097, 64 * 65 + 1, ENTRIES])
def test_one_bit_changed_is_found_at_its_position(copy: Path, position: int) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        query = "SELECT state FROM stored_events WHERE originator_version = ?"
        state = bytearray(connection.execute(query, (position,)).fetchone()[0])
        state[position % len(state)] ^= 1 << position % 8
        update = "UPDATE stored_events SET state = ? WHERE originator_version = ?"
        connection.execute(update, (bytes(state), position))
        connection.commit()
    assert told(copy) == [(EntryChanged, position)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "DELETE FROM stored_events WHERE originator_version = 100",
            [(EntriesMissing, 100)],
        ),
        (
            "DELETE FROM stored_events WHERE originator_version > 10 AND originator_version < 300",
            [(EntriesMissing, 11)],
        ),
        (
            "DELETE FROM stored_events WHERE originator_version > 4000 AND 1",
            [(EntriesMissing, 4001)],
        ),
        (
            "UPDATE stored_events SET originator_version = 9007199254740992"
            " WHERE originator_version = 5",
            [(EntriesMissing, 5), (EntryOutOfPlace, 9007199254740992)],
        ),
        (
            "UPDATE stored_events SET state = CAST(state AS TEXT) WHERE originator_version = 70",
            [(EntryChanged, 70)],
        ),
        ("UPDATE marks SET marks = zeroblob(512) WHERE tile = 3", [(HashesDiffer, 193)]),
        ("UPDATE marks SET marks = 'x' WHERE tile = 3", [(HashesDiffer, 193)]),
        (
            "UPDATE tiles SET root = zeroblob(32) WHERE height = 6 AND number = 3",
            [(HashesDiffer, 193)],
        ),
        (
            "UPDATE tiles SET root = zeroblob(32) WHERE height = 12",
            [(TreeDiffers, ENTRIES)],
        ),
        ("DELETE FROM tiles WHERE height = 12", [(TreeDiffers, ENTRIES)]),
        ("INSERT INTO marks VALUES (65, x'00')", [(TreeDiffers, ENTRIES)]),
        ("UPDATE progress SET tree = x''", [(LedgerDamaged, None)]),
        ("UPDATE progress SET tree = zeroblob(length(tree))", None),
        ("UPDATE progress SET at = at - 1", [(LedgerDamaged, None)]),
        ("UPDATE progress SET at = 'x'", [(LedgerDamaged, None)]),
        ("UPDATE progress SET tree = 7", [(LedgerDamaged, None)]),
    ],
)
def test_what_else_is_changed_is_found(
    copy: Path, statement: str, expected: list[tuple[type, Any]] | None
) -> None:
    change(copy, statement)
    findings = told(copy)
    if expected is None:  # every mark of the last tile is wrong, and the roots
        assert findings == [(EntryChanged, at) for at in range(64 * 65 + 1, ENTRIES + 1)]
    else:
        assert findings == expected


def test_two_entries_in_each_other_s_place_are_both_found(copy: Path) -> None:
    swap = "UPDATE stored_events SET originator_version = {} WHERE originator_version = {}"
    change(copy, swap.format(-1, 7), swap.format(7, 9), swap.format(9, -1))
    assert told(copy) == [(EntryChanged, 7), (EntryChanged, 9)]


def test_a_log_that_was_chained_anew_has_another_root_at_the_sizes_asked(copy: Path) -> None:
    with reading(copy) as database:
        before = KeptTree(database).root_at(3000)
    change(copy, "UPDATE stored_events SET state = x'7b7d' WHERE originator_version = 2999")
    with closing(sqlite3.connect(copy)) as connection:
        database = Database(connection, copy)
        rebuild(database)
        connection.commit()
    assert found(copy) == []
    with reading(copy) as database:
        rehash = Rehash(database, [3000])
        for block in database.blocks():
            rehash.feed(block)
        assert list(rehash.finish()) == []
    assert rehash.roots[3000] != before


@pytest.mark.torture
def test_two_thousand_flipped_bits_are_all_found(copy: Path) -> None:
    chance = random.Random(11)
    with reading(copy) as database:
        entries = {entry[0]: entry for entry in database.entries()}
        for _ in range(2000):
            position = chance.randint(1, ENTRIES)
            _, topic, stored = entries[position]
            state = bytearray(stored)
            state[chance.randrange(len(state))] ^= 1 << chance.randrange(8)
            rehash = Rehash(database)
            changed = entries | {position: (position, topic, bytes(state))}
            findings = [*rehash.feed(list(changed.values())), *rehash.finish()]
            assert [(type(f), f.facts["position"]) for f in findings] == [(EntryChanged, position)]


def test_the_frontier_of_a_size_is_as_long_as_its_ones() -> None:
    tree = Frontier()
    for size in range(1, 200):
        tree.append(leaf_hash(b"%d" % size))
        assert len(tree.roots) == bin(size).count("1")
