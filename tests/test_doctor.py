"""`natverk doctor`: each check stands on its own, and nothing is changed by looking."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cli_world import Natverk
from nobody import as_nobody, open_to_all

from ledger import doctor, files
from ledger.faults import faults_of

pytestmark = pytest.mark.file

NAMES = [
    *("programs", "sqlite", "permissions", "folder", "file system", "free space"),
    *("write-ahead log", "left behind", "form", "pages", "tables", "settings", "triggers"),
    *("projections", "progress", "erasure", "verified"),
]
IN_FILE = NAMES[8:]  # what needs the file to be read


def checked(natverk: Natverk, *arguments: str) -> dict[str, dict[str, Any]]:
    """The rows by check; the exit code says whether there is a problem."""
    result = natverk("doctor", "--json", *arguments)
    rows = result.json()
    assert [row["check"] for row in rows] == NAMES
    assert result.code == int(any(row["state"] == "problem" for row in rows))
    return {row["check"]: row for row in rows}


def change(path: Path, *statements: str) -> None:
    """Change the file behind the ledger's back."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.fixture(autouse=True)
def _sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine has of its own: a version of SQLite, a disk."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 53, 1))


def test_a_sound_ledger_has_no_problem(kvarteret: Natverk) -> None:
    kvarteret.path.parent.chmod(0o700)
    change(
        kvarteret.path, "INSERT INTO settings VALUES ('verified', '9 2026-11-03T12:00:00+01:00')"
    )
    found = checked(kvarteret)
    assert {row["state"] for row in found.values()} == {"ok"}
    assert found["progress"]["found"] == "everything is up to #9"
    assert found["verified"]["found"] == "9 2026-11-03T12:00:00+01:00"
    assert all(row["remedy"] is None for row in found.values())


def test_it_is_a_table_for_people_with_what_to_do_below(kvarteret: Natverk) -> None:
    result = kvarteret("doctor")
    lines = result.out.splitlines()
    assert lines[0].split() == ["check", "state", "found"]
    assert len(lines) == 1 + len(NAMES)
    assert "verified: natverk verify checks everything\n" in result.err


# SQLite's own faults


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        *(((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False), ((3, 45, 0), True)),
        *(((3, 50, 6), True), ((3, 50, 7), False), ((3, 51, 2), True), ((3, 51, 3), False)),
        ((3, 53, 1), False),
    ],
)
def test_a_version_with_a_fault_is_named(
    kvarteret: Natverk,
    monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, ...],
    faulty: bool,
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    row = checked(kvarteret)["sqlite"]
    assert row["state"] == ("warning" if faulty else "ok")
    assert ("WAL-reset" in row["found"]) is faulty
    assert ("3.51.3" in (row["remedy"] or "")) is faulty


def test_a_fault_that_natverk_does_not_touch_is_no_warning() -> None:
    assert [fault.name for fault in faults_of((3, 36, 0)) if not fault.touches] != []
    assert [fault.name for fault in faults_of((3, 36, 0)) if fault.touches] == ["WAL-reset"]


# The file and its place


@pytest.mark.parametrize(
    ("mode", "state"), [(0o600, "ok"), (0o640, "warning"), (0o604, "warning"), (0o666, "problem")]
)
def test_permissions(kvarteret: Natverk, mode: int, state: str) -> None:
    kvarteret.path.chmod(mode)
    row = checked(kvarteret)["permissions"]
    assert row["state"] == state
    assert (row["remedy"] is None) is (state == "ok")


@pytest.mark.parametrize(("mode", "state"), [(0o777, "problem"), (0o1777, "ok"), (0o755, "ok")])
def test_a_folder_where_anyone_may_write(kvarteret: Natverk, mode: int, state: str) -> None:
    kvarteret.path.parent.chmod(mode)
    assert checked(kvarteret)["folder"]["state"] == state


@pytest.mark.parametrize(("kind", "state"), [("nfs4", "warning"), ("ext4", "ok"), ("?", "ok")])
def test_a_disk_over_a_network(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch, kind: str, state: str
) -> None:
    mounts = Path("mounts")
    place = str(Path().resolve()).replace(" ", "\\040")
    mounts.write_text(f"a / ext4 rw 0 0\nb {place} {kind} rw 0 0\nc {place}/x cifs rw 0 0\n")
    monkeypatch.setattr("ledger.mounts.MOUNTS", mounts)
    row = checked(kvarteret)["file system"]
    assert (row["state"], row["found"].split(",")[0]) == (state, kind)


