"""Tables from elsewhere come in: each row once, and what cannot come in is told with its line."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from hypothesis import given
from hypothesis import strategies as st

from ledger.bulk import _Contents
from ledger.database import Database

GIFTS = "giver,receiver,at\n"


def rows_of(natverk: Natverk, name: str, text: str | bytes) -> str:
    """A file with this content, by its name."""
    data = text.encode() if isinstance(text, str) else text
    (natverk.folder / name).write_bytes(data)
    return name


def imports(natverk: Natverk, table: str, text: str | bytes, *options: str) -> Any:
    """Import a table that has this content; what is told of it in JSON."""
    name = rows_of(natverk, "table", text)
    return json.loads(natverk.does("import", table, name, "--json", *options))


def lines_of(outcome: Any) -> dict[int, str]:
    """The reasons by line."""
    return {error["line"]: error["reason"] for error in outcome["errors"]}


def gifts(natverk: Natverk) -> list[tuple[str, str, str]]:
    """Who gave whom, and when, in the order of the log."""
    named = {row["id"]: row["name"] for row in natverk.rows("members")}
    log = natverk.rows("log", "--type", "gift-given", "-n", "0", "--reverse")
    return [(named[r["giver"]], named.get(r["receiver"], "-"), r["occurred_at"]) for r in log]


@pytest.fixture
def linden(natverk: Natverk) -> Natverk:
    """A network with Åsa, Åsa Öberg and Knut, all since the first of October."""
    founded = ("--at", "2026-10-01T10:00")
    natverk.does("init", "Linden", "--idea", "grannar", *founded)
    for name in ("Åsa", "Åsa Öberg", "Knut"):
        natverk.does("join", name, *founded)
    return natverk


# What comes in


def test_gifts_come_in_with_all_that_they_say(linden: Natverk) -> None:
    table = (
        "giver,receiver,at,what,kind,category,quantity,unit\n"
        "åsa,m3,2026-10-05T12:00,bröd,Other,bread,1.50,KG\n"
    )
    assert imports(linden, "gifts", table) == {
        "new": 1,
        "joined": 0,
        "seen": 0,
        "rejected": 0,
        "errors": [],
    }
    (gift,) = linden.rows("log", "--type", "gift-given")
    said = ("giver", "receiver", "occurred_at", "what", "kind", "category", "quantity", "unit")
    assert [gift[field] for field in said] == [
        "m1",
        "m3",
        "2026-10-05T12:00:00+02:00",
        "bröd",
        "other",
        "bread",
        "1.5",
        "kg",
    ]


def test_hours_are_a_quantity(linden: Natverk) -> None:
    table = "giver,receiver,hours,unit\nÅsa,Knut,2,\nÅsa,Knut,2,day\n"
    assert list(lines_of(imports(linden, "gifts", table))) == [3]
    (gift,) = linden.rows("log", "--type", "gift-given")
    assert (gift["quantity"], gift["unit"]) == ("2", "hour")


def test_a_gift_to_everyone_comes_in_but_not_one_from_everyone(linden: Natverk) -> None:
    outcome = imports(linden, "gifts", "giver,receiver\nÅsa,alla\neveryone,Åsa\n")
    assert outcome["new"] == 1
    assert list(lines_of(outcome)) == [3]
    assert linden.rows("log", "--type", "gift-given")[0]["receiver"] == "everyone"


def test_asks_offers_and_members_come_in(linden: Natverk) -> None:
    asks = "asker,category,quantity,unit,by,at\nKnut,masks,20.0,piece,2026-12-01,2026-10-05\n"
    offers = "owner,what,quantity,unit,capacity\nÅsa,masker,12,piece,\nKnut,stege,,,2.0\n"
    members = "name,kind,invited_by,at\nCafé Linden,organisation,Knut,2026-10-03\nEva,,,\n"
    assert imports(linden, "asks", asks)["new"] == 1
    assert imports(linden, "offers", offers)["new"] == 2
    assert imports(linden, "members", members)["new"] == 2
    (ask,) = linden.rows("asks")
    assert (ask["asker"], ask["kind"], ask["quantity"], ask["unit"]) == (
        "m3",
        "other",
        "20",
        "piece",
    )
    log = linden.rows("log", "--type", "resource-offered", "--reverse")
    assert [(row.get("stock"), row.get("capacity")) for row in log] == [("12", None), (None, 2)]
    kinds = {row["name"]: row["kind"] for row in linden.rows("members")}
    assert (kinds["Café Linden"], kinds["Eva"]) == ("organisation", "person")


def test_what_is_the_same_in_every_row_is_set(linden: Natverk) -> None:
    table = "who item n\nKnut masks 20\nÅsa gloves 0\n"
    columns = ("--columns", "asker=who category=item quantity=n")
    said = ("--set", "unit=piece", "--set", "kind=equipment", "--set", "at=2026-10-05")
    assert list(lines_of(imports(linden, "asks", table, *columns, *said))) == [3]
    (ask,) = linden.rows("asks")
    assert (ask["kind"], ask["unit"], ask["category"]) == ("equipment", "piece", "masks")


def test_a_unit_for_all_rows_is_left_out_where_nothing_was_measured(linden: Natverk) -> None:
    table = "giver,receiver,quantity\nÅsa,Knut,\nÅsa,Knut,2\n"
    assert imports(linden, "gifts", table, "--set", "unit=hour")["new"] == 2
    units = {row.get("unit") for row in linden.rows("log", "--type", "gift-given")}
    assert units == {None, "hour"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_semicolons_a_byte_order_mark_and_unix_seconds_are_read(linden: Natverk, pack: Any) -> None:
    data = b"\xef\xbb\xbf" + "giver;receiver;at\r\nÅsa;Knut;1790000000\r\n".encode()
    assert imports(linden, "gifts", pack(data), "--join-unknown")["new"] == 1
    assert gifts(linden) == [("Åsa", "Knut", "2026-09-21T16:13:20+02:00")]


def test_a_table_may_come_through_a_pipe(linden: Natverk) -> None:
    out = linden.does("import", "gifts", "-", "--json", stdin=GIFTS + "Åsa,Knut,2026-10-05\n")
    assert json.loads(out)["new"] == 1


# What does not


def test_each_rejected_row_is_told_with_its_line_and_the_others_go_in(linden: Natverk) -> None:
    linden.does("leave", "Knut", "--at", "2026-10-10T12:00")
    table = (
        "giver,receiver,at,quantity,unit\n"
        "Åsa,Nobody,2026-10-05,,\n"  # 2
        "Åsa,Åsa,2026-10-05,,\n"
        "Åsa,Knut,2026-10-20,,\n"  # 4: had left
        "Åsa,Knut,2026-09-05,,\n"  # 5: before joining is fine
        "Åsa,Knut,3/11,,\n"  # 6
        "Åsa,Knut,2999-01-01,,\n"
        "Åsa,Knut,2026-10-05,-1,hour\n"  # 8
        "Åsa,Knut,2026-10-05,nan,hour\n"
        "Åsa,Knut,2026-10-05,0,hour\n"  # 10
        "Åsa,Knut,2026-10-05,1.2345,hour\n"
        "Åsa,Knut,2026-10-05,2,\n"  # 12: no unit
        "m99,Knut,2026-10-05,,\n"
        "Åsa,,2026-10-05,,\n"  # 14
        "Åsa,Knut\n"
        "Åsa,Knut,2026-10-09,,\n"  # 16
    )
    outcome = imports(linden, "gifts", table)
    reasons = lines_of(outcome)
    assert outcome["new"] == 2
    assert outcome["rejected"] == len(reasons)
    assert list(reasons) == [2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    assert "Nobody" in reasons[2]
    assert "Knut (m3) had left" in reasons[4]
    assert "3/11" in reasons[6]
    assert "m99" in reasons[13]


def test_people_read_the_reasons_and_a_short_summary(linden: Natverk) -> None:
    name = rows_of(linden, "table", GIFTS + "Åsa,Nobody,2026-10-05\nÅsa,Knut,2026-10-05\n")
    result = linden("import", "gifts", name)
    assert (result.code, result.out) == (0, "1 row recorded, 1 rejected\n")
    assert result.err == "line 2: there is no member “Nobody”\n"


def test_names_match_whole_and_never_by_prefix(linden: Natverk) -> None:
    outcome = imports(linden, "gifts", GIFTS + "ÅSA  öberg,Knu,\nasa,KNUT,\nÅsa Ö,Knut,\n")
    assert list(lines_of(outcome)) == [2, 4]
    assert [gift[:2] for gift in gifts(linden)] == [("Åsa", "Knut")]


def test_a_row_that_is_not_utf8_is_rejected_alone(linden: Natverk) -> None:
    data = (GIFTS + "Åsa,Knut,2026-10-05\n").encode() + "Åsa,Knut,2026-10-06\n".encode("latin-1")
    outcome = imports(linden, "gifts", data)
    assert (outcome["new"], list(lines_of(outcome))) == (1, [3])


def test_columns_that_are_not_fields_stop_the_import(linden: Natverk) -> None:
    name = rows_of(linden, "table", "who,receiver\nÅsa,Knut\n")
    assert "giver" in linden.refuses("import", "gifts", name)
    assert linden("import", "gifts", name).code == 2
    assert linden("import", "gifts", "no-such-file").code == 2


def test_nothing_is_recorded_when_strict_and_any_row_is_rejected(linden: Natverk) -> None:
    name = rows_of(linden, "table", GIFTS + "Åsa,Eva,2026-10-05\nÅsa,Åsa,2026-10-05\n")
    result = linden("import", "gifts", name, "--strict", "--join-unknown", "--json")
    assert result.code == 1
    assert {k: v for k, v in result.json().items() if k != "errors"} == {
        "new": 0,
        "joined": 0,
        "seen": 0,
        "rejected": 1,
    }
    assert len(linden.rows("members")) == 3
    assert gifts(linden) == []
    good = rows_of(linden, "good", GIFTS + "Åsa,Eva,2026-10-05\n")
    out = linden.does("import", "gifts", good, "--strict", "--join-unknown", "--json")
    assert json.loads(out)["new"] == 1


def test_a_dry_run_tells_what_would_come_in(linden: Natverk) -> None:
    table = GIFTS + "Åsa,Eva,2026-10-05\nEva,Åsa,2026-10-05\nÅsa,Åsa,\n"
    dry = imports(linden, "gifts", table, "--join-unknown", "--dry-run")
    assert (dry["new"], dry["joined"], dry["rejected"]) == (2, 1, 1)
    assert len(linden.rows("members")) == 3
    assert imports(linden, "gifts", table, "--join-unknown") == dry


# Who joins


def test_unknown_names_join_when_the_first_row_names_them(linden: Natverk) -> None:
    table = GIFTS + "Eva,eva,2026-10-04\nEva,Bo,2026-10-06\nbo,Eva,2026-10-05\n"
    outcome = imports(linden, "gifts", table, "--join-unknown")
    assert (outcome["new"], outcome["joined"], list(lines_of(outcome))) == (2, 2, [2])
    joined = {row["name"]: row["joined_at"][:10] for row in linden.rows("members")}
    assert (joined["Eva"], joined["Bo"]) == ("2026-10-06", "2026-10-06")


def test_a_rejected_row_joins_nobody(linden: Natverk) -> None:
    table = (
        "asker,category,quantity,unit,by,at\n"
        "Eva,masks,1,,,\n"
        "Bo,,,,,\n"
        "Cia,masks,,,2026-10-01,2026-10-05\n"
        "m5,masks,,,,\n"
        "Ed\u202eva,masks,,,,\n"
    )
    outcome = imports(linden, "asks", table, "--join-unknown")
    assert (outcome["new"], outcome["joined"], outcome["rejected"]) == (0, 0, 5)
    assert len(linden.rows("members")) == 3


def test_the_inviter_of_an_imported_member_may_join_too(linden: Natverk) -> None:
    table = "name,invited_by\nEva,Bo\nBo,\nEva,\n"
    outcome = imports(linden, "members", table, "--join-unknown")
    assert (outcome["new"], outcome["joined"], list(lines_of(outcome))) == (1, 1, [3, 4])
    names = {row["id"]: row["name"] for row in linden.rows("members")}
    entry = linden.rows("log", "--type", "member-joined")[0]
    assert (names[entry["member"]], names[entry["invited_by"]]) == ("Eva", "Bo")


# Each row once


def test_the_same_table_again_adds_nothing(linden: Natverk) -> None:
    table = "giver,receiver,quantity,unit\nÅsa,Eva,1.50,hour\nEva,Knut,2,hour\n"
    imports(linden, "gifts", table, "--join-unknown")
    linden.clock.advance(days=2)  # their time was left to default
    again = imports(linden, "gifts", table.replace("1.50", "1.5"), "--join-unknown")
    assert again == {"new": 0, "joined": 0, "seen": 2, "rejected": 0, "errors": []}
    assert len(gifts(linden)) == 2


def test_a_longer_version_of_a_table_adds_exactly_its_new_rows(linden: Natverk) -> None:
    old = "Åsa,Knut,2026-10-05\nÅsa,Knut,2026-10-05\n"
    assert imports(linden, "gifts", GIFTS + old)["new"] == 2
    longer = "Knut,Åsa,2026-10-04\n" + old + "Åsa,Knut,2026-10-05\n"
    outcome = imports(linden, "gifts", GIFTS + longer)
    assert (outcome["new"], outcome["seen"]) == (2, 2)
    assert len(gifts(linden)) == 4


def test_rows_alike_within_one_table_are_all_recorded(linden: Natverk) -> None:
    table = GIFTS + "Åsa,Knut,2026-10-05\n" * 3
    assert imports(linden, "gifts", table)["new"] == 3
    assert imports(linden, "gifts", table)["seen"] == 3


def test_an_id_of_the_source_decides_when_there_is_one(linden: Natverk) -> None:
    gift = "Åsa,Knut,2026-10-05\n"
    table = f"id,giver,receiver,at\nx1,{gift}x2,{gift}x1,{gift}"
    outcome = imports(linden, "gifts", table)
    assert (outcome["new"], outcome["seen"]) == (2, 1)
    other = "id,giver,receiver,at\nx1,Knut,Åsa,2026-10-05\nx3,Åsa,Knut,2026-10-05\n"
    outcome = imports(linden, "gifts", other)
    assert (outcome["new"], lines_of(outcome)) == (
        1,
        {2: "the id “x1” was that of another row, #5"},
    )


def test_the_same_row_of_another_source_is_another_row(linden: Natverk) -> None:
    table = GIFTS + "Åsa,Knut,2026-10-05\n"
    for source in ("one", "two"):
        assert imports(linden, "gifts", table, "--source", source)["new"] == 1
    assert imports(linden, "gifts", table, "--source", "one")["seen"] == 1


def test_someone_who_joined_by_an_import_is_known_again_under_the_old_name(linden: Natverk) -> None:
    imports(linden, "gifts", GIFTS + "Eva,Knut,2026-10-05\n", "--join-unknown")
    imports(linden, "members", "name\nBo\n")
    linden.does("describe", "Eva", "--name", "Eva Lind")
    linden.does("describe", "Bo", "--name", "Bo Ek")
    table = GIFTS + "Eva,Knut,2026-10-05\neva,Bo,2026-10-06\n"
    outcome = imports(linden, "gifts", table, "--join-unknown")
    assert (outcome["new"], outcome["joined"], outcome["seen"]) == (1, 0, 1)
    assert gifts(linden)[-1][:2] == ("Eva Lind", "Bo Ek")


def test_halves_in_the_wrong_order_make_the_same_rows(linden: Natverk) -> None:
    rows = [f"Åsa,Knut,2026-10-{day:02}T{hour:02}:00\n" for day in range(2, 20) for hour in (8, 9)]
    first, second = "".join(rows[:18]), "".join(rows[18:])
    assert imports(linden, "gifts", GIFTS + second)["new"] == 18
    whole = imports(linden, "gifts", GIFTS + first + second)
    assert (whole["new"], whole["seen"]) == (18, 18)
    assert linden("replay", "--compare").code == 0


def test_rows_recorded_meanwhile_by_another_are_not_recorded_twice(linden: Natverk) -> None:
    """Two imports of one file at once: whoever comes second finds the rows there."""
    from cli.context import Session  # noqa: PLC0415 - only here
    from cli.importing import ROWS_AT_ONCE, Options, import_table  # noqa: PLC0415

    table = GIFTS + "".join(f"Åsa,Knut,{1_700_000_000 + n}\n" for n in range(ROWS_AT_ONCE + 5))
    name = rows_of(linden, "table", table)
    one, two = Session(linden.clock), Session(linden.clock)
    for session in (one, two):
        assert session.ledger is not None
    outcomes = [import_table(session, "gifts", Options(path=name)) for session in (one, two)]
    one.close()
    two.close()
    assert [(outcome.new, outcome.seen) for outcome in outcomes] == [
        (ROWS_AT_ONCE + 5, 0),
        (0, ROWS_AT_ONCE + 5),
    ]


# Size, and ends that nobody wished


def natverk_process(folder: Path, *arguments: str, **how: Any) -> subprocess.Popen[bytes]:
    """The command line as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.Popen(command, cwd=folder, env=environment, **how)


