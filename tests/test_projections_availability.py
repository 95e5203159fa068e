"""What is offered, and how much of it is free at a time."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cli_world import NOON, Natverk
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import commands as c
from ledger.ledger import Ledger
from ledger.refusals import Refused
from ledger.values import microseconds
from projections.availability import Period, available
from projections.registry import PROJECTIONS

ZONE = ZoneInfo("Europe/Stockholm")
CAPACITY = 3
MINUTES = 60
AHEAD = NOON + timedelta(days=30)
USES = st.tuples(
    st.sampled_from(["book", "book", "lend"]),
    st.integers(0, MINUTES - 1),
    st.integers(1, 40),
    st.integers(1, CAPACITY),
    st.integers(0, MINUTES) | st.none(),
)


def minute(number: int) -> datetime:
    return AHEAD + timedelta(minutes=number)


class Drill:
    """A ledger with three drills, and a count of who has one in each minute of an hour."""

    def __init__(self, folder: str) -> None:
        self.now = NOON
        network = c.Found(name="Linden", idea="sharing")
        self.ledger = Ledger.found(Path(folder) / "l.db", network, PROJECTIONS, lambda: self.now)
        self.ledger.record(c.Join(name="Åsa"))
        self.ledger.record(c.Join(name="Knut"))
        self.ledger.record(c.Offer(owner="m1", kind="equipment", what="drill", capacity=CAPACITY))
        self.used = [0] * MINUTES

    def use(self, how: str, start: int, length: int, count: int, released: int | None) -> None:
        """Book or lend in the future hour; what is refused is not counted."""
        end = start + length
        with suppress(Refused):
            if how == "lend":
                # Loans begin now, so one takes every minute until it is due.
                lend = c.Lend(resource="r1", borrower="m2", due=minute(end))
                self.ledger.record(lend)
                start, count = 0, 1
            else:
                book = c.Book(
                    resource="r1", booker="m2", start=minute(start), end=minute(end), count=count
                )
                booking = self.ledger.record(book).events[0].booking  # type: ignore[attr-defined]
                if released is not None:
                    self.ledger.record(c.Release(booking=booking))
                    return
            for each in range(start, min(end, MINUTES)):
                self.used[each] += count

    def free(self, first: int, last: int) -> int:
        """What the ledger says is free from one minute until before another."""
        period = Period(microseconds(minute(first)), microseconds(minute(last)))
        rows = available(self.ledger.database, period, microseconds(self.now), ZONE)
        return int(rows[0]["free"]) if rows else 0


@settings(max_examples=25)
@given(st.lists(USES, max_size=8), st.data())
def test_what_is_free_is_the_capacity_less_a_count_by_the_minute(
    uses: list[tuple[str, int, int, int, int | None]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        drill = Drill(folder)
        for use in uses:
            drill.use(*use)
        for each in range(0, MINUTES, 7):
            assert drill.free(each, each + 1) == CAPACITY - drill.used[each] >= 0
        first = data.draw(st.integers(0, MINUTES - 1))
        last = data.draw(st.integers(first + 1, MINUTES))
        assert drill.free(first, last) == CAPACITY - max(drill.used[first:last])
        drill.ledger.close()


def free(natverk: Natverk, *when: str) -> dict[str, str | None]:
    return {row["id"]: row["free"] for row in natverk.rows("available", *when)}


def test_what_is_free_now(kvarteret: Natverk) -> None:
    kvarteret.does("offer", "Eva", "läxhjälp", "--kind", "knowledge")
    rows = kvarteret.rows("available")
    fixed = ["id", "owner", "kind", "category", "free", "capacity"]
    assert [list(row)[:6] for row in rows] == [fixed] * 3
    assert [[row[name] for name in fixed] for row in rows] == [
        ["r1", "m1", "equipment", None, "1", "1"],
        ["r2", "m4", "other", None, "20", "20"],
        ["r3", "m3", "knowledge", None, None, None],
    ]
    assert rows[1]["unit"] == "cup"


def test_one_kind_only(kvarteret: Natverk) -> None:
    assert free(kvarteret, "--kind", "equipment") == {"r1": "1"}


def test_a_stock_is_free_as_long_as_something_is_left(kvarteret: Natverk) -> None:
    cup = ("--unit", "cup", "--resource", "r2")
    kvarteret.does("give", "Café", "Knut", "--quantity", "19.5", *cup)
    assert free(kvarteret)["r2"] == "0.5"
    kvarteret.does("give", "Café", "Knut", "--quantity", "0.5", *cup)
    assert "r2" not in free(kvarteret)


def test_what_is_booked_is_not_free_then(kvarteret: Natverk) -> None:
    times = ("--from", "2026-11-05T10:00", "--to", "2026-11-05T12:00")
    kvarteret.does("book", "lastcykel", "Knut", *times)
    assert "r1" in free(kvarteret, "--at", "2026-11-05T09:59")
    assert "r1" not in free(kvarteret, "--at", "2026-11-05T10:00")
    assert "r1" in free(kvarteret, "--at", "2026-11-05T12:00")
    assert "r1" not in free(kvarteret, "--from", "2026-11-04", "--to", "2026-11-05")
    assert "r1" in free(kvarteret, "--from", "2026-11-06", "--to", "2026-11-07")


def test_the_booking_of_one_who_left_holds_nothing(kvarteret: Natverk) -> None:
    kvarteret.does("book", "lastcykel", "Knut", "--from", "2026-11-05", "--to", "2026-11-05")
    kvarteret.does("leave", "Knut")
    assert "r1" in free(kvarteret, "--at", "2026-11-05T10:00")


def test_a_loan_that_is_overdue_is_still_out(kvarteret: Natverk) -> None:
    kvarteret.does("lend", "lastcykel", "Knut", "--due", "2026-11-05T10:00")
    assert "r1" in free(kvarteret, "--at", "2026-11-06")
    kvarteret.clock.advance(days=3)
    assert "r1" not in free(kvarteret)
    assert "r1" in free(kvarteret, "--at", "2026-11-10")
    kvarteret.does("return", "lastcykel")
    assert "r1" in free(kvarteret)


def test_what_is_closed_is_not_free(kvarteret: Natverk) -> None:
    kvarteret.does("offer", "Café", "room", "--kind", "premises", "--open", "tue 09:00-13:00")
    assert "r3" in free(kvarteret)
    assert "r3" not in free(kvarteret, "--at", "2026-11-03T13:00")
    assert "r3" not in free(kvarteret, "--from", "2026-11-10", "--to", "2026-11-10")


def test_the_offers_of_those_who_rest_or_left_are_not_free(kvarteret: Natverk) -> None:
    kvarteret.does("pause", "Åsa")
    kvarteret.does("leave", "Café")
    assert free(kvarteret) == {}
    kvarteret.does("resume", "Åsa")
    kvarteret.does("join", "Café Linden", "--back")
    assert free(kvarteret) == {"r1": "1"}  # coming back revives nothing


def test_an_offer_withdrawn_today_was_there_yesterday(kvarteret: Natverk) -> None:
    kvarteret.does("withdraw", "lastcykel")
    assert "r1" not in free(kvarteret)
    assert "r1" in free(kvarteret, "--at", "yesterday 10:00")
    assert "r1" not in free(kvarteret, "--at", "2026-10-25T08:59")


def test_the_time_meant_is_echoed(kvarteret: Natverk) -> None:
    assert kvarteret("available", "--at", "friday").err == "free at 2026-11-06 00:00\n"
    period = kvarteret("available", "--from", "2026-12-01", "--to", "2026-12-03")
    assert period.err == "free from 2026-12-01 00:00 to 2026-12-04 00:00\n"
    assert kvarteret("available").err == ""


def test_half_a_period_is_refused(kvarteret: Natverk) -> None:
    for when in (("--from", "friday"), ("--to", "friday"), ("--at", "now", "--to", "friday")):
        result = kvarteret("available", *when)
        assert result.code == 2
        assert result.err.splitlines() == [
            "natverk: error: give either --at, or both --from and --to",
            "natverk: hint: see natverk available --help",
        ]
    assert kvarteret("available", "--from", "2026-12-02", "--to", "2026-12-01").code == 2


def test_resources_are_all_there_are_with_what_became_of_them(kvarteret: Natverk) -> None:
    kvarteret.does("lend", "lastcykel", "Knut", "--due", "2026-11-04")
    kvarteret.does("offer", "Eva", "läxhjälp", "--kind", "knowledge")
    kvarteret.does("offer", "Eva", "sax", "--kind", "equipment")
    kvarteret.does("withdraw", "sax")
    kvarteret.does("give", "Café", "Knut", "--quantity", "20", "--unit", "cup", "--resource", "r2")
    kvarteret.does("pause", "Eva")
    kvarteret.clock.advance(days=7)
    rows = kvarteret.rows("resources")
    assert [(row["id"], row["status"]) for row in rows] == [
        ("r1", "offered"),
        ("r3", "paused"),
        ("r2", "used-up"),
        ("r4", "withdrawn"),
    ]
    assert rows[0]["borrowers"] == rows[0]["overdue"] == ["m2"]
    assert (rows[2]["left"], rows[2]["stock"], rows[2]["unit"]) == ("0", "20", "cup")
    assert "Knut Hansson, overdue" in kvarteret.does("resources")
    kvarteret.does("leave", "Åsa")
    assert kvarteret.rows("resources")[1]["status"] == "ended"
