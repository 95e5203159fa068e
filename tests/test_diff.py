"""`natverk diff`: what changed between two pasts."""

from __future__ import annotations

from typing import Any

from cli_world import Natverk

from ledger import commands as c
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS


def changes(natverk: Natverk, first: str, second: str) -> dict[tuple[str, str, str | None], Any]:
    """Before and after by section, id and field."""
    rows = natverk.rows("diff", "--from", first, "--to", second)
    return {
        (row["section"], row["id"], row["field"]): (row["before"], row["after"]) for row in rows
    }


def test_what_happened_in_a_while_is_told_by_section(kvarteret: Natverk) -> None:
    # Given some days in which somebody came, left, gave and asked
    kvarteret.does("leave", "Eva", "--at", "2026-11-01T10:00")
    kvarteret.does("join", "Omar")
    kvarteret.does("give", "Omar", "Knut", "--ask", "a1", "--hours", "1")
    kvarteret.does("lend", "lastcykel", "Omar")
    # When the two ends of it are compared
    told = changes(kvarteret, "2026-10-31", "today")
    # Then every change is there, and nothing else
    assert told.pop(("members", "m5", None))[1]["name"] == "Omar"
    assert told == {
        ("members", "m3", "status"): ("present", "left"),
        ("members", "m3", "left_at"): (None, "2026-11-01T10:00:00+01:00"),
        ("balance", "m2", "received"): (1, 2),
        ("balance", "m2", "units"): (
            {"hour": {"given": "0", "received": "2"}},
            {"hour": {"given": "0", "received": "3"}},
        ),
        ("balance", "m5", "given"): (0, 1),
        ("balance", "m5", "units"): ({}, {"hour": {"given": "1", "received": "0"}}),
        ("resources", "r1", "borrowers"): ([], ["m5"]),
        ("asks", "a1", "status"): ("open", "partly-met"),
        ("asks", "a1", "given"): ("0", "1"),
        ("asks", "a1", "gifts"): (0, 1),
    }


def test_people_read_names_and_words(kvarteret: Natverk) -> None:
    kvarteret.does("describe", "Knut", "--name", "Knut Ek")
    kvarteret.does("give", "Knut", "Åsa", "--hours", "1")
    kvarteret.does("lend", "lastcykel", "Knut")
    told = kvarteret("diff", "--from", "2026-10-31", "--to", "now")
    assert told.out == (
        "members\n"
        "id  name     what  before        after\n"
        "m2  Knut Ek  name  Knut Hansson  Knut Ek\n"
        "balances\n"
        "id  name       what                before  after\n"
        "m1  Åsa Öberg  gifts received      0       1\n"
        "m1  Åsa Öberg  measured, received          1 hour\n"
        "m2  Knut Ek    gifts given         0       1\n"
        "m2  Knut Ek    measured, given             1 hour\n"
        "resources\n"
        "id  name       what       before  after\n"
        "r1  lastcykel  borrowers          Knut Ek\n"
    )
    assert told.err == (
        "from: as of 2026-10-31 24:00, known at #12; not counted: 3 later entries\n"
        "to: as of 2026-11-03 12:00, known at #12\n"
    )


def test_a_position_compares_what_was_known(kvarteret: Natverk) -> None:
    # Given a late gift and a correction
    kvarteret.does("give", "Åsa", "Eva", "bröd", "--at", "2026-10-25")
    with Ledger(kvarteret.place, PROJECTIONS, kvarteret.clock) as ledger:
        ledger.record(c.Correct(target=9, changes={"receiver": "m1"}))
    # Then what came to be known is the difference
    assert changes(kvarteret, "#9", "#10") == {
        ("balance", "m1", "given"): (0, 1),
        ("balance", "m3", "received"): (0, 1),
    }
    told = changes(kvarteret, "10", "11")
    assert told["balance", "m2", "received"] == (1, 0)
    assert told["balance", "m1", "received"] == (0, 1)
    # And as of two days before, as is known now, nothing of it is
    assert changes(kvarteret, "2026-10-28", "2026-10-29") == {}


def test_what_is_gone_is_told_too(kvarteret: Natverk) -> None:
    with Ledger(kvarteret.place, PROJECTIONS, kvarteret.clock) as ledger:
        ledger.record(c.Reverse(target=7, reason="it was never offered"))
    told = changes(kvarteret, "9", "10")
    assert told["resources", "r2", None][1] is None
    assert "r2  coffee  gone  offered" in kvarteret.does("diff", "--from", "9", "--to", "10")


def test_no_difference_is_an_empty_answer(kvarteret: Natverk) -> None:
    told = kvarteret("diff", "--from", "9", "--to", "9")
    assert (told.code, told.out) == (0, "")
    assert told.err.endswith("nothing changed\n")
    assert kvarteret.rows("diff", "--from", "9", "--to", "9") == []
