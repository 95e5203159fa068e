"""The made-up network of `natverk demo`: the same each time, and in nobody's way.

NATVERK_GOLDEN=1 writes what it prints anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from cli_world import Natverk
from test_errors_golden import agrees

from cli.story import STORY

GOLDEN = Path(__file__).parent / "golden" / "demo.txt"
COLUMNS = 100


def test_the_demo_shows_a_network(natverk: Natverk) -> None:
    out = natverk.does("demo")
    if os.environ.get("NATVERK_GOLDEN"):
        GOLDEN.write_text(out, encoding="utf-8")
    assert out == GOLDEN.read_text(encoding="utf-8")


def test_the_demo_is_a_year_of_a_network_and_as_good_as_replayed(natverk: Natverk) -> None:
    natverk.does("demo")
    demo = ("--ledger", "natverk-demo.db")
    members = natverk.rows(*demo, "members")
    assert len(members) >= 12
    assert {row["kind"] for row in members} == {"person", "organisation"}
    assert len(natverk.rows(*demo, "log", "-n", "0")) == len(STORY.strip().splitlines())
    natverk.does(*demo, "replay", "--compare")


def test_what_the_demo_shows_fits_in_a_hundred_columns(natverk: Natverk) -> None:
    wide = [line for line in natverk.does("demo").splitlines() if len(line) > COLUMNS]
    sentence = re.compile(r"(#|.*─ #|Språkkafé \(i1\): )").match
    tables = [line for line in wide if not sentence(line)]
    assert all("same category" in line for line in tables), "a terminal cuts the reasons of matches"


def test_the_demo_leaves_the_ledger_and_settings_of_the_reader_alone(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kvarteret.does("me", "Åsa")
    settings = Path("natverk.toml")
    before = kvarteret.path.read_bytes(), settings.read_bytes()
    monkeypatch.setenv("NATVERK_LEDGER", "natverk.db")
    kvarteret.does("demo")
    assert (kvarteret.path.read_bytes(), settings.read_bytes()) == before
    assert kvarteret.rows("status")[0]["position"] == 9


def test_settings_that_cannot_be_read_are_nothing_to_the_demo(natverk: Natverk) -> None:
    Path("natverk.toml").write_text("this is no setting", encoding="utf-8")
    natverk.does("demo")


@pytest.mark.file
def test_nobody_of_the_readers_network_records_in_the_demo(natverk: Natverk) -> None:
    settings = 'me = "m1"\nledger = "natverk-demo.db"\n'
    Path("natverk.toml").write_text(settings, encoding="utf-8")
    natverk.does("demo")
    assert natverk.rows("log", "-n", "1", "--reverse")[0]["actor"] is None


def test_a_demo_that_was_gone_on_with_is_left_alone(natverk: Natverk) -> None:
    natverk.does("demo")
    natverk.clock.advance(days=30)
    natverk.does("--ledger", "natverk-demo.db", "join", "Eva")
    before = natverk.rows("--ledger", "natverk-demo.db", "log", "-n", "0")

    agrees("demo-gone-on-with", natverk.refuses("demo"))

    assert natverk.rows("--ledger", "natverk-demo.db", "log", "-n", "0") == before
    natverk.does("demo", "other.db")


def test_the_demo_says_once_when_everything_is_as_it_is(natverk: Natverk) -> None:
    out = natverk.does("demo")
    assert out.count("All that follows is as it was on 2026-11-20 at 19:00.\n") == 1
    assert out.index("All that follows") < out.index("$ natverk members")


def test_a_demo_takes_the_place_of_a_demo_and_of_nothing_else(kvarteret: Natverk) -> None:
    first = kvarteret.does("demo")
    assert kvarteret.does("demo") == first
    before = kvarteret.path.read_bytes()
    assert "natverk.db is there already and is not a demo" in kvarteret.refuses(
        "demo", "natverk.db"
    )
    assert kvarteret.path.read_bytes() == before
    Path("brev.txt").write_text("hej", encoding="utf-8")
    kvarteret.refuses("demo", "brev.txt")
    assert Path("brev.txt").read_text(encoding="utf-8") == "hej"
