"""The command line, run in this process, at a time that stands still; see conftest.py."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from servers import STORES, place_in

from cli.context import Session
from cli.main import run

NOON = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)  # a Tuesday; 12:00 in Stockholm


@dataclass(frozen=True)
class Result:
    """What one run of the command line ended with and printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What stdout holds, read as JSON."""
        return json.loads(self.out)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Move on: `clock.advance(days=1)`; backwards with negative numbers."""
        self.now += timedelta(**by)


class Natverk:
    """The command line: `natverk("give", "Åsa", "Knut")` runs it and returns a `Result`."""

    def __init__(self, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.clock = clock
        self._monkeypatch = monkeypatch

    @property
    def place(self) -> Any:
        """Where the ledger is when nothing says otherwise: its file, or its server's database."""
        return place_in(self.folder)

    @property
    def path(self) -> Path:
        """The ledger's file when nothing says otherwise; who asks for it is about a file."""
        if STORES.postgres:
            pytest.skip("about a ledger in a file")
        return self.folder / "natverk.db"

    def __call__(self, *arguments: str, stdin: str | bytes = b"") -> Result:
        """Run one command line to its end. `stdin`: what it finds on standard input."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        streams = {
            "stdin": io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"),
            "stdout": io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n"),
            "stderr": io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n"),
        }
        with self._monkeypatch.context() as patch:
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            code = run(list(arguments), Session(self.clock))
        out, err = (_written(streams[name]) for name in ("stdout", "stderr"))
        return Result(code, out, err)

    def does(self, *arguments: str, stdin: str | bytes = b"") -> str:
        """Run a command that must succeed; what it printed on stdout."""
        result = self(*arguments, stdin=stdin)
        assert result.code == 0, f"{arguments} ended with {result.code}: {result.err}"
        return result.out

    def rows(self, *arguments: str, stdin: str | bytes = b"") -> Any:
        """Run a command with --json that must succeed; the rows it printed."""
        return json.loads(self.does(*arguments, "--json", stdin=stdin))

    def refuses(self, *arguments: str, stdin: str | bytes = b"") -> str:
        """Run a command that must fail and print nothing on stdout; what it said on stderr."""
        result = self(*arguments, stdin=stdin)
        assert result.code != 0, f"{arguments} was not refused"
        assert result.out == ""
        return result.err


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
