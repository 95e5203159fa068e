"""Killed at any moment, a ledger keeps what it has acknowledged, once, and nothing by half.

Three processes record in one ledger. Each writes a line to its own file when `record` has
returned; each gift has a key of its own, so that what was under way when the kill came can
be recorded again. Twenty rounds here; a thousand by `make torture`. In further rounds each
corrects its own gift over and over.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from servers import place_in
from worlds import differences, founded, opened, people

from ledger.commands import Command, Give
from ledger.database import Database

pytestmark = pytest.mark.file

WRITERS = 3

RECORDS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.personal import Key
from projections.registry import PROJECTIONS

path, said, writer, start = Path(sys.argv[1]), open(sys.argv[2], "a", buffering=1), *sys.argv[3:]
ledger = Ledger(path, PROJECTIONS, lambda: datetime.now(UTC))
print("ready", flush=True)
for number in range(int(start), 10**9):
    name = f"{writer}-{number}".encode()
    give = c.Give(giver=f"m{int(writer) + 1}", receiver="everyone", what=name.decode())
    recorded = ledger.record(give, Key("torture", name, b"f" * 16))
    said.write(f"{number} {recorded.position}\\n")
"""

# As above, but each corrects a gift of its own, from one version to the next.
CORRECTS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ledger import commands as c
from ledger.decisions import decision
from ledger.events import class_of
from ledger.ledger import Ledger
from ledger.personal import Key
from projections.registry import PROJECTIONS

path, said, writer, start = Path(sys.argv[1]), open(sys.argv[2], "a", buffering=1), *sys.argv[3:]
ledger = Ledger(path, PROJECTIONS, lambda: datetime.now(UTC))
slot = 5 + int(writer)

def correction(number, name):
    versions = ledger.database.select("SELECT successor FROM superseded WHERE entry = ?", slot)
    target = max([slot, *(successor for (successor,) in versions)])
    changes = {"what": name.decode(), "quantity": number + 1, "unit": "hour"}
    return c.Correct(target=target, changes=changes)

c.validated(correction(0, b"never"))  # which imports what takes long to import
decision("Correct"), decision("Give"), class_of("entry-corrected"), class_of("gift-given")
print("ready", flush=True)
for number in range(int(start), 10**9):
    name = f"{writer}-{number}".encode()
    key = Key("torture", name, b"f" * 16)
    recorded = ledger.repeated(key) or ledger.record(correction(number, name), key)
    said.write(f"{number} {recorded.position}\\n")
"""


def run_rounds(
    folder: Path,
    rounds: int,
    program: str = RECORDS,
    earlier: Sequence[Command] = (),
    seconds: float = 0.08,
) -> None:
    """Let processes run a program, and kill them within so many seconds, round after round."""
    founded(folder, *people("Ana", "Bo", "Cia"), *earlier).close()
    path = folder / "natverk.db"
    said = [folder / f"writer-{writer}" for writer in range(WRITERS)]
    chance = random.Random(rounds)
    for each in said:
        each.touch()
    for _ in range(rounds):
        writers = [start(path, said[writer], writer, program) for writer in range(WRITERS)]
        try:
            for process in writers:
                assert process.stdout is not None
                assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, seconds))
            for process in writers:
                time.sleep(chance.uniform(0, 0.01))
                os.kill(process.pid, signal.SIGKILL)
        finally:
            for process in writers:
                process.kill()
                process.communicate()
        check(path, said)
    assert acknowledged(said[0])


def start(path: Path, said: Path, writer: int, program: str) -> subprocess.Popen[bytes]:
    """A process that records, from the first that it has not acknowledged on."""
    here = Path(__file__).parent
    first = len(acknowledged(said))
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path), str(said), str(writer), str(first)],
        env=os.environ | {"PYTHONPATH": str(here.parent)},
        stdout=subprocess.PIPE,
    )


def acknowledged(said: Path) -> dict[int, int]:
    """Position by number of the gift; a line that the kill cut off says nothing."""
    text = said.read_text()
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        said.write_text(whole)
    return {int(number): int(at) for number, at in map(str.split, whole.splitlines())}


def check(path: Path, said: list[Path]) -> None:
    reading = Database.reading(path)
    head = reading.head()
    positions = [position for position, _, _ in reading.entries()]
    recorded = dict(reading.select("SELECT position, text FROM texts WHERE field = 'what'"))
    at, _ = reading.progress()
    reading.close()
    assert positions == list(range(1, head + 1))
    assert at == head
    assert max(Counter(recorded.values()).values(), default=1) == 1
    for writer, each in enumerate(said):
        for number, position in acknowledged(each).items():
            assert recorded[position] == f"{writer}-{number}"
    mine = Counter(name.split("-")[0] for name in recorded.values())
    for writer, each in enumerate(said):  # at most the one that was under way is not acknowledged
        assert 0 <= mine[str(writer)] - len(acknowledged(each)) <= 1


def check_rows(path: Path) -> None:
    with opened(path) as ledger:
        assert differences(ledger) == []


def run_corrections(folder: Path, rounds: int) -> None:
    gifts = [Give(giver=f"m{giver}", receiver="everyone") for giver in range(1, WRITERS + 1)]
    run_rounds(folder, rounds, CORRECTS, gifts, seconds=0.4)
    check_rows(place_in(folder))
    with opened(place_in(folder)) as ledger:
        for writer in range(WRITERS):
            recorded = ledger.database.select(
                "SELECT successor FROM superseded WHERE entry = ? ORDER BY position", 5 + writer
            )
            assert recorded == sorted(recorded)
            assert len(recorded) >= len(acknowledged(folder / f"writer-{writer}"))
            (row,) = ledger.database.select(
                "SELECT given, units FROM balances WHERE member = ? AND period = 'all'",
                f"m{writer + 1}",
            )
            assert row == (1, f'{{"hour":[{len(recorded) * 1000},0]}}')


def test_nothing_acknowledged_is_lost_when_processes_are_killed(tmp_path: Path) -> None:
    run_rounds(tmp_path, 20)
    check_rows(place_in(tmp_path))


def test_a_correction_is_whole_or_not_there_when_processes_are_killed(tmp_path: Path) -> None:
    run_corrections(tmp_path, 10)


@pytest.mark.torture
def test_a_correction_is_whole_or_not_there_in_two_hundred_rounds(tmp_path: Path) -> None:
    run_corrections(tmp_path, 200)


@pytest.mark.torture
def test_nothing_acknowledged_is_lost_in_a_thousand_rounds(tmp_path: Path) -> None:
    for _ in range(10):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        run_rounds(folder, 100)
        check_rows(place_in(folder))
