"""A backup is whole or not there, whatever happens meanwhile; a ledger comes of it again."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from cli_world import Natverk
from nobody import as_nobody, open_to_all
from samples import GIVE
from worlds import differences, founded, opened, people

from ledger.copies import CopyNotWritten, back_up, check_copy
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.state import FOLDS
from projections.registry import PROJECTIONS

pytestmark = pytest.mark.file

EVERY_FOLD = (*FOLDS, *PROJECTIONS)
HERE = Path(__file__).parent


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# What comes of it


def test_a_backup_is_the_ledger_and_a_ledger_comes_of_it(kvarteret: Natverk) -> None:
    said = kvarteret.does("backup", "copy.db")
    assert "copy.db: 9 entries, the last #9, recorded 2026-11-03 12:00" in said
    assert mode(Path("copy.db")) == 0o600
    kvarteret.path.rename("lost.db")
    for suffix in ("-wal", "-shm"):
        Path(f"natverk.db{suffix}").unlink(missing_ok=True)

    result = kvarteret("restore", "copy.db")

    assert result.code == 0
    assert "natverk.db is restored from copy.db: 9 entries, the last #9" in result.out
    assert "natverk forgotten apply" in result.err
    assert mode(kvarteret.path) == 0o600
    lost = kvarteret.does("--ledger", "lost.db", "export", "--ndjson", "-")
    assert kvarteret.does("export", "--ndjson", "-") == lost
    assert kvarteret("replay", "--compare").code == 0
    assert kvarteret.rows("give", "Eva", "Knut", "kaffe")[0]["position"] == 10


def test_for_programs(kvarteret: Natverk) -> None:
    held = {"entries": 9, "position": 9, "recorded_at": "2026-11-03T12:00:00+01:00"}
    assert kvarteret.rows("backup", "copy.db") == {"path": "copy.db", **held}
    restored = kvarteret("--ledger", "new.db", "restore", "copy.db", "--json").json()
    assert restored == {"path": "new.db", **held}


def test_an_earlier_backup_is_replaced(kvarteret: Natverk) -> None:
    kvarteret.does("backup", "copy.db")
    Path("copy.db").chmod(0o644)
    kvarteret.does("leave", "Eva")
    kvarteret.does("backup", "copy.db")
    assert len(kvarteret.rows("--ledger", "copy.db", "log")) == 10
    assert mode(Path("copy.db")) == 0o600
    assert not [name for name in names(Path()) if name.startswith(".")]


def test_a_backup_needs_nothing_beside_it(kvarteret: Natverk) -> None:
    """It can lie where nobody may write: there is no write-ahead log to be read."""
    kvarteret.does("backup", "copy.db")
    assert Path("copy.db").read_bytes()[18:20] == b"\x01\x01"  # not in WAL mode
    assert len(kvarteret.rows("--ledger", "copy.db", "log")) == 9
    assert {"copy.db-wal", "copy.db-shm"}.isdisjoint(names(Path()))


def test_a_backup_holds_nothing_that_was_erased(kvarteret: Natverk) -> None:
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE scrap (words)")
        connection.execute("INSERT INTO scrap VALUES ('what was erased')")
        connection.commit()
        connection.execute("DROP TABLE scrap")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"what was erased" in kvarteret.path.read_bytes()
    kvarteret.does("backup", "copy.db")
    assert b"what was erased" not in Path("copy.db").read_bytes()


def test_what_an_older_natverk_kept_is_brought_up_to_date(kvarteret: Natverk) -> None:
    kvarteret.does("backup", "copy.db")
    with closing(sqlite3.connect("copy.db")) as connection:
        connection.execute("UPDATE folds SET version = 0")
        connection.execute("DROP TABLE balances")
        connection.commit()
    kvarteret.does("--ledger", "new.db", "restore", "copy.db")
    assert kvarteret("--ledger", "new.db", "replay", "--compare").code == 0


def test_what_another_left_unfinished_is_cleared(kvarteret: Natverk) -> None:
    for suffix in ("", "-journal", "-wal"):
        Path(f".copy.db.unfinished{suffix}").write_bytes(b"half" * 3000)
    kvarteret.does("backup", "copy.db")
    assert not [name for name in names(Path()) if "unfinished" in name]


def test_what_was_given_its_name_before_a_kill_is_never_cleared(kvarteret: Natverk) -> None:
    kvarteret.does("backup", "copy.db")
    # Given a ledger that was restored, and a kill before its other name was taken away
    kvarteret.does("--ledger", "new.db", "restore", "copy.db")
    os.link("new.db", ".new.db.unfinished")
    Path("new.db").rename("moved.db")
    # When another is restored where it was
    kvarteret.does("--ledger", "new.db", "restore", "copy.db")
    # Then it is whole
    assert len(kvarteret.rows("--ledger", "moved.db", "log")) == 9


# While others record


def test_a_backup_keeps_nobody_from_recording(tmp_path: Path) -> None:
    """Each backup is one moment of the ledger, no earlier than when it was asked for."""
    founded(tmp_path, *people("Ana", "Bo")).close()
    path, done = tmp_path / "natverk.db", threading.Event()
    recorded: list[int] = []

    def record() -> None:
        with opened(path) as ledger:
            while not done.is_set():
                recorded.append(ledger.record(GIVE).position or 0)

    writer = threading.Thread(target=record)
    writer.start()
    try:
        for number in range(5):
            before = len(recorded)
            copy = back_up(path, tmp_path / f"copy-{number}.db", EVERY_FOLD)
            assert copy.position == copy.entries >= before
            assert check_copy(tmp_path / f"copy-{number}.db", EVERY_FOLD) == copy
    finally:
        done.set()
        writer.join()
    assert recorded == list(range(4, 4 + len(recorded)))
    assert len(recorded) > 5


# When it cannot be done


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    founded(tmp_path, *people(*[f"Per {n}" for n in range(300)])).close()
    path, target = tmp_path / "natverk.db", tmp_path / "copy.db"
    back_up(path, target, EVERY_FOLD)
    earlier = target.read_bytes()
    with opened(path) as ledger:
        ledger.record(GIVE)
        before = names(tmp_path)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            for most in range(0, path.stat().st_size, 50_000):
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
                with pytest.raises(CopyNotWritten):
                    back_up(path, target, EVERY_FOLD)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, ignored)
        assert target.read_bytes() == earlier
        assert names(tmp_path) == before
        assert differences(ledger) == []


def test_a_backup_where_nobody_may_write_is_refused(tmp_path: Path) -> None:
    founded(tmp_path).close()
    back_up(tmp_path / "natverk.db", tmp_path / "copy.db", EVERY_FOLD)
    with open_to_all() as folder:
        path = Path(shutil.copy(tmp_path / "copy.db", folder / "natverk.db"))
        path.chmod(0o444)
        folder.chmod(0o555)
        with as_nobody(), pytest.raises(CopyNotWritten):
            back_up(path, folder / "copy.db", EVERY_FOLD)
        assert names(folder) == {"natverk.db"}


def test_a_backup_that_follows_a_link_put_in_its_way_is_refused(kvarteret: Natverk) -> None:
    Path("theirs").write_text("hej")
    Path(".copy.db.unfinished").symlink_to("theirs")
    assert kvarteret("backup", "copy.db").code == 4
    assert Path("theirs").read_text() == "hej"


def test_a_broken_backup_is_not_restored(kvarteret: Natverk) -> None:
    kvarteret.does("backup", "copy.db")
    whole = Path("copy.db").read_bytes()
    chance = random.Random(5)
    codes = set()
    for _ in range(25):
        content = bytearray(whole)
        at = chance.randrange(100, len(whole))
        content[at : at + 300] = chance.randbytes(300)
        Path("copy.db").write_bytes(content)
        result = kvarteret("--ledger", "new.db", "restore", "copy.db")
        codes.add(result.code)
        assert result.code in (0, 1, 4), result.err
        if result.code == 0:
            assert kvarteret("--ledger", "new.db", "replay", "--compare").code == 0
        else:
            assert not Path("new.db").exists()
        for suffix in ("", "-wal", "-shm"):
            Path(f"new.db{suffix}").unlink(missing_ok=True)
    assert codes & {1, 4}


# Killed at any moment

BACKS_UP = """
import sys
from pathlib import Path
from ledger.copies import back_up
from ledger.state import FOLDS
from projections.registry import PROJECTIONS

