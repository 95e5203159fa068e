"""The file: what keeps the log whole, and what is said when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from eventsourcing.persistence import StoredEvent
from older import with_index_of_log
from samples import ASK, GIFT_GIVEN, GIVE, JOIN, NOW, OFFER, day
from servers import place_in
from worlds import FOUNDED, Clock, differences, founded, opened, people

from ledger import errors, files, founding
from ledger import ledger as shell
from ledger.codec import encode
from ledger.commands import Command, DescribeNetwork
from ledger.database import Database
from ledger.founding import create
from ledger.ledger import Ledger
from ledger.refusals import ClockBehind, InTheFuture, UnknownTimeZone
from ledger.state import MEMBERS
from ledger.store import Datastore, Recorder
from projections.reciprocity import BALANCES, balance
from projections.registry import PROJECTIONS

# The library's tests import its cipher, which needs a package that nothing here does.
sys.modules.setdefault("eventsourcing.cipher", ModuleType("eventsourcing.cipher"))
vars(sys.modules["eventsourcing.cipher"]).setdefault("AESCipher", None)
contract = import_module("eventsourcing.tests.persistence")

TWO = people("Ana", "Bo")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two members, at position 3."""
    with founded(tmp_path, *TWO) as made:
        yield made


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """The path of such a ledger, open nowhere."""
    founded(tmp_path, *TWO).close()
    return tmp_path / "natverk.db"


def record_all(ledger: Ledger, commands: Iterable[Command]) -> None:
    """Record several commands in one transaction."""
    with ledger.transaction() as transaction:
        for command in commands:
            transaction.record(command)


def head(path: Path) -> int:
    reading = Database.reading(path)
    try:
        return reading.head()
    finally:
        reading.close()


# The library's own tests of a recorder, run on ours


@pytest.mark.file
class TestTheLibrarysContract(contract.ApplicationRecorderTestCase):  # type: ignore[misc, name-defined]
    """Inserting, selecting, conflicts, notifications, concurrency; theirs, over a table of ours."""

    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path) -> Iterator[None]:
        self.path = tmp_path / "natverk.db"
        create(self.path, os.urandom)
        with_index_of_log(self.path)  # they have several streams in one file, which we never have
        if "concurrent" in self._testMethodName:  # these number their events from 0
            connection = sqlite3.connect(self.path)
            connection.execute("DROP TRIGGER no_gap")
            connection.close()
        self.stores: list[Datastore] = []
        others = set(threading.enumerate())
        yield
        for reader in set(threading.enumerate()) - others:  # they are told to stop, not awaited
            reader.join()
        for store in self.stores:
            store.close()

    def create_recorder(self) -> Recorder:
        self.stores.append(Datastore(self.path))
        return Recorder(self.stores[-1])


@pytest.mark.file
def test_the_library_reads_what_we_wrote(ledger: Ledger) -> None:
    store = Datastore(ledger.database.path)
    try:
        stored = Recorder(store).select_events(ledger.database.network)
    finally:
        store.close()
    ours = list(ledger.database.entries())
    assert [(s.originator_version, s.topic, s.state) for s in stored] == ours


# Append-only


@pytest.mark.file
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = x'00'",
        "UPDATE stored_events SET originator_version = 9 WHERE originator_version = 3",
        "DELETE FROM stored_events",
        "DELETE FROM stored_events WHERE originator_version = 3",
        "INSERT OR REPLACE INTO stored_events SELECT * FROM stored_events",
        "REPLACE INTO stored_events SELECT originator_id, 3, 'x', x'00' FROM stored_events",
        "INSERT INTO stored_events SELECT originator_id, 5, 'x', x'00' FROM stored_events LIMIT 1",
        "INSERT INTO stored_events SELECT originator_id, 0, 'x', x'00' FROM stored_events LIMIT 1",
        "INSERT INTO stored_events SELECT originator_id, NULL, 'x', x'' FROM stored_events LIMIT 1",
        "INSERT INTO stored_events SELECT originator_id, '4x', 'x', x'' FROM stored_events LIMIT 1",
    ],
)
def test_the_log_is_only_appended_to(ledger: Ledger, statement: str) -> None:
    before = list(ledger.database.entries())
    with pytest.raises(sqlite3.DatabaseError, match=r"append-only|not authorized|mismatch"):
        ledger.database.connection.execute(statement)
    assert list(ledger.database.entries()) == before


