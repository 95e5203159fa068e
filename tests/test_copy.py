"""`natverk copy`: a ledger in another place, the same in everything, however it comes there."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from copies import copied, held, other_places
from hypothesis import HealthCheck, given, settings
from samples import GIVE
from servers import STORES
from worlds import CORRECTED_MOVES, Clock, Move, differences, founded, opened, people, play

from ledger.closed import UnfinishedCopy
from ledger.commands import Describe, Forget, Give
from ledger.copying import HasForked, HasGoneOn, copy
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.personal import Key
from projections.registry import PROJECTIONS

HERE = Path(__file__).parent


# What comes of it


def test_a_copy_is_the_same_in_everything(busy: Natverk) -> None:
    before = held(busy.place)
    source = busy.place
    for place in other_places(busy.folder):
        address = getattr(place, "uri", str(place))
        given = getattr(source, "uri", str(source))
        said = busy.rows("copy", given, address)
        assert (said["entries"], said["new"]) == (15, 15)
        assert held(place) == before
        assert busy("--ledger", address, "verify").code == 0
        assert busy.does("--ledger", address, "receipt", "9") == busy.does("receipt", "9")
        repeated = busy.rows("--ledger", address, "give", "Åsa", "Knut", "bröd", "--id", "k3")
        assert repeated[0]["position"] == 12
        source = place
    assert held(busy.place) == before


def test_it_says_what_it_has_copied(kvarteret: Natverk) -> None:
    address = getattr(kvarteret.place, "uri", "natverk.db")
    where = str(kvarteret.place) if STORES.postgres else address
    said = kvarteret.does("copy", address, "copy.db")
    assert said == f"copy.db is a copy of {where}: 9 entries, 9 new\n"
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600
    assert kvarteret.rows("--ledger", "copy.db", "give", "Eva", "Knut", "te")[0]["position"] == 10


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(first=CORRECTED_MOVES, second=CORRECTED_MOVES)
def test_random_histories_come_over_and_what_follows_too(
    tmp_path: Path, first: list[Move], second: list[Move]
) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        source = ledger.database.path
        target: Any = STORES.cluster.database() if STORES.postgres else folder / "copy.db"
        for moves in (first, second):
            play(ledger, moves)
            copied(source, target)
            assert held(target) == held(source)
        with opened(target) as there:
            assert differences(there) == []


def test_a_copy_without_personal_texts_is_one_too(busy: Natverk) -> None:
    lines = busy.does("export", "--ndjson", "-", "--without-personal")
    busy.does("--ledger", "bare.db", "import", "events", "-", stdin=lines)
    busy.does("copy", "bare.db", "copy.db")
    assert held("copy.db") == held("bare.db")


# Once more


def test_once_more_it_brings_what_was_recorded_since(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    for place in other_places(busy.folder):
        target = getattr(place, "uri", str(place))
        busy.does("copy", source, target)
        busy.does("give", "Eva", "Knut", "kaffe", "--id", str(target)[-6:])
        busy.does("checkpoint")
        assert busy.rows("copy", source, target)["new"] == 1
        assert busy.rows("copy", source, target)["new"] == 0
        assert held(place) == held(busy.place)


def test_who_was_forgotten_since_is_forgotten_in_the_copy(tmp_path: Path) -> None:
    with founded(tmp_path, *people("Ana", "Bo")) as ledger:
        ledger.record(Give(giver="m2", receiver="m1", what="Anas cykel"), Key("n", b"k", b"f"))
        source = ledger.database.path
        places = other_places(tmp_path)
        for place in places:
            copied(source, place)
        ledger.record(Describe(member="m1", name="Anna Ek"))
        ledger.record(Forget(member="m1"))
        for place in places:
            copied(source, place)
            assert held(place) == held(source)
            assert "Ana" not in str(held(place)["texts"]) + str(held(place)["names"])
            if isinstance(place, Path):
                assert b"Anas cykel" not in b"".join(
                    each.read_bytes() for each in place.parent.glob(f"{place.name}*")
                )


def test_a_network_that_has_forked_is_not_copied_over(tmp_path: Path) -> None:
    with founded(tmp_path, *people("Ana", "Bo")) as ledger:
        source, target = ledger.database.path, tmp_path / "copy.db"
        copied(source, target)
        with opened(target) as there:
            there.record(GIVE)
        with pytest.raises(HasGoneOn) as ahead:
            copied(source, target)
        assert ahead.value.facts["position"] == 4
        ledger.record(GIVE)
        ledger.record(GIVE)
        before = held(target)
        with pytest.raises(HasForked) as forked:
            copied(source, target)
        assert forked.value.facts["position"] == 4
        assert held(target) == before


# Broken off


@pytest.mark.file
def test_what_is_not_right_is_not_copied(busy: Natverk) -> None:
    with closing(sqlite3.connect(busy.path, isolation_level=None)) as connection:
        connection.execute("UPDATE texts SET text = 'annat' WHERE position = 9")
    refused = busy("copy", "natverk.db", "copy.db")
    assert refused.code == 1
    assert "natverk.db is not sound" in refused.err
    assert busy("--ledger", "copy.db", "log").code == 4


@pytest.mark.file
def test_what_is_left_of_another_ledger_is_not_read_into_the_copy(busy: Natverk) -> None:
    Path("copy.db-wal").write_bytes(b"x" * 100)
    assert busy("copy", "natverk.db", "copy.db").code == 1
    assert not Path("copy.db").exists()


def test_a_copy_that_is_broken_off_is_no_ledger_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with founded(tmp_path, *people(*[f"Per {n}" for n in range(30)])) as ledger:
        for number in range(5):
            ledger.record(GIVE, Key("n", bytes([number]), b"f"))
        source = ledger.database.path
        for place in other_places(tmp_path):
            monkeypatch.setattr("ledger.copying.BATCH", 7)

            def stop(come: int, _: int) -> None:
                if come > 15:
                    raise KeyboardInterrupt

            with closing(Database.reading(source)) as database, pytest.raises(KeyboardInterrupt):
                copy(database, place, PROJECTIONS, Clock(), stop)
            with pytest.raises(UnfinishedCopy):
                Database.reading(place)
            with pytest.raises(UnfinishedCopy):
                opened(place)
            with pytest.raises(UnfinishedCopy):
                copied(place, tmp_path / "third.db")
            ledger.record(GIVE, Key("n", str(place).encode(), b"f"))
            assert copied(source, place).new < ledger.database.head()
            assert held(place) == held(source)


COPIES = """
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from ledger import copying
from ledger.database import Database
from ledger.places import Server, place_of
from projections.registry import PROJECTIONS

