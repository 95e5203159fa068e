"""After a forgetting the bytes of a name, and of every text about the person, are in no file.

Two hundred members are forgotten in a random order, each with a name and texts of their own
that can be looked for; some texts are short and lie beside others on a page, some run over
several pages. Ten of them here between two looks; one by one by `make torture`.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from samples import day
from servers import place_in
from worlds import Clock, differences, founded, opened

from ledger import commands as c
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.missing import missing_texts
from ledger.personal import Key, request_key
from ledger.values import fold

pytestmark = pytest.mark.file

MEMBERS = 400
FORGOTTEN = 200
LENGTHS = (0, 3, 20, 80, 400, 1_900)  # characters beside the marks
MARK = re.compile(rb"[Nn]amn[0-9]{4}q|slut[0-9]{4}z|nyckel[0-9]{4}k")


def worded(member: int, chance: random.Random, most: int = 2_000) -> str:
    """A text that says whose it is, at its beginning and at its end."""
    room = [length for length in LENGTHS if length < most - 30]
    return f"Namn{member:04}q {'å' * chance.choice(room)} slut{member:04}z"


def populated(folder: Path, seed: int, members: int = MEMBERS) -> Ledger:
    """A ledger in which each of the members has a name and some five texts, among all others'."""
    chance = random.Random(seed)
    ledger = founded(folder)
    secret = bytes(ledger.database.setting("secret"))
    numbers = range(1, members + 1)
    with ledger.transaction() as transaction:
        for number in numbers:
            name = worded(number, chance, most=100)
            key = request_key(secret, f"nyckel{number:04}k", {"name": name})
            transaction.record(c.Join(name=name, occurred_at=day(1)), key)
    coming = [number for _ in range(5) for number in chance.sample(numbers, members)]
    while coming:
        with ledger.transaction() as transaction:
            for _ in range(min(len(coming), chance.choice((1, 1, 10, 60)))):
                transaction.record(something(coming.pop(), chance))
    return ledger


def something(number: int, chance: random.Random) -> c.Command:
    """An entry with words of a member's."""
    member, text = f"m{number}", worded(number, chance)
    return chance.choice(
        (
            c.Give(giver=member, receiver="everyone", what=text),
            c.Offer(owner=member, kind="other", what=text, category="ting"),
            c.Ask(asker=member, kind="other", what=text),
            c.StartInitiative(starter=member, what=text),
            c.Gather(participants=(member, "m2" if number == 1 else "m1"), what=text),
            c.Realise(realiser=member, kind="other", what=text, because_of=(1,)),
            c.Describe(member=member, contact=text, about=text),
            c.Describe(member=member, name=worded(number, chance, most=100)),
        )
    )


def marks(folder: Path) -> set[int]:
    """Whose marks are in the bytes of any file."""
    found = (MARK.findall(path.read_bytes()) for path in folder.iterdir())
    return {int(re.sub(rb"[^0-9]", b"", mark)) for each in found for mark in each}


def forget_in_any_order(folder: Path, seed: int, *, at_once: int, count: int = FORGOTTEN) -> None:
    with populated(folder, seed) as ledger:
        numbers = random.Random(seed).sample(range(1, MEMBERS + 1), count)
        there = set(range(1, MEMBERS + 1))
        assert marks(folder) == there
        for start in range(0, count, at_once):
            reader = Database.reading(ledger.database.path)
            reader.head()
            reader.close()
            for number in numbers[start : start + at_once]:
                ledger.record(c.Forget(member=f"m{number}"))
                there.remove(number)
                assert not ledger.erasing
            assert marks(folder) == there
        assert list(missing_texts(ledger.database)) == []
        assert differences(ledger) == []


def test_nothing_is_left_of_two_hundred_members(tmp_path: Path) -> None:
    forget_in_any_order(tmp_path, 1, at_once=20)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(2, 12))
def test_nothing_is_left_after_any_one_of_them(tmp_path: Path, seed: int) -> None:
    forget_in_any_order(tmp_path, seed, at_once=1)


# Readers


def test_a_reader_of_an_older_state_holds_it_up_until_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.ledger.ERASING_SECONDS", 0)
    with populated(tmp_path, 7, 40) as ledger:
        reader = Database.reading(ledger.database.path)
        reader.head()
        ledger.record(c.Forget(member="m7"))
        assert ledger.erasing
        assert 7 in marks(tmp_path)
        assert reader.text(8, "name") is not None
    with opened(place_in(tmp_path)) as still:
        assert still.erasing
        still.record(c.Give(giver="m1", receiver="everyone"))
    reader.close()
    with opened(place_in(tmp_path)) as after:
        assert not after.erasing
        assert after.database.setting("erasing") is None
        assert 7 not in marks(tmp_path)


