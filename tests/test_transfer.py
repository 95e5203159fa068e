"""`natverk export` and `natverk import events`: the ledger itself, out and in again."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk, Result

Lines = list[dict[str, Any]]


@pytest.fixture
def busy(kvarteret: Natverk) -> Natverk:
    """The small network with a rename, a key that recorded nothing, and a name used twice."""
    kvarteret.does("describe", "Eva", "--name", "Eva Lindgren")
    kvarteret.does("pause", "Eva", "--id", "k1")
    kvarteret.does("pause", "Eva", "--id", "k2")
    kvarteret.does("offer", "Eva", "eva lindgren", "--kind", "other")
    kvarteret.does("ask", "Åsa", "--kind", "other", "--category", "te")
    kvarteret.does("note", "9", "tre kvällar\ni rad")
    return kvarteret


def exported(natverk: Natverk, *options: str) -> str:
    return natverk.does("export", "--ndjson", "-", *options)


def take_in(natverk: Natverk, lines: str, path: str = "copy.db") -> Result:
    return natverk("--ledger", path, "import", "events", "-", stdin=lines)


def changed(text: str, change: Callable[[Lines], None]) -> str:
    lines = [json.loads(line) for line in text.splitlines()]
    change(lines)
    return "".join(json.dumps(line) + "\n" for line in lines)


def is_sound(natverk: Natverk, path: str = "copy.db") -> bool:
    return natverk("--ledger", path, "replay", "--compare").code == 0


def test_a_copy_is_the_same_byte_for_byte(busy: Natverk) -> None:
    lines = exported(busy)
    result = take_in(busy, lines)
    assert (result.code, result.err) == (0, "")
    assert "14 new entries, 0 seen before" in result.out
    assert exported(busy, "--ledger", "copy.db") == lines
    assert is_sound(busy)
    for question in ("log", "members", "asks", "resources"):
        assert busy.does("--ledger", "copy.db", question) == busy.does(question)
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600


def test_the_stored_bytes_are_in_the_export_as_they_are(busy: Natverk) -> None:
    with closing(sqlite3.connect(busy.path)) as connection:
        states = [
            bytes(state) for (state,) in connection.execute("SELECT state FROM stored_events")
        ]
    lines = [json.loads(line) for line in exported(busy).splitlines()]
    assert [line["state"].encode() for line in lines if "state" in line] == states
    assert lines[0]["natverk"] == 1
    assert lines[-1] == {"end": {"entries": 14, "keys": 2}}


def test_nothing_in_an_export_disturbs_a_terminal(busy: Natverk) -> None:
    with closing(sqlite3.connect(busy.path)) as connection:
        connection.execute("UPDATE texts SET text = text || ?", ("\u202e\x9b",))
        connection.commit()
    lines = exported(busy)
    assert all(c.isprintable() or c == "\n" for c in lines)
    assert "tre kvällar\\ni rad\\u202e\\u009b" in lines


def test_a_copy_remembers_the_keys_of_requests(busy: Natverk) -> None:
    take_in(busy, exported(busy))
    again = busy("--ledger", "copy.db", "pause", "Eva", "--id", "k1")
    assert again.code == 0
    assert "already recorded" in again.err


def test_names_lead_to_the_same_members_in_a_copy(busy: Natverk) -> None:
    take_in(busy, exported(busy))
    assert busy.does("--ledger", "copy.db", "log", "--member", "eva lindgren") != ""
    assert busy("--ledger", "copy.db", "log", "--member", "eva lind ").code == 0


def test_a_ledger_goes_on_with_the_entries_that_it_lacks(busy: Natverk) -> None:
    take_in(busy, exported(busy))
    busy.does("give", "Åsa", "Knut", "soup")
    lines = exported(busy)
    assert "1 new entry, 14 seen before" in take_in(busy, lines).out
    assert "0 new entries, 15 seen before" in take_in(busy, lines).out
    assert exported(busy, "--ledger", "copy.db") == lines
    assert is_sound(busy)


def test_the_answer_of_an_import_as_json(busy: Natverk) -> None:
    lines = exported(busy)
    answer = busy.rows("--ledger", "copy.db", "import", "events", "-", stdin=lines)
    assert answer == {"new": 14, "seen": 0, "position": 14}


def test_without_personal_texts_no_words_are_left(busy: Natverk) -> None:
    lines = exported(busy, "--without-personal")
    for word in ("Linden", "sa Öberg", "sa \\u", "Knut", "lastcykel", "kvällar", "secret"):
        assert word not in lines
    result = take_in(busy, lines)
    assert result.code == 0
    assert "[forgotten]" in result.err
    assert is_sound(busy)
    assert exported(busy, "--ledger", "copy.db", "--without-personal") == lines
    assert {row["name"] for row in busy.rows("--ledger", "copy.db", "members")} == {"[forgotten]"}
    log = busy.does("--ledger", "copy.db", "log")
    assert "Knut" not in log
    counts = [(row["id"], row["given"]) for row in busy.rows("balance")]
    copied = busy.rows("--ledger", "copy.db", "balance")
    assert sorted((row["id"], row["given"]) for row in copied) == sorted(counts)


def test_a_commitment_is_never_taken_for_a_name(busy: Natverk) -> None:
    take_in(busy, exported(busy, "--without-personal"))
    with closing(sqlite3.connect("copy.db")) as connection:
        names = connection.execute("SELECT thing, folded FROM names").fetchall()
    assert names == [("a2", "te")]  # a category is no personal text


@pytest.mark.file
def test_an_export_with_and_one_without_texts_do_not_mix(busy: Natverk) -> None:
    take_in(busy, exported(busy, "--without-personal"))
    busy.does("give", "Åsa", "Knut", "soup")
    assert "was made without" in take_in(busy, exported(busy)).err
    refused = take_in(busy, exported(busy, "--without-personal"), path="natverk.db")
    assert refused.code == 1
    assert "was made without" in refused.err


def test_an_export_into_a_file_is_whole_and_private(busy: Natverk) -> None:
    result = busy("export", "--ndjson", "out.ndjson")
    assert (result.code, result.out) == (0, "")
    assert Path("out.ndjson").read_text(encoding="utf-8") == exported(busy)
    assert Path("out.ndjson").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in Path().iterdir() if "out" in path.name) == ["out.ndjson"]


def test_a_gzipped_export_is_read(busy: Natverk) -> None:
    Path("out.ndjson.gz").write_bytes(gzip.compress(exported(busy).encode()))
    busy.does("--ledger", "copy.db", "import", "events", "out.ndjson.gz")
    assert is_sound(busy)


@pytest.mark.file
def test_an_export_never_overwrites_the_ledger(busy: Natverk) -> None:
    result = busy("export", "--ndjson", "./natverk.db")
    assert result.code == 1
    assert "is the ledger itself" in result.err
    assert is_sound(busy, "natverk.db")


@pytest.mark.parametrize("target", ["none/out.ndjson", "."])
def test_an_export_to_where_nothing_can_be_written_says_so(busy: Natverk, target: str) -> None:
    result = busy("export", "--ndjson", target)
    assert (result.code, result.out) == (1, "")
    assert "cannot be written" in result.err


def test_events_or_tables_but_one_of_them(busy: Natverk) -> None:
    assert busy("export").code == 2
    assert busy("export", "--ndjson", "-", "--csv", "tables").code == 2


# What is refused


def replaced(old: str, new: str) -> Callable[[Lines], None]:
    """A change of the stored bytes of entry 9, the gift."""

    def change(lines: Lines) -> None:
        assert old in lines[9]["state"]
        lines[9]["state"] = lines[9]["state"].replace(old, new)

    return change


def put(line: int, **fields: Any) -> Callable[[Lines], None]:
    return lambda lines: lines[line].update(fields)


def text_of_4(**fields: Any) -> Callable[[Lines], None]:
    return lambda lines: lines[4]["texts"][0].update(fields)


BROKEN: dict[str, tuple[Callable[[Lines], None], str]] = {
    "a member that is a number": (replaced('"m3"', "7"), "line 10: "),
    "another type": (put(9, type="ask-made"), "the type inside differs"),
    "a type nobody knows": (put(9, type="gift-lost"), "unknown type"),
    "recorded earlier": (replaced('"recorded_at":"2026', '"recorded_at":"2025'), "recorded before"),
    "an entry left out": (lambda lines: lines.pop(5), "entry 6 stands where 5 should"),
    "an entry twice": (lambda lines: lines.insert(5, lines[5]), "entry 5 stands where 6 should"),
    "another text": (text_of_4(text="Eve Lind"), "not the one that was recorded"),
    "another salt": (text_of_4(salt="00" * 16), "not the one that was recorded"),
    "a salt that is none": (text_of_4(salt="zz"), "not the one that was recorded"),
    "a text for no field": (text_of_4(field="type"), "a text is not written as one"),
    "half a character": (text_of_4(text="\ud800"), "half a character"),
    "a text twice": (lambda lines: lines[4]["texts"].append(lines[4]["texts"][0]), "a text is not"),
    "a state that is no text": (put(9, state=7), "this is not an entry"),
    "a field too many": (put(9, more=1), "this is not an entry"),
    "a position that is true": (put(1, position=True), "this is not an entry"),
    "a list": (lambda lines: lines.__setitem__(9, [1]), "not an object"),  # type: ignore[call-overload]
    "a wrong count": (lambda lines: lines[-1]["end"].update(entries=7), "as many lines as it says"),
    "more after the end": (lambda lines: lines.append({}), "goes on after its end"),
    "a key of entries to come": (
        lambda lines: lines[-2]["key"].update(positions=[99]),
        "of entries that are not there",
    ),
    "founded twice": (
        lambda lines: lines[9].update(type=lines[1]["type"], state=lines[1]["state"]),
        "founded once",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_export_is_refused_and_leaves_nothing(busy: Natverk, what: str) -> None:
    change, message = BROKEN[what]
    result = take_in(busy, changed(exported(busy), change))
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert not list(Path().glob("copy.db*"))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "it is empty"),
        ("a,b\n1,2\n", "this is not JSON"),
        ("[]\n", "not an object"),
        ('{"natverk": 1}\n', "of which network"),
        ('{"position": 1}\n', "does not say so"),
        ('{"natverk": 2}\n', "format 2, this natverk knows 1"),
        ('{"natverk": NaN}\n', "NaN is not a value"),
        ("[" * 100_000 + "\n", "not JSON"),
        ('{"natverk": 1, "natverk": 1}\n', "a key stands twice"),
    ],
)
def test_what_is_no_export_is_refused(busy: Natverk, lines: str, message: str) -> None:
    result = take_in(busy, lines)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert not Path("copy.db").exists()


def test_a_key_that_stands_twice_in_a_line_is_refused(busy: Natverk) -> None:
    lines = exported(busy).replace('"position":4,', '"position":4,"position":4,')
    result = take_in(busy, lines)
    assert result.code == 2
    assert "line 5: a key stands twice" in result.err


@pytest.mark.parametrize("left", [1, 5, 13, 14])
def test_an_export_that_breaks_off_is_noticed(busy: Natverk, left: int) -> None:
    lines = "".join(exported(busy).splitlines(keepends=True)[:left])
    result = take_in(busy, lines)
    assert result.code == 2
    assert f"breaks off after line {left}" in result.err
    assert not Path("copy.db").exists()


def test_a_line_longer_than_any_entry_is_refused_in_bounded_memory(busy: Natverk) -> None:
    lines = exported(busy).replace("Knut Hansson", "K" * 3_000_000)
    result = take_in(busy, lines)
    assert result.code == 2
    assert "line too long" in result.err


def test_the_export_of_another_network_is_refused(busy: Natverk) -> None:
    lines = exported(busy)
    busy.does("--ledger", "other.db", "init", "Annat", "--idea", "annat")
    before = exported(busy, "--ledger", "other.db")
    result = take_in(busy, lines, path="other.db")
    assert result.code == 1
    assert "of another network" in result.err
    assert exported(busy, "--ledger", "other.db") == before


def test_a_ledger_that_went_its_own_way_is_not_continued(busy: Natverk) -> None:
    take_in(busy, exported(busy))
    busy.does("--ledger", "copy.db", "give", "Åsa", "Knut", "bread")
    busy.does("give", "Åsa", "Knut", "soup")
    result = take_in(busy, exported(busy))
    assert result.code == 1
    assert "not the same any more from #15 on" in result.err


@pytest.mark.file
def test_an_older_export_of_the_same_ledger_adds_nothing(busy: Natverk) -> None:
    lines = exported(busy)
    busy.does("give", "Åsa", "Knut", "soup")
    assert "0 new entries, 14 seen before" in take_in(busy, lines, path="natverk.db").out


def test_an_interrupted_import_is_completed_by_running_it_again(
    busy: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = exported(busy)
    with monkeypatch.context() as patch:
        patch.setattr("ledger.intake.BATCH", 4)
        part = "".join(lines.splitlines(keepends=True)[:11])
        assert take_in(busy, part).code == 2
    assert is_sound(busy)
    assert "6 new entries, 8 seen before" in take_in(busy, lines).out
    assert exported(busy, "--ledger", "copy.db") == lines
    assert is_sound(busy)


def test_a_file_that_is_not_there_is_told(busy: Natverk) -> None:
    result = busy("--ledger", "copy.db", "import", "events", "none.ndjson")
    assert result.code == 2
    assert not Path("copy.db").exists()


# Tables for spreadsheets


def tables(natverk: Natverk, *options: str) -> dict[str, list[dict[str, str]]]:
    natverk.does("export", "--csv", "tables", *options)
    read = {}
    for path in Path("tables").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        read[path.name] = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return read


def test_tables_for_a_spreadsheet_hold_what_the_questions_answer(busy: Natverk) -> None:
    read = tables(busy)
    names = ("asks", "balances", "entries", "gifts", "initiatives", "introductions")
    names += ("members", "resources")
    assert sorted(read) == [f"{name}.csv" for name in names]
    assert [row["name"] for row in read["members.csv"]] == [
        row["name"] for row in busy.rows("members")
    ]
    (gift,) = read["gifts.csv"]
    assert (gift["giver"], gift["giver_name"]) == ("m3", "Eva Lindgren")
    assert (gift["quantity"], gift["unit"], gift["what"]) == ("2", "hour", "bookkeeping")
    assert [row["position"] for row in read["entries.csv"]] == [str(n) for n in range(1, 15)]
    (hours,) = [row for row in read["balances.csv"] if (row["id"], row["unit"]) == ("m3", "hour")]
    assert (hours["name"], hours["given"], hours["received"]) == ("Eva Lindgren", "2", "0")


def test_a_text_that_looks_like_a_formula_is_none_in_a_spreadsheet(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Åsa", "Knut", '=HYPERLINK("x","y")')
    kvarteret.does("note", "9", 'two\nlines, with “quotes” and "more"')
    read = tables(kvarteret)
    assert read["gifts.csv"][-1]["what"] == '\'=HYPERLINK("x","y")'
    assert read["entries.csv"][-1]["text"] == 'two\nlines, with “quotes” and "more"'


def test_tables_without_personal_texts_have_no_words(busy: Natverk) -> None:
    read = tables(busy, "--without-personal")
    assert "name" not in read["members.csv"][0]
    everything = "".join(path.read_text(encoding="utf-8") for path in Path("tables").iterdir())
    for word in ("Linden", "Öberg", "Knut", "lastcykel", "kvällar", "bookkeeping"):
        assert word not in everything
