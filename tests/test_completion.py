"""`natverk completion`: the shell completes commands and names, and nothing else happens."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli_world import Natverk

ROOT = Path(__file__).parent.parent
BASH = shutil.which("bash")


def completed(natverk: Natverk, monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    """What bash would be offered at the end of a line."""
    with monkeypatch.context() as patch:
        patch.setenv("_NATVERK_COMPLETE", "bash_complete")
        patch.setenv("NATVERK_LINE", line)
        result = natverk()
    assert (result.code, result.err) == (0, "")
    return result.out.splitlines()


def test_commands_are_completed(natverk: Natverk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert completed(natverk, monkeypatch, "natverk int") == ["introduce", "introductions"]
    assert completed(natverk, monkeypatch, "natverk import e") == ["events"]
    assert "--member" in completed(natverk, monkeypatch, "natverk log --m")


NAMES = [
    ("natverk log --member ", ["Café\\ Linden", "Eva\\ Lind", "Knut\\ Hansson", "Åsa\\ Öberg"]),
    ("natverk log --member Å", ["Åsa\\ Öberg"]),
    ("natverk log --member as", ["Åsa\\ Öberg"]),
    ("natverk log --member=K", ["Knut\\ Hansson"]),
    ('natverk log --member "Åsa Ö', ["Åsa Öberg"]),
    ("natverk log --member 'Åsa Ö", ["Åsa Öberg"]),
    ("natverk log --member Åsa\\ Ö", ["Åsa\\ Öberg"]),
    ("natverk log --member Z", []),
]


@pytest.mark.parametrize(("line", "offered"), NAMES)
def test_member_names_are_completed_as_one_word(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch, line: str, offered: list[str]
) -> None:
    assert sorted(completed(kvarteret, monkeypatch, line)) == sorted(offered)


ARGUMENTS = [
    ("natverk leave K", ["Knut\\ Hansson"]),
    ("natverk give Åsa K", ["Knut\\ Hansson"]),
    ("natverk give Åsa ev", ["Eva\\ Lind", "everyone"]),
    ("natverk give Åsa Knut --resource l", ["lastcykel"]),
    ("natverk give Åsa Knut --ask p", ["painting\\ a\\ fence"]),
    ("natverk introduce Åsa Knut E", ["Eva\\ Lind"]),
    ("natverk book l", ["lastcykel"]),
    ("natverk book lastcykel K", ["Knut\\ Hansson"]),
    ("natverk lend lastcykel E", ["Eva\\ Lind"]),
    ("natverk close p", ["painting\\ a\\ fence"]),
    ("natverk withdraw c", ["coffee"]),
    ("natverk match p", ["painting\\ a\\ fence"]),
    ("natverk balance Å", ["Åsa\\ Öberg"]),
    ("natverk balance --with Å", ["Åsa\\ Öberg"]),
    ("natverk statement Å", ["Åsa\\ Öberg"]),
    ("natverk me Å", ["Åsa\\ Öberg"]),
    ("natverk join Bo --invited-by Å", ["Åsa\\ Öberg"]),
    ("natverk note 9 x --recorded-by Å", ["Åsa\\ Öberg"]),
]


@pytest.mark.parametrize(("line", "offered"), ARGUMENTS)
def test_every_command_completes_the_names_it_takes(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch, line: str, offered: list[str]
) -> None:
    assert sorted(completed(kvarteret, monkeypatch, line)) == sorted(offered)


def test_the_ledger_that_the_line_names_is_asked(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kvarteret.does("--ledger", "other.db", "init", "Annat", "--idea", "annat")
    kvarteret.does("--ledger", "other.db", "join", "Zarah")
    line = "natverk --ledger other.db log --member "
    assert completed(kvarteret, monkeypatch, line) == ["Zarah"]


def test_offers_of_the_same_name_are_completed_by_id(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kvarteret.does("offer", "Eva", "lastcykel", "--kind", "equipment")
    assert sorted(completed(kvarteret, monkeypatch, "natverk withdraw l")) == ["r1", "r3"]


@pytest.mark.parametrize(
    "line", ["natverk log --member ", "natverk give A ", "natverk ", "", "x '"]
)
def test_without_a_ledger_nothing_is_said_and_nothing_made(
    natverk: Natverk, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    completed(natverk, monkeypatch, line)
    assert list(natverk.folder.iterdir()) == []


def test_a_file_that_is_no_ledger_is_passed_over(
    natverk: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    natverk.path.write_bytes(b"not a ledger")
    assert completed(natverk, monkeypatch, "natverk log --member ") == []
    assert natverk.path.read_bytes() == b"not a ledger"
    natverk.folder.joinpath("natverk.toml").write_text("me = [", encoding="utf-8")
    assert completed(natverk, monkeypatch, "natverk log --member ") == []


def test_completing_does_not_read_standard_input(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--kind" in completed(kvarteret, monkeypatch, "natverk give Åsa Knut - --k")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_its_script(natverk: Natverk, shell: str) -> None:
    script = natverk.does("completion", shell)
    assert f"{shell}_complete" in script
    assert "natverk" in script


def test_another_shell_is_refused(natverk: Natverk) -> None:
    assert natverk("completion", "csh").code == 2


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
def test_bash_itself_completes_names(kvarteret: Natverk) -> None:
    kvarteret.does("join", "Åke & Bo's *")
    command = kvarteret.folder / "bin" / "natverk"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m cli "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    lines = """
        eval "$(natverk completion bash)"
        COMP_LINE="natverk log --member Å"
        COMP_POINT=${#COMP_LINE}
        _natverk_completion natverk
        eval "words=(${COMPREPLY[*]})"
        printf '%s\\n' "${words[@]}"
    """
    result = subprocess.run(
        [str(BASH), "--norc", "-c", lines],
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert sorted(result.stdout.splitlines()) == ["Åke & Bo's *", "Åsa Öberg"]
    assert result.stderr == ""
