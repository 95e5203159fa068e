"""What is said in passing: names said once, units in the singular, stocks that stay as they are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cli_world import Natverk
from test_errors_golden import agrees

GIVE = ("give", "Åsa", "Knut", "work")
HOURS = ("--quantity", "2", "--unit", "Hours")


def units(natverk: Natverk, who: str = "Knut") -> dict[str, dict[str, str]]:
    [row] = natverk.rows("balance", who)
    found: dict[str, dict[str, str]] = row["units"]
    return found


def recorded_long_ago(natverk: Natverk, unit: str) -> None:
    """Let what was recorded in a unit be so in its plural, as it was before."""
    with closing(sqlite3.connect(natverk.path)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), ?, ?) AS BLOB)",
            (f'"{unit}"', f'"{unit}s"'),
        )
        connection.execute("UPDATE resources SET unit = unit || 's' WHERE unit = ?", (unit,))
        connection.execute("UPDATE asks SET unit = unit || 's' WHERE unit = ?", (unit,))
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


# Names that are erased


def test_who_was_forgotten_is_named_once(kvarteret: Natverk) -> None:
    kvarteret.does("me", "Eva")
    kvarteret.does("forget", "Eva", "--yes")
    assert kvarteret.does("me").startswith("[forgotten] (m3) is recording, says ")
    assert (
        "0 texts about [forgotten] (m3) go"
        in kvarteret("forget", "m3", "--dry-run", "--also", "2").err
    )


@pytest.mark.file
def test_settings_that_name_no_member_are_told_of(kvarteret: Natverk) -> None:
    Path("natverk.toml").write_text('me = "m99"\n', encoding="utf-8")
    told = kvarteret("me")
    assert (told.code, told.out) == (3, "")
    assert "there is no member m99" in told.err


# Units


def test_hours_and_pieces_are_counted_in_the_singular(kvarteret: Natverk) -> None:
    kvarteret.does(*GIVE, *HOURS)
    kvarteret.does(*GIVE, "--quantity", "3", "--unit", "pieces")
    kvarteret.does(*GIVE, "--quantity", "3", "--unit", "cups")
    received = {unit: both["received"] for unit, both in units(kvarteret).items()}
    assert received == {"cups": "3", "hour": "4", "piece": "3"}
    kvarteret.does("correct", "12", "--quantity", "5", "--unit", "Pieces")
    assert units(kvarteret)["piece"]["received"] == "8"
    assert len(kvarteret.rows("explain", "balance", "Knut", "--unit", "hours")) == 2


def test_a_table_s_units_are_in_the_singular_too(kvarteret: Natverk) -> None:
    table = (
        "giver,receiver,quantity,unit\nÅsa Öberg,Knut Hansson,2,hours\nÅsa Öberg,Eva Lind,2,HOUR\n"
    )
    kvarteret.does("import", "gifts", "-", stdin=table)
    assert units(kvarteret)["hour"]["received"] == "4"
    assert list(units(kvarteret, "Eva")) == ["hour"]


def test_what_was_recorded_in_the_plural_is_still_given_towards(kvarteret: Natverk) -> None:
    # Given a stock and an ask that were counted in pieces and hours before
    stock = ("--kind", "other", "--stock", "9", "--unit", "piece")
    kvarteret.does("offer", "Åsa", "masks", *stock)
    recorded_long_ago(kvarteret, "piece")
    recorded_long_ago(kvarteret, "hour")
    # When something is given of each
    for unit in ("piece", "pieces"):
        kvarteret.does(*GIVE, "--resource", "masks", "--quantity", "2", "--unit", unit)
    kvarteret.does(*GIVE, "--ask", "a1", "--hours", "1")
    # Then it is counted in their unit
    [masks] = [row for row in kvarteret.rows("resources") if row["what"] == "masks"]
    assert (masks["left"], masks["unit"]) == ("5", "pieces")
    assert kvarteret.rows("asks")[0]["given"] == "1"


# Stocks


def test_a_gift_without_a_quantity_says_that_the_stock_stays(kvarteret: Natverk) -> None:
    note = "nothing is taken from what is left of coffee (r2): add --quantity and --unit\n"
    assert kvarteret("give", "Café", "Eva", "--resource", "coffee").err == note
    cups = ("--quantity", "2", "--unit", "cup")
    assert kvarteret("give", "Café", "Eva", "--resource", "coffee", *cups).err == ""
    assert kvarteret("give", "Åsa", "Eva", "--resource", "lastcykel").err == ""


def test_what_is_left_changes_with_its_unit(kvarteret: Natverk) -> None:
    kvarteret.does(
        "give", "Café", "Eva", "--resource", "coffee", "--quantity", "2", "--unit", "cup"
    )
    told = kvarteret.does("diff", "--from", "9", "--to", "10")
    assert "20 cup" in told
    assert "18 cup" in told


# Undoing


def test_a_network_that_was_only_founded_has_nothing_to_undo(natverk: Natverk) -> None:
    natverk.does("init", "Linden", "--idea", "grannar")
    agrees("corrections/nothing-to-undo", natverk.refuses("undo"))


# Ends


@pytest.mark.parametrize(
    ("before", "ends", "says"),
    [
        (
            ("give", "Eva", "Knut", "--resource", "lastcykel"),
            ("withdraw", "lastcykel"),
            "lastcykel (r1) was withdrawn",
        ),
        (
            ("give", "Eva", "Knut", "--ask", "a1"),
            ("close", "a1", "--met"),
            "painting a fence (a1) was closed",
        ),
    ],
)
def test_what_would_come_after_an_end_says_which(
    kvarteret: Natverk, before: tuple[str, ...], ends: tuple[str, ...], says: str
) -> None:
    kvarteret.does(*before)
    told = kvarteret.refuses(*ends, "--at", "yesterday")
    assert told.startswith(f"natverk: error: #10 would then come after {says}\n")


def test_a_new_name_is_told_by_the_id(kvarteret: Natverk) -> None:
    told = kvarteret.does("describe", "Knut", "--name", "Knut Ek")
    assert "m2 is now described as “Knut Ek”" in told
    assert "Eva Lind is now described as “bees”" in kvarteret.does(
        "describe", "Eva", "--about", "bees"
    )


# Receipts


def test_a_receipt_is_told_in_plain_words(kvarteret: Natverk) -> None:
    kvarteret.does("gather", "fika", "--with", "Åsa", "--with", "Knut", "--at", "2026-11-01T15:00")
    kvarteret.does("correct", "9", "--hours", "3")
    gathering, correction = (
        kvarteret.does("verify-receipt", "-", stdin=kvarteret.does("receipt", position))
        for position in ("10", "11")
    )
    assert "  participants  m1, m2\n" in gathering
    assert "  occurred_at   2026-11-01 15:00\n" in gathering
    assert "  replacement\n    type          gift-given\n" in correction
    assert not {"[", "{", "None"} & set(f"{gathering}{correction}".split())
    assert "'" not in gathering + correction


# Endorsements


def test_endorsers_are_counted_with_whom_they_are(kvarteret: Natverk) -> None:
    kvarteret.does("initiative", "start", "Knut", "soup evenings")
    for who in ("Eva", "Café"):
        kvarteret.does("endorse", who, "soup evenings")
    assert "  2 (1 organisation), 2 independent  " in kvarteret.does("initiatives")
    told = kvarteret.does("initiative", "show", "soup evenings")
    assert "\nendorsed by 2, of whom 1 organisation; 2 independent\n" in told