def test_it_is_finished_by_whoever_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.ledger.ERASING_SECONDS", 0)
    with populated(tmp_path, 8, 40) as ledger:
        reader = Database.reading(ledger.database.path)
        reader.head()
        ledger.record(c.Forget(member="m7"))
        reader.close()
        with opened(place_in(tmp_path)):
            assert 7 not in marks(tmp_path)
        ledger.record(c.Forget(member="m8"))
        assert not ledger.erasing
        assert {7, 8}.isdisjoint(marks(tmp_path))


# Renamed before, and named by others


def test_former_names_and_folded_names_go_too(tmp_path: Path) -> None:
    names = ("Ödla Förstberg", "Ödla Sistberg")
    with founded(tmp_path, c.Join(name=names[0]), c.Describe(member="m1", name=names[1])) as ledger:
        ledger.record(c.Forget(member="m1"))
        data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for name in names:
        for word in (*name.split(), *fold(name).split()):
            assert word.encode() not in data


def test_a_key_is_never_kept_as_it_was_given(tmp_path: Path) -> None:
    with founded(tmp_path) as ledger:
        key = request_key(bytes(ledger.database.setting("secret")), "åsas-inträde", {})
        ledger.record(c.Join(name="Åsa"), key)
        ledger.record(c.Join(name="Bo"), Key("import:x", b"bo", b"content"))
        data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert "åsas-inträde".encode() not in data
        ledger.record(c.Forget(member="m1"))
        kept = ledger.database.select("SELECT namespace, fingerprint FROM keys ORDER BY 1")
        assert kept == [("given", None), ("import-names", None), ("import:x", b"content")]
        other = request_key(bytes(ledger.database.setting("secret")), "åsas-inträde", {"a": 1})
        assert ledger.record(c.Join(name="Åsa"), other).repeated


# Kills

FORGETS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ledger import commands as c
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

ledger = Ledger(Path(sys.argv[1]), PROJECTIONS, lambda: datetime.now(UTC))
print("ready", flush=True)
sys.stdin.readline()
for number in map(int, sys.argv[2].split()):
    ledger.record(c.Forget(member=f"m{number}"))
    print(number, flush=True)
"""


def run_kills(folder: Path, rounds: int) -> None:
    """Kill while members are forgotten, and look at what the next opening finds."""
    members = 6 * rounds + 20
    populated(folder, rounds, members).close()
    path = folder / "natverk.db"
    chance = random.Random(rounds)
    left = list(range(1, members + 1))
    interrupted = 0
    for _ in range(rounds):
        going = left[:6]
        said = killed(path, going, chance.uniform(0, 0.25))
        with opened(path, Clock(day(9_000))) as ledger:
            assert not ledger.erasing
            gone = {
                int(member[1:])
                for (member,) in ledger.database.select(
                    "SELECT member FROM members WHERE forgotten_at > 0"
                )
            }
            left = [number for number in left if number not in gone]
            assert set(said) <= gone
            assert len(gone.intersection(going)) - len(said) in (0, 1)
            assert marks(folder) == set(left)
            assert list(missing_texts(ledger.database)) == []
            interrupted += len(said) < len(going)
    with opened(path, Clock(day(9_000))) as ledger:
        assert differences(ledger) == []
    assert interrupted


def killed(path: Path, members: list[int], after: float) -> list[int]:
    """Whom a process says that it has forgotten before it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", FORGETS, str(path), " ".join(map(str, members))],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.stdin.write(b"go\n")
        process.stdin.flush()
        time.sleep(after)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        out, _ = process.communicate()
    whole = out[: out.rfind(b"\n") + 1]
    return [int(line) for line in whole.split()]


def test_a_kill_leaves_nobody_half_forgotten(tmp_path: Path) -> None:
    run_kills(tmp_path, 10)


@pytest.mark.torture
def test_two_hundred_kills_leave_nobody_half_forgotten(tmp_path: Path) -> None:
    for number in range(10):
        folder = tmp_path / str(number)
        folder.mkdir()
        run_kills(folder, 20)
