"""An empty ledger, made in a file where there is none."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any
from uuid import UUID

from ledger import errors
from ledger.closed import CLOSED
from ledger.database import INDEX_VERSION
from ledger.files import APPLICATION_ID, VERSION, make_safe, open_file, translated
from ledger.personal import Random
from ledger.schema import LOG, SCHEMA
from ledger.values import START_OF_TIME

SECRET_BYTES = 32


def refuse_existing(path: Path) -> None:
    """Raise `LedgerExists` unless there is nothing at `path`, or an empty file."""
    if path.exists() and (path.is_dir() or path.stat().st_size > 0):
        raise errors.LedgerExists(path=str(path))


def put_in_place(made: Path, path: Path) -> None:
    """Give a finished file its name, if nothing has taken that name since."""
    try:
        refuse_existing(path)
        path.unlink(missing_ok=True)
        try:
            os.link(made, path)
        except FileExistsError:
            raise errors.LedgerExists(path=str(path)) from None
        except OSError:  # a file system without links
            made.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise errors.LedgerNotMade(path=str(path), reason=reason) from error


def create(
    path: Path,
    random: Random,
    network: str | None = None,
    secret: bytes | None = None,
    closed: str = "",
) -> None:
    """Make an empty ledger that only its owner can read. Raises `LedgerExists`.

    `network` is the network's id in hex, `secret` the key of its fingerprints;
    None: new ones. `closed`: why nobody records in it yet.
    """
    refuse_existing(path)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        path.chmod(0o600)
    except OSError as error:
        reason = error.strerror or str(error)
        raise errors.LedgerNotMade(path=str(path), reason=reason) from error
    with translated(path):
        connection = open_file(path, write=True)
        try:
            make_safe(connection)
            network = network or UUID(bytes=random(16), version=4).hex
            settings = {"network": network, "secret": secret or random(SECRET_BYTES)}
            _make_schema(connection, settings | {"index": INDEX_VERSION, CLOSED: closed})
        finally:
            connection.close()


def _make_schema(connection: sqlite3.Connection, settings: dict[str, Any]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in (LOG, *SCHEMA):
        connection.execute(statement)
    connection.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
    beginning = (START_OF_TIME, START_OF_TIME)
    connection.execute("INSERT INTO progress VALUES (1, 0, ?, ?, x'')", beginning)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
