"""Forgetting someone: what goes, what stays, and what can no longer be recorded."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from samples import (
    ANA,
    ASK,
    BO,
    BOOK,
    CIA,
    DESCRIBE,
    FOUND,
    GIVE,
    INTRODUCE,
    JOIN,
    LEAVE,
    LEND,
    NOTE,
    OFFER,
    RETURN,
    RETURN_RESOURCE,
    day,
)
from stories import given

from ledger import commands as c
from ledger import events as e
from ledger.database import Database
from ledger.forgetting import AlreadyForgotten, ForgettingIsNow, Forgotten, NameOfAnother
from ledger.missing import TextFault, missing_texts
from ledger.refusals import Clash, OutsideTheOffer, UnknownId

LINDEN = (
    replace(FOUND, occurred_at=day(1)),
    replace(JOIN, name="Ana", occurred_at=day(1)),
    replace(JOIN, name="Bo", occurred_at=day(1), invited_by=ANA),
    replace(JOIN, name="Cia", occurred_at=day(1)),
)
FORGET_ANA = c.Forget(member=ANA)
FORGOTTEN = (*LINDEN, FORGET_ANA)

# The rules


def test_someone_is_forgotten_now() -> None:
    (event,) = given(*LINDEN).when(FORGET_ANA).events()
    assert isinstance(event, e.MemberForgotten)
    assert (event.member, event.occurred_at) == (ANA, event.recorded_at)


def test_nobody_is_forgotten_twice_nor_at_another_time() -> None:
    given(*FORGOTTEN).when(FORGET_ANA).rejects(AlreadyForgotten, member=ANA, entries=[5])
    given(*LINDEN).when(replace(FORGET_ANA, occurred_at=day(2))).rejects(ForgettingIsNow)
    given(*LINDEN).when(replace(FORGET_ANA, member="m9")).rejects(UnknownId)


def test_who_left_before_can_be_forgotten_and_left_then() -> None:
    left = replace(LEAVE, occurred_at=day(9))
    given(*LINDEN, left).when(FORGET_ANA).then_something()
    given(*LINDEN, left, FORGET_ANA).when(replace(GIVE, occurred_at=day(2))).rejects(Forgotten)


@pytest.mark.parametrize(
    "command",
    [
        GIVE,
        replace(GIVE, giver=BO, receiver=ANA),
        replace(GIVE, giver=BO, receiver=CIA, actor=ANA),
        replace(GIVE, occurred_at=day(2)),
        OFFER,
        replace(ASK, asker=ANA),
        replace(JOIN, name="Dag", invited_by=ANA),
        replace(RETURN, member=ANA),
        LEAVE,
        DESCRIBE,
        replace(INTRODUCE, introducer=BO, first=CIA, second=ANA),
        replace(INTRODUCE, introducer=ANA),
    ],
)
def test_who_is_forgotten_is_named_in_no_new_entry(command: c.Command) -> None:
    given(*FORGOTTEN).when(command).rejects(Forgotten, member=ANA)


def test_forgetting_ends_what_leaving_ends() -> None:
    offered = replace(OFFER, occurred_at=day(2))
    given(*LINDEN, offered, FORGET_ANA, c.Pause(member=BO)).when(BOOK).rejects(OutsideTheOffer)
    booked = replace(BOOK, booker=ANA, resource="r1", start=day(40), end=day(41))
    others = replace(offered, owner=CIA)
    again = replace(booked, booker=BO)
    given(*LINDEN, others, booked).when(again).rejects(Clash)
    given(*LINDEN, others, booked, FORGET_ANA).when(again).then_something()


def test_a_loan_comes_back_from_who_is_forgotten() -> None:
    lent = replace(LEND, borrower=ANA, occurred_at=day(3))
    offered = replace(OFFER, owner=CIA, occurred_at=day(2))
    given(*LINDEN, offered, lent, FORGET_ANA).when(RETURN_RESOURCE).then_something()


def test_a_note_is_about_the_others_of_an_entry() -> None:
    gift = replace(GIVE, occurred_at=day(3))
    (event,) = given(*LINDEN, gift, FORGET_ANA).when(replace(NOTE, target=5)).events()
    assert isinstance(event, e.NoteAdded)
    assert event.members == (BO,)


def test_a_name_that_someone_has_is_not_redacted() -> None:
    given(*LINDEN).when(replace(FORGET_ANA, redacted=(3,))).rejects(NameOfAnother, member=BO)
    given(*LINDEN).when(replace(FORGET_ANA, redacted=(9,))).rejects(UnknownId)
    renamed = c.Describe(member=BO, name="Bo Ek")
    given(*LINDEN, renamed).when(replace(FORGET_ANA, redacted=(3, 3))).then_something()


def test_who_is_forgotten_may_record_it_themselves() -> None:
    given(*LINDEN).when(replace(FORGET_ANA, actor=ANA)).then_something()


def test_others_go_on() -> None:
    given(*FORGOTTEN).when(replace(GIVE, giver=BO, receiver=CIA)).then_something()
    given(*FORGOTTEN).when(replace(FORGET_ANA, member=BO)).then_something()


# On the command line


@pytest.fixture
def told(kvarteret: Natverk) -> Natverk:
    """The small network, where Eva is invited for, written about, noted and renamed."""
    kvarteret.does("join", "Omar", "--invited-by", "Eva")
    kvarteret.does("describe", "Eva", "--contact", "eva@example.org")
    kvarteret.does("give", "Åsa", "Knut", "tack för Eva Linds hjälp")
    kvarteret.does("give", "Åsa", "Knut", "en bok av Eva")
    kvarteret.does("note", "9", "tre kvällar")
    kvarteret.does("offer", "Eva", "sy", "--kind", "service", "--category", "sömnad")
    return kvarteret


def states(natverk: Natverk, until: int) -> list[Any]:
    with closing(sqlite3.connect(natverk.path)) as connection:
        query = "SELECT * FROM stored_events WHERE originator_version <= ? ORDER BY 2"
        return connection.execute(query, (until,)).fetchall()


def faults(path: Path) -> list[TextFault]:
    database = Database.reading(path)
    try:
        return list(missing_texts(database))
    finally:
        database.close()


def test_words_go_and_counts_stay(told: Natverk) -> None:
    before, stored = told.rows("balance"), states(told, 15)
    told.does("forget", "Eva", "--yes")
    after = told.rows("balance")
    assert states(told, 15) == stored
    assert sorted((r["id"], r["given"], r["received"]) for r in before) == sorted(
        (r["id"], r["given"], r["received"]) for r in after
    )
    by_position = {row["position"]: row for row in told.rows("log", "-n", "0")}
    assert by_position[4]["name"] == by_position[9]["what"] == "[forgotten]"
    assert by_position[11]["contact"] == by_position[14]["text"] == "[forgotten]"
    assert by_position[10]["name"] == "Omar"
    assert by_position[12]["what"] == "tack för Eva Linds hjälp"
    members = {row["id"]: row for row in told.rows("members")}
    assert (members["m3"]["name"], members["m3"]["status"]) == ("[forgotten]", "forgotten")
    assert members["m5"]["name"] == "Omar"
    assert "[forgotten] (m3) gave Knut Hansson" in told.does("log")
    assert "[forgotten]" in told.does("show", "9")
    assert "[forgotten]" in told.does("statement", "m3")
    told.does("replay", "--compare")
    assert faults(told.path) == []


def test_what_mentions_the_name_is_listed_and_goes_when_asked(told: Natverk) -> None:
    dry = told("forget", "Eva", "--dry-run")
    assert dry.code == 0
    assert "5 texts about Eva Lind (m3) go" in dry.err
    assert "#12 mentions the name, and stays without --redact: “tack för Eva Linds" in dry.err
    assert "#13 may mean them, and stays without --also 13: “en bok av Eva”" in dry.err
    assert "Eva Lind" in told.does("members")
    (row,) = told.rows("forget", "Eva", "--redact", "--also", "13", "--yes")
    assert row["redacted"] == [12, 13]
    assert "Eva" not in told.does("log", "-n", "0")
    assert faults(told.path) == []


def test_a_dry_run_forgets_nobody(told: Natverk) -> None:
    exported = told.does("export", "--ndjson", "-")
    (row,) = told.rows("forget", "Eva", "--dry-run", "--redact")
    assert (row["type"], row["member"]) == ("member-forgotten", "m3")
    assert told.does("export", "--ndjson", "-") == exported


def test_the_name_of_someone_else_stays(told: Natverk) -> None:
    told.does("join", "Eva Linds orkester", "--organisation")
    result = told("forget", "Eva Lind", "--redact", "--yes")
    assert "#16 is the name of someone else, and stays" in result.err
    assert "Eva Linds orkester" in told.does("members")


def test_who_records_is_told_to_say_so_anew(told: Natverk) -> None:
    told.does("me", "Eva")
    result = told("forget", "Eva", "--yes")
    assert result.code == 0
    assert "natverk me WHO" in result.err
    assert "has been forgotten" in told.refuses("give", "Åsa", "Knut")
    told.does("me", "Åsa")
    told.does("give", "Åsa", "Knut")


def test_coming_bookings_end_and_it_is_said(told: Natverk) -> None:
    told.does("book", "lastcykel", "Eva", "--from", "2026-12-01", "--to", "2026-12-02")
    assert "booking b1 ends with it" in told("forget", "Eva", "--yes").err


def test_a_category_takes_the_place_of_words_that_went(told: Natverk) -> None:
    told.does("forget", "Eva", "--yes")
    assert told("show", "15").code == 0
    names = Database.reading(told.path)
    assert names.select("SELECT folded FROM names WHERE thing = 'r3'") == [("somnad",)]
    names.close()


def test_someone_else_with_the_same_name_may_join(told: Natverk) -> None:
    told.does("forget", "Eva", "--yes")
    (row,) = told.rows("join", "Eva Lind")
    assert row["member"] == "m6"
    told.does("replay", "--compare")


def test_who_was_never_to_join_is_forgotten_too(told: Natverk) -> None:
    told.does("join", "Hemliga Person")
    told.does("undo")
    backup = told.does("export", "--ndjson", "-")
    assert "Hemliga Person" in told("forget", "m6", "--dry-run").err
    told.does("forget", "m6", "--yes")
    data = b"".join(path.read_bytes() for path in Path().glob("natverk.db*"))
    assert b"Hemliga" not in data
    assert restored(told, backup)["forgotten"] == 1
    assert b"Hemliga" not in Path("copy.db").read_bytes()
    assert apply(told)["already"] == 1
    assert faults(told.path) == []
    told.does("replay", "--compare")


def test_more_texts_of_others_can_go_later(told: Natverk) -> None:
    backup = told.does("export", "--ndjson", "-")
    told.does("forget", "Eva", "--yes")
    before = {row["id"]: row for row in told.rows("members")}["m3"]
    told.does("forgotten", "export", "first.json")
    told.clock.advance(days=1)
    (row,) = told.rows("forget", "m3", "--also", "12", "--yes")
    assert (row["type"], row["redacted"]) == ("member-forgotten", [12])
    assert {row["id"]: row for row in told.rows("members")}["m3"] == before
    assert "by #16" in told.refuses("forget", "m3", "--also", "12", "--yes")
    told.does("replay", "--compare")
    assert faults(told.path) == []
    take_in(told, backup)
    told.does("--ledger", "copy.db", "forgotten", "apply", "first.json")
    assert "tack för" in told.does("--ledger", "copy.db", "export", "--ndjson", "-")
    told.does("forgotten", "export", "forgotten.json")
    assert len(json.loads(Path("forgotten.json").read_text())["people"]) == 1
    assert apply(told)["again"] == 1
    assert "tack för" not in told.does("--ledger", "copy.db", "export", "--ndjson", "-")
    assert apply(told)["already"] == 1
    assert faults(Path("copy.db")) == []


def test_what_was_taken_back_has_its_name_until_it_is_forgotten(told: Natverk) -> None:
    told.does("join", "Lo Falk")
    told.does("give", "Lo", "Knut", "te")
    told.does("undo")
    told.does("undo", "16")
    assert "Lo Falk gave Knut" in told.does("log")
    told.does("forget", "m6", "--yes")
    assert "[forgotten] (m6) gave" in told.does("log")


# Tables that come again


@pytest.fixture
def imported(kvarteret: Natverk) -> Natverk:
    """Gifts of Eva's from a table, one with an id; and a table of members with her in it."""
    Path("gifts.csv").write_text(
        "giver,receiver,what,at,id\nEva Lind,Knut Hansson,te,2026-11-01,\n"
        "Eva Lind,Omar,saft,2026-11-01,x7\n",
        encoding="utf-8",
    )
    kvarteret.does("import", "gifts", "gifts.csv", "--join-unknown")
    return kvarteret


