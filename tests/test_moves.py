"""`natverk copy --move`: a network that goes on in another place, and in one place only."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from copies import copied, held
from samples import GIVE
from servers import place_in
from worlds import differences, founded, opened, people

from ledger.closed import Moved
from ledger.copying import Copied, copy, fence


def test_after_a_move_all_is_recorded_in_the_new_place(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    with opened(busy.place, busy.clock) as still_open:
        assert busy.rows("copy", "--move", source, "new.db")["new"] == 15
        with pytest.raises(Moved):
            still_open.record(GIVE)
    assert busy("give", "Eva", "Knut", "te").code == 4
    asked = busy("log")
    assert asked.code == 0
    assert "has moved to" in asked.err
    assert "new.db: this is how it was when it did" in asked.err
    assert held("new.db") == held(busy.place)
    assert busy.rows("--ledger", "new.db", "give", "Eva", "Knut", "te")[0]["position"] == 16
    assert busy("copy", "--move", source, "third.db").code == 4  # it has moved already


@pytest.mark.parametrize("kind", ["--ndjson", "--csv", "--about"])
def test_what_is_written_out_of_a_ledger_that_was_left_is_said_to_be_old(
    busy: Natverk, kind: str
) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    exported = busy("export", kind, *(["Eva"] if kind == "--about" else []), "written")
    assert exported.code == 0
    assert exported.err.count("new.db: this is how it was when it did") == 1


def test_a_network_moves_back(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("--ledger", "new.db", "give", "Eva", "Knut", "te")
    busy.does("copy", "--move", "new.db", source)
    assert busy.rows("give", "Eva", "Knut", "kaffe")[0]["position"] == 17
    assert busy("--ledger", "new.db", "give", "Eva", "Knut", "te").code == 4


def test_a_network_moves_back_by_the_way_that_it_came(busy: Natverk) -> None:
    # Given a network that has moved twice
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("copy", "--move", "new.db", "third.db")
    # When it would move to where it was first
    told = busy.refuses("copy", "--move", "third.db", source)
    # Then the hint names the step that has to come before
    first = re.search(r"natverk (copy --move third.db \S*new.db) brings", told)
    assert first
    busy.does(*first[1].split())
    busy.does("copy", "--move", "new.db", source)
    assert busy.rows("give", "Eva", "Knut", "kaffe")[0]["position"] == 16


def test_a_ledger_that_was_left_is_copied_nowhere_else(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    for move in ([], ["--move"]):
        refused = busy("copy", *move, source, "third.db")
        assert refused.code == 4
        assert "new.db" in refused.err
        assert not Path("third.db").exists()


def test_an_older_copy_does_not_open_a_ledger_that_was_left(busy: Natverk) -> None:
    # Given a network that has moved, and is recorded in, and a copy from before
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", source, "old.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("--ledger", "new.db", "give", "Eva", "Knut", "te")
    # When the older copy is copied back, or the network from the copy is moved back
    for move in ([], ["--move"]):
        assert busy("copy", *move, "old.db", source).code == 4
    # Then nobody can record where it was
    assert busy("give", "Eva", "Knut", "kaffe").code == 4


def test_a_ledger_that_was_left_is_brought_up_to_date_and_stays_closed(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("--ledger", "new.db", "give", "Eva", "Knut", "te")
    result = busy("copy", "new.db", source, "--json")
    assert (result.json()["new"], result.json()["open"]) == (1, False)
    assert "stays closed" in result.err
    assert held(busy.place) == held("new.db")
    assert busy("give", "Eva", "Knut", "kaffe").code == 4
    assert busy.rows("--ledger", "new.db", "give", "Eva", "Knut", "te")[0]["position"] == 17
    # Until it is moved back
    assert busy.rows("copy", "--move", "new.db", source)["open"]
    assert busy.rows("give", "Eva", "Knut", "kaffe")[0]["position"] == 18


def test_a_copy_back_that_is_broken_off_stays_closed(
    busy: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    busy.does("copy", "--move", source, "new.db")
    busy.does("--ledger", "new.db", "give", "Eva", "Knut", "te")
    with monkeypatch.context() as patch:
        patch.setattr("ledger.copying.take_keys", interrupt)
        patch.setattr("ledger.copying._check", interrupt)
        assert busy("copy", "new.db", source).code == 130
    assert busy("log").code == 4
    assert busy.rows("copy", "new.db", source)["open"] is False
    assert busy("give", "Eva", "Knut", "kaffe").code == 4


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def test_which_can_be_recorded_in_is_said(busy: Natverk) -> None:
    source = getattr(busy.place, "uri", "natverk.db")
    assert "record in both now, and then they part" in busy("copy", source, "new.db").err
    moved = busy("copy", "--move", source, "new.db").err
    assert moved.startswith("from now on record in new.db")
    for move in (["--move"], []):  # once more, also where that finishes a move
        assert busy("copy", *move, source, "new.db").err == moved


def test_nothing_is_lost_when_a_network_moves_under_load(tmp_path: Path) -> None:
    """Several record until they are told that the network has moved, and go on there."""
    founded(tmp_path, *people("Ana", "Bo")).close()
    places = [place_in(tmp_path), tmp_path / "new.db"]
    done = threading.Event()
    recorded: list[list[int]] = [[], [], []]
    moved = threading.Barrier(4)

    def record(mine: list[int]) -> None:
        with opened(places[0]) as ledger:
            try:
                while True:
                    mine.append(ledger.record(GIVE).position or 0)
            except Moved:
                moved.wait()
        with opened(places[1]) as ledger:
            mine.append(ledger.record(GIVE).position or 0)

    writers = [threading.Thread(target=record, args=(mine,)) for mine in recorded]
    for writer in writers:
        writer.start()
    while not all(recorded):
        done.wait(0.01)
    copied(*places, moving=True)
    with opened(places[0]) as old:
        fence(old, str(places[1]))
    copied(*places)
    moved.wait()
    for writer in writers:
        writer.join()
    both = sorted(position for mine in recorded for position in mine)
    assert both == list(range(4, 4 + len(both)))
    with opened(places[1]) as ledger:
        assert ledger.database.head() == both[-1]
        assert differences(ledger) == []


def test_a_move_that_is_broken_off_is_completed(
    busy: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a move that ends after the fence, before the last entries have come
    source = getattr(busy.place, "uri", "natverk.db")
    copies = iter((copy,))

    def once(*given: Any, **how: Any) -> Copied:
        return next(copies)(*given, **how)

    with monkeypatch.context() as patch:
        patch.setattr("ledger.copying.copy", once)
        with pytest.raises(StopIteration):
            busy("copy", "--move", source, "new.db")
    # Then nobody can record in either
    assert busy("give", "Eva", "Knut", "te").code == 4
    assert busy("--ledger", "new.db", "give", "Eva", "Knut", "te").code == 4
    # When it is given again
    assert busy.rows("copy", "--move", source, "new.db")["entries"] == 15
    # Then the network is in the new place
    assert busy.rows("--ledger", "new.db", "give", "Eva", "Knut", "te")[0]["position"] == 16