class Usage(NamedTuple):
    """What a disk says of itself."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "size", "state"), [(2**40, 1, "ok"), (2**20, 1, "problem"), (2**27, 2**27, "warning")]
)
def test_free_space(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch, free: int, size: int, state: str
) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: Usage(2**41, 0, free))
    monkeypatch.setattr(doctor, "_size", lambda path: size)
    assert checked(kvarteret)["free space"]["state"] == state


def test_a_large_write_ahead_log(kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LARGE_WAL", -1)
    assert checked(kvarteret)["write-ahead log"]["state"] == "warning"


@pytest.mark.parametrize("name", [".natverk.db.unfinished", ".natverk.db.0a1b2c3d-wal"])
def test_what_was_left_unfinished(kvarteret: Natverk, name: str) -> None:
    Path(name).touch()
    Path(".natverk.db.mine").touch()
    row = checked(kvarteret)["left behind"]
    assert (row["state"], row["found"]) == ("warning", f"unfinished: {name}")


# What is in it


@pytest.mark.parametrize(
    ("check", "state", "statements"),
    [
        ("form", "problem", ["PRAGMA user_version = 99"]),
        ("triggers", "problem", ["DROP TRIGGER no_gap"]),
        (
            "triggers",
            "problem",
            [
                "DROP TRIGGER no_delete",
                "CREATE TRIGGER no_delete BEFORE DELETE ON stored_events BEGIN SELECT 1; END",
            ],
        ),
        (
            "triggers",
            "problem",
            ["CREATE TRIGGER theirs AFTER INSERT ON texts BEGIN DELETE FROM texts; END"],
        ),
        *(("tables", "problem", [f"DROP TABLE {name}"]) for name in ("texts", "names", "keys")),
        *(("tables", "problem", [f"DROP TABLE {name}"]) for name in ("balances", "checkpoints")),
        ("tables", "problem", ["DROP TABLE folds"]),
        ("tables", "problem", ["ALTER TABLE balances RENAME COLUMN given TO taken"]),
        ("tables", "ok", ["UPDATE folds SET version = 1 WHERE name = 'pairs'", "DROP TABLE pairs"]),
        ("projections", "warning", ["UPDATE folds SET version = 99 WHERE name = 'pairs'"]),
        ("projections", "warning", ["DELETE FROM folds"]),
        ("progress", "problem", ["UPDATE progress SET at = 12"]),
        ("progress", "warning", ["UPDATE progress SET at = 7"]),
        ("progress", "problem", ["DELETE FROM progress"]),
        ("progress", "warning", ["UPDATE settings SET value = 'copying 5' WHERE name = 'closed'"]),
        ("progress", "warning", ["UPDATE settings SET value = 'moved x.db' WHERE name = 'closed'"]),
        ("erasure", "problem", ["INSERT INTO settings VALUES ('erasing', 12)"]),
        ("erasure", "problem", ["DROP TABLE settings"]),
        ("settings", "ok", ["PRAGMA journal_mode = DELETE"]),
    ],
)
def test_what_is_not_as_it_should_be(
    kvarteret: Natverk, check: str, state: str, statements: list[str]
) -> None:
    change(kvarteret.path, *statements)
    row = checked(kvarteret)[check]
    assert row["state"] == state
    if check == "tables" and state == "problem" and "DROP TABLE folds" not in statements:
        assert statements[0].split()[2] in row["found"]
    assert row["remedy"] is None or state != "ok"


def test_a_ledger_that_is_locked_is_looked_at_as_far_as_it_goes(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LOOKING_MS", 10)
    change(kvarteret.path, "PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(kvarteret.path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        found = checked(kvarteret)
    others = [name for name in IN_FILE if name != "settings"]
    assert all("is locked" in found[name]["found"] for name in others)
    assert found["permissions"]["state"] == "ok"


def test_a_ledger_that_may_only_be_read(kvarteret: Natverk) -> None:
    """Where nothing can be made beside it, not even what SQLite needs to read a log."""
    checked(kvarteret)  # whose modules nobody else may be able to read
    change(kvarteret.path, "PRAGMA wal_checkpoint(TRUNCATE)")
    with open_to_all() as folder:
        path = Path(shutil.copy(kvarteret.path, folder / "natverk.db"))
        path.chmod(0o444)
        folder.chmod(0o555)
        with as_nobody():
            found = checked(kvarteret, "--ledger", str(path))
        assert [each.name for each in folder.iterdir()] == ["natverk.db"]
    assert found["folder"]["state"] == "warning"
    assert "cannot be" in found["settings"]["found"]
    others = [name for name in IN_FILE if name not in ("settings", "verified")]
    assert {found[name]["state"] for name in others} == {"ok"}


@pytest.mark.parametrize("content", [b"hej\n" * 2000, b"", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_of_something_else(natverk: Natverk, content: bytes) -> None:
    natverk.path.write_bytes(content)
    result = natverk("doctor")
    assert (result.code, result.out) == (4, "")
    assert natverk.path.read_bytes() == content


def test_broken_pages_are_found(kvarteret: Natverk) -> None:
    change(kvarteret.path, "PRAGMA journal_mode = DELETE")
    content = bytearray(kvarteret.path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    kvarteret.path.write_bytes(content)
    row = checked(kvarteret)["pages"]
    assert row["state"] == "problem"
    assert "natverk export" in row["remedy"]
    assert kvarteret.path.read_bytes() == content


def test_looking_changes_nothing(kvarteret: Natverk) -> None:
    before = kvarteret.path.read_bytes()
    kvarteret("doctor")
    assert kvarteret.path.read_bytes() == before
    assert json.loads(kvarteret("doctor", "--json").out)


def test_what_is_no_ledger_is_told_no_remedy(natverk: Natverk, kvarteret: Natverk) -> None:
    """Not even one for permissions: a folder or a file of the system may be another's."""
    other = kvarteret.folder / "other.txt"
    other.write_text("hej\n" * 1000)
    other.chmod(0o666)
    copy = Path(shutil.copy(kvarteret.path, kvarteret.folder / "foreign.db"))
    change(copy, "PRAGMA application_id = 7")
    for path in (".", "/dev/null", str(other), str(copy)):
        result = natverk("--ledger", path, "doctor")
        assert (result.code, result.out) == (4, "")
        assert "is not a ledger of natverk" in result.err
        assert "chmod" not in result.err
