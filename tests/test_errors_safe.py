"""What people read when a backup, a restoring or a damaged ledger ends otherwise than hoped."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest
from cli_world import Natverk
from older import LOG_INDEX, with_index_of_log
from test_errors_golden import agrees

pytestmark = pytest.mark.file

PAGE = 4096


def another_file(natverk: Natverk) -> None:
    Path("copy.db").write_text("hej\n")


def another_network(natverk: Natverk) -> None:
    natverk.does("--ledger", "copy.db", "init", "Björken", "--idea", "x")


def a_longer_backup(natverk: Natverk) -> None:
    natverk.does("backup", "copy.db")
    natverk.does("--ledger", "copy.db", "leave", "Eva")
    with closing(sqlite3.connect("copy.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def a_cosigned_copy(natverk: Natverk) -> None:
    exported = natverk.does("export", "--ndjson", "-", "--without-personal")
    natverk.does("--ledger", "copy.db", "import", "events", "-", stdin=exported)
    natverk.does("key", "new")
    natverk.does("--ledger", "copy.db", "cosign", "-", stdin=natverk.does("checkpoint"))
    _whole("copy.db")


def a_cosigned_backup(natverk: Natverk) -> None:
    natverk.does("backup", "copy.db")
    natverk.does("--ledger", "copy.db", "checkpoint")
    _whole("copy.db")


def a_restored_ledger(natverk: Natverk) -> None:
    natverk.does("backup", "first.db")
    natverk.does("--ledger", "copy.db", "restore", "first.db")
    _whole("copy.db")


def _whole(path: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def a_log_without_its_ledger(natverk: Natverk) -> None:
    Path("copy.db-wal").write_bytes(b"\x37\x7f\x06\x82")


def a_backup(natverk: Natverk) -> None:
    natverk.does("backup", "copy.db")


def rows_that_are_wrong(natverk: Natverk) -> None:
    with closing(sqlite3.connect(natverk.path)) as connection:
        connection.execute("UPDATE balances SET given = 7")
        connection.commit()


def an_entry_too_few(natverk: Natverk) -> None:
    with closing(sqlite3.connect(natverk.path)) as connection:
        connection.execute("DROP TRIGGER no_delete")
        connection.execute("DELETE FROM stored_events WHERE originator_version = 5")
        connection.commit()


def a_broken_page(natverk: Natverk) -> None:
    content = bytearray(natverk.path.read_bytes())
    with closing(sqlite3.connect(natverk.path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'stored_events'"
        [page] = connection.execute(query).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = bytearray(natverk.path.read_bytes())
    cell = content.index(b'"member":"m4"', (page - 1) * PAGE)
    content[cell : cell + 4] = b"\xff" * 4
    natverk.path.write_bytes(content)


def a_broken_index(natverk: Natverk) -> None:
    with_index_of_log(natverk.path)
    with closing(sqlite3.connect(natverk.path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        [page] = connection.execute(query, (LOG_INDEX,)).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(natverk.path.read_bytes())
    content[(page - 1) * PAGE : page * PAGE] = b"\xff" * PAGE
    natverk.path.write_bytes(content)


def a_start_without_the_rest(natverk: Natverk) -> None:
    with closing(sqlite3.connect(natverk.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    natverk.path.write_bytes(natverk.path.read_bytes()[: PAGE + 100])


def no_header(natverk: Natverk) -> None:
    with closing(sqlite3.connect(natverk.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    natverk.path.write_bytes(bytes(PAGE) + natverk.path.read_bytes()[PAGE:])


def a_damaged_start(natverk: Natverk) -> None:
    with closing(sqlite3.connect(natverk.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    natverk.path.write_bytes(b"\xff" * 50 + natverk.path.read_bytes()[50:])


def a_damaged_start_and_no_more(natverk: Natverk) -> None:
    a_damaged_start(natverk)
    content = natverk.path.read_bytes()
    pages = [content[at : at + PAGE] for at in range(0, len(content), PAGE)]
    schema = b"BEFORE UPDATE ON stored_events"
    natverk.path.write_bytes(b"".join(x if schema in x else bytes(PAGE) for x in pages))


def what_was_saved(natverk: Natverk) -> None:
    a_broken_page(natverk)
    assert natverk("export", "--ndjson", "saved.ndjson").code == 4


def nothing(natverk: Natverk) -> None:
    return None


BACKUP, RESTORE = ("backup", "copy.db"), ("--ledger", "new.db", "restore", "copy.db")
SAVE = ("export", "--ndjson", "saved.ndjson")
CASES: dict[str, tuple[int, Callable[[Natverk], None], tuple[str, ...]]] = {
    "backup-over-the-ledger": (1, nothing, ("backup", "natverk.db")),
    "backup-over-another-file": (1, another_file, BACKUP),
    "backup-over-another-network": (1, another_network, BACKUP),
    "backup-over-a-longer-one": (1, a_longer_backup, BACKUP),
    "backup-over-a-copy": (1, a_cosigned_copy, BACKUP),
    "backup-over-a-cosigned-one": (1, a_cosigned_backup, BACKUP),
    "backup-over-a-restored-ledger": (1, a_restored_ledger, BACKUP),
    "backup-beside-a-log": (1, a_log_without_its_ledger, BACKUP),
    "backup-nowhere": (4, nothing, ("backup", "none/copy.db")),
    "backup-of-wrong-rows": (1, rows_that_are_wrong, BACKUP),
    "backup-with-a-gap": (1, an_entry_too_few, BACKUP),
    "backup-of-a-broken-ledger": (4, a_broken_index, BACKUP),
    "restore-over-a-ledger": (1, a_backup, ("restore", "copy.db")),
    "restore-from-nothing": (2, nothing, RESTORE),
    "restore-from-another-file": (2, another_file, RESTORE),
    "doctor-of-nothing": (4, nothing, ("--ledger", "new.db", "doctor")),
    "export-with-entries-lost": (4, a_broken_page, SAVE),
    "export-with-nothing-lost": (4, a_broken_index, SAVE),
    "ledger-no-more": (4, a_damaged_start, ("members",)),
    "export-of-a-ledger-no-more": (4, a_damaged_start_and_no_more, SAVE),
    "export-with-everything-lost": (4, a_start_without_the_rest, SAVE),
    "export-without-the-secret": (4, no_header, SAVE),
    "export-of-a-broken-ledger-to-stdout": (4, no_header, ("export", "--ndjson", "-")),
}


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_done_says_why(name: str, kvarteret: Natverk) -> None:
    code, before, arguments = CASES[name]
    before(kvarteret)
    files = {path.name: path.read_bytes() for path in Path().iterdir() if path.suffix == ".db"}

    result = kvarteret(*arguments)

    assert (result.code, result.out) == (code, "")
    agrees(name, result.err)
    assert {path.name for path in Path().iterdir() if path.suffix == ".db"} == set(files)
    assert all(Path(name).read_bytes() == content for name, content in files.items())


@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
def test_a_network_is_not_founded_where_nothing_can_be_written(
    dry_run: tuple[str, ...], natverk: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_only(monkeypatch)
    result = natverk("init", "Linden", "--idea", "x", *dry_run)
    assert (result.code, result.out) == (4, "")
    agrees("ledger-not-made", result.err)


def test_a_demo_is_not_made_where_nothing_can_be_written(
    natverk: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        read_only(patch)
        first = natverk("demo")
    natverk.does("demo")
    read_only(monkeypatch)
    again = natverk("demo")
    assert (first.code, first.out) == (again.code, again.out) == (4, "")
    assert first.err == again.err
    agrees("demo-not-made", first.err)


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a file system that is mounted read-only, where even what is not there stays."""

    def opened(path: str, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
            refuse(path)
        return really(path, flags, *more, **named)

    def refuse(path: str, *_more: Any, **_named: Any) -> NoReturn:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    really = os.open
    monkeypatch.setattr(os, "open", opened)
    for name in ("unlink", "mkdir", "rename", "replace", "link"):
        monkeypatch.setattr(os, name, refuse)


def test_a_log_without_its_ledger_keeps_a_backup_from_being_restored(kvarteret: Natverk) -> None:
    kvarteret.does("backup", "copy.db")
    Path("new.db-wal").write_bytes(b"\x37\x7f\x06\x82")
    agrees("restore-beside-a-log", kvarteret.refuses(*RESTORE))
    assert not Path("new.db").exists()


def test_two_backups_to_one_file_at_once_are_refused(kvarteret: Natverk) -> None:
    held = os.open(".copy.db.unfinished", os.O_CREAT | os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    agrees("backup-under-way", kvarteret.refuses(*BACKUP))
    os.close(held)
    kvarteret.does(*BACKUP)


def test_an_export_that_lacks_entries_says_from_where_on(kvarteret: Natverk) -> None:
    what_was_saved(kvarteret)
    result = kvarteret("--ledger", "new.db", "import", "events", "saved.ndjson")
    assert (result.code, result.out.split(";")[0]) == (1, "4 new entries, 0 seen before")
    agrees("import-up-to-the-lost", result.err)


def test_an_export_that_lacks_the_first_entry(kvarteret: Natverk) -> None:
    what_was_saved(kvarteret)
    saved = Path("saved.ndjson").read_text(encoding="utf-8").replace("[[5,5]]", "[[1,1],[5,5]]")
    refused = kvarteret.refuses("--ledger", "new.db", "import", "events", "-", stdin=saved)
    agrees("import-without-a-beginning", refused)
