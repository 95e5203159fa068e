"""`natverk replay --step`: entry by entry, with what each changed."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
import pytest
from cli_world import Natverk

from cli.context import Session
from cli.main import run
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.values import microseconds
from projections.registry import PROJECTIONS


def changes(step: dict[str, Any], fold: str) -> dict[str, Any]:
    """What of a fold changed, by the key and column in words."""
    return {
        " ".join(map(str, (*each["key"], each["column"]))): (each["before"], each["after"])
        for each in step["changes"]
        if each["fold"] == fold
    }


def test_each_entry_says_what_it_changed(kvarteret: Natverk) -> None:
    *_, gift = kvarteret.rows("replay", "--step")
    assert (gift["position"], gift["type"]) == (9, "gift-given")
    assert gift["says"] == "Eva Lind gave Knut Hansson bookkeeping, 2 hours"
    assert changes(gift, "pairs") == {
        "m3 m2 gifts": (0, 1),
        "m3 m2 units": ("{}", '{"hour":2000}'),
        "m3 m2 first": (None, microseconds(datetime(2026, 10, 27, 8, tzinfo=UTC))),
    }
    told = kvarteret.does("replay", "--step").splitlines()
    assert told[0].startswith("#1  2026-10-24 10:00  Kvarteret Linden was founded")
    assert "  balances m3 all: given 0 → 1" in told
    assert "  members m1: last nothing → 1792828800000000" in told


def test_a_correction_changes_the_rows_of_old_and_new(kvarteret: Natverk) -> None:
    # Given a gift that was Åsa's and not Eva's, and a joining that was earlier
    with Ledger(kvarteret.place, PROJECTIONS, kvarteret.clock) as ledger:
        ledger.record(c.Correct(target=9, changes={"giver": "m1"}))
    *_, step = kvarteret.rows("replay", "--step")
    assert changes(step, "superseded") == {
        "9 successor": (0, 10),
        "9 entry": (0, 9),
    }
    told = changes(step, "balances")
    assert told["m3 all given"] == (1, 0)
    assert told["m1 all given"] == (0, 1)
    assert "m2 all received" not in told


def test_a_late_entry_is_folded_in_at_once(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Eva", "--at", "2026-11-02")
    kvarteret.does("pause", "Eva", "--at", "2026-11-01")
    *_, step = kvarteret.rows("replay", "--step")
    assert changes(step, "members")["m3 pauses"][1].startswith("[[17934")


def test_a_past_ends_the_walk(kvarteret: Natverk) -> None:
    def walked(*past: str) -> list[int]:
        return [step["position"] for step in kvarteret.rows("replay", "--step", *past)]

    assert walked("--until", "3") == [1, 2, 3]
    assert walked("--until", "2026-10-24") == [1, 2, 3, 4, 5]
    assert walked("--as-of", "2026-10-25", "--known-at", "6") == [1, 2, 3, 4, 5, 6]


class Terminal(io.TextIOWrapper):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("keys", "shown"), [("\rxq", 3), ("q", 1), ("x" * 20, 9), ("", 1)])
def test_a_terminal_waits_for_a_key(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch, keys: str, shown: int
) -> None:
    pressed: Iterator[str] = iter(keys)

    def getchar() -> str:
        key = next(pressed, None)
        if key is None:
            raise EOFError
        return key

    monkeypatch.setattr(click, "getchar", getchar)
    streams = {name: Terminal(io.BytesIO(), encoding="utf-8") for name in ("stdin", "stdout")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    assert run(["replay", "--step"], Session(kvarteret.clock)) == 0
    streams["stdout"].flush()
    told = streams["stdout"].buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert told.count("\n#") + 1 == shown
