"""`natverk log --follow`: what others record, each entry once, as it comes."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from postgres_world import cut, second_network
from samples import GIVE
from servers import STORES, place_in
from test_errors_golden import agrees
from worlds import differences, founded, opened, people

from ledger import following
from ledger.commands import Forget
from ledger.database import Database
from ledger.errors import ConnectionLost, LedgerError, LedgerLocked
from ledger.following import follow
from ledger.ledger import Ledger
from ledger.places import Server

ROOT = Path(__file__).parent.parent
LONG_SECONDS = 120  # after which a follower that should have said something is ended
WRITERS, EACH = 8, 25


class Follower:
    """`natverk log --follow` in a process of its own."""

    def __init__(self, place: Any, *arguments: str) -> None:
        where = getattr(place, "uri", None) or str(place)
        command = (sys.executable, "-m", "cli", "log", "--follow", *arguments)
        environment = os.environ | {"PYTHONPATH": str(ROOT), "NATVERK_LEDGER": where}
        # Tests that run in the background of a shell ignore Ctrl-C, and so would what they start.
        ignored = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        signal.signal(signal.SIGINT, ignored)
        self.timer = threading.Timer(LONG_SECONDS, self.process.kill)
        self.timer.start()

    def line(self) -> str:
        """The next line; waits for it."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        return line

    def position(self) -> int:
        """That of the next entry, of those as JSON."""
        position: int = json.loads(self.line())["position"]
        return position

    def positions_until(self, last: int) -> list[int]:
        """Those of the entries up to that at a position."""
        found = [self.position()]
        while found[-1] != last:
            found.append(self.position())
        return found

    def ended(self) -> tuple[int, str, str]:
        """How it ended, and all that it still said."""
        out, err = self.process.communicate()
        return self.process.returncode, out, err

    def interrupted(self) -> tuple[int, str, str]:
        """As `ended`, at Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.ended()


@contextmanager
def following_of(place: Any, *arguments: str) -> Iterator[Follower]:
    """A follower, which is gone at the end."""
    follower = Follower(place, *arguments)
    try:
        yield follower
    finally:
        follower.timer.cancel()
        follower.process.kill()
        follower.process.communicate()


def test_what_is_there_comes_first_and_then_what_is_recorded(kvarteret: Natverk) -> None:
    # Given one who follows the log, and has seen the last three entries
    with following_of(kvarteret.place, "-n", "3") as follower:
        seen = [follower.line() for _ in range(3)]
        assert [line.split()[0] for line in seen] == ["#7", "#8", "#9"]
        # When something is recorded that occurred earlier, and a correction of it
        kvarteret.does("give", "Knut", "Eva", "bröd", "--at", "2026-10-25T12:00")
        assert follower.line() == "#10  2026-10-25 12:00  Knut Hansson gave Eva Lind bröd\n"
        kvarteret.does("reverse", "10", "--reason", "fel")
        assert follower.line().startswith("#11  2026-11-03 12:00  took back #10")
        # Then Ctrl-C ends it, and nothing was wrong
        assert follower.interrupted() == (
            0,
            "",
            "there are earlier entries; -n 0 shows all\n",
        )


def test_only_what_was_asked_for_is_shown(kvarteret: Natverk) -> None:
    wanted = ("--member", "Eva", "--type", "gift-given", "--since", "2026-10-26", "--json")
    with following_of(kvarteret.place, *wanted) as follower:
        assert follower.position() == 9
        kvarteret.does("give", "Knut", "Åsa")  # not about Eva
        kvarteret.does("note", "9", "tack")  # no gift
        kvarteret.does("give", "Eva", "Åsa", "--at", "2026-10-25T12:00")  # too early
        kvarteret.does("give", "Åsa", "Eva", "bröd")
        row = json.loads(follower.line())
        assert row == kvarteret.rows("log", "-n", "1")[0]
        assert row["position"] == 13
        assert follower.interrupted()[:2] == (0, "")


def test_who_has_seen_enough_and_goes_is_no_error(kvarteret: Natverk) -> None:
    with following_of(kvarteret.place, "-n", "1") as follower:
        follower.line()
        assert follower.process.stdout is not None
        follower.process.stdout.close()
        # Then it ends, though nobody records anything
        assert follower.process.wait() == 0
        assert follower.process.stderr is not None
        assert "error" not in follower.process.stderr.read()


def test_the_last_that_were_recorded_come_in_the_order_in_which_they_were(
    kvarteret: Natverk,
) -> None:
    # Given an entry that was recorded last, and occurred before others
    kvarteret.does("give", "Knut", "Eva", "bröd", "--at", "2026-10-25T12:00")
    for wanted in ((), ("--member", "Eva"), ("--type", "gift-given")):
        # When somebody follows from the last two
        with following_of(kvarteret.place, "-n", "2", "--json", *wanted) as follower:
            # Then it is one of them
            assert [follower.position(), follower.position()] == [9, 10]


def test_who_follows_is_told_that_the_network_has_moved(kvarteret: Natverk) -> None:
    # Given one who follows, and a place to which the network can move
    target = STORES.cluster.empty().uri if STORES.postgres else str(kvarteret.folder / "new.db")
    with following_of(kvarteret.place, "-n", "1") as follower:
        assert follower.line().startswith("#9")
        # When something is recorded there yet, and then nothing any more
        kvarteret.does("give", "Knut", "Eva", "bröd")
        here = getattr(kvarteret.place, "uri", None) or str(kvarteret.place)
        kvarteret.does("copy", "--move", here, target)
        # Then all that there is has been shown, and where it goes on is said
        assert follower.line().startswith("#10")
        code, out, err = follower.ended()
        assert (code, out) == (4, "")
        assert "the network has moved from" in err


@pytest.mark.file
@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_gone_is_followed_no_more(kvarteret: Natverk, replaced: bool) -> None:
    kvarteret.does("backup", "copy.db")
    with following_of(kvarteret.path, "-n", "1") as follower:
        follower.line()
        if replaced:
            shutil.copy(kvarteret.folder / "copy.db", kvarteret.folder / "new.db")
            (kvarteret.folder / "new.db").replace(kvarteret.path)
        else:
            kvarteret.path.unlink()
        code, out, err = follower.ended()
    assert (code, out) == (4, "")
    told = err.replace(str(kvarteret.path), "natverk.db").splitlines(keepends=True)
    agrees("followed-is-gone", "".join(told[1:]))


def test_nothing_is_missed_or_repeated_while_eight_write(tmp_path: Path) -> None:
    # Given two who follow, one of them only one member
    founded(tmp_path, *people("Ana", "Bo", "Cia")).close()
    place = place_in(tmp_path)
    last = 4 + WRITERS * EACH
    with (
        following_of(place, "-n", "0", "--json") as everything,
        following_of(place, "-n", "0", "--json", "--member", "Ana") as of_one,
    ):
        assert [everything.position(), of_one.position()] == [1, 2]
        # When eight record at once
        failed: list[BaseException] = []

        def record() -> None:
            try:
                with opened(place) as mine:
                    for _ in range(EACH):
                        mine.record(GIVE)
            except BaseException as error:  # told below
                failed.append(error)

        writers = [threading.Thread(target=record) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert failed == []
        # Then each sees every entry once, in order
        assert everything.positions_until(last) == list(range(2, last + 1))
        assert of_one.positions_until(last) == list(range(5, last + 1))
        assert everything.interrupted()[:2] == of_one.interrupted()[:2] == (0, "")
    with opened(place) as after:
        assert differences(after) == []


# What waits, in this process


class Enough(Exception):
    """Ends a `follow` that would go on for ever."""


def ignore(*_: Any) -> None:
    """Nothing is done."""


def followed(
    ledger: Ledger,
    until: int,
    tell: Callable[[Database, range], None] = ignore,
    lost: Callable[[LedgerError], None] = ignore,
) -> list[int]:
    """The positions that `follow` tells of after those that are there, until one."""
    told: list[int] = []

    def note(positions: range) -> None:
        tell(database, positions)
        told.extend(positions)
        if told[-1] >= until:
            raise Enough

    with closing(Database.reading(ledger.database.path)) as database:
        after = database.head()
        ledger.record(GIVE)
        with pytest.raises(Enough):
            follow(database, after, note, lost, ignore)
        return told


def test_what_is_recorded_while_it_reads_is_told_next(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(_: Database, positions: range) -> None:
        if positions[-1] < 7:
            ledger.record(GIVE)

    def never(*_: Any) -> None:
        raise AssertionError("it waits for what it has missed")

    monkeypatch.setattr(following.time, "sleep", never)
    assert followed(ledger, 7, tell) == [4, 5, 6, 7]


@pytest.mark.file
def test_while_nobody_writes_nothing_of_a_file_is_read(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one who follows, and traces what it asks the file
    asked: list[str] = []
    looked = count(1)

    def trace(database: Database, _: range) -> None:
        connection: Any = database.connection
        connection.set_trace_callback(asked.append)

    def sleep(_: float) -> None:
        if next(looked) == 5:
            ledger.record(GIVE)

    monkeypatch.setattr(following.time, "sleep", sleep)
    # When somebody records after it has looked five times
    assert followed(ledger, 5, trace) == [4, 5]
    # Then until then it has asked only whether anybody wrote
    assert asked[: asked.index("BEGIN")] == ["COMMIT", *["PRAGMA data_version"] * 7]


@pytest.mark.file
def test_who_follows_a_file_is_in_nobodys_way(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An erased text leaves traces as long as somebody reads an older state.
    def sleep(_: float) -> None:
        ledger.record(Forget(member="m1"))
        assert not ledger.erasing

    monkeypatch.setattr(following.time, "sleep", sleep)
    assert followed(ledger, 5) == [4, 5]


@pytest.mark.server
def test_of_several_networks_in_a_database_one_is_followed(ledger: Ledger, server: Server) -> None:
    with closing(second_network(server)) as other:

        def tell(_: Database, positions: range) -> None:
            ledger.record(GIVE)
            if positions[-1] < 8:
                other.record(GIVE)

        assert followed(other, 8, tell) == [6, 7, 8]


@pytest.mark.server
def test_a_lost_connection_is_made_again_and_nothing_is_missed_or_repeated(
    ledger: Ledger,
) -> None:
    # Given a follower whose connection is cut while it reads, and again while it waits
    lost: list[LedgerError] = []
    times = count()

    def tell(database: Database, positions: range) -> None:
        if next(times) % 2 == 0:
            cut(database)
            database.head()
        if positions[-1] < 8:
            ledger.record(GIVE)
            cut(database)

    # Then it is told of every entry once
    assert followed(ledger, 8, tell, lost.append) == [4, 5, 6, 7, 8]
    assert len(lost) == 9
    assert {type(error) for error in lost} == {ConnectionLost}


@pytest.mark.server
def test_it_tries_until_a_server_answers(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger.postgres import listening  # noqa: PLC0415 - a run on files needs none
    from ledger.postgres.connection import Connection  # noqa: PLC0415
    from ledger.postgres.errors import ServerUnreachable  # noqa: PLC0415

    connect_again, times, slept = Connection.connect_again, count(1), []

    def connects(connection: Connection) -> None:
        if next(times) < 10:
            raise ServerUnreachable(path="", reason="")
        connect_again(connection)

    def tell(database: Database, positions: range) -> None:
        if positions[-1] == 4:
            ledger.record(GIVE)
            cut(database)

    monkeypatch.setattr(Connection, "connect_again", connects)
    monkeypatch.setattr(listening.time, "sleep", slept.append)
    assert followed(ledger, 5, tell) == [4, 5]
    assert len(slept) == 9
    assert slept == sorted(slept)
    assert slept[-1] == listening.LONGEST_PAUSE_SECONDS


@pytest.mark.server
def test_a_notification_that_came_with_an_answer_is_not_waited_for(ledger: Ledger) -> None:
    from ledger.postgres import listening  # noqa: PLC0415 - a run on files needs none

    def never() -> None:
        raise AssertionError("it waits for what has come")

    # Given a notification that has been read from the socket and not yet looked at
    with closing(Database.reading(ledger.database.path)) as database:
        database.cursor.execute("COMMIT")
        watch = listening.Listening(database)
        watch.attend()
        ledger.record(GIVE)
        bare = database.connection.bare  # type: ignore[attr-defined]
        select.select([bare], [], [], LONG_SECONDS)
        bare.pgconn.consume_input()
        # When it waits
        watch.wait(never)
        # Then it has been notified
        assert bare.pgconn.notifies() is None


@pytest.mark.server
def test_nobody_is_notified_where_nobody_follows(ledger: Ledger, attacker: Any) -> None:
    from ledger.postgres.listening import Listening  # noqa: PLC0415 - a run on files needs none

    # Given one who only listens
    attacker.execute(f"LISTEN natverk_{ledger.database.network}")
    ledger.record(GIVE)
    assert list(attacker.notifies(timeout=0)) == []
    # When somebody follows
    with closing(Database.reading(ledger.database.path)) as database:
        database.cursor.execute("COMMIT")
        Listening(database).attend()
        ledger.record(GIVE)
        # Then those who record notify
        assert len(list(attacker.notifies(timeout=LONG_SECONDS, stop_after=1))) == 1
        cut(database)
    # And not any more when nobody does
    ledger.record(GIVE)
    assert list(attacker.notifies(timeout=0)) == []


@pytest.mark.server
def test_who_begins_to_follow_waits_for_those_who_did_not_know(
    ledger: Ledger, attacker: Any
) -> None:
    from ledger.postgres.listening import Listening  # noqa: PLC0415 - a run on files needs none
    from ledger.postgres.store import _NOTIFY  # noqa: PLC0415

    # Given a write that has notified nobody, and is not yet committed
    with attacker.transaction(), closing(Database.reading(ledger.database.path)) as database:
        attacker.execute(_NOTIFY)
        # Then whoever would look at the log before it is done waits
        database.cursor.execute("COMMIT")
        database.cursor.execute("SET statement_timeout = '50ms'")
        with pytest.raises(LedgerLocked):
            Listening(database).attend()