def test_a_table_that_comes_again_brings_nobody_back(imported: Natverk) -> None:
    imported.does("forget", "Eva", "--yes")
    head = imported.rows("log")[0]["position"]
    again = imported.rows("import", "gifts", "gifts.csv", "--join-unknown")
    assert (again["new"], again["seen"], again["joined"]) == (0, 2, 0)
    Path("more.csv").write_text("giver,receiver,what\nEva Lind,Knut Hansson,kaffe\n")
    more = imported.rows("import", "gifts", "more.csv", "--join-unknown")
    assert (more["new"], more["joined"], more["rejected"]) == (0, 0, 1)
    assert "has been forgotten" in more["errors"][0]["reason"]
    Path("members.csv").write_text("name\nEVA LIND\n")
    back = imported.rows("import", "members", "members.csv")
    assert (back["new"], back["rejected"]) == (0, 1)
    assert imported.rows("log")[0]["position"] == head


# Copies


def take_in(natverk: Natverk, lines: str) -> None:
    natverk.does("--ledger", "copy.db", "import", "events", "-", stdin=lines)


def test_a_ledger_with_someone_forgotten_goes_out_and_in(told: Natverk) -> None:
    told.does("give", "Eva", "Åsa", "te", "--id", "evas te")
    told.does("forget", "Eva", "--redact", "--yes")
    lines = told.does("export", "--ndjson", "-")
    take_in(told, lines)
    assert told.does("--ledger", "copy.db", "export", "--ndjson", "-") == lines
    assert faults(Path("copy.db")) == []
    assert told("--ledger", "copy.db", "replay", "--compare").code == 0


