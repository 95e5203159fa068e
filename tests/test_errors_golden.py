"""What people read when something is refused: one file per error in tests/golden/errors.

NATVERK_GOLDEN=1 writes the files anew; read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from errors_of_forgetting import CASES as FORGETTING
from errors_of_forgetting import FORGET, LISTS, OTHERS

from ledger.database import Database
from ledger.founding import create
from ledger.ledger import Ledger
from ledger.places import Server
from projections.registry import PROJECTIONS

GOLDEN = Path(__file__).parent / "golden" / "errors"
LONG = "å" * 100_000
GIVE = ("give", "Åsa", "Knut")
LENT = ("lend", "lastcykel", "Knut", "--at", "2026-11-01")
BOOKED = ("book", "lastcykel", "Knut", "--from", "2026-12-01", "--to", "2026-12-03")
GONE = ("leave", "Eva", "--at", "2026-11-01T10:00")
KEYED = (*GIVE, "bröd", "--id", "k")

# By the golden file's name: the exit code, what is recorded before, and what is refused.
CASES: dict[str, tuple[int, list[tuple[str, ...]], tuple[str, ...]]] = {
    # questions
    "balance-with-nobody": (2, [], ("balance", "--with", "Eva")),
    "balance-with-and-by": (2, [], ("balance", "Knut", "--with", "Eva", "--by", "year")),
    "available-half-a-period": (2, [], ("available", "--from", "friday")),
    "match-unknown-ask": (3, [], ("match", "a99")),
    # the log
    "log-unknown-type": (2, [], ("log", "--type", "gift")),
    "log-unclear-date": (2, [], ("log", "--since", "3/11")),
    "log-negative-number": (2, [], ("log", "-n", "-1")),
    "log-number-too-large": (2, [], ("log", "-n", "9223372036854775807")),
    "measures-window-too-large": (2, [], ("measures", "--window", "99999999999999")),
    "show-unknown-entry": (3, [], ("show", "412")),
    "replay-until-and-compare": (2, [], ("replay", "--until", "7", "--compare")),
    "export-to-nowhere": (2, [], ("export",)),
    "export-without-a-file": (2, [], ("export", "--ndjson")),
    "import-of-nothing": (2, [], ("import", "gifts", "nope.csv")),
    "import-not-an-export": (2, [], ("import", "events", "natverk.db")),
    "completion-of-another-shell": (2, [], ("completion", "csh")),
    # names
    "unknown-member": (3, [], ("give", "Örjan", "Knut")),
    "unknown-member-id": (3, [], ("give", "m99", "Knut")),
    "unknown-resource": (3, [], ("withdraw", "traktor")),
    "unknown-ask": (3, [], ("close", "a9", "--met")),
    "unknown-booking": (3, [], ("release", "b9")),
    "nothing-named": (3, [], ("release", "mine")),
    "unknown-entry": (3, [], ("note", "412", "hej")),
    "not-an-entry": (2, [], ("note", "tolv", "hej")),
    "ambiguous-member": (3, [("join", "Knut Ek")], ("leave", "knut")),
    "unknown-recorder": (3, [], (*GIVE, "--recorded-by", "Örjan")),
    "recorder-no-member": (3, [], (*GIVE, "--recorded-by", "m99")),
    "name-of-the-forgotten": (2, [], ("join", "[Forgotten]")),
    "name-taken": (1, [], ("join", "asa  ÖBERG")),
    "name-of-someone-who-left": (1, [GONE], ("join", "Eva Lind")),
    "name-taken-by-describing": (1, [], ("describe", "Knut", "--name", "Åsa Öberg")),
    "name-like-an-id": (2, [], ("join", "m17")),
    "name-for-everyone": (2, [], ("join", "Alla")),
    "name-with-control": (2, [], ("join", "Eva\x1b[31m")),
    "name-with-bidi": (2, [], ("join", "Eva\u202e")),
    "name-with-zero-width": (2, [], ("join", "Eva\u200bLind")),
    "name-empty": (2, [], ("join", " ")),
    "name-too-long": (2, [], ("join", "x" * 101)),
    "name-not-utf8": (2, [], ("join", "Eva\udce5")),
    # quantities
    "quantity-negative": (2, [], (*GIVE, "--quantity", "-1", "--unit", "kg")),
    "quantity-unclear": (2, [], (*GIVE, "ved", "--quantity", "1,500", "--unit", "kg")),
    "quantity-unclear-and-whole": (2, [], (*GIVE, "ved", "--quantity", "10,000", "--unit", "kg")),
    "quantity-with-two-commas": (2, [], (*GIVE, "--quantity", "1.000,5", "--unit", "kg")),
    "quantity-zero": (2, [], (*GIVE, "--quantity", "0", "--unit", "kg")),
    "quantity-nan": (2, [], (*GIVE, "--quantity", "nan", "--unit", "kg")),
    "quantity-infinite": (2, [], (*GIVE, "--quantity", "inf", "--unit", "kg")),
    "quantity-huge": (2, [], (*GIVE, "--quantity", "1e400", "--unit", "kg")),
    "quantity-too-large": (2, [], (*GIVE, "--quantity", "1" * 16, "--unit", "kg")),
    "quantity-too-long": (2, [], (*GIVE, "--quantity", "1" * 100_000, "--unit", "kg")),
    "quantity-too-precise": (2, [], (*GIVE, "--quantity", "1.0001", "--unit", "kg")),
    "quantity-without-unit": (2, [], (*GIVE, "--quantity", "1")),
    "unit-without-quantity": (2, [], (*GIVE, "--unit", "kg")),
    "hours-and-quantity": (2, [], (*GIVE, "--hours", "1", "--quantity", "2", "--unit", "kg")),
    "unit-not-a-word": (2, [], (*GIVE, "--quantity", "1", "--unit", "kilo gram")),
    "category-not-a-word": (2, [], (*GIVE, "--category", "x" * 41)),
    "capacity-zero": (2, [], ("offer", "Åsa", "x", "--kind", "other", "--capacity", "0")),
    "booked-quantity-broken": (2, [], (*BOOKED, "--quantity", "1.5")),
    "capacity-and-stock": (
        2,
        [],
        ("offer", "Åsa", "x", "--kind", "other", "--capacity", "1", "--stock", "2"),
    ),
    # texts
    "text-too-long": (2, [], (*GIVE, LONG)),
    "text-empty": (2, [], (*GIVE, "")),
    "text-with-control": (2, [], (*GIVE, "hej\x07")),
    "text-not-utf8": (2, [], (*GIVE, "br\udcf6d")),
    "text-file-missing": (2, [], (*GIVE, "@brev.txt")),
    "nothing-said": (2, [], ("ask", "Knut", "--kind", "service")),
    "nothing-to-change": (2, [], ("describe", "Knut")),
    # times
    "time-unclear": (2, [], (*GIVE, "--at", "3/11")),
    "time-not-understood": (2, [], (*GIVE, "--at", "häromdagen")),
    "time-no-such-date": (2, [], (*GIVE, "--at", "2026-02-30")),
    "time-in-the-future": (1, [], (*GIVE, "--at", "2026-12-24")),
    "time-out-of-range": (2, [], (*GIVE, "--at", "0001-01-01")),
    "opening-not-understood": (
        2,
        [],
        ("offer", "Åsa", "x", "--kind", "other", "--open", "ibland"),
    ),
    "booking-ends-before-it-starts": (
        2,
        [],
        ("book", "lastcykel", "Knut", "--from", "2026-12-03", "--to", "2026-12-01"),
    ),
    # members
    "gift-to-oneself": (1, [], ("give", "Åsa", "m1")),
    "introduces-themselves": (1, [], ("introduce", "Åsa", "Åsa", "Knut")),
    "has-left": (1, [GONE], ("give", "Eva", "Knut")),
    "leaves-before-a-gift": (1, [], ("leave", "Eva", "--at", "2026-10-25")),
    "leaves-before-joining": (1, [], ("leave", "Eva", "--at", "2026-01-01")),
    "back-as-organisation": (2, [GONE], ("join", "Eva", "--back", "--organisation")),
    # asks
    "ask-ended": (
        1,
        [("close", "a1", "--lapsed", "--at", "2026-11-01")],
        ("give", "Åsa", "Knut", "--ask", "a1"),
    ),
    "ask-needed-before-it-is-asked": (
        2,
        [],
        ("ask", "Åsa", "x", "--kind", "other", "--by", "2026-11-02"),
    ),
    "ask-closed-otherwise": (1, [("close", "a1", "--lapsed")], ("close", "a1", "--met")),
    "outcome-missing": (2, [], ("close", "a1")),
    "outcome-twice": (2, [], ("close", "a1", "--met", "--lapsed")),
    # resources
    "resource-withdrawn": (1, [("withdraw", "r1", "--at", "2026-11-01")], BOOKED),
    "resource-overbooked": (1, [BOOKED], BOOKED),
    "lent-to-who-has-booked": (
        1,
        [BOOKED],
        ("lend", "lastcykel", "Knut", "--due", "2026-12-24"),
    ),
    "resource-never-so-many": (1, [], (*BOOKED, "--quantity", "2")),
    "resource-lent-twice": (1, [LENT], ("lend", "r1", "Eva")),
    "resource-not-reusable": (1, [], ("lend", "coffee", "Eva")),
    "booking-outside-hours": (
        1,
        [("offer", "Eva", "lokal", "--kind", "premises", "--open", "mon 9-12")],
        ("book", "lokal", "Knut", "--from", "2026-12-01", "--to", "2026-12-01"),
    ),
    "booking-released-twice": (1, [BOOKED, ("release", "b1")], ("release", "b1")),
    "lent-to-another": (1, [LENT], ("return", "lastcykel", "Eva")),
    "not-lent": (1, [], ("return", "lastcykel")),
    "stock-exceeded": (
        1,
        [],
        ("give", "Café", "Knut", "--resource", "r2", "--quantity", "21", "--unit", "cup"),
    ),
    "stock-in-another-unit": (
        1,
        [],
        ("give", "Café", "Knut", "--resource", "r2", "--quantity", "1", "--unit", "litre"),
    ),
    # entries
    "not-a-gift": (1, [], ("confirm", "2")),
    "not-an-introduction": (1, [], ("follow-up", "9", "--met")),
    "cause-unknown": (1, [], (*GIVE, "--because", "412")),
    # keys
    "key-reused": (1, [KEYED], ("give", "Åsa", "Eva", "bröd", "--id", "k")),
    "key-reused-after-nothing": (
        1,
        [GONE, ("leave", "Eva", "--id", "k")],
        ("leave", "Knut", "--id", "k"),
    ),
    "key-empty": (2, [], (*GIVE, "--id", "")),
    # the command line
    "unknown-command": (2, [], ("gvie", "Åsa", "Knut")),
    "unknown-command-like-several": (2, [], ("statsu",)),
    "unknown-command-like-none": (2, [], ("xyzzy",)),
    "argument-too-many": (2, [], ("join", "Eva", "Ek")),
    "unknown-option": (2, [], ("give", "Åsa", "Knut", "--hour", "2")),
    "option-like-text": (2, [], ("join", "-1")),
    "argument-missing": (2, [], ("give", "Åsa")),
    "option-of-a-subcommand-without-value": (
        2,
        [],
        ("--ledger", "natverk.db", "initiative", "show", "--as-of"),
    ),
    "kind-unknown": (2, [], (*GIVE, "--kind", "bread")),
    "follow-reversed": (2, [], ("log", "--follow", "--reverse")),
    "follow-as-of": (2, [], ("log", "--follow", "--as-of", "2026-10-26")),
    "follow-known-at": (2, [], ("log", "--known-at", "5", "--follow")),
    # the ledger
    "ledger-empty-path": (2, [], ("leave", "Knut", "--ledger", "")),
    "ledger-missing": (4, [], ("leave", "Knut", "--ledger", "elsewhere.db")),
    "ledger-exists": (1, [], ("init", "Linden", "--idea", "x")),
    "time-zone-unknown": (
        2,
        [],
        ("init", "Linden", "--idea", "x", "--time-zone", "Stockholm", "--ledger", "new.db"),
    ),
}

CASES |= FORGETTING
OF_A_FILE = {"ledger-exists", "import-not-an-export"}


def named(names: Iterable[str]) -> list[Any]:
    """The names of cases as parameters; those about a file are marked."""
    about_file = pytest.mark.file
    return [pytest.param(x, marks=about_file) if x in OF_A_FILE else x for x in names]


@pytest.mark.parametrize("name", named(CASES))
def test_what_is_refused_says_why(name: str, kvarteret: Natverk) -> None:
    code, before, arguments = CASES[name]
    for earlier in before:
        kvarteret.does(*earlier)
    log = _log(kvarteret.place)

    result = kvarteret(*arguments)

    assert result.out == ""
    assert result.code == code
    assert _log(kvarteret.place) == log
    agrees(name, result.err)


@pytest.mark.parametrize("name", named(name for name, case in CASES.items() if case[0] == 1))
def test_a_dry_run_is_refused_alike(name: str, kvarteret: Natverk) -> None:
    code, before, arguments = CASES[name]
    for earlier in before:
        kvarteret.does(*earlier)

    assert kvarteret(*arguments, "--dry-run").code == code


@pytest.mark.parametrize(
    ("name", "stdin"),
    [
        ("stdin-too-long", LONG.encode()),
        ("stdin-not-utf8", b"br\xf6d"),
        ("stdin-empty", b"\n"),
    ],
)
def test_standing_input_that_is_no_text_is_refused(
    name: str, stdin: bytes, kvarteret: Natverk
) -> None:
    agrees(name, kvarteret.refuses(*GIVE, "-", stdin=stdin))


@pytest.mark.parametrize(
    ("name", "content"),
    [("file-too-long", LONG.encode()), ("file-not-utf8", b"br\xf6d")],
)
def test_a_file_that_is_no_text_is_refused(name: str, content: bytes, kvarteret: Natverk) -> None:
    Path("brev.txt").write_bytes(content)
    agrees(name, kvarteret.refuses(*GIVE, "@brev.txt"))


@pytest.mark.parametrize(
    "asked",
    [("log",), ("timeline",), ("weave",), ("statement", "Åsa"), ("initiative", "show", "i1")],
)
def test_every_answer_takes_the_same_limits(asked: tuple[str, ...], kvarteret: Natverk) -> None:
    kvarteret.does("initiative", "start", "Åsa", "soppa")
    kvarteret.does(*asked, "-n", "1000000000")
    for limit in ("1000000001", "9223372036854775808", "9" * 5000, "1.5", "-1", "", "²"):
        result = kvarteret(*asked, "-n", limit)
        assert result.code == 2
        assert "-n takes a whole number from 0 to 1000000000" in result.err


@pytest.mark.file
@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
def test_a_network_below_another_is_told_who_names_its_file(
    dry_run: tuple[str, ...], kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kvarteret.does("me", "Åsa")
    below = kvarteret.folder / "tre"
    below.mkdir()
    monkeypatch.chdir(below)
    refused = kvarteret.refuses("init", "Tre", "--idea", "x", *dry_run)
    agrees("ledger-named-by-settings", refused.replace(str(kvarteret.folder), "…"))
    kvarteret.does("--ledger", "./natverk.db", "init", "Tre", "--idea", "x", *dry_run)


def test_a_file_that_is_no_ledger_is_refused(natverk: Natverk) -> None:
    natverk.path.write_text("hej\n" * 1000)
    agrees("ledger-not-a-ledger", natverk.refuses("leave", "Knut"))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:asa",
        "postgresql:/asa:secret@localhost/x",
        "postgressql://asa:secret@localhost/x",
        "POSTGRESQL://asa:secret@localhost/x",
        "mysql://asa:secret@localhost/x?password=secret",
        "http://localhost/natverk.db",
    ],
)
def test_what_was_meant_as_an_address_is_no_file(
    address: str, natverk: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given what looks like an address, and is none of a server that natverk knows
    founds = ("init", "Boken", "--idea", "x")
    commands = [founds, (*founds, "--dry-run"), ("balance",), ("networks",)]
    # When it is asked, or a network is founded there, or copied there
    told = [natverk("--ledger", address, *command) for command in commands]
    natverk.does("--ledger", "here.db", *founds)
    told.append(natverk("copy", "here.db", address))
    (natverk.folder / "natverk.toml").write_text(f'ledger = "{address}"\n', encoding="utf-8")
    monkeypatch.delenv("NATVERK_LEDGER", raising=False)
    told.append(natverk("balance"))
    # Then it says how one is written, without the password, and makes no file
    assert {(result.code, result.out) for result in told} == {(2, "")}
    [said] = {result.err for result in told}
    assert "secret" not in said
    agrees("no-address", re.sub("“?[^ ]+ is no address", "… is no address", said))
    assert not [path for path in natverk.folder.iterdir() if ":" in path.name]


@pytest.mark.file
@pytest.mark.parametrize("name", ["postgres.db", "a:b.db", "./postgres:x.db"])
def test_a_file_may_have_almost_any_name(name: str, natverk: Natverk) -> None:
    natverk.does("--ledger", name, "init", "Boken", "--idea", "x")
    assert (natverk.folder / name).exists()


def test_a_ledger_from_a_newer_version_is_refused(kvarteret: Natverk) -> None:
    connection = sqlite3.connect(kvarteret.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    agrees("ledger-from-the-future", kvarteret.refuses("leave", "Knut"))


@pytest.mark.file
def test_a_ledger_that_is_read_only_is_refused(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    agrees("ledger-read-only", kvarteret.refuses("leave", "Knut"))


def test_a_clock_that_is_behind_the_ledger_is_refused(kvarteret: Natverk) -> None:
    kvarteret.clock.advance(hours=-1)
    agrees("clock-behind", kvarteret.refuses("leave", "Knut"))


@pytest.mark.parametrize("asked", [("join", "Eva"), ("log",), ("status",)])
def test_a_ledger_that_was_never_founded_says_so(natverk: Natverk, asked: tuple[str, ...]) -> None:
    create(natverk.path, os.urandom)
    Ledger(natverk.place, PROJECTIONS, natverk.clock).close()
    agrees("ledger-never-founded", natverk.refuses(*asked))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_forgotten_that_is_none_is_refused(name: str, kvarteret: Natverk) -> None:
    network = json.loads(kvarteret.does("forgotten", "export", "-"))["network"]
    Path("forgotten.json").write_text(LISTS[name].replace("{network}", network), encoding="utf-8")
    result = kvarteret("forgotten", "apply", "forgotten.json")
    assert result.code == (1 if name.endswith("network") else 2)
    agrees(name, result.err)


def test_forgetting_asks_for_the_name(kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.forget.interactive", lambda: True)
    refused = kvarteret("forget", "Eva", stdin="Eva\n")
    assert refused.code == 1
    agrees("forget-another-name", refused.err)
    assert kvarteret("forget", "Eva", stdin="").code == 1
    kvarteret.does("forget", "Eva", stdin="eva  LIND\n")


@pytest.mark.file
def test_an_erasure_that_a_reader_holds_up_says_so(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.ledger.ERASING_SECONDS", 0)
    reader = Database.reading(kvarteret.place)
    reader.head()
    result = kvarteret(*FORGET)
    reader.close()
    assert result.code == 1
    assert "was forgotten" in result.out
    agrees("forget-pending", result.err)


def test_who_is_forgotten_cannot_be_who_records(kvarteret: Natverk) -> None:
    kvarteret.does(*FORGET)
    agrees("me-forgotten", kvarteret.refuses("me", "m3"))


def test_no_golden_file_is_left_over() -> None:
    others = {
        *("stdin-too-long", "stdin-not-utf8", "stdin-empty", "file-too-long", "file-not-utf8"),
        *("ledger-not-a-ledger", "ledger-from-the-future", "ledger-read-only", "clock-behind"),
        "ledger-never-founded",
        *LISTS,
        *OTHERS,
    }
    siblings = Path(__file__).parent.glob("test_*.py")
    told = "".join(path.read_text(encoding="utf-8") for path in siblings)
    left = {path.stem for path in GOLDEN.glob("*.txt")} - {*CASES, *others}
    assert {name for name in left if f'"{name}"' not in told} == set()
    assert {*CASES, *others} <= {path.stem for path in GOLDEN.glob("*.txt")}


def _log(place: Path | Server) -> list[tuple[object, ...]]:
    """The stored entries and keys, as they are kept."""
    with closing(Database.reading(place)) as database:
        entries = database.select("SELECT originator_version, topic, state FROM stored_events")
        return entries + database.select("SELECT namespace, key FROM keys")


def agrees(name: str, said: str) -> None:
    said = re.sub(r"postgresql://natverk@/natverk_test_\d+_\d+", "natverk.db", said)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("NATVERK_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")
    assert "Traceback" not in said