def test_positions_run_from_one_without_a_gap(ledger: Ledger) -> None:
    for _ in range(5):
        ledger.record(GIVE)
    with pytest.raises(errors.LedgerError):
        ledger.record(replace(GIVE, receiver="m1"))
    assert ledger.record(ASK).position == 9
    assert [position for position, _, _ in ledger.database.entries()] == list(range(1, 10))


# How the file is kept


@pytest.mark.file
def test_only_the_owner_reads_the_file(ledger: Ledger) -> None:
    path = ledger.database.path
    ledger.record(GIVE)
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        assert stat.S_IMODE(name.stat().st_mode) == 0o600


@pytest.mark.file
def test_an_entry_is_on_the_disk_before_it_is_said_to_be(ledger: Ledger) -> None:
    def pragma(name: str) -> Any:
        return ledger.database.connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL
    assert pragma("busy_timeout") == 30_000
    assert pragma("trusted_schema") == 0


@pytest.mark.file
def test_a_question_writes_nothing(closed: Path) -> None:
    reading = Database.reading(closed)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reading.connection.execute("UPDATE progress SET at = 0")
    reading.close()


def test_a_question_sees_one_moment_of_the_ledger(ledger: Ledger) -> None:
    reading = Database.reading(ledger.database.path)
    assert reading.head() == 3
    ledger.record(GIVE)
    assert reading.head() == 3
    reading.close()


# What cannot be used


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(errors.LedgerMissing):
        opened(place_in(tmp_path))
    with pytest.raises(errors.LedgerMissing):
        Database.reading(tmp_path / "none" / "natverk.db")
    assert not list(tmp_path.iterdir())


@pytest.mark.file
def test_an_empty_file_is_no_ledger_yet(tmp_path: Path) -> None:
    path = tmp_path / "natverk.db"
    path.touch()
    with pytest.raises(errors.LedgerMissing):
        opened(path)
    founded(tmp_path).close()
    assert head(path) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(errors.NotALedger):
        opened(tmp_path)
    with pytest.raises(errors.LedgerExists):
        create(tmp_path, os.urandom)