def test_an_import_killed_half_way_is_completed_by_running_it_again(tmp_path: Path) -> None:
    table = tmp_path / "table"
    rows = (f"A {n % 50},B {n % 49},{1_600_000_000 + n // 3}\n" for n in range(35_000))
    table.write_text(GIFTS + "".join(rows))
    arguments = ("import", "gifts", "table", "--join-unknown", "--json", "--ledger")
    answers = []
    for ledger in ("killed.db", "whole.db"):
        founded = ("init", "Linden", "--idea", "grannar", "--ledger", ledger)
        assert natverk_process(tmp_path, *founded, stdout=subprocess.DEVNULL).wait() == 0
    killed = natverk_process(tmp_path, *arguments, "killed.db", stdout=subprocess.PIPE)
    database = Database.reading(tmp_path / "killed.db")
    while killed.poll() is None and database.progress()[0] < 10_000:
        database.cursor.execute("COMMIT")
        database.cursor.execute("BEGIN")
        time.sleep(0.01)
    database.close()
    killed.send_signal(signal.SIGKILL)
    assert killed.communicate()[0] == b"", "it was to be killed before its end"
    for ledger in ("killed.db", "whole.db"):
        ended = natverk_process(tmp_path, *arguments, ledger, stdout=subprocess.PIPE)
        outcome = json.loads(ended.communicate()[0])
        assert outcome["new"] + outcome["seen"] == 35_000
        answered = natverk_process(
            tmp_path, "balance", "--json", "--ledger", ledger, stdout=subprocess.PIPE
        )
        answers.append((outcome["seen"] > 0, answered.communicate()[0]))
        compared = natverk_process(
            tmp_path, "replay", "--compare", "--ledger", ledger, stdout=subprocess.DEVNULL
        )
        assert compared.wait() == 0
    assert [seen for seen, _ in answers] == [True, False]
    assert answers[0][1] == answers[1][1]


def test_a_line_of_200_megabytes_is_rejected_in_little_memory(linden: Natverk) -> None:
    with gzip.open(linden.folder / "table.gz", "wb", compresslevel=1) as file:
        file.write((GIFTS + "Åsa,Knut,2026-10-05\nÅsa,").encode())
        for _ in range(200):
            file.write(b"x" * 2**20)
        file.write(",\nKnut,Åsa,2026-10-05\n".encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = json.loads(linden.does("import", "gifts", "table.gz", "--json"))
    assert (outcome["new"], list(lines_of(outcome))) == (2, [3])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024  # KiB on Linux, bytes on macOS: either way far from 200 MB


@given(st.lists(st.text("ab", min_size=5, max_size=5).map(str.encode), max_size=200))
def test_what_has_come_is_told_as_a_set_would_tell_it(ends: list[bytes]) -> None:
    """Contents that begin alike, so that their ends lie side by side in memory."""
    known, come = _Contents(), set()
    for end in ends:
        content = b"\x01\x02\x00" + end
        assert known.add(content) == (content not in come)
        come.add(content)
