"""An entry whose bytes lack something, or say what none can say, is told to be damaged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from cli_world import Natverk
from test_salvage import behind_its_back

from ledger.areas import NEEDED

pytestmark = pytest.mark.file

LATER = (
    ("close", "a1", "--met"),
    ("book", "lastcykel", "Knut", "--from", "2026-12-01", "--to", "2026-12-02"),
    ("release", "b1"),
    ("lend", "lastcykel", "Eva"),
    ("return", "lastcykel"),
    ("confirm", "9", "--recorded-by", "Knut"),
    ("introduce", "Åsa", "Eva", "Knut"),
    ("follow-up", "16", "--met"),
    ("note", "9", "rain"),
    ("correct", "9", "--hours", "3"),
    ("undo", "8"),
    ("leave", "Eva"),
)


@pytest.fixture
def lived(kvarteret: Natverk) -> Natverk:
    """The small network with entries of more types."""
    for line in LATER[:-2]:
        kvarteret.does(*line)
    kvarteret.does(*LATER[-1])
    return kvarteret


def stored(natverk: Natverk) -> list[tuple[int, bytes]]:
    with closing(sqlite3.connect(natverk.path)) as connection:
        query = "SELECT originator_version, state FROM stored_events ORDER BY 1"
        return connection.execute(query).fetchall()


def lacking(said: dict[str, object]) -> Iterator[dict[str, object]]:
    """An entry as often as it has fields that it needs, each time without one of them."""
    kind = str(said["type"])
    for field in (*NEEDED[kind], "id", "occurred_at", "recorded_at"):
        yield {name: value for name, value in said.items() if name != field}
        yield {**said, field: [7]}


def put(natverk: Natverk, position: int, said: dict[str, object]) -> None:
    state = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    with closing(sqlite3.connect(natverk.path, isolation_level=None)) as connection:
        query = "UPDATE stored_events SET state = ? WHERE originator_version = ?"
        connection.execute(query, (state, position))


def test_an_entry_that_lacks_a_field_is_damaged_and_nothing_else(lived: Natverk) -> None:
    behind_its_back(lived.path, "SELECT 1")
    told = set()
    for position, state in stored(lived):
        said = json.loads(state)
        for changed in lacking(said):
            put(lived, position, changed)
            result = lived("show", str(position))
            assert result.code == 4, (position, changed)
            assert result.err.startswith(f"natverk: error: entry #{position} is damaged: ")
        assert lived("log", "-n", "0").code == 4
        put(lived, position, said)
        told.add(said["type"])
    assert len(told) >= 14


@pytest.mark.parametrize(
    ("position", "field", "value"),
    [(17, "outcome", "mex"), (11, "start", "2026-13-01T00:00:00+01:00"), (9, "unix", "hour")],
)
def test_an_entry_that_says_what_none_can_say_is_damaged(
    position: int, field: str, value: str, lived: Natverk
) -> None:
    behind_its_back(lived.path, "SELECT 1")
    said = json.loads(dict(stored(lived))[position])
    if field == "unix":
        del said["unit"]
    put(lived, position, said | {field: value})
    assert lived("show", str(position)).code == 4
    assert lived("log", "-n", "0").code == 4


def test_a_last_entry_that_cannot_be_read_is_told_by_status(lived: Natverk) -> None:
    behind_its_back(lived.path, "SELECT 1")
    position, state = stored(lived)[-1]
    put(lived, position, {**json.loads(state), "recorded_at": None})
    assert f"entry #{position} is damaged" in lived.refuses("status")
