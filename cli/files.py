"""Files that natverk writes: whole or not at all, and for their owner's eyes only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ledger.errors import LedgerError
from ledger.places import Place, Server


class NotWritten(LedgerError):
    """A file cannot be written."""

    message = "{path} cannot be written: {reason}"
    hint = "check that the folder exists, that you may write in it, and that there is room"


class OverTheLedger(LedgerError):
    """A file would be written in the place of the ledger."""

    message = "{path} is the ledger itself"
    hint = "choose another file"


class OutputStopped(LedgerError):
    """Standard output cannot be written."""

    message = "standard output cannot be written: {reason}"
    hint = "what was recorded stays recorded: natverk log shows it"


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file to write in, which takes its name only when everything is in it.

    What is not a plain file, such as a pipe, is written to as it is. Raises `NotWritten`.
    """
    beside = path.parent / f".{path.name}.{secrets.token_hex(4)}"
    plain = path.is_file() or not path.exists()
    try:
        try:
            with _new(beside) if plain else path.open("wb") as file:
                yield file
                file.flush()
                if plain:
                    os.fsync(file.fileno())
            if plain:
                beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritten(path=str(path), reason=error.strerror or str(error)) from error


def check_other_than(ledger: Place, path: Path) -> None:
    """Raises `OverTheLedger` when a file to be written is that of the ledger."""
    if isinstance(ledger, Server):
        return
    for suffix in ("", "-wal", "-shm"):
        file = Path(f"{ledger}{suffix}")
        if path.exists() and file.exists() and path.samefile(file):
            raise OverTheLedger(path=str(path))


def _new(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