path, target = map(Path, sys.argv[1:])
print("ready", flush=True)
while True:
    back_up(path, target, (*FOLDS, *PROJECTIONS))
"""


def run_rounds(folder: Path, rounds: int) -> None:
    """Kill a process that backs up while another records: the copy is whole, the ledger too."""
    path, target = folder / "natverk.db", folder / "copy.db"
    ledger = founded(folder, *people(*[f"Per {n}" for n in range(200)]))
    chance = random.Random(rounds)
    seen = set()
    for _ in range(rounds):
        process = subprocess.Popen(
            [sys.executable, "-c", BACKS_UP, str(path), str(target)],
            env=os.environ | {"PYTHONPATH": str(HERE.parent)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        ends = time.monotonic() + chance.uniform(0, 1)
        while time.monotonic() < ends:
            ledger.record(GIVE)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        seen.add(target.exists())
        if target.exists():
            copy = check_copy(target, EVERY_FOLD)
            assert copy.entries == copy.position <= ledger.database.head()
            assert same_as_far(target, ledger, copy.position)
            if chance.random() < 0.3:
                target.unlink()
        assert names(folder) <= allowed(path, target)
    assert differences(ledger) == []
    ledger.close()
    back_up(path, target, EVERY_FOLD)
    assert not [name for name in names(folder) if name.startswith(".")]
    assert True in seen


def same_as_far(target: Path, ledger: Ledger, position: int) -> bool:
    with closing(Database.reading(target)) as copy:
        return list(copy.entries()) == list(ledger.database.entries(until=position))


def allowed(path: Path, target: Path) -> set[str]:
    beside = (
        f"{name}{suffix}"
        for name in (path.name, f".{target.name}.unfinished")
        for suffix in ("", "-wal", "-shm", "-journal")
    )
    return {*beside, target.name}


def test_a_backup_that_is_killed_is_whole_or_the_earlier_one(tmp_path: Path) -> None:
    run_rounds(tmp_path, 10)


@pytest.mark.torture
def test_two_hundred_backups_that_are_killed(tmp_path: Path) -> None:
    run_rounds(tmp_path, 200)
