"""`natverk replay`: every row made again from the log, and compared with what is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from cli_world import Natverk

pytestmark = pytest.mark.usefixtures("by_columns")


@pytest.fixture
def busy(kvarteret: Natverk) -> Natverk:
    """The small network with something in every projection."""
    kvarteret.does("describe", "Eva", "--name", "Eva Lindgren")
    kvarteret.does("book", "lastcykel", "Knut", "--from", "2026-11-05", "--to", "2026-11-06")
    kvarteret.does("lend", "lastcykel", "Eva", "--due", "2026-11-04")
    kvarteret.does("introduce", "Åsa", "Knut", "Eva")
    kvarteret.does("follow-up", "13", "--met")
    kvarteret.does("give", "Knut", "Eva", "soup", "--at", "2026-10-26", "--because", "9")
    kvarteret.does("pause", "Åsa")
    return kvarteret


def change(natverk: Natverk, *statements: str) -> None:
    """Change what is kept behind the ledger's back."""
    with closing(sqlite3.connect(natverk.path)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, "the change changes nothing"
        connection.commit()


def differences(natverk: Natverk) -> list[dict[str, Any]]:
    result = natverk("replay", "--compare", "--json")
    found: list[dict[str, Any]] = result.json()["differences"]
    assert result.code == (1 if found else 0)
    return found


def test_a_replay_says_what_it_made(busy: Natverk) -> None:
    answer = busy.rows("replay")
    assert (answer["events"], answer["position"], answer["differences"]) == (16, 16, [])
    assert answer["seconds"] > 0
    assert answer["rows"]["members"] == 4
    assert "replayed 16 entries up to #16" in busy.does("replay")


def test_what_is_kept_is_what_the_log_makes_of_it(busy: Natverk) -> None:
    assert differences(busy) == []
    assert "everything kept is what the log makes of it" in busy.does("replay", "--compare")


def test_a_replay_until_a_position_or_a_day(kvarteret: Natverk) -> None:
    assert kvarteret.rows("replay", "--until", "#7")["events"] == 7
    answer = kvarteret.rows("replay", "--until", "2026-10-25")
    assert (answer["events"], answer["position"]) == (7, 9)
    assert kvarteret.rows("replay", "--until", "2026-10-26T09:00")["events"] == 8


def test_comparing_until_something_is_a_usage_error(kvarteret: Natverk) -> None:
    result = kvarteret("replay", "--until", "7", "--compare")
    assert (result.code, result.out) == (2, "")
    assert "--compare does not go with --until" in result.err


def test_a_changed_row_is_found(busy: Natverk) -> None:
    change(busy, "UPDATE balances SET given = 7 WHERE member = 'm3' AND period = 'all'")
    assert differences(busy) == [
        {"fold": "balances", "key": ["m3", "all"], "kept": {"given": 7}, "replayed": {"given": 1}}
    ]
    result = busy("replay", "--compare")
    assert result.code == 1
    assert "balances 'm3' 'all': kept given=7, replayed given=1" in result.out
    assert result.err == "1 difference\n"


def test_a_row_too_many_and_a_row_too_few_are_found(busy: Natverk) -> None:
    change(busy, "UPDATE pairs SET giver = 'm9' WHERE giver = 'm3'")
    found = {tuple(each["key"]): each for each in differences(busy)}
    assert found["m9", "m2"]["replayed"] is None
    assert found["m3", "m2"]["kept"] is None


def test_a_row_that_cannot_be_read_is_a_difference_and_no_crash(busy: Natverk) -> None:
    change(busy, "UPDATE members SET spans = x'ff00' WHERE member = 'm1'")
    assert differences(busy)[0]["kept"] == {"spans": "ff00"}


FOLDS = ("network", "ids", "members", "resources", "bookings", "loans", "asks")


@pytest.mark.parametrize("fold", [*FOLDS, "balances", "pairs", "introductions"])
def test_an_emptied_table_is_found_in_every_fold(busy: Natverk, fold: str) -> None:
    rows = busy.rows("replay")["rows"][fold]
    change(busy, f"DELETE FROM {fold}")
    found = [each for each in differences(busy) if each["fold"] == fold]
    assert len(found) == rows > 0
    assert all(each["kept"] is None for each in found)


@pytest.mark.parametrize(
    ("statement", "missing", "extra"),
    [
        ("DELETE FROM subjects WHERE subject = '#9'", 1, 0),
        ("INSERT INTO subjects VALUES ('m4', 'gift-given', 5, 9)", 0, 1),
        ("UPDATE subjects SET occurred = occurred + 1 WHERE subject = '#9'", 1, 1),
        ("INSERT INTO subjects VALUES ('m4', 'gift-given', 5, 4711)", 0, 1),
        (
            "UPDATE subjects SET subject = 'm3' WHERE subject = 'm1' AND type = 'member-joined'",
            1,
            1,
        ),
    ],
)
def test_a_subject_index_that_is_wrong_is_found(
    busy: Natverk, statement: str, missing: int, extra: int
) -> None:
    change(busy, statement)
    found = [each for each in differences(busy) if each["fold"] == "subjects"]
    assert sum(each["kept"] is None for each in found) == missing
    assert sum(each["replayed"] is None for each in found) == extra


def test_an_empty_subject_index_is_found_row_by_row(busy: Natverk) -> None:
    with closing(sqlite3.connect(busy.path)) as connection:
        rows = connection.execute("SELECT count(*) FROM subjects").fetchone()[0]
    change(busy, "DELETE FROM subjects")
    assert len(differences(busy)) == rows > 16


@pytest.mark.parametrize(
    ("statement", "kept", "replayed"),
    [
        ("DELETE FROM names WHERE thing = 'm3'", [], ["eva lindgren"]),
        ("UPDATE names SET folded = 'eva lind' WHERE thing = 'm3'", ["eva lind"], ["eva lindgren"]),
        ("DELETE FROM names WHERE thing = 'r2'", [], ["coffee"]),
        ("UPDATE names SET folded = 'x' WHERE thing = 'a1'", ["x"], ["painting a fence"]),
    ],
)
def test_an_index_of_names_that_is_wrong_is_found(
    busy: Natverk, statement: str, kept: list[str], replayed: list[str]
) -> None:
    change(busy, statement)
    (found,) = differences(busy)
    assert found["fold"] == "names"
    assert (found["kept"], found["replayed"]) == ({"folded": kept}, {"folded": replayed})


def test_a_name_of_nobody_is_found(busy: Natverk) -> None:
    change(busy, "INSERT INTO names (thing, folded) VALUES ('m99', 'spectre')")
    (found,) = differences(busy)
    assert (found["key"], found["replayed"]) == (["m99"], None)


def test_rows_that_claim_to_be_ahead_of_the_log_are_found(busy: Natverk) -> None:
    change(busy, "UPDATE progress SET at = 20")
    assert differences(busy)[0]["fold"] == "progress"


@pytest.mark.parametrize(
    "state",
    [
        """CAST(replace(state, '"m3"', '7') AS BLOB)""",
        "replace(state, '\"m3\"', '\"m4\"')",
        "CAST(substr(state, 1, 50) AS BLOB)",
        "x'ff'",
        "17",
        "NULL",
    ],
)
def test_a_damaged_entry_ends_the_replay(busy: Natverk, state: str) -> None:
    change(
        busy,
        "DROP TRIGGER no_update",
        f"UPDATE stored_events SET state = {state} WHERE originator_version = 9",
    )
    result = busy("replay", "--compare")
    assert (result.code, result.out) == (4, "")
    assert "entry #9 is damaged" in result.err


def test_a_name_shared_by_a_member_and_an_offer_is_found_by_both(kvarteret: Natverk) -> None:
    kvarteret.does("join", "Trumman")
    kvarteret.does("offer", "Eva", "trumman", "--kind", "equipment")
    assert differences(kvarteret) == []
    assert kvarteret.rows("log", "--member", "Trumman")[0]["type"] == "member-joined"
