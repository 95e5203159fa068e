"""What every recording command takes: --at, --recorded-by, --id, --dry-run, --json."""

from __future__ import annotations

import sqlite3

import pytest
from cli_world import Natverk

import ledger.files
import ledger.store

# One of each recording command, all of which record something in `kvarteret`.
EACH = {
    "join": ("join", "Ida"),
    "leave": ("leave", "Eva"),
    "pause": ("pause", "Eva"),
    "describe": ("describe", "Eva", "--name", "Ewa"),
    "describe-network": ("describe-network", "--name", "Boken"),
    "offer": ("offer", "Eva", "borr", "--kind", "equipment"),
    "withdraw": ("withdraw", "lastcykel"),
    "book": ("book", "lastcykel", "Eva", "--from", "2026-12-01", "--to", "2026-12-01"),
    "lend": ("lend", "lastcykel", "Eva"),
    "ask": ("ask", "Eva", "hjälp", "--kind", "time"),
    "close": ("close", "painting", "--met"),
    "give": ("give", "Eva", "Åsa", "bullar"),
    "confirm": ("confirm", "9", "--recorded-by", "Knut"),
    "dispute": ("dispute", "9", "--recorded-by", "Knut"),
    "introduce": ("introduce", "Åsa", "Eva", "Knut"),
    "note": ("note", "9", "hej"),
    "correct": ("correct", "9", "--hours", "3"),
    "reverse": ("reverse", "9", "--reason", "fel"),
    "undo": ("undo", "9"),
}
NOW = ("correct", "reverse", "undo")  # they occur when they are recorded


@pytest.mark.parametrize("name", EACH)
def test_a_request_with_a_key_is_recorded_once(name: str, kvarteret: Natverk) -> None:
    (first,) = kvarteret.rows(*EACH[name], "--id", "k")
    kvarteret.clock.advance(days=1)
    again = kvarteret(*EACH[name], "--id", "k", "--json")

    assert again.code == 0
    assert again.json() == [first]
    assert f"already recorded as #{first['position']}" in again.err
    assert len(kvarteret.rows("log", "-n", "0")) == 10


@pytest.mark.parametrize("name", EACH)
def test_a_dry_run_shows_the_entry_and_records_nothing(name: str, kvarteret: Natverk) -> None:
    result = kvarteret(*EACH[name], "--id", "k", "--dry-run", "--json")

    assert result.code == 0
    assert [row["position"] for row in result.json()] == [10]
    assert "nothing was recorded" in result.err
    assert len(kvarteret.rows("log", "-n", "0")) == 9
    assert kvarteret.rows(*EACH[name], "--id", "k")[0]["position"] == 10


@pytest.mark.parametrize("name", [name for name in EACH if name not in NOW])
def test_every_entry_has_its_time_and_its_recorder(name: str, kvarteret: Natverk) -> None:
    by = () if "--recorded-by" in EACH[name] else ("--recorded-by", "Knut")
    (row,) = kvarteret.rows(*EACH[name], "--at", "yesterday 18:00", *by)

    assert row["occurred_at"] == "2026-11-02T18:00:00+01:00"
    assert row["recorded_at"] == "2026-11-03T12:00:00+01:00"
    assert row["actor"] == "m2"


def test_a_key_holds_also_when_nothing_was_recorded(kvarteret: Natverk) -> None:
    kvarteret.does("pause", "Eva")
    kvarteret.does("pause", "Eva", "--id", "k")
    kvarteret.does("resume", "Eva")
    again = kvarteret("pause", "Eva", "--id", "k", "--json")

    assert (again.code, again.json()) == (0, [])
    assert "already recorded" in again.err


def test_a_key_is_asked_before_the_names_it_comes_with(kvarteret: Natverk) -> None:
    kvarteret.does("describe", "Knut Hansson", "--name", "Nils", "--id", "k")
    kvarteret.does("close", "painting", "--met", "--id", "k2")
    kvarteret.does("ask", "Eva", "painting", "--kind", "service")

    again = kvarteret("describe", "Knut Hansson", "--name", "Nils", "--id", "k")
    assert "already recorded as #10" in again.err
    assert "already recorded as #11" in kvarteret("close", "painting", "--met", "--id", "k2").err


@pytest.mark.parametrize(
    "other",
    [
        ("give", "Eva", "Knut", "bullar"),
        ("give", "Eva", "Åsa", "bullar", "--hours", "1"),
        ("give", "Eva", "Åsa", "bullar", "--at", "yesterday"),
        ("give", "Eva", "Åsa", "bullar", "--recorded-by", "Eva"),
        ("pause", "Eva"),
    ],
)
def test_a_key_is_not_for_another_request(other: tuple[str, ...], kvarteret: Natverk) -> None:
    kvarteret.does(*EACH["give"], "--id", "k")
    result = kvarteret(*other, "--id", "k")

    assert result.code == 1
    assert "used for another request, #10" in result.err


def test_a_key_that_was_refused_is_still_free(kvarteret: Natverk) -> None:
    kvarteret.refuses("give", "Eva", "Eva", "--id", "k")

    kvarteret.does("give", "Eva", "Åsa", "--id", "k")


def test_a_refused_request_says_the_same_with_and_without_dry_run(kvarteret: Natverk) -> None:
    refused = ("give", "Eva", "m3")

    assert kvarteret.refuses(*refused) == kvarteret.refuses(*refused, "--dry-run")


# When the file fails


@pytest.mark.file
def test_a_locked_ledger_is_said_and_nothing_is_recorded(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.files, "BUSY_SECONDS", 0)
    other = sqlite3.connect(kvarteret.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    result = kvarteret("pause", "Eva")
    other.close()

    assert (result.code, result.out) == (4, "")
    assert "is locked: someone else is recording" in result.err
    assert len(kvarteret.rows("log", "-n", "0")) == 9


@pytest.mark.file
def test_a_full_disk_is_said_and_nothing_is_recorded(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ledger.store, "connect", _no_room)
        code, recorded = 0, 0
        while code == 0 and recorded < 1_000:
            result = kvarteret("note", "9", "x" * 2_000)
            code, recorded = result.code, recorded + (result.code == 0)

    assert (result.code, result.out) == (4, "")
    assert "the disk is full, nothing was recorded" in result.err
    assert len(kvarteret.rows("log", "-n", "0")) == 9 + recorded


def _no_room(path: object, *, write: bool) -> sqlite3.Connection:
    """A connection whose file may not grow by a page."""
    connection = ledger.files.connect(path, write=write)  # type: ignore[arg-type]
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    return connection
