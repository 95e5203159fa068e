"""What is said when a ledger cannot be copied, or is no longer where it was; see
test_errors_golden.py."""

from __future__ import annotations

import os
from typing import Any

import pytest
from cli_world import Natverk
from test_errors_golden import GOLDEN, agrees

from ledger.copying import COPYING, Copied, copy
from ledger.errors import ConnectionLost, MaybeRecorded
from ledger.founding import create

# By the golden file's name: the exit code, what is done first, and what is refused; FROM is
# where the ledger is.
COPY = ("copy", "FROM", "copy.db")
TO_THE_COPY = ("--ledger", "copy.db", "leave", "Eva")
MOVE = ("copy", "--move", "FROM", "copy.db")
MOVE_ON = ("copy", "--move", "copy.db", "back.db")
NO_LEDGER = ("export", "--ndjson", "x.ndjson")
BARE = ("--ledger", "copy.db", "import", "events", "bare.ndjson")
CASES: dict[str, tuple[int, list[tuple[str, ...]], tuple[str, ...]]] = {
    "onto-itself": (1, [], ("copy", "FROM", "FROM")),
    "of-nothing": (4, [], ("copy", "nothing.db", "copy.db")),
    "to-no-folder": (4, [], ("copy", "FROM", "nowhere/copy.db")),
    "over-another-network": (
        1,
        [("--ledger", "copy.db", "init", "Eken", "--idea", "x")],
        COPY,
    ),
    "over-one-without-texts": (
        1,
        [("export", "--ndjson", "bare.ndjson", "--without-personal"), BARE],
        COPY,
    ),
    "has-gone-on": (1, [COPY, TO_THE_COPY], COPY),
    "has-forked": (1, [COPY, TO_THE_COPY, ("leave", "Knut")], COPY),
    "moved": (4, [MOVE], ("leave", "Eva")),
    "from-where-it-was": (4, [MOVE], ("copy", "FROM", "third.db")),
    "back-from-an-older": (4, [("copy", "FROM", "old.db"), MOVE], ("copy", "old.db", "FROM")),
    "went-on": (1, [MOVE, TO_THE_COPY], MOVE),
    "with-a-ledger": (2, [], ("--ledger", "k.db", *COPY)),
    "of-no-path": (2, [], ("copy", "", "copy.db")),
    "to-no-path": (2, [], ("copy", "FROM", "")),
    "of-no-ledger": (4, [NO_LEDGER], ("copy", "x.ndjson", "copy.db")),
    "to-no-ledger": (4, [NO_LEDGER], ("copy", "FROM", "x.ndjson")),
    "back-past-another": (4, [MOVE, MOVE_ON], ("copy", "--move", "back.db", "FROM")),
    "to-where-it-is-no-more": (4, [MOVE, MOVE_ON], MOVE),
    "moved-elsewhere": (4, [MOVE], ("copy", "--move", "FROM", "third.db")),
}


def of(natverk: Natverk, line: tuple[str, ...]) -> list[str]:
    where = getattr(natverk.place, "uri", "natverk.db")
    return [where if word == "FROM" else word for word in line]


@pytest.mark.parametrize("name", CASES)
def test_what_is_refused_of_copies(name: str, kvarteret: Natverk) -> None:
    code, before, refused = CASES[name]
    for line in before:
        kvarteret.does(*of(kvarteret, line))
    result = kvarteret(*of(kvarteret, refused))
    assert result.code == code, result.err
    agrees(f"copy/{name}", result.err.replace(f"{kvarteret.folder}/", ""))


def test_a_copy_that_is_interrupted(kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ledger.copying.take_entry", interrupt)
    result = kvarteret(*of(kvarteret, COPY))
    assert result.code == 130
    agrees("copy/interrupted", result.err)


@pytest.mark.parametrize("kind", [ConnectionLost, MaybeRecorded])
def test_a_move_whose_server_stops(
    kind: type[ConnectionLost], kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a connection that is lost when FROM is closed, and the last entries are still to come
    copies = iter((copy,))

    def once(*given: Any, **how: Any) -> Copied:
        for going in copies:
            return going(*given, **how)
        raise kind(path="postgresql://host/natverk", reason="the server closed it")

    with monkeypatch.context() as patch:
        patch.setattr("ledger.copying.copy", once)
        # When the network is moved
        result = kvarteret(*of(kvarteret, MOVE))
    # Then it is said that the same command goes on
    assert result.code == 4
    name = "lost" if kind is ConnectionLost else "lost-at-the-end"
    agrees(f"copy/{name}", result.err)
    # And it does
    kvarteret.does(*of(kvarteret, MOVE))
    kvarteret.does(*TO_THE_COPY)


@pytest.mark.parametrize(
    "line", [("log",), ("leave", "Eva"), ("verify",), ("export", "--csv", "x")]
)
def test_a_copy_that_is_not_finished_is_no_ledger(line: tuple[str, ...], natverk: Natverk) -> None:
    create(natverk.folder / "half.db", os.urandom, closed=f"{COPYING}0")
    result = natverk("--ledger", "half.db", *line)
    assert result.code == 4
    agrees("copy/unfinished", result.err)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (GOLDEN / "copy").glob("*.txt")} == {
        *CASES,
        "unfinished",
        "interrupted",
        "lost",
        "lost-at-the-end",
    }
