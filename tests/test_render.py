"""What reaches the reader: nothing that could disturb a terminal, a parser or a spreadsheet."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import redirect_stdout
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import render, streams
from cli.render import Column, csv_cell, json_text, safe, table, width

ROOT = Path(__file__).parent.parent
WHO = Column("who", "Who")
GIFTS = Column("gifts", "Gifts", "right")
ROWS: list[dict[str, Any]] = [{"who": "Åsa", "gifts": 12}, {"who": "Bo", "gifts": None}]
HOSTILE = "\x1b]0;pwned\x07 \u202eabc \u200b \x9b31m \U000e0041"
TEXTS = st.text() | st.text(st.sampled_from("a\u00e5\u6f22 \n\t\r\x1b\x7f\x9b\u0301\u200d\u202e"))
VALUES = st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS, max_size=3)


def unsafe(text: str) -> list[str]:
    kinds = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return [c for c in text if unicodedata.category(c) in kinds]


class Terminal(io.StringIO):
    """A stdout that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of 20 columns that knows colours."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


# Texts


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("", "Åsa Öberg", "50 % \\ “x”", "漢字", "🎉", "a\u00a0b", "e\u0301"):
        assert safe(text) == text


def test_control_and_format_characters_are_shown_as_escapes() -> None:
    assert safe("\x1b[31m") == r"\x1b[31m"
    assert safe("\u202eabc\x9b") == r"\u202eabc\x9b"
    assert safe("\U000e0041\u200d") == r"\U000e0041\u200d"
    assert safe("a\nb\tc\rd") == r"a\x0ab\x09c\x0dd"
    assert safe("a\nb\tc\rd", lines=True) == "a\nb\tc\\x0dd"


@given(TEXTS)
def test_no_unsafe_character_is_ever_left(text: str) -> None:
    assert not unsafe(safe(text))
    assert set(unsafe(safe(text, lines=True))) <= {"\n", "\t"}
    assert safe(safe(text)) == safe(text)


# Tables


def test_a_table_has_a_header_and_aligned_columns() -> None:
    assert table(ROWS, [WHO, GIFTS]) == ["Who  Gifts", "Åsa     12", "Bo"]


def test_a_table_of_nothing_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert table([], [WHO]) == []
    render.print_table([], [WHO])
    assert capsys.readouterr().out == ""


def test_wide_and_combining_characters_keep_the_columns_aligned() -> None:
    rows = [{"who": "漢字", "gifts": 1}, {"who": "Asa\u030a", "gifts": 2}]
    assert table(rows, [WHO, GIFTS]) == ["Who   Gifts", "漢字      1", "Asa\u030a       2"]


def test_a_cell_is_one_safe_line() -> None:
    rows = [{"who": "Åsa\r\nÖberg\t\x1b[31m"}]
    assert table(rows, [WHO])[1] == r"Åsa Öberg \x1b[31m"


def test_truth_is_in_words_and_lists_are_joined() -> None:
    rows = [{"who": ["Åsa", "Bo"], "gifts": True}]
    assert table(rows, [WHO, GIFTS])[1] == "Åsa, Bo    yes"


def test_a_column_may_show_its_values_in_its_own_way() -> None:
    column = Column("at", "When", show=lambda moment: moment[:10])
    assert table([{"at": "2026-11-03T14:30"}, {}], [column]) == ["When", "2026-11-03", ""]


def test_the_longest_texts_are_cut_to_the_width_and_the_numbers_stay() -> None:
    rows = [{"who": "a very long name", "what": "bread", "gifts": 12}]
    lines = table(rows, [WHO, Column("what", "What"), GIFTS], width=24)
    assert lines[1] == "a very lo…  bread     12"


@given(
    st.lists(st.fixed_dictionaries({"who": VALUES, "gifts": VALUES}), min_size=1, max_size=5),
    st.integers(1, 60),
)
def test_a_table_is_never_wider_than_it_may_be(rows: list[dict[str, Any]], most: int) -> None:
    lines = table(rows, [WHO, GIFTS], width=most)
    assert len(lines) == len(rows) + 1
    assert all(width(line) <= most and not unsafe(line) for line in lines)