def test_an_older_copy_forgets_when_the_entry_comes_in(told: Natverk) -> None:
    take_in(told, told.does("export", "--ndjson", "-"))
    assert "Eva" in told.does("--ledger", "copy.db", "members")
    told.does("forget", "Eva", "--redact", "--yes")
    lines = told.does("export", "--ndjson", "-")
    take_in(told, lines)
    assert told.does("--ledger", "copy.db", "export", "--ndjson", "-") == lines
    assert faults(Path("copy.db")) == []
    data = b"".join(path.read_bytes() for path in Path().glob("copy.db*"))
    assert b"Eva Lind" not in data
    assert b"eva@example.org" not in data


def test_the_keys_of_an_older_export_come_in_hashed(told: Natverk) -> None:
    told.does("give", "Åsa", "Knut", "te", "--id", "åsas te")
    lines = told.does("export", "--ndjson", "-").splitlines()
    (at,) = (number for number, line in enumerate(lines) if '"given"' in line)
    key = json.loads(lines[at])
    key["key"] |= {"namespace": "request", "key": "åsas te".encode().hex()}
    older = "\n".join([*lines[:at], json.dumps(key), *lines[at + 1 :]]) + "\n"
    take_in(told, older)
    again = told("--ledger", "copy.db", "give", "Åsa", "Knut", "te", "--id", "åsas te")
    assert "already recorded" in again.err
    assert "åsas te".encode() not in Path("copy.db").read_bytes()


