"""Nothing is recorded in a ledger that is known to be damaged when it is opened.

Whether an entry in the middle of the log is gone is for `verify` to find, which reads them all.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from cli_world import Natverk
from test_errors_golden import GOLDEN, _log, agrees
from test_salvage import behind_its_back

pytestmark = pytest.mark.file

JOIN = ("join", "Nils")
KEYED = (*JOIN, "--id", "k")

# By the golden file's name: what somebody did to the file, and what is then to be recorded.
CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "the-network-is-lost": ("DELETE FROM settings WHERE name = 'network'", JOIN),
    "the-settings-are-lost": ("DELETE FROM settings", JOIN),
    "the-secret-is-lost": ("DELETE FROM settings WHERE name = 'secret'", KEYED),
    "another-network": ("UPDATE settings SET value = 'f' WHERE name = 'network'", JOIN),
    "the-zone-is-lost": ("DELETE FROM network", JOIN),
    "the-last-entry-is-lost": ("DELETE FROM stored_events WHERE originator_version = 9", JOIN),
    "all-entries-are-lost": ("DELETE FROM stored_events", JOIN),
    "where-rows-stand-is-lost": ("DELETE FROM progress", JOIN),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_recorded_in_a_ledger_known_to_be_damaged(name: str, kvarteret: Natverk) -> None:
    change, line = CASES[name]
    behind_its_back(kvarteret.path, change)
    log = _log(kvarteret.path)
    result = kvarteret(*line)
    assert (result.code, result.out) == (4, "")
    assert _log(kvarteret.path) == log
    agrees(f"damaged/{name}", result.err)


@pytest.mark.parametrize(
    "table", ["gifts.csv: giver,receiver\nEva Lind,Knut Hansson\n", "members.csv: name\nNils\n"]
)
def test_nor_is_a_table_taken_in(table: str, kvarteret: Natverk) -> None:
    name, _, rows = table.partition(": ")
    behind_its_back(kvarteret.path, "DELETE FROM settings")
    result = kvarteret("import", name.removesuffix(".csv"), "-", stdin=rows)
    assert (result.code, result.out) == (4, "")
    assert "is damaged: its secret is lost" in result.err


def test_nobody_is_forgotten_without_the_secret(kvarteret: Natverk) -> None:
    behind_its_back(kvarteret.path, "DELETE FROM settings WHERE name = 'secret'")
    result = kvarteret("forget", "Eva", "--yes")
    assert result.code == 4
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        assert connection.execute("SELECT 1 FROM texts WHERE text = 'Eva Lind'").fetchone()


def test_questions_of_a_ledger_without_entries_do_not_say_that_it_is_new(
    kvarteret: Natverk,
) -> None:
    behind_its_back(kvarteret.path, "DELETE FROM stored_events")
    assert "is damaged" in kvarteret.refuses("status")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (GOLDEN / "damaged").glob("*.txt")} == {*CASES}