def test_on_a_terminal_the_header_is_underlined_and_the_width_is_kept(terminal: Terminal) -> None:
    with redirect_stdout(terminal):
        render.print_table([{"who": "Åsa " * 20}], [WHO])
    assert terminal.getvalue() == "\x1b[4mWho\x1b[0m\n" + ("Åsa " * 20)[:19] + "…\n"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_declined(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with redirect_stdout(terminal):
        render.print_table(ROWS, [WHO])
    assert terminal.getvalue().startswith("Who\n")


def test_into_a_pipe_nothing_is_cut_or_coloured(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    render.print_table([{"who": "Åsa " * 20}], [WHO])
    assert capsys.readouterr().out == "Who\n" + ("Åsa " * 20).rstrip() + "\n"


# JSON


def test_json_is_an_array_with_a_row_on_each_line(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_json(ROWS)
    assert capsys.readouterr().out == '[{"who":"Åsa","gifts":12},\n{"who":"Bo","gifts":null}]\n'


def test_json_of_nothing_is_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_json(iter([]))
    assert capsys.readouterr().out == "[]\n"


@given(st.lists(st.dictionaries(TEXTS, VALUES, max_size=3), max_size=4))
def test_json_is_read_back_as_it_was_and_never_disturbs_a_terminal(
    rows: list[dict[str, Any]],
) -> None:
    text = "".join(json_text(rows))
    assert json.loads(text) == rows
    assert not unsafe(text.replace("\n", ""))


def test_json_takes_numbers_of_any_size_and_broken_file_names() -> None:
    rows = [{"total": 2**70, "path": "a\udce9"}]
    assert json.loads("".join(json_text(rows))) == rows


def test_json_refuses_what_is_not_plain() -> None:
    with pytest.raises(TypeError):
        list(json_text([{"quantity": Decimal("1.5")}]))


def test_many_rows_are_written_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    monkeypatch.setattr(streams, "put_bytes", lambda text: written.append(len(text)))
    waiting: list[int] = []

    def rows() -> Iterator[dict[str, int]]:
        for n in range(60_000):
            waiting.append(len(written))
            yield {"n": n}

    render.print_json(rows())
    assert waiting[-1] > 100


# Sentences


def test_a_text_may_have_lines_but_no_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    render.write("one\ntwo\x1b\n")
    assert capsys.readouterr() == ("one\ntwo\\x1b\n", "")


def test_errors_hints_and_notes_are_a_safe_line_each_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    render.error(f"no such member “{HOSTILE}\n”", "look\nat members")
    render.note("3 later entries not counted")
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[0].startswith("natverk: error: no such member “\\x1b]0;pwned")
    assert lines[1:] == [r"natverk: hint: look\x0aat members", "3 later entries not counted"]
    assert not unsafe(err.replace("\n", ""))


def test_an_error_without_a_hint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    render.error("no")
    assert capsys.readouterr().err == "natverk: error: no\n"


# CSV


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("Åsa", "Åsa"),
        ("", ""),
        (True, "true"),
        (-3, "-3"),
        ("-1.5", "-1.5"),
        ("+2", "+2"),
        (Decimal("-0.5"), "-0.5"),
        ("=1+1", "'=1+1"),
        ("+46 70", "'+46 70"),
        ("-1.5+cmd", "'-1.5+cmd"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\\x0d=1"),
        ("\uff1d1", "'\uff1d1"),
        ("two\nlines", "two\nlines"),
        (["=a", "b"], "'=a, b"),
    ],
)
def test_no_cell_is_taken_for_a_formula(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


# The other end of the pipe


def run(code: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    """Run `code` against render in a process of its own."""
    command = [sys.executable, "-c", f"from cli import render\n{code}"]
    return subprocess.run(command, cwd=ROOT, timeout=60, check=False, **how)


@pytest.fixture
def gone() -> Iterator[int]:
    """The end of a pipe to write to, when whoever read at the other end has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize(
    "code",
    [
        "render.write('x')",
        "for n in range(100_000): render.write('x' * 100)",
        "render.print_json({'n': n} for n in range(100_000))",
        "render.print_table([{'n': 'x' * 100}] * 10_000, [render.Column('n', 'N')])",
    ],
)
def test_a_reader_who_has_gone_ends_it_quietly(code: str, gone: int) -> None:
    ended = run(code + "\nraise SystemExit(5)", stdout=gone, stderr=subprocess.PIPE)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_output_that_is_full_is_an_error_and_no_traceback(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "cli", "--ledger", str(tmp_path / "natverk.db")]
    found = [*command, "init", "Linden", "--idea", "x"]
    subprocess.run(found, cwd=ROOT, check=True, timeout=60, capture_output=True)
    with Path("/dev/full").open("wb") as full:
        asked = [*command, "log", *options]
        ended = subprocess.run(
            asked, cwd=ROOT, check=False, timeout=60, stdout=full, stderr=subprocess.PIPE
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"natverk: error: standard output cannot be written: ")
    assert b"Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("asked", [["--help"], ["give", "--help"], ["--version"]])
def test_help_into_an_output_that_is_full_is_an_error_too(asked: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run(
            f"from cli.main import main; main({asked})", stdout=full, stderr=subprocess.PIPE
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"natverk: error: standard output cannot be written: ")
    assert b"Traceback" not in ended.stderr


def test_standard_input_that_is_closed_is_an_error_and_no_traceback() -> None:
    code = "import sys; sys.stdin = None; from cli.main import main; "
    ended = run(code + "main(['note', '1', '-'])", stderr=subprocess.PIPE)
    assert ended.returncode == 2
    assert b"standard input is closed" in ended.stderr


def test_an_error_that_nobody_reads_still_ends_with_its_exit_code(gone: int) -> None:
    assert run("render.error('no'); raise SystemExit(3)", stderr=gone).returncode == 3


def test_a_terminal_that_lacks_a_letter_gets_an_escape_and_json_is_utf_8() -> None:
    ended = run(
        "render.write('Åsa\\n'); render.print_json([{'who': 'Åsa'}])",
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert ended.stdout == b"\\xc5sa\n" + '[{"who":"Åsa"}]\n'.encode()
