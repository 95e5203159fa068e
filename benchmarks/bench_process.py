"""What does one command cost, from its start to its end, beside what it stands on?"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from conftest import SMALL, Figures, running

NATVERK = (sys.executable, "-c", "from cli.__main__ import main; main()")
QUESTION_FLOOR = """
import click, sqlite3
@click.command()
def floor():
    rows = sqlite3.connect({path!r}).execute("SELECT * FROM members").fetchall()
    for row in rows: click.echo(row)
floor()
"""
RECORD_FLOOR = """
import click, pydantic, eventsourcing.sqlite
"""


def test_balance_against_click_and_one_table(race: Any, world: Any, figures: Figures) -> None:
    _race_question("balance", race, world, figures)


def test_members_against_click_and_one_table(race: Any, world: Any, figures: Figures) -> None:
    _race_question("members", race, world, figures)


def _race_question(question: str, race: Any, world: Any, figures: Figures) -> None:
    path = str(world(SMALL).database.path)
    ratio = race(
        running(sys.executable, "-c", QUESTION_FLOOR.format(path=path)),
        running(*NATVERK, "--ledger", path, question),
        rounds=25,
    )
    figures.at_most(f"`natverk {question}` as a process", ratio, 1.4)


def test_give_against_the_imports_it_stands_on(
    race: Any, world: Any, figures: Figures, tmp_path: Path
) -> None:
    path = str(shutil.copy(world(SMALL).database.path, tmp_path / "give.db"))
    ratio = race(
        running(sys.executable, "-c", RECORD_FLOOR),
        running(*NATVERK, "--ledger", path, "give", "m1", "m2", "a ride", "--hours", "1"),
        rounds=25,
    )
    figures.at_most("`natverk give` as a process", ratio, 1.6)
