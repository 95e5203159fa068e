"""`natverk copy`: a ledger in another place, the same in everything, however it comes there."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from samples import GIVE
from servers import STORES, place_in
from worlds import CORRECTED_MOVES, Clock, Move, differences, founded, opened, people, play

from ledger.closed import Moved, UnfinishedCopy
from ledger.commands import Describe, Forget, Give
from ledger.copying import Copied, HasForked, HasGoneOn, copy, fence
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.personal import Key
from ledger.places import Place
from ledger.tree import KeptTree
from projections.registry import PROJECTIONS

HERE = Path(__file__).parent
OF_THE_PLACE = ("closed", "erasing", "verified", "index")  # settings
BESIDE = {
    "texts": "position, field, salt, text",
    "names": "thing, folded",
    "keys": "namespace, key, fingerprint, positions",
    "checkpoints": "size, root, note",
    "late": "position, occurred",
    "subjects": "subject, type, occurred, position",
    "tiles": "height, number, root",
    "marks": "tile, marks",
}


def held(place: Place) -> dict[str, Any]:
    """All that a ledger holds, in whichever store it lies."""
    with closing(Database.reading(place)) as database:
        rows: dict[str, Any] = {
            table: sorted(database.select(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in BESIDE.items()
        }
        rows["entries"] = list(database.entries())
        rows["root"] = KeptTree(database).root()
        rows["settings"] = {
            name: database.setting(name)
            for (name,) in database.select("SELECT name FROM settings")
            if name not in OF_THE_PLACE
        }
        return rows


def other_places(folder: Path) -> list[Any]:
    """Where a ledger is copied to, one after the other: with a server, to it and back."""
    places: list[Any] = [folder / "one.db", folder / "two.db"]
    if STORES.postgres:
        places.insert(1, STORES.cluster.empty())
    return places


def copied(source: Place, target: Any, *, moving: bool = False) -> Copied:
    with closing(Database.reading(source)) as database:
        return copy(database, target, PROJECTIONS, Clock(), moving=moving)


@pytest.fixture
def busy(kvarteret: Natverk) -> Natverk:
    """The small network with a rename, keys, a checkpoint, a correction, and someone forgotten."""
    kvarteret.does("describe", "Eva", "--name", "Eva Lindgren")
    kvarteret.does("pause", "Eva", "--id", "k1")
    kvarteret.does("pause", "Eva", "--id", "k2")
    kvarteret.does("give", "Åsa", "Knut", "bröd", "--id", "k3")
    kvarteret.does("correct", "12", "--what", "rågbröd")
    kvarteret.does("checkpoint")
    kvarteret.does("join", "Per Ek")
    kvarteret.does("forget", "Per Ek", "--yes")
    kvarteret.does("checkpoint")
    return kvarteret


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


# Moved


def test_after_a_move_all_is_recorded_in_the_new_place(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    with opened(busy.place, busy.clock) as still_open:
        assert busy.rows("copy", "--move", source, "new.db")["new"] == 15
        with pytest.raises(Moved):
            still_open.record(GIVE)
    assert busy("give", "Eva", "Knut", "te").code == 4
    asked = busy("log")
    assert asked.code == 0
    assert "has moved to" in asked.err
    assert "new.db: this is how it was when it did" in asked.err
    assert held("new.db") == held(busy.place)
    assert busy.rows("--ledger", "new.db", "give", "Eva", "Knut", "te")[0]["position"] == 16
    assert busy("copy", "--move", source, "third.db").code == 4  # it has moved already


@pytest.mark.parametrize("kind", ["--ndjson", "--csv", "--about"])
def test_what_is_written_out_of_a_ledger_that_was_left_is_said_to_be_old(
    busy: Natverk, kind: str
) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    exported = busy("export", kind, *(["Eva"] if kind == "--about" else []), "written")
    assert exported.code == 0
    assert exported.err.count("new.db: this is how it was when it did") == 1


def test_a_network_moves_back(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("--ledger", "new.db", "give", "Eva", "Knut", "te")
    busy.does("copy", "--move", "new.db", source)
    assert busy.rows("give", "Eva", "Knut", "kaffe")[0]["position"] == 17
    assert busy("--ledger", "new.db", "give", "Eva", "Knut", "te").code == 4


def test_a_network_moves_back_by_the_way_that_it_came(busy: Natverk) -> None:
    # Given a network that has moved twice
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("copy", "--move", "new.db", "third.db")
    # When it would move to where it was first
    told = busy.refuses("copy", "--move", "third.db", source)
    # Then the hint names the step that has to come before
    first = re.search(r"natverk (copy --move third.db \S*new.db) brings", told)
    assert first
    busy.does(*first[1].split())
    busy.does("copy", "--move", "new.db", source)
    assert busy.rows("give", "Eva", "Knut", "kaffe")[0]["position"] == 16


def test_a_ledger_that_was_left_is_copied_nowhere_else(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    for move in ([], ["--move"]):
        refused = busy("copy", *move, source, "third.db")
        assert refused.code == 4
        assert "new.db" in refused.err
        assert not Path("third.db").exists()


def test_an_older_copy_does_not_open_a_ledger_that_was_left(busy: Natverk) -> None:
    # Given a network that has moved, and is recorded in, and a copy from before
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", source, "old.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("--ledger", "new.db", "give", "Eva", "Knut", "te")
    # When the older copy is copied back, or the network from the copy is moved back
    for move in ([], ["--move"]):
        assert busy("copy", *move, "old.db", source).code == 4
    # Then nobody can record where it was
    assert busy("give", "Eva", "Knut", "kaffe").code == 4


def test_a_ledger_that_was_left_is_brought_up_to_date_and_stays_closed(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("--ledger", "new.db", "give", "Eva", "Knut", "te")
    result = busy("copy", "new.db", source, "--json")
    assert (result.json()["new"], result.json()["open"]) == (1, False)
    assert "stays closed" in result.err
    assert held(busy.place) == held("new.db")
    assert busy("give", "Eva", "Knut", "kaffe").code == 4
    assert busy.rows("--ledger", "new.db", "give", "Eva", "Knut", "te")[0]["position"] == 17
    # Until it is moved back
    assert busy.rows("copy", "--move", "new.db", source)["open"]
    assert busy.rows("give", "Eva", "Knut", "kaffe")[0]["position"] == 18


def test_a_copy_back_that_is_broken_off_stays_closed(
    busy: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("--ledger", "new.db", "give", "Eva", "Knut", "te")
    with monkeypatch.context() as patch:
        patch.setattr("ledger.copying.take_keys", interrupt)
        patch.setattr("ledger.copying._check", interrupt)
        assert busy("copy", "new.db", source).code == 130
    assert busy("log").code == 4
    assert busy.rows("copy", "new.db", source)["open"] is False
    assert busy("give", "Eva", "Knut", "kaffe").code == 4


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def test_which_can_be_recorded_in_is_said(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    assert "record in both now, and then they part" in busy("copy", source, "new.db").err
    moved = busy("copy", "--move", source, "new.db").err
    assert moved.startswith("from now on record in new.db")
    for move in (["--move"], []):  # once more, also where that finishes a move
        assert busy("copy", *move, source, "new.db").err == moved


def test_nothing_is_lost_when_a_network_moves_under_load(tmp_path: Path) -> None:
    """Several record until they are told that the network has moved, and go on there."""
    founded(tmp_path, *people("Ana", "Bo")).close()
    places = [place_in(tmp_path), tmp_path / "new.db"]
    done = threading.Event()
    recorded: list[list[int]] = [[], [], []]
    moved = threading.Barrier(4)

    def record(mine: list[int]) -> None:
        with opened(places[0]) as ledger:
            try:
                while True:
                    mine.append(ledger.record(GIVE).position or 0)
            except Moved:
                moved.wait()
        with opened(places[1]) as ledger:
            mine.append(ledger.record(GIVE).position or 0)

    writers = [threading.Thread(target=record, args=(mine,)) for mine in recorded]
    for writer in writers:
        writer.start()
    while not all(recorded):
        done.wait(0.01)
    copied(*places, moving=True)
    with opened(places[0]) as old:
        fence(old, str(places[1]))
    copied(*places)
    moved.wait()
    for writer in writers:
        writer.join()
    both = sorted(position for mine in recorded for position in mine)
    assert both == list(range(4, 4 + len(both)))
    with opened(places[1]) as ledger:
        assert ledger.database.head() == both[-1]
        assert differences(ledger) == []


def test_a_move_that_is_broken_off_is_completed(
    busy: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a move that ends after the fence, before the last entries have come
    source = getattr(busy.place, "uri", "natverk.db")
    copies = iter((copy,))

    def once(*given: Any, **how: Any) -> Copied:
        return next(copies)(*given, **how)

    with monkeypatch.context() as patch:
        patch.setattr("ledger.copying.copy", once)
        with pytest.raises(StopIteration):
            busy("copy", "--move", source, "new.db")
    # Then nobody can record in either
    assert busy("give", "Eva", "Knut", "te").code == 4
    assert busy("--ledger", "new.db", "give", "Eva", "Knut", "te").code == 4
    # When it is given again
    assert busy.rows("copy", "--move", source, "new.db")["entries"] == 15
    # Then the network is in the new place
    assert busy.rows("--ledger", "new.db", "give", "Eva", "Knut", "te")[0]["position"] == 16


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
