"""What does it cost to keep the tree over the log, and to ask it for a proof?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import worlds
from bench_import import ROWS, fresh, importing
from bench_record import recording
from conftest import LARGE, SMALL, Figures

from ledger import writer
from ledger.tree import KeptTree

__all__ = ["fresh"]  # a fixture
PROOFS = 20
REACH = 1.15  # times the time without the tree


class NoTree:
    """Keeps nothing."""

    def __init__(self, database: Any) -> None:
        pass

    def append(self, states: Iterable[bytes]) -> None:
        """Hash nothing."""

    def write(self, cursor: sqlite3.Cursor) -> bytes:
        """Write nothing."""
        return b""

    def discard(self) -> None:
        """There is nothing to forget."""


def test_one_gift_with_the_tree_against_without(
    race: Any, tmp_path: Path, figures: Figures
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "Tree", NoTree)
        without = worlds.ledger_of(tmp_path / "without.db", SMALL)
    kept = worlds.ledger_of(tmp_path / "with.db", SMALL)
    ratio = race(recording(without), recording(kept), rounds=15)
    for ledger in (without, kept):
        ledger.close()
    figures.at_most("record one gift with the tree against without", ratio, REACH)


def test_an_import_with_the_tree_against_without(
    race: Any, fresh: Any, gifts_file: Any, figures: Figures
) -> None:
    table = gifts_file(ROWS)

    def without() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(writer, "Tree", NoTree)
            importing(fresh(), table)

    ratio = race(without, lambda: importing(fresh(), table))
    figures.at_most("import of gifts with the tree against without", ratio, REACH)


def test_a_proof_at_a_million_entries_against_ten_thousand(
    race: Any, world: Any, figures: Figures
) -> None:
    def proving(entries: int) -> Any:
        database = world(entries).database

        def prove() -> None:
            tree = KeptTree(database)
            for number in range(1, PROOFS + 1):
                tree.inclusion(number * entries // PROOFS, tree.size)

        return prove

    figures.at_most(
        "proof of an entry at 1,000,000 entries against 10,000",
        race(proving(SMALL), proving(LARGE)),
        2.5,
    )