@pytest.mark.file
@pytest.mark.parametrize("content", [b"hello\n" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_some_other_file_is_no_ledger_and_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "natverk.db"
    path.write_bytes(content)
    with pytest.raises((errors.NotALedger, errors.LedgerDamaged)):
        opened(path)
    with pytest.raises((errors.NotALedger, errors.LedgerDamaged)):
        Database.reading(path)
    with pytest.raises(errors.LedgerExists):
        founded(tmp_path)
    assert path.read_bytes() == content


def test_another_programs_database_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "natverk.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(errors.NotALedger):
        opened(path)
    assert path.read_bytes() == before


@pytest.mark.file
def test_a_ledger_from_a_later_version(closed: Path) -> None:
    connection = sqlite3.connect(closed)
    connection.execute(f"PRAGMA user_version = {files.VERSION + 1}")
    connection.close()
    with pytest.raises(errors.LedgerFromTheFuture) as raised:
        opened(closed)
    assert raised.value.facts["version"] == files.VERSION + 1
    with pytest.raises(errors.LedgerFromTheFuture):
        Database.reading(closed)


@pytest.mark.file
def test_a_file_that_may_not_be_written(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(errors.LedgerReadOnly):
        opened(closed)
    assert head(closed) == 3


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "none" / "natverk.db"
    with pytest.raises(errors.LedgerNotMade) as raised:
        Ledger.found(path, FOUNDED, PROJECTIONS, Clock())
    assert raised.value.facts["path"] == str(path)


@pytest.mark.file
def test_a_file_cut_short_is_damaged(closed: Path) -> None:
    whole = closed.read_bytes()
    refused = 0
    for length in range(100, len(whole), len(whole) // 40):
        closed.write_bytes(whole[:length])
        try:
            with opened(closed) as ledger:
                ledger.record(GIVE)
        except (errors.LedgerDamaged, errors.NotALedger, errors.DamagedEntry):
            refused += 1
    assert refused


@pytest.mark.file
def test_damaged_bytes_in_the_log_are_found(tmp_path: Path) -> None:
    with founded(tmp_path, *TWO) as ledger:
        connection = ledger.database.connection
        connection.set_authorizer(None)
        connection.execute("DROP TRIGGER no_update")
        connection.execute(
            "UPDATE stored_events SET state ="
            " CAST(replace(CAST(state AS TEXT), 'person', 'ghost') AS BLOB)"
        )
        with pytest.raises(errors.DamagedEntry) as raised:
            list(ledger.entries())
    assert raised.value.facts["position"] == 2


@pytest.mark.file  # on a server: test_who_records_in_the_same_network_waits
def test_someone_else_records_for_too_long(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BUSY_SECONDS", 0.05)
    path = ledger.database.path
    with ledger.transaction() as transaction:
        transaction.record(GIVE)
        with opened(path) as other, pytest.raises(errors.LedgerLocked):
            other.record(GIVE)
    with opened(path) as other:
        assert other.record(GIVE).position == 5


@pytest.mark.file
def test_who_waits_for_the_lock_asks_for_it_again_and_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with ledger.transaction(), opened(ledger.database.path) as other:
        monkeypatch.setattr(files, "BUSY_SECONDS", 0.08)
        other.database.connection.set_trace_callback(asked.append)
        with pytest.raises(errors.LedgerLocked):
            other.record(GIVE)
        other.database.connection.set_trace_callback(None)
        # Then it has not left that to SQLite, which would soon have waited a tenth of a second
        assert asked.count("BEGIN IMMEDIATE") == 10
        # And waits for anything else as before
        waits = other.database.connection.execute("PRAGMA busy_timeout").fetchone()
        assert tuple(waits) == (80,)


@pytest.mark.file
def test_a_full_disk_leaves_the_ledger_as_it_was(ledger: Ledger) -> None:
    connection = ledger.database.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    joining = [replace(JOIN, name=f"Medlem nr {number}") for number in range(2000)]
    with pytest.raises(errors.DiskFull):
        record_all(ledger, joining)
    assert ledger.database.head() == 3
    connection.execute("PRAGMA max_page_count = 1000000")
    assert ledger.record(GIVE).position == 4
    assert differences(ledger) == []


FILLS_THE_DISK = """
import resource, sys
from pathlib import Path
from worlds import opened
from samples import GIVE
from ledger.errors import Unusable

with opened(Path(sys.argv[1])) as ledger:
    size = Path(sys.argv[1] + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 30_000, resource.RLIM_INFINITY))
    try:
        while True:
            print(ledger.record(GIVE).position, flush=True)
    except Unusable as error:
        print(type(error).__name__)
"""


@pytest.mark.file
def test_a_disk_that_fills_up_keeps_what_was_recorded(closed: Path) -> None:
    *positions, last = run(FILLS_THE_DISK, str(closed)).split()
    assert last in ("DiskFull", "DiskFailed")
    assert positions
    assert head(closed) == int(positions[-1])
    with opened(closed) as ledger:
        assert differences(ledger) == []
        assert ledger.record(GIVE).position == int(positions[-1]) + 1


def test_a_disk_too_full_to_found_a_network_is_left_clean(tmp_path: Path) -> None:
    founds = """
import resource, sys
from pathlib import Path
from worlds import founded
from ledger.errors import Unusable

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
try:
    founded(Path(sys.argv[1]))
except Unusable as error:
    print(type(error).__name__, error.facts["path"])
"""
    name, path = run(founds, str(tmp_path)).split()
    assert name in ("DiskFull", "DiskFailed")
    assert path == str(tmp_path / "natverk.db")
    assert list(tmp_path.iterdir()) == []


def run(code: str, *arguments: str) -> str:
    """What a Python process that may import the tests' modules prints."""
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": f"{here.parent}{os.pathsep}{here}"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


# Founding


@pytest.mark.file
def test_a_network_is_not_founded_on_top_of_another(closed: Path) -> None:
    before = closed.read_bytes()
    with pytest.raises(errors.LedgerExists):
        founded(closed.parent)
    assert closed.read_bytes() == before
    assert list(closed.parent.iterdir()) == [closed]


@pytest.mark.file
@pytest.mark.parametrize(
    ("where", "step"),
    [
        (shell, "create"),
        (founding, "_make_schema"),
        (shell, "put_in_place"),
        (shell, "Store"),
        (shell, "Writer"),
    ],
)
def test_a_founding_that_breaks_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: ModuleType, step: str
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(where, step, breaks)
        with pytest.raises(KeyboardInterrupt):
            founded(tmp_path)
    assert list(tmp_path.iterdir()) == []
    founded(tmp_path).close()
    assert head(place_in(tmp_path)) == 1


@pytest.mark.file
def test_who_comes_second_does_not_take_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place = shell.put_in_place

    def overtaken(made: Path, path: Path) -> None:
        monkeypatch.undo()
        founded(tmp_path, *TWO).close()
        put_in_place(made, path)

    monkeypatch.setattr(shell, "put_in_place", overtaken)
    with pytest.raises(errors.LedgerExists):
        founded(tmp_path)
    assert head(place_in(tmp_path)) == 3


def test_an_unknown_time_zone_founds_nothing(tmp_path: Path) -> None:
    for name in ("Europe/Linköping", "../../etc/passwd", "", "a\0b"):
        with pytest.raises(UnknownTimeZone):
            Ledger.found(
                tmp_path / "natverk.db", replace(FOUNDED, time_zone=name), PROJECTIONS, Clock()
            )
    assert list(tmp_path.iterdir()) == []


# Several at once


def test_two_that_record_in_turn_see_each_other(ledger: Ledger) -> None:
    with opened(ledger.database.path) as other:
        assert ledger.record(OFFER).events[0].resource == "r1"  # type: ignore[attr-defined]
        assert other.record(OFFER).events[0].resource == "r2"  # type: ignore[attr-defined]
        assert ledger.record(OFFER).events[0].resource == "r3"  # type: ignore[attr-defined]
        assert other.record(replace(JOIN, name="Cia")).position == 7
        with pytest.raises(errors.LedgerError):
            ledger.record(replace(JOIN, name="cia"))
        for _ in range(3):
            other.record(GIVE)
            ledger.record(GIVE)
        assert differences(ledger) == differences(other) == []


# Rows and the log


@pytest.mark.file
def test_rows_of_another_version_are_made_anew(closed: Path) -> None:
    with opened(closed) as ledger:
        ledger.record(GIVE)
    newer = replace(BALANCES, version=BALANCES.version + 1)
    with Ledger(closed, [newer], Clock()) as ledger:
        assert ledger.database.outdated([newer]) == []
        assert differences(ledger) == []
        assert balance(ledger.database, "m1").given == 1


def append_by_the_library(path: Path, *positions: int) -> None:
    store = Datastore(path)
    reading = Database.reading(path)
    network = reading.network
    reading.close()
    gifts = [
        StoredEvent(UUID(network), position, GIFT_GIVEN.type, encode(GIFT_GIVEN))
        for position in positions
    ]
    Recorder(store).insert_events(gifts)
    store.close()


@pytest.mark.file
def test_entries_that_the_rows_have_not_seen_are_caught_up(closed: Path) -> None:
    append_by_the_library(closed, 4, 5)
    with opened(closed) as ledger:
        assert ledger.record(GIVE).position == 6
        assert balance(ledger.database, "m1").given == 3
        assert differences(ledger) == []


@pytest.mark.file
def test_rows_made_anew_do_not_count_unseen_entries_twice(closed: Path) -> None:
    append_by_the_library(closed, 4, 5)
    newer = replace(BALANCES, version=BALANCES.version + 1)
    with Ledger(closed, [newer], Clock()) as ledger:
        ledger.record(GIVE)
        assert balance(ledger.database, "m1").given == 3
        assert differences(ledger) == []


def test_a_late_description_of_the_network_keeps_its_time_zone(ledger: Ledger) -> None:
    early = DescribeNetwork(idea="en äldre idé", occurred_at=day(-5))
    ledger.record(early)
    ledger.record(early)
    assert differences(ledger) == []
    with opened(ledger.database.path) as again:
        assert again.zone == ZoneInfo("Europe/Stockholm")


def test_a_late_entry_is_folded_into_rows_that_are_kept(ledger: Ledger) -> None:
    ledger.record(replace(JOIN, name="Cia", occurred_at=day(20)))
    with opened(ledger.database.path) as again:
        again.record(replace(GIVE, occurred_at=day(2)))
        member = again.database.load(MEMBERS, "m3")
        assert member.spans[0][1] is None
        assert differences(again) == []


def test_after_an_error_nothing_of_a_transaction_is_left(ledger: Ledger) -> None:

    def some_and_an_error() -> Iterator[Command]:
        yield OFFER
        yield replace(JOIN, name="Cia")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record_all(ledger, some_and_an_error())
    assert ledger.database.head() == 3
    assert ledger.record(OFFER).events[0].resource == "r1"  # type: ignore[attr-defined]
    assert ledger.record(replace(JOIN, name="Cia")).events[0].member == "m3"  # type: ignore[attr-defined]
    assert differences(ledger) == []


def test_one_refusal_in_a_transaction_does_not_undo_the_rest(ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        transaction.record(OFFER)
        with pytest.raises(errors.LedgerError):
            transaction.record(replace(GIVE, receiver="m1"))
        transaction.record(GIVE)
    assert ledger.database.head() == 5
    assert differences(ledger) == []


def test_a_dry_run_decides_everything_and_records_nothing(ledger: Ledger) -> None:
    with ledger.transaction(dry_run=True) as transaction:
        assert transaction.record(OFFER).position == 4
        assert transaction.record(replace(GIVE, resource="r1")).position == 5
    assert ledger.database.head() == 3
    assert ledger.record(GIVE).position == 4
    assert differences(ledger) == []


# The clock


def test_a_clock_well_behind_the_last_entry_records_nothing(tmp_path: Path) -> None:
    clock = Clock()
    with founded(tmp_path, *TWO, clock=clock) as ledger:
        clock.move(minutes=-3)
        with pytest.raises(ClockBehind) as raised:
            ledger.record(GIVE)
        assert raised.value.facts == {"now": NOW - timedelta(minutes=3), "recorded_at": NOW}
        assert ledger.database.head() == 3


def test_a_clock_a_little_behind_records_at_the_last_time(tmp_path: Path) -> None:
    clock = Clock()
    with founded(tmp_path, *TWO, clock=clock) as ledger:
        clock.move(minutes=-1)
        [event] = ledger.record(GIVE).events
        assert event.recorded_at == event.occurred_at == NOW


def test_recorded_times_never_run_backwards(tmp_path: Path) -> None:
    clock = Clock()
    with founded(tmp_path, *TWO, clock=clock) as ledger:
        for seconds in (5, -3, -60, 70, -1):
            clock.move(seconds=seconds)
            ledger.record(GIVE)
        times = [event.recorded_at for event in ledger.entries()]
    assert times == sorted(times)


def test_the_hour_that_comes_twice_is_told_apart(tmp_path: Path) -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    clock = Clock(datetime(2026, 10, 25, 1, 10, tzinfo=UTC))  # 02:10, the second time
    with founded(tmp_path, *TWO, clock=clock) as ledger:
        first = datetime(2026, 10, 25, 2, 40, tzinfo=stockholm)
        assert ledger.record(replace(GIVE, occurred_at=first)).position == 4
        with pytest.raises(InTheFuture):
            ledger.record(replace(GIVE, occurred_at=first.replace(fold=1)))
        clock.move(minutes=-50)  # 02:20, the first time
        with pytest.raises(ClockBehind):
            ledger.record(GIVE)