def test_a_copy_that_someone_reads_says_that_traces_stay(
    told: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(told, told.does("export", "--ndjson", "-"))
    told.does("forget", "Eva", "--redact", "--yes")
    monkeypatch.setattr("ledger.ledger.ERASING_SECONDS", 0)
    reader = Database.reading("copy.db")
    reader.head()
    lines = told.does("export", "--ndjson", "-")
    result = told("--ledger", "copy.db", "import", "events", "-", stdin=lines)
    assert (result.code, "1 new entry" in result.out) == (1, True)
    assert "traces stay" in result.err
    waiting = told("--ledger", "copy.db", "give", "Åsa", "Knut")
    assert waiting.code == 0
    assert "leave traces" in waiting.err
    reader.close()
    told.does("--ledger", "copy.db", "give", "Åsa", "Knut")
    data = b"".join(path.read_bytes() for path in Path().glob("copy.db*"))
    assert b"Eva Lind" not in data


def test_an_entry_that_takes_texts_to_come_is_refused(told: Natverk) -> None:
    told.does("forget", "Eva", "--also", "12", "--yes")
    lines = told.does("export", "--ndjson", "-").replace(
        '\\"redacted\\":[12]', '\\"redacted\\":[16]'
    )
    refused = told("--ledger", "copy.db", "import", "events", "-", stdin=lines)
    assert refused.code == 2
    assert "texts of entries to come" in refused.err


# The list for backups


def restored(natverk: Natverk, lines: str) -> dict[str, int]:
    """Take a backup in and apply the list to it; what came of it."""
    Path("copy.db").unlink(missing_ok=True)
    natverk.does("forgotten", "export", "forgotten.json")
    take_in(natverk, lines)
    return apply(natverk)


def apply(natverk: Natverk) -> dict[str, int]:
    answer: dict[str, int] = natverk.rows(
        "--ledger", "copy.db", "forgotten", "apply", "forgotten.json"
    )
    return answer


def test_a_restored_backup_forgets_and_a_second_time_nothing(told: Natverk) -> None:
    backup = told.does("export", "--ndjson", "-")
    told.does("forget", "Eva", "--redact", "--yes")
    assert restored(told, backup) == {"forgotten": 1, "again": 0, "already": 0, "unknown": 0}
    text = Path("forgotten.json").read_text()
    assert "Eva" not in text
    assert "tack" not in text
    after = told.does("--ledger", "copy.db", "export", "--ndjson", "-")
    assert b"Eva Lind" not in Path("copy.db").read_bytes()
    assert "tack för" not in after
    assert faults(Path("copy.db")) == []
    assert apply(told) == {"forgotten": 0, "again": 0, "already": 1, "unknown": 0}
    assert told.does("--ledger", "copy.db", "export", "--ndjson", "-") == after
    assert told("--ledger", "copy.db", "replay", "--compare").code == 0


def test_a_backup_that_went_its_own_way_forgets_the_right_one(told: Natverk) -> None:
    backup = told.does("export", "--ndjson", "-")
    told.does("join", "Nils")
    told.does("forget", "Nils", "--yes")
    told.does("forgotten", "export", "forgotten.json")
    take_in(told, backup)
    told.does("--ledger", "copy.db", "join", "Maja")
    assert apply(told) == {"forgotten": 0, "again": 0, "already": 0, "unknown": 1}
    assert "Maja" in told.does("--ledger", "copy.db", "members")


def test_texts_that_came_back_are_erased_again(told: Natverk) -> None:
    told.does("forget", "Eva", "--yes")
    told.does("forgotten", "export", "forgotten.json")
    Path("copy.db").write_bytes(told.path.read_bytes())
    with closing(sqlite3.connect("copy.db")) as connection:
        connection.execute(
            "INSERT INTO texts (position, field, salt, text) VALUES (4, 'name', x'00', 'Eva Lind')"
        )
        connection.commit()
    assert [fault.fault for fault in faults(Path("copy.db"))] == ["not-erased"]
    assert apply(told)["again"] == 1
    assert faults(Path("copy.db")) == []


# What is held about someone


def test_a_member_gets_everything_held_about_them(told: Natverk) -> None:
    told.does("give", "Åsa", "Café", "bröd", "--recorded-by", "Eva")
    told.does("export", "--about", "Eva", "eva.json")
    held = json.loads(Path("eva.json").read_text(encoding="utf-8"))
    assert Path("eva.json").stat().st_mode & 0o777 == 0o600
    assert (held["id"], held["position"], held["keys"]) == ("m3", 16, 0)
    assert [row["position"] for row in held["entries"]] == [4, 9, 10, 11, 14, 15]
    assert held["recorded"] == [16]
    assert held["names"] == {"m2": "Knut Hansson", "m3": "Eva Lind", "m5": "Omar"}
    assert held["statement"][0]["contact"] == "eva@example.org"
    assert held == json.loads(told.does("export", "--about", "Eva", "-"))
    assert "tack" not in Path("eva.json").read_text(encoding="utf-8")


def test_of_who_is_forgotten_nothing_is_left_to_hand_out(told: Natverk) -> None:
    told.does("forget", "Eva", "--yes")
    held = json.loads(told.does("export", "--about", "m3", "-"))
    assert "Eva" not in json.dumps(held)
    assert held["statement"][0]["name"] == "[forgotten]"


# What an audit finds


def tampered(natverk: Natverk, statement: str) -> list[tuple[int, str, str]]:
    with closing(sqlite3.connect(natverk.path)) as connection:
        connection.execute(statement)
        connection.commit()
    return [(each.position, each.field, each.fault) for each in faults(natverk.path)]


def added(position: int, field: str) -> str:
    return (
        "INSERT INTO texts (position, field, salt, text)"
        f" VALUES ({position}, '{field}', x'00', 'hej')"
    )


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM texts WHERE position = 12", (12, "what", "missing")),
        ("DELETE FROM texts WHERE position = 1 AND field = 'idea'", (1, "idea", "missing")),
        ("UPDATE texts SET text = text || '.' WHERE position = 12", (12, "what", "altered")),
        ("UPDATE texts SET salt = zeroblob(16) WHERE position = 12", (12, "what", "altered")),
        ("UPDATE texts SET text = CAST(text AS BLOB) WHERE position = 3", (3, "name", "altered")),
        (added(12, "text"), (12, "text", "unknown")),
        (added(12, "what"), (12, "what", "unknown")),
        (added(0, "what"), (0, "what", "unknown")),
        (added(99, "what"), (99, "what", "unknown")),
        (added(9, "what"), (9, "what", "not-erased")),
    ],
)
def test_each_thing_wrong_with_a_text_is_found(
    told: Natverk, statement: str, found: tuple[int, str, str]
) -> None:
    told.does("forget", "Eva", "--yes")
    assert tampered(told, statement) == [found]


def test_a_copy_without_personal_texts_lacks_none(told: Natverk) -> None:
    take_in(told, told.does("export", "--ndjson", "-", "--without-personal"))
    database = Database.reading("copy.db")
    assert list(missing_texts(database, personal=False)) == []
    assert {fault.fault for fault in missing_texts(database)} == {"missing"}
    database.close()
    told.does("--ledger", "copy.db", "forget", "m3", "--yes")


# The words that are looked for


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("ÖDLA förstberg var här", True),
        ("Ödla Förstbergs bok", True),
        ("hos Ödla  Förstberg.", True),
        ("Ödla kom", False),
        ("Förstberg", False),
        ("Ödla och Förstberg", False),
    ],
)
def test_a_whole_name_is_found_however_it_is_written(
    natverk: Natverk, text: str, mentioned: bool
) -> None:
    natverk.does("init", "X", "--idea", "y")
    for name in ("Ödla Förstberg", "Bo"):
        natverk.does("join", name)
    natverk.does("give", "Bo", "everyone", text)
    said = natverk("forget", "Ödla", "--dry-run").err
    assert ("#4 mentions the name" in said) == mentioned
    assert ("#4 may mean them" in said) == (not mentioned)
