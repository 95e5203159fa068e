"""What `verify` tells of a ledger that is wrong in some way; see test_errors_golden.py."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from cli_world import Natverk
from test_errors_golden import GOLDEN, agrees
from test_readme import TEXT

import ledger.findings
import ledger.verify
from ledger.errors import LedgerDamaged, LedgerError, NoLedgerAnyMore, NotALedger
from ledger.findings import Finding

BALANCE = "UPDATE balances SET given = 7 WHERE member = 'm3' AND period = 'all'"
SPACE = "UPDATE stored_events SET state = CAST(state || ' ' AS BLOB) WHERE originator_version = 8"
GUARD = (
    "CREATE TRIGGER no_update BEFORE UPDATE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
)
CASES: dict[str, tuple[str, ...]] = {
    "unguarded": ("DROP TRIGGER no_update", "DROP TRIGGER no_delete"),
    "kept-otherwise": (BALANCE,),
    "table-gone": ("DROP TABLE balances",),
    "table-lost": ("DROP TABLE keys",),
    "secret-lost": ("DELETE FROM settings WHERE name = 'secret'",),
    "kept-or-log-wrong": (BALANCE, "DROP TRIGGER no_update", SPACE, GUARD),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_with_what_to_do(name: str, kvarteret: Natverk) -> None:
    with closing(sqlite3.connect(kvarteret.path, isolation_level=None)) as connection:
        for statement in CASES[name]:
            connection.execute(statement)
    told = kvarteret("verify")
    assert told.code == 1
    assert name in {finding["kind"] for finding in kvarteret("verify", "--json").json()["findings"]}
    agrees(f"verify/{name}", re.sub(r"in [0-9.]+ s\b", "in 0.02 s", told.out) + told.err)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (GOLDEN / "verify").glob("*.txt")} == {*CASES}


def test_every_kind_of_finding_is_in_the_readme() -> None:
    modules = (ledger.findings, ledger.verify)
    here = [each for m in modules for each in vars(m).values() if isinstance(each, type)]
    errors = {each for each in here if issubclass(each, LedgerError)}
    errors -= {LedgerError, NotALedger}  # is told as one that was a ledger
    beside = {"other-networks-checkpoint", "kept-note-damaged"}  # by `disagreements`
    kinds = {
        Finding(None, error.__new__(error)).kind
        for error in errors | {LedgerDamaged, NoLedgerAnyMore}
    }
    rows = TEXT.partition("| Kind of finding |")[2].partition("\n\n")[0]
    assert set(re.findall("`([a-z-]+)`", rows)) == kinds | beside
