"""One rule for every file that a command is given: 2 when it is not what it should be, 1 when
it is and says otherwise than the ledger; 4 is for the ledger.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cli_world import Natverk

from ledger.merkle import leaf_hash
from ledger.notes import parse

READS = {
    "restore": ("restore", "FILE", "--ledger", "new.db"),
    "verify-receipt": ("verify-receipt", "FILE"),
    "cosign": ("cosign", "FILE"),
    "verify --since": ("verify", "--since", "FILE"),
    "forgotten apply": ("forgotten", "apply", "FILE"),
    "import events": ("import", "events", "FILE"),
    "import gifts": ("import", "gifts", "FILE"),
}
OTHERS = {
    "missing": None,
    "empty": b"",
    "something else": b"hej\n" * 30,
    "not text": b"\xff\xfe\x00natverk/" * 30,
}


def given(line: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("given" if word == "FILE" else word for word in line)


@pytest.mark.parametrize("content", OTHERS)
@pytest.mark.parametrize("name", READS)
def test_a_file_that_is_not_what_it_should_be_ends_with_2(
    name: str, content: str, kvarteret: Natverk
) -> None:
    kvarteret.does("key", "new")
    written = OTHERS[content]
    if written is not None:
        Path("given").write_bytes(written)
    result = kvarteret(*given(READS[name]))
    assert (result.code, result.out) == (2, ""), result.err


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("verify-receipt", ("receipt", "9")),
        ("cosign", ("checkpoint", "--sign")),
        ("verify --since", ("checkpoint", "--sign")),
        ("forgotten apply", ("forgotten", "export", "-")),
        ("import events", ("export", "--ndjson", "-")),
    ],
)
def test_a_file_that_breaks_off_ends_with_2(
    name: str, write: tuple[str, ...], kvarteret: Natverk
) -> None:
    kvarteret.does("key", "new")
    whole = kvarteret.does(*write)
    Path("given").write_text(whole[: len(whole) * 2 // 3])
    result = kvarteret(*given(READS[name]))
    assert (result.code, result.out) == (2, ""), result.err


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("cosign", ("checkpoint",)),
        ("verify --since", ("checkpoint",)),
        ("forgotten apply", ("forgotten", "export", "-")),
        pytest.param(  # which on a server comes to lie beside
            *("import events", ("export", "--ndjson", "-")), marks=pytest.mark.file
        ),
    ],
)
def test_a_whole_file_of_another_network_ends_with_1(
    name: str, write: tuple[str, ...], kvarteret: Natverk
) -> None:
    kvarteret.does("key", "new")
    kvarteret.does("init", "Another", "--idea", "x", "--ledger", "another.db")
    Path("given").write_text(kvarteret.does(*write, "--ledger", "another.db"))
    assert kvarteret(*given(READS[name])).code == 1


@pytest.mark.parametrize("name", ["cosign", "verify --since"])
def test_a_checkpoint_of_another_history_ends_with_1(name: str, kvarteret: Natverk) -> None:
    kvarteret.does("key", "new")
    note = parse(kvarteret.does("checkpoint"))
    Path("given").write_text(str(replace(note, root=leaf_hash(b""))))
    assert kvarteret(*given(READS[name])).code == 1
