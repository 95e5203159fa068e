"""A damaged ledger: what can be read of it is saved, what is lost is named, nothing is changed.

Every damage is done to a copy of the same ledger, at places drawn from a seed: 60 here,
2,000 by `make torture`.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from nobody import as_nobody, open_to_all
from older import LOG_INDEX, with_index_of_log

from ledger.areas import EVERY_TYPE
from ledger.pages import table_rows
from ledger.salvage import NothingToSave, readable

pytestmark = pytest.mark.file

PAGE = 4096
GIFTS = 250
WHOLE = GIFTS + 9  # entries
Damage = Callable[[bytearray, random.Random], None]


@pytest.fixture
def lived(kvarteret: Natverk) -> Natverk:
    """The small network with some hundred gifts, in one file."""
    rows = "".join(f"Eva Lind,Knut Hansson,2026-10-28,tjänst {n}\n" for n in range(GIFTS))
    said = kvarteret.does("import", "gifts", "-", stdin="giver,receiver,at,what\n" + rows)
    assert f"{GIFTS} rows recorded" in said
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    return kvarteret


def entries_of(path: Path) -> dict[int, tuple[str, str]]:
    """The entries in an export, by position."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {line["position"]: (line["type"], line["state"]) for line in lines if "state" in line}


def lost_in(path: Path) -> list[int]:
    with path.open(encoding="utf-8") as lines:
        header = json.loads(next(lines))
    return [at for first, last in header.get("lost", []) for at in range(first, last + 1)]


