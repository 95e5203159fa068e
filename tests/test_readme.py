"""The README is true: its examples are run, its commands exist, its JSON is what is printed.

NATVERK_GOLDEN=1 writes the answers to its examples anew; read the difference before it is
committed.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import shlex
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest
from cli_world import Natverk

from cli.catalogue import COMMANDS
from cli.context import Session
from cli.main import natverk as natverk_group
from cli.main import run
from ledger.events import TYPES

pytestmark = pytest.mark.file

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
HOME = "/home/asa/linden"
EXAMPLE = re.compile(
    r"(?:A file `([^`]+)`:\n\n```csv\n(.*?)```)|(?:```console\n(.*?)```)", re.DOTALL
)
TYPE = re.compile(r"`([a-z0-9_ -]+)`")


# Examples


def told_by(natverk: Natverk, monkeypatch: pytest.MonkeyPatch, line: str) -> str:
    """What a command line prints, on stdout and stderr together, with changing parts set."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        patch.setattr(sys, "stderr", stream)
        run(shlex.split(line)[1:], Session(natverk.clock))
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    told = buffer.getvalue().decode().replace(str(natverk.folder), HOME)
    told = re.sub(r"\b[0-9a-f]{32}\b", "5f1c0b7e9a2d4c3688d1e0f2a7b94c15", told)
    return re.sub(r"in [0-9.]+ s\b", "in 0.02 s", told)


def played(natverk: Natverk, monkeypatch: pytest.MonkeyPatch) -> str:
    """The README with what its commands print now, one after the other, a minute apart."""

    def answered(found: re.Match[str]) -> str:
        name, content, lines = found.groups()
        if name is not None:
            Path(name).write_text(content, encoding="utf-8")
            return found[0]
        told = []
        for line in re.findall(r"^\$ (natverk .*)$", lines, re.MULTILINE):
            told.append(f"$ {line}\n{told_by(natverk, monkeypatch, line)}")
            natverk.clock.advance(minutes=1)
        return f"```console\n{''.join(told)}```"

    return EXAMPLE.sub(answered, TEXT)