source, target = (x if isinstance(x, Server) else Path(x) for x in map(place_of, sys.argv[1:]))
copying.BATCH = 100
print("ready", flush=True)
with closing(Database.reading(source)) as database:
    copying.copy(database, target, PROJECTIONS, lambda: datetime.now(UTC))
"""


def run_rounds(folder: Path, rounds: int) -> None:
    """Kill what copies while another records: what is there is no ledger, or the whole of one."""
    ledger = founded(folder, *people(*[f"Per {n}" for n in range(300)]))
    source = ledger.database.path
    target: Any = STORES.cluster.empty() if STORES.postgres else folder / "copy.db"
    arguments = [getattr(place, "uri", str(place)) for place in (source, target)]
    chance = random.Random(rounds)
    for number in range(rounds):
        process = subprocess.Popen(
            [sys.executable, "-c", COPIES, *arguments],
            env=os.environ | {"PYTHONPATH": str(HERE.parent)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        ends = time.monotonic() + chance.uniform(0, 0.5)
        while time.monotonic() < ends:
            ledger.record(GIVE, Key("n", str((number, ledger.database.head())).encode(), b"f"))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        check(target, ledger)
    copied(source, target)
    assert held(target) == held(source)
    with opened(target) as there:
        assert differences(there) == []
    ledger.close()


def check(target: Any, ledger: Ledger) -> None:
    """What is there is not open, or whole up to some position."""
    from ledger.errors import LedgerMissing  # noqa: PLC0415
    from ledger.verify import Verification  # noqa: PLC0415

    try:
        there = Database.reading(target)
    except (UnfinishedCopy, LedgerMissing):
        return
    with closing(there):
        assert Verification(there, ledger.folds).findings() == []
        assert list(there.entries()) == list(ledger.database.entries(until=there.head()))
        [[keys]] = there.select("SELECT count(*) FROM keys")
        assert keys == there.head() - 301


def test_a_copy_that_is_killed_is_no_ledger_or_a_whole_one(tmp_path: Path) -> None:
    run_rounds(tmp_path, 6)


@pytest.mark.torture
def test_two_hundred_copies_that_are_killed(tmp_path: Path) -> None:
    run_rounds(tmp_path, 200)