def pages_of(path: Path, name: str) -> Iterator[int]:
    """The pages of a table or an index, by number from 0."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (name,)).fetchall()
    yield from (number - 1 for (number,) in found)


def damage(path: Path, *pages: int, by: bytes = b"\xff") -> bytes:
    """Overwrite whole pages; the bytes of the file afterwards."""
    content = bytearray(path.read_bytes())
    for page in pages:
        content[page * PAGE : (page + 1) * PAGE] = by * PAGE
    path.write_bytes(content)
    return bytes(content)


def behind_its_back(path: Path, change: str) -> None:
    """Change the log as somebody else would, who takes away what guards it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for trigger in ("no_update", "no_delete", "no_gap"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(change)


def texts_of(path: Path) -> dict[int, list[str]]:
    """The personal texts in an export, by position."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {x["position"]: [each["text"] for each in x["texts"]] for x in lines if "texts" in x}


def fails(natverk: Natverk, *arguments: str) -> str:
    """What a command says that ends with 4, in one line and a hint."""
    result = natverk(*arguments)
    assert result.code == 4, result.err
    *notes, error, hint = result.err.splitlines()
    assert error.startswith("natverk: error: ")
    assert hint.startswith("natverk: hint: ")
    assert notes in ([], ["some personal texts or keys are lost, too"])
    return error


# Known damage


def test_entries_on_a_broken_page_are_lost_and_the_others_are_saved(lived: Natverk) -> None:
    lived.does("export", "--ndjson", "whole.ndjson")
    whole = entries_of(Path("whole.ndjson"))
    leaf = list(pages_of(lived.path, "stored_events"))[-3]
    with_damage = damage(lived.path, leaf)

    error = fails(lived, "export", "--ndjson", "saved.ndjson")

    saved, lost = entries_of(Path("saved.ndjson")), lost_in(Path("saved.ndjson"))
    assert 0 < len(lost) < 30
    assert f"#{lost[0]}-{lost[-1]} cannot be read any more" in error
    assert saved == {at: entry for at, entry in whole.items() if at not in lost}
    assert lived.path.read_bytes() == with_damage


def test_verify_counts_what_can_still_be_read(lived: Natverk) -> None:
    damage(lived.path, list(pages_of(lived.path, "stored_events"))[-3])
    lived("export", "--ndjson", "saved.ndjson")
    lost, read = lost_in(Path("saved.ndjson")), entries_of(Path("saved.ndjson"))

    told, row = lived("verify"), lived("verify", "--json")

    assert told.code == row.code == 1
    assert told.out.endswith(f"\n{len(read)} entries can still be read; {len(lost)} are lost\n")
    assert f"the entries from #{lost[0]} to #{lost[-1]} cannot be read" in told.out
    assert row.json()["readable"] == len(read)


def test_verify_says_that_nothing_is_lost_with_an_index(lived: Natverk) -> None:
    with_index_of_log(lived.path)
    damage(lived.path, *pages_of(lived.path, LOG_INDEX))
    told = lived("verify").out
    assert told.endswith(f"\n{WHOLE} entries can still be read; none is known to be lost\n")


def test_verify_of_a_ledger_without_its_start_says_what_is_left(lived: Natverk) -> None:
    lived.path.write_bytes(b"\xff" * 50 + lived.path.read_bytes()[50:])
    told = lived("verify")
    assert told.code == 1
    assert "or is one no more" in told.out
    assert told.out.endswith(f"\n{WHOLE} entries can still be read; none is known to be lost\n")


def test_verify_of_a_ledger_with_nothing_left_does_not_send_on_to_an_export(
    lived: Natverk,
) -> None:
    lived.path.write_bytes(lived.path.read_bytes()[: PAGE + 100])
    assert "no entry in it can be read" in fails(lived, "verify")


def test_nothing_is_lost_with_an_index(lived: Natverk) -> None:
    lived.does("export", "--ndjson", "whole.ndjson")
    with_index_of_log(lived.path)
    damage(lived.path, *pages_of(lived.path, LOG_INDEX))
    assert "every entry could be read" in fails(lived, "export", "--ndjson", "saved.ndjson")
    assert Path("saved.ndjson").read_text() == Path("whole.ndjson").read_text()


def test_nothing_is_lost_with_the_way_to_the_pages(lived: Natverk) -> None:
    lived.does("export", "--ndjson", "whole.ndjson")
    root = next(pages_of(lived.path, "stored_events"))
    damage(lived.path, root)
    assert "every entry could be read" in fails(lived, "export", "--ndjson", "saved.ndjson")
    assert Path("saved.ndjson").read_text() == Path("whole.ndjson").read_text()


def test_the_entries_are_saved_without_the_first_page(lived: Natverk) -> None:
    """Without it SQLite sees no database, so the personal texts cannot be told from erased ones."""
    lived.does("export", "--ndjson", "whole.ndjson", "--without-personal")
    damage(lived.path, 0, by=b"\0")
    assert "its secret is lost" in fails(lived, "export", "--ndjson", "saved.ndjson")
    assert not Path("saved.ndjson").exists()
    saved = ("export", "--ndjson", "saved.ndjson", "--without-personal")
    assert "every entry could be read" in fails(lived, *saved)
    assert Path("saved.ndjson").read_text() == Path("whole.ndjson").read_text()


def test_what_is_only_in_the_write_ahead_log_is_saved_too(lived: Natverk) -> None:
    reader = sqlite3.connect(lived.path)
    reader.execute("PRAGMA journal_mode = WAL")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM progress").fetchall()
    lived.does("give", "Eva", "Knut", "kaffe")
    leaf = list(pages_of(lived.path, "stored_events"))[-3]
    damage(lived.path, leaf)
    fails(lived, "export", "--ndjson", "saved.ndjson")
    reader.close()
    assert max(entries_of(Path("saved.ndjson"))) == WHOLE + 1


def test_a_broken_ledger_that_may_only_be_read_is_saved(lived: Natverk) -> None:
    with closing(sqlite3.connect(lived.path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    leaf = list(pages_of(lived.path, "stored_events"))[-3]
    damage(lived.path, leaf)
    with open_to_all() as folder:
        path = Path(shutil.copy(lived.path, folder / "natverk.db"))
        path.chmod(0o444)
        folder.chmod(0o555)
        with as_nobody():
            read = readable(path)
        with closing(read.database):
            [[first, last]] = read.lost
            assert len(list(read.database.entries())) == WHOLE - (last - first + 1)
            assert read.database.select("SELECT count(*) FROM texts")[0][0] > GIFTS / 2
        assert [each.name for each in folder.iterdir()] == ["natverk.db"]


def test_the_texts_of_a_correction_are_saved_too(lived: Natverk) -> None:
    lived.does("correct", str(WHOLE), "--what", "något annat")
    lived.does("export", "--ndjson", "whole.ndjson")
    behind_its_back(lived.path, "DELETE FROM stored_events WHERE originator_version = 20")
    assert "#20 cannot be read any more" in fails(lived, "export", "--ndjson", "saved.ndjson")
    whole, saved = texts_of(Path("whole.ndjson")), texts_of(Path("saved.ndjson"))
    assert "något annat" in whole[WHOLE + 1]
    assert saved == {at: texts for at, texts in whole.items() if at != 20}


@pytest.mark.parametrize(
    "change",
    ["state = CAST('{' AS BLOB)", "state = x'ff'", "topic = 'gift-givem'", "state = NULL"],
)
def test_what_is_no_entry_any_more_is_named_by_an_export(lived: Natverk, change: str) -> None:
    behind_its_back(
        lived.path, f"UPDATE stored_events SET {change} WHERE originator_version = {WHOLE}"
    )
    error = fails(lived, "export", "--ndjson", "saved.ndjson")
    assert f"#{WHOLE} cannot be read any more" in error
    assert lost_in(Path("saved.ndjson")) == [WHOLE]


def test_an_entry_that_became_text_is_saved_as_it_was(lived: Natverk) -> None:
    lived.does("export", "--ndjson", "whole.ndjson")
    change = "state = CAST(state AS TEXT)"
    behind_its_back(
        lived.path, f"UPDATE stored_events SET {change} WHERE originator_version = {WHOLE}"
    )
    assert "every entry could be read" in fails(lived, "export", "--ndjson", "saved.ndjson")
    assert Path("saved.ndjson").read_text() == Path("whole.ndjson").read_text()


@pytest.mark.parametrize(
    "state",
    [
        *("CAST('{' AS BLOB)", "CAST('[]' AS BLOB)", "NULL"),
        "CAST(replace(state, 'gift-given', 'gift-givem') AS BLOB)",
    ],
)
def test_questions_that_meet_a_damaged_entry_say_so(lived: Natverk, state: str) -> None:
    behind_its_back(
        lived.path, f"UPDATE stored_events SET state = {state} WHERE originator_version = {WHOLE}"
    )
    said = f"natverk: error: entry #{WHOLE} is damaged: it cannot be read"
    for question in (
        ("show", str(WHOLE)),
        ("log", "-n", "0"),
        ("statement", "Eva"),
        ("export", "--csv", "tables"),
        ("export", "--about", "Eva", "eva.json"),
    ):
        assert fails(lived, *question) == said, question
    correction = fails(lived, "correct", str(WHOLE), "--what", "annat")
    assert correction.startswith(f"natverk: error: entry #{WHOLE} is damaged: ")


def test_a_ledger_without_its_settings_is_damaged_and_not_empty(lived: Natverk) -> None:
    behind_its_back(lived.path, "DELETE FROM settings")
    said = f"natverk: error: {lived.path.name} is damaged: whose entries it has is lost"
    assert fails(lived, "log").replace(str(lived.path), lived.path.name) == said
    export = ("export", "--ndjson", "saved.ndjson", "--without-personal")
    assert "every entry could be read" in fails(lived, *export)


def test_a_large_entry_is_read_from_all_its_pages(kvarteret: Natverk) -> None:
    who = [f"Per {n}" for n in range(400)]
    kvarteret.does("import", "members", "-", stdin="name\n" + "\n".join(who))
    hours = [option for n in range(1, 29) for option in ("--open", f"2027-{n % 12 + 1:02}-{n:02}")]
    long = ("offer", "Åsa", "lada", "--kind", "premises", *hours)
    kvarteret.does(*long)
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        stored = connection.execute("SELECT originator_version, state FROM stored_events")
        expected = dict(stored.fetchall())
    topics = {each.encode() for each in EVERY_TYPE}
    rows = [row for row in table_rows(kvarteret.path, 4) if row[3] in topics]
    assert {row[0]: row[4] for row in rows} == expected
    assert {row[2] for row in rows} == {None}  # a position is the id of its row


def test_a_file_of_something_else_is_not_searched_in_vain(natverk: Natverk) -> None:
    natverk.path.write_bytes(b"hej\n" * 5000)
    with pytest.raises(NothingToSave):
        readable(natverk.path)
    assert "not a ledger of natverk" in fails(natverk, "export", "--ndjson", "saved.ndjson")


def test_a_text_that_was_erased_is_not_found_again(lived: Natverk) -> None:
    """Pages that are no longer in use may hold it; SQLite may not have overwritten it."""
    with closing(sqlite3.connect(lived.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM texts WHERE text LIKE 'tjänst%'")
    assert "tjänst 7".encode() in lived.path.read_bytes()
    damage(lived.path, list(pages_of(lived.path, "stored_events"))[-3])
    fails(lived, "export", "--ndjson", "saved.ndjson")
    assert "tjänst" not in Path("saved.ndjson").read_text(encoding="utf-8")


# What was saved, taken in


def test_what_was_saved_is_taken_in_up_to_the_first_that_is_lost(lived: Natverk) -> None:
    damage(lived.path, list(pages_of(lived.path, "stored_events"))[-3])
    fails(lived, "export", "--ndjson", "saved.ndjson")
    lost = lost_in(Path("saved.ndjson"))

    result = lived("--ledger", "new.db", "import", "events", "saved.ndjson")

    assert result.code == 1
    assert f"{lost[0] - 1} new entries" in result.out
    assert f"entry #{lost[0]} is lost" in result.err
    assert f"{WHOLE - lost[-1]} later" in result.err
    assert lived("--ledger", "new.db", "replay", "--compare").code == 0


def test_an_export_that_lacks_its_beginning_makes_no_ledger(lived: Natverk) -> None:
    lines = lived.does("export", "--ndjson", "-").splitlines(keepends=True)
    header = {**json.loads(lines[0]), "lost": [[1, 1]]}
    left = json.dumps(header) + "\n" + "".join(lines[2:])
    result = lived("--ledger", "new.db", "import", "events", "-", stdin=left)
    assert result.code == 1
    assert "lacks the first entry" in result.err
    assert not Path("new.db").exists()


# Any damage


def overwritten_page(content: bytearray, chance: random.Random) -> None:
    page = chance.randrange(len(content) // PAGE) * PAGE
    content[page : page + PAGE] = chance.choice((bytes(PAGE), chance.randbytes(PAGE)))


def overwritten_bytes(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 5, 200))):
        at = chance.randrange(len(content))
        content[at : at + 4] = chance.randbytes(4)[: len(content) - at]


def pages_that_changed_places(content: bytearray, chance: random.Random) -> None:
    one, other = (chance.randrange(len(content) // PAGE) * PAGE for _ in range(2))
    kept = content[one : one + PAGE]
    content[one : one + PAGE] = content[other : other + PAGE]
    content[other : other + PAGE] = kept


def truncated(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(1, len(content)) :]


def header_overwritten(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(110)
    end = start + chance.randrange(1, 30)
    content[start:end] = bytes(end - start)


def page_headers_overwritten(content: bytearray, chance: random.Random) -> None:
    for _ in range(10):
        page = chance.randrange(len(content) // PAGE) * PAGE
        content[page : page + 12] = chance.randbytes(12)


DAMAGES: tuple[Damage, ...] = (
    *(overwritten_page, overwritten_bytes, pages_that_changed_places, truncated),
    *(header_overwritten, page_headers_overwritten),
)


def survives(natverk: Natverk, whole: dict[int, Any], original: bytes, seed: int) -> None:
    """After one damage: an answer, or what is lost, or that nothing can be done; no other end."""
    chance = random.Random(seed)
    content = bytearray(original)
    chance.choice(DAMAGES)(content, chance)
    for suffix in ("-wal", "-shm"):
        Path(f"{natverk.path}{suffix}").unlink(missing_ok=True)
    natverk.path.write_bytes(content)
    saved = Path("saved.ndjson")
    saved.unlink(missing_ok=True)
    result = natverk("export", "--ndjson", str(saved), "--without-personal")
    assert result.code in (0, 4), (seed, result)
    assert "Traceback" not in result.err
    assert natverk.path.read_bytes() == content
    if saved.exists():
        found, lost = entries_of(saved), lost_in(saved)
        assert not set(found) & set(lost)
        assert set(found) | set(lost) >= set(range(1, max(found) + 1))
        assert result.code == 4 or found.keys() == whole.keys()
    for command in ("doctor", "replay"):
        assert natverk(command).code in (0, 1, 4), (seed, command)


def test_no_damage_ends_otherwise(lived: Natverk) -> None:
    lived.does("export", "--ndjson", "whole.ndjson", "--without-personal")
    whole, original = entries_of(Path("whole.ndjson")), lived.path.read_bytes()
    for seed in range(60):
        survives(lived, whole, original, seed)


@pytest.mark.torture
def test_no_damage_of_thousands_ends_otherwise(lived: Natverk) -> None:
    lived.does("export", "--ndjson", "whole.ndjson", "--without-personal")
    whole, original = entries_of(Path("whole.ndjson")), lived.path.read_bytes()
    for seed in range(1000, 3000):
        survives(lived, whole, original, seed)