def test_the_examples_print_what_the_readme_says(
    natverk: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = played(natverk, monkeypatch)
    if os.environ.get("NATVERK_GOLDEN"):
        README.write_text(now, encoding="utf-8")
    else:
        assert now == TEXT
    natverk.does("replay", "--compare")


def test_the_first_screen_shows_the_demo(natverk: Natverk) -> None:
    first = "\n".join(TEXT.splitlines()[:40])
    (shown,) = re.findall(r"```text\n(.*?)```", first, re.DOTALL)
    assert shown.startswith("$ natverk ")
    assert f"\n{shown}\n" in natverk.does("demo")
    for words in ("git clone", "make demo", "make test", "pip install ."):
        assert words in first


def test_it_shows_what_an_opportunity_of_the_demo_came_of(natverk: Natverk) -> None:
    (shown,) = re.findall(r"```text\n(\$ natverk trace .*?)```", TEXT, re.DOTALL)
    assert f"\n{shown}\n" in natverk.does("demo")


PUBLIC = {
    "getusppe-donors.csv.gz": (
        ",don_id,date,ppe,qty\n"
        "0,don0,2020-03-27 11:47:00+00:00,respirators,20.0\n"
        "1,don8,2020-04-09 13:08:00+00:00,faceShields,10.0\n"
    ),
    "getusppe-recipients.csv.gz": (
        ",rec_id,date,ppe,qty\n"
        "1,rec0,2020-04-02 16:27:00+00:00,faceShields,5000.0\n"
        "9,rec0,2020-04-02 16:27:00+00:00,nitrileGloves,10000.0\n"
    ),
    "collegemsg.txt.gz": "1 2 1082040961\n3 4 1082155839\n5 2 1082414391\n",
}


def test_the_commands_for_public_data_take_files_of_that_form(natverk: Natverk) -> None:
    for name, content in PUBLIC.items():
        Path(name).write_bytes(gzip.compress(content.encode()))
    section = TEXT.partition("### Public data")[2].partition("\n## ")[0]
    commands = re.findall(r"^natverk (.*)$", section, re.MULTILINE)
    told = [natverk.does(*shlex.split(command)) for command in commands]
    assert "2 rows recorded, 2 members joined\n" in told
    assert "2 rows recorded, 1 member joined\n" in told
    assert "3 rows recorded, 5 members joined\n" in told
    assert "10 of 5000 pieces, same category faceShields" in "".join(told)
    assert "pairs" in told[-1]


# Commands


def listed() -> dict[str, tuple[str, str]]:
    """The rows of the table of commands, by name: how each is written, and what it does."""
    section = TEXT.partition("## All commands")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `natverk ([a-z-]+)(.*) \| (.+) \|$", section, re.MULTILINE)
    return {name: (written, does) for name, written, does in rows}


def test_the_table_of_commands_is_the_catalogue() -> None:
    assert {name: does for name, (_, does) in listed().items()} == {
        name: entry.help for name, entry in COMMANDS.items()
    }
    assert list(listed()) == list(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_has_the_options_that_the_readme_gives_it(name: str) -> None:
    with click.Context(natverk_group) as context:
        command = natverk_group.get_command(context, name)
    assert command is not None
    options = {option for each in command.params for option in each.opts}
    written = set(re.findall(r"(?<![a-z])--?[a-z][a-z-]*", listed()[name][0]))
    assert written <= options
    shared = {"--at", "--recorded-by", "--id", "--dry-run", "--ledger", "--json", "--help"}
    shared |= {"--because", "--without-personal", "--as-of", "--known-at", "--network"}
    untold = options - written - shared
    if name != "correct":  # which takes what any other command takes
        assert not any(option.startswith("-") for option in untold)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https://)([^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []


# JSON

Fields = dict[str, str]  # the type by name, in order
COMMON = "log"


def tables() -> dict[str, Fields]:
    """The documented fields by heading; what a heading adds to another is put after it."""
    found: dict[str, Fields] = {}
    section = TEXT.partition("## For programs")[2].partition("\n## What")[0]
    for part in section.split("\n#### ")[1:]:
        heading, _, body = part.partition("\n")
        table = body.partition("| Field |")[2].partition("\n\n")[0]
        rows = re.findall(r"^\| `([a-z_]+)` \| ([a-z ,]+) \|.*\|$", table, re.MULTILINE)
        fields = dict(rows)
        if body.lstrip().startswith("As `balance`"):
            fields = found["`balance`"] | fields
        found[heading] = fields
    return {heading.replace("`", ""): fields for heading, fields in found.items() if fields}


def entry_types() -> dict[str, tuple[list[str], list[str]]]:
    rows = re.findall(r"^\| `([a-z]+(?:-[a-z]+)+)` \| (.*?) ?\| (.*?) ?\|$", TEXT, re.MULTILINE)
    return {name: (TYPE.findall(always), TYPE.findall(maybe)) for name, always, maybe in rows}


def entry_fields() -> Fields:
    section = TEXT.partition("| Fields of entries |")[2].partition("\n\n")[0]
    rows = re.findall(
        r"^\| (.*) \| (id|list of id|list of whole|whole|text|word|decimal|time|date|list of text"
        r"|object)"
        r" \|.*\|$",
        section,
        re.MULTILINE,
    )
    return {name: kind for names, kind in rows for name in TYPE.findall(names)}


def is_of(kind: str, value: Any) -> bool:
    """Whether a value is of a documented type."""
    kind = kind.removesuffix(", if any")
    if kind.endswith(" or null"):
        return value is None or is_of(kind.removesuffix(" or null"), value)
    if kind.startswith("list of "):
        return isinstance(value, list) and all(
            is_of(kind.removeprefix("list of "), each) for each in value
        )
    return CHECKS[kind](value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[mrabi][1-9][0-9]*|everyone", value) is not None


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and Decimal(value) >= 0


def _is_signed(value: Any) -> bool:
    return isinstance(value, str) and Decimal(value).is_finite()


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None


def _is_units(value: Any) -> bool:
    return isinstance(value, dict) and all(
        list(both) == ["given", "received"] and all(map(_is_decimal, both.values()))
        for both in value.values()
    )


CHECKS = {
    "text": _is_text,
    "word": _is_text,
    "id": _is_id,
    "decimal": _is_decimal,
    "signed": _is_signed,
    "time": _is_time,
    "units": _is_units,
    "whole": lambda value: type(value) is int,
    "seconds": lambda value: isinstance(value, int | float),
    "flag": lambda value: isinstance(value, bool),
    "date": lambda value: date.fromisoformat(value).isoformat() == value,
    "object": lambda value: isinstance(value, dict),
    "objects": lambda value: isinstance(value, dict),
    "value": lambda value: True,
}


def wrong(fields: Fields, row: dict[str, Any]) -> list[str]:
    """The fields of a row that are not as documented, in name, order or type."""
    if list(row) != list(fields):
        return [f"{list(row)} are there, {list(fields)} documented"]
    return [name for name, value in row.items() if not is_of(fields[name], value)]


AT_THE_END = ("id", "corrects", "superseded_by", "newest")


def wrong_entry(row: dict[str, Any], *further: str) -> list[str]:
    """The same of an entry, which leaves out what was not said."""
    common, (always, maybe) = tables()[COMMON], entry_types()[row["type"]]
    said = [name for name in row if name not in common and name not in further]
    first = [name for name in common if name in row and name not in AT_THE_END]
    last = [name for name in (*AT_THE_END, *further) if name in row]
    said = [name for name in said if name not in last]
    if sorted(row) != sorted([*first, *said, *last]) or list(row)[: len(first)] != first:
        return [f"{list(row)} is another order"]
    if not set(always) <= set(said) <= {*always, *maybe}:
        return [f"{said} are there, {always} and perhaps {maybe} documented"]
    types = entry_fields() | common
    return [name for name, value in row.items() if name in types and not is_of(types[name], value)]


@pytest.fixture
def lived(kvarteret: Natverk) -> Natverk:
    """A network with an entry of every type, and something in every answer."""
    does = kvarteret.does
    does("me", "Åsa")
    does("describe-network", "--name", "Linden")
    does("describe", "Eva", "--contact", "eva@example.org", "--about", "keeps bees")
    does("join", "Omar", "--invited-by", "Eva", "--at", "2026-10-24T11:00")
    does("book", "lastcykel", "Knut", "--from", "2026-12-01", "--to", "2026-12-02")
    does("book", "lastcykel", "Eva", "--from", "2026-12-05", "--to", "2026-12-06")
    does("release", "b2")
    does("offer", "Omar", "--kind", "service", "--category", "painting")
    does("offer", "Omar", "a tent", "--kind", "equipment", "--open", "mon-fri 09-17")
    does("withdraw", "r4")
    does("lend", "lastcykel", "Eva", "--at", "2026-10-25T10:00", "--due", "2026-10-26")
    does("return", "lastcykel", "--at", "2026-10-26T10:00")
    does("lend", "lastcykel", "Omar", "--at", "2026-10-27T10:00", "--due", "2026-10-28")
    does("offer", "Eva", "painting", "--kind", "service")
    bread = ("--kind", "other", "--category", "bread", "--unit", "piece")
    does("offer", "Café", "buns", *bread, "--stock", "9")
    does("ask", "Omar", "buns", *bread, "--quantity", "5", "--by", "2026-11-05")
    does("ask", "Omar", "--kind", "service", "--category", "painting", "--by", "tomorrow")
    does("give", "Knut", "Omar", "paint", "--ask", "a3", "--because", "8", "--category", "paint")
    does("give", "Café", "everyone", "--resource", "r2", "--quantity", "2", "--unit", "cup")
    does("confirm", "9", "--recorded-by", "Knut")
    does("dispute", "9", "--recorded-by", "Knut")
    introduced = ("--about", "bees", "--ask", "a1", "--at", "2026-10-24T12:00")
    does("introduce", "Åsa", "Eva", "Omar", *introduced)
    does("introduce", "Åsa", "Knut", "Omar", "--at", "2026-09-30")
    position = kvarteret.rows("introductions")[0]["position"]
    does("follow-up", str(position), "--collaborated")
    does("note", "9", "three evenings")
    does("correct", "9", "--hours", "3")
    does("note", "9", "two evenings")
    does("reverse", str(kvarteret.rows("log", "-n", "1")[0]["position"]), "--reason", "no")
    does("affiliate", "Omar", "Café", "--role", "baker")
    does("affiliate", "Eva", "Café")
    does("disaffiliate", "Omar", "Café", "--role", "baker")
    does("tie", "Åsa", "Knut", "--nature", "neighbour")
    does("untie", "Åsa", "Knut", "--nature", "neighbour")
    does("relate", "5a" * 16, "Åsa", "m3", "--nature", "same")
    does("relate", "5a" * 16)
    does("unrelate", "5a" * 16)
    does("tie", "Åsa", "Omar")
    does("initiative", "start", "Åsa", "--category", "food", "--at", "2026-10-28")
    does("initiative", "start", "Eva", "soup evenings")
    does("initiative", "join", "Omar", "soup evenings")
    does("initiative", "join", "Åsa", "soup evenings")
    does("initiative", "leave", "Åsa", "soup evenings")
    does("endorse", "Café", "soup evenings")
    does("endorse", "Åsa", "soup evenings")
    does("unendorse", "Åsa", "soup evenings")
    does("ask", "Eva", "a kitchen", "--kind", "premises", "--for", "soup evenings")
    does("give", "Omar", "soup evenings", "salt", "--quantity", "1", "--unit", "kg")
    does("give", "Omar", "Eva", "pepper", "--for", "soup evenings")
    does("tell", "Eva", "Omar", "Åsa", "--about", "soup evenings")
    told = str(kvarteret.rows("log", "-n", "1")[0]["position"])
    does("tell", "Omar", "Café", "--about", "soup evenings", "--heard-from", told)
    does("gather", "first soup", "--with", "Eva", "--with", "Omar", "--for", "soup evenings")
    does("opportunity", "Omar", "a soup van", "--kind", "product", "--because", told)
    does("nominate", "Omar", "Eva", "--survey", "autumn-2026")
    does("initiative", "conclude", "i1")
    does("close", "a2", "--lapsed")
    does("ask", "Omar", "rolls", *bread, "--quantity", "5", "--by", "2026-11-05")
    does("leave", "Knut")
    does("join", "Knut Hansson", "--back", "--invited-by", "Eva")
    does("leave", "Knut")
    does("pause", "Eva")
    does("resume", "Eva")
    does("join", "Nils")
    does("note", "10", "Nils skrev")
    does("forget", "Nils", "--yes", "--redact", "--also", str(kvarteret.rows("log")[0]["position"]))
    return kvarteret


ANSWERS = {
    "members": ["members"],
    "balance": ["balance"],
    "balance --with": ["balance", "Eva", "--with", "Knut Hansson"],
    "balance --by": ["balance", "--by", "week"],
    "resources": ["resources"],
    "available": ["available"],
    "asks": ["asks"],
    "match": ["match"],
    "introductions": ["introductions"],
    "opportunities": ["opportunities"],
    "vitality": ["vitality"],
    "initiatives": ["initiatives"],
    "ties": ["ties"],
    "status": ["status"],
    "me": ["me"],
    "doctor": ["doctor"],
}
EXPLAINED = {  # null where something is not there yet, or was made by another version
    "networks": ["networks"],
    "explain balance": ["explain", "balance", "Eva"],
    "explain member": ["explain", "member", "Knut Hansson"],
    "explain resource": ["explain", "resource", "lastcykel"],
    "explain ask": ["explain", "ask", "a1"],
    "explain initiative": ["explain", "initiative", "soup evenings"],
    "replay --step": ["replay", "--step"],
    "diff": ["diff", "--from", "2026-10-25", "--to", "today"],
}
OBJECTS = {
    "import gifts": ["import", "gifts", "gifts.csv"],
    "import events": ["import", "events", "all.ndjson"],
    "forgotten apply": ["forgotten", "apply", "forgotten.json"],
    "replay": ["replay", "--compare"],
    "verify": ["verify"],
    "checkpoint": ["checkpoint", "--sign"],
    "receipt": ["receipt", "9"],
    "key new": ["key", "show"],
    "verify-receipt": ["verify-receipt", "receipt.txt"],
    "copy": ["copy", "natverk.db", "second.db"],
    "backup": ["backup", "copy.db"],
    "restore": ["restore", "copy.db", "--ledger", "new.db"],
}
MUTE = {"demo", "completion", "export"}  # they print nothing for programs
AS_DOCUMENTED = {"cosign"}  # as another


WOVEN = ("match", "triad", "newcomer", "quiet")


def test_every_section_of_a_work_list_has_the_documented_fields(lived: Natverk) -> None:
    known = tables()
    elsewhere = {"ask": "asks", "introduction": "introductions"}
    lived.does("join", "Ida", "--invited-by", "Eva")
    lived.does("join", "Ulf")
    lived.does("tie", "Café", "Ulf")
    lived.does("offer", "Ulf", "--kind", "service", "--category", "painting")
    lived.does("ask", "Eva", "painting", "--kind", "service", "--category", "painting")
    lived.does("ask", "Ulf", "paint", "--kind", "service", "--category", "painting")
    lived.does("introduce", "Eva", "Omar", "Café")
    rows = lived.rows("weave", "-n", "0")
    lived.clock.advance(days=85)
    lived.does("ask", "Ulf", "milk", "--kind", "other", "--by", "tomorrow")
    rows += lived.rows("weave", "-n", "0")
    lived.clock.advance(days=10)
    rows += lived.rows("weave", "-n", "0")
    assert {row["section"] for row in rows} == {*WOVEN, *elsewhere}
    for row in rows:
        section = row["section"]
        if section in elsewhere:
            assert wrong({"section": "word"} | known[elsewhere[section]], row) == []
        else:
            assert wrong(known[f"weave, section {section}"], row) == []


def test_every_section_of_a_path_has_the_documented_fields(lived: Natverk) -> None:
    known = tables()
    rows = lived.rows("path", "Knut Hansson", "Café")
    of_a_tie = {"section": "word"} | known["ties"]
    of_others = known["path, section introducer"]
    assert {row["section"] for row in rows} == {"tie", "introducer"}
    for row in rows:
        assert wrong(of_a_tie if row["section"] == "tie" else of_others, row) == []


@pytest.mark.parametrize("heading", [*ANSWERS, *EXPLAINED])
def test_an_answer_has_the_documented_fields(lived: Natverk, heading: str) -> None:
    fields, rows = tables()[heading], lived.rows(*(ANSWERS | EXPLAINED)[heading])
    assert rows
    assert [wrong(fields, row) for row in rows if wrong(fields, row)] == []


@pytest.mark.parametrize("heading", OBJECTS)
def test_an_object_has_the_documented_fields(lived: Natverk, heading: str) -> None:
    Path("gifts.csv").write_text("giver,receiver\nOmar,Eva Lind\nNobody,Omar\n", encoding="utf-8")
    lived.does("export", "--ndjson", "all.ndjson")
    lived.does("key", "new")
    note = lived.does("checkpoint", "--sign")
    lived.does("cosign", "-", stdin=note)
    Path("receipt.txt").write_text(lived.does("receipt", "9"), encoding="utf-8")
    lived.does("forgotten", "export", "forgotten.json")
    lived.does("backup", "copy.db")
    answer = lived.rows(*OBJECTS[heading])
    assert isinstance(answer, dict)
    assert wrong(tables()[heading], answer) == []
    for error in answer.get("errors", ()):
        assert wrong({"line": "whole", "reason": "text"}, error) == []
    signed = {"name": "text", "cosigned": "flag", "at": "time or null", "verified": "flag or null"}
    for signature in answer.get("signatures", ()):
        assert wrong(signed, signature) == []


def test_null_comes_where_it_is_documented_and_there_only(lived: Natverk) -> None:
    never = {
        (heading, name)
        for heading in ANSWERS
        for name, kind in tables()[heading].items()
        if kind.endswith(" or null")
        and all(row[name] is not None for row in lived.rows(*ANSWERS[heading]))
    }
    assert never == set()


def test_entries_have_the_documented_fields(lived: Natverk) -> None:
    rows = lived.rows("log", "-n", "0")
    assert {row["type"] for row in rows} == set(entry_types()) == set(TYPES)
    assert [(row["type"], wrong_entry(row)) for row in rows if wrong_entry(row)] == []


def test_entries_shown_say_how_they_are_related(lived: Natverk) -> None:
    first, *others = lived.rows("show", "9")
    assert wrong_entry(first) == []
    assert {row["relation"] for row in others} == {
        "confirmation",
        "dispute",
        "note",
        "corrected-by",
    }
    assert [wrong_entry(row, "relation") for row in others if wrong_entry(row, "relation")] == []


GIVING = ("giver", "agreement")
MEASURED = ("network", "component", "cohort", "member")


def test_entries_of_the_timeline_have_a_sentence(lived: Natverk) -> None:
    assert list(tables()["timeline"]) == ["sentence"]
    for row in lived.rows("timeline", "-n", "0"):
        assert wrong_entry(row, "sentence") == []
        assert is_of(tables()["timeline"]["sentence"], row["sentence"])


def test_entries_traced_say_how_they_were_reached(lived: Natverk) -> None:
    (realised,) = lived.rows("log", "--type", "opportunity-realised")
    documented = tables()["trace"]
    for position in (realised["position"], 8, 9, 10):
        for row in lived.rows("trace", str(position)):
            further = [name for name in documented if name in row]
            assert wrong_entry(row, *further) == []
            assert [name for name in further if not is_of(documented[name], row[name])] == []
            assert (row["direction"] == "this") == (row["depth"] == 0) == ("through" not in row)


TOGETHER = ("tie", "affiliation", "initiative", "started", "endorsement")
ENTRIES = ("story", "gathering", "nomination", "opportunity")  # sections of entries


def sections(natverk: Natverk) -> Iterator[dict[str, Any]]:
    for who in ("Åsa", "Omar", "Eva", "Knut Hansson", "Café"):
        yield from natverk.rows("statement", who)


def test_every_section_of_a_statement_has_the_documented_fields(lived: Natverk) -> None:
    elsewhere = {
        "introduction": "introductions",
        "ask": "asks",
        "closed-ask": "asks",
        "offer": "resources",
    }
    known = tables()
    seen = set()
    lived.does("book", "lastcykel", "Eva", "--from", "2026-12-08", "--to", "2026-12-09")
    for row in sections(lived):
        section = row["section"]
        seen.add(section)
        if section == "gift":
            assert row["direction"] in ("given", "received")
            assert row["answer"] in ("confirmed", "disputed", None)
            entry = {k: v for k, v in row.items() if k not in ("section", "answer")}
            assert wrong_entry(entry, "direction") == []
        elif section in ENTRIES:
            assert wrong_entry({k: v for k, v in row.items() if k != "section"}) == []
        elif section in elsewhere:
            assert wrong({"section": "word"} | known[elsewhere[section]], row) == []
        else:
            assert wrong(known[f"statement, section {section}"], row) == []
    own = {"membership", "standing", "booking", "loan", "gift", *TOGETHER, *ENTRIES}
    assert seen == own | set(elsewhere)


def test_every_section_of_an_initiative_has_the_documented_fields(lived: Natverk) -> None:
    elsewhere = {"initiative": "initiatives", "need": "asks"}
    known, seen = tables(), set()
    for row in lived.rows("initiative", "show", "soup evenings"):
        section = row["section"]
        seen.add(section)
        if section == "gift":
            assert wrong_entry({k: v for k, v in row.items() if k != "section"}) == []
        elif section in elsewhere:
            assert wrong({"section": "word"} | known[elsewhere[section]], row) == []
        else:
            assert wrong(known[f"initiative show, section {section}"], row) == []
    assert seen == {"initiative", "participant", "endorser", "need", "gift"}


@pytest.mark.parametrize("who", [(), ("Eva",), ("Nils",)])
def test_who_gave_first_has_the_documented_fields(lived: Natverk, who: tuple[str, ...]) -> None:
    if who == ("Nils",):
        lived.does("join", "Nils")
    lived.clock.advance(days=40)
    [row] = lived.rows("first", *who)
    assert wrong(tables()["first"], row) == []


def test_every_section_of_the_givers_has_the_documented_fields(lived: Natverk) -> None:
    known, seen = tables(), set()
    for row in lived.rows("givers"):
        seen.add(row["section"])
        assert wrong(known[f"givers, section {row['section']}"], row) == []
    assert seen == set(GIVING)


def test_every_section_of_the_measures_has_the_documented_fields(lived: Natverk) -> None:
    known, seen = tables(), set()
    for row in lived.rows("measures"):
        seen.add(row["section"])
        assert wrong(known[f"measures, section {row['section']}"], row) == []
    assert seen == set(MEASURED)


def test_every_section_of_a_spread_has_the_documented_fields(lived: Natverk) -> None:
    known = tables()
    rows = lived.rows("spread", "soup evenings")
    assert {row["section"] for row in rows} == {"spread", "member"}
    for row in rows:
        assert wrong(known[f"spread, section {row['section']}"], row) == []


def test_what_records_prints_entries(lived: Natverk) -> None:
    (row,) = lived.rows("give", "Eva", "Omar", "soup")
    assert wrong_entry(row) == []


def test_every_command_that_prints_is_documented() -> None:
    headings = {heading.split(" ")[0].strip(",") for heading in tables()}
    recording = {name for name in COMMANDS if _records(name)} | {"init"}
    assert set(COMMANDS) - MUTE - AS_DOCUMENTED - recording == headings
    assert set(tables()) - set(ANSWERS) - set(EXPLAINED) - set(OBJECTS) == {
        "log",
        "show",
        "path, section introducer",
        "trace",
        *(f"weave, section {each}" for each in WOVEN),
        "timeline",
        *(f"initiative show, section {each}" for each in ("participant", "endorser")),
        *(f"statement, section {each}" for each in ("membership", "standing", "booking", "loan")),
        *(f"statement, section {each}" for each in TOGETHER),
        *(f"measures, section {each}" for each in MEASURED),
        *(f"givers, section {each}" for each in GIVING),
        "first",
        *(f"spread, section {each}" for each in ("spread", "member")),
    }


def _records(name: str) -> bool:
    with click.Context(natverk_group) as context:
        command = natverk_group.get_command(context, name)
    return command is not None and any("--recorded-by" in each.opts for each in command.params)
