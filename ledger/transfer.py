"""The ledger as lines of JSON, and back: byte for byte, with its personal texts or without.

The first line says what follows, then comes a line for each entry with its
stored bytes as they are, one for each idempotency key, and one that counts
them, so that a file that breaks off is known for what it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from ledger.codec import decode
from ledger.database import Database
from ledger.errors import DamagedEntry, LedgerError, Usage
from ledger.personal import TextRow

FORMAT = 1  # of the lines

KeyRow = tuple[str, bytes, bytes | None, str]  # namespace, key, fingerprint, positions in JSON


class NotAnExport(Usage):
    """The first line is not that of an export."""

    message = "this is not an export of a ledger: {reason}"
    hint = "natverk export --ndjson FILE writes one"


class ExportFromTheFuture(Usage):
    """The export was written by a later version of natverk."""

    message = "the export has format {version}, this natverk knows {known}"
    hint = "upgrade natverk"


class BrokenLine(Usage):
    """A line of an export is not what it should be."""

    message = "line {line}: {reason}"
    hint = "fetch the file again; what was taken in of it stays, and is not taken in twice"


class BreaksOff(Usage):
    """An export ends before its last line."""

    message = "the export breaks off after line {line}"
    hint = "fetch the whole file and import it again: it goes on from where this one ended"


class StartLost(LedgerError):
    """An export of a damaged ledger lacks the entry that founds the network."""

    message = "the export lacks the first entry, without which there is no ledger"
    hint = "go back to a backup: natverk restore FILE"


class OtherNetwork(LedgerError):
    """The export is of another network than the ledger."""

    message = "the export is of another network than {path}"
    hint = "give a path where there is no ledger yet, with --ledger PATH"


class Diverges(LedgerError):
    """An entry of the export is not the one that the ledger has in its place."""

    message = "the export and the ledger are not the same any more from #{position} on"
    hint = "import it where there is no ledger yet, with --ledger PATH"


class OtherTexts(LedgerError):
    """The export has personal texts and the ledger was made without them, or the reverse."""

    message = "one of the export and the ledger has personal texts, and the other was made without"
    hint = "go on with the kind of export that the ledger was made from"


@dataclass(frozen=True, slots=True)
class Header:
    """What an export says of itself.

    `network` is the network's id in hex, `position` that of the last entry.
    `secret` is the key of the fingerprints, None in an export without personal texts.
    `lost` is the first position that is not in it, when it comes from a damaged ledger.
    """

    network: str
    position: int
    secret: bytes | None
    lost: int | None = None

    @property
    def personal(self) -> bool:
        """Whether personal texts and idempotency keys are in the export."""
        return self.secret is not None


def exported(
    database: Database, *, personal: bool, lost: Sequence[tuple[int, int]] = ()
) -> Iterator[str]:
    """The lines of an export, each with its line feed.

    `lost` are the ranges of positions that a damaged ledger does not have any more;
    the first line then names them. Raises `DamagedEntry` when an entry that should be
    there is not, or cannot be read as an event.
    """
    head: dict[str, Any] = {"natverk": FORMAT, "network": database.network}
    [[at]] = database.select("SELECT max(at) FROM progress")
    last = max([database.head(), at or 0, *(end for _, end in lost)])
    head |= {"position": last, "personal": personal}
    if lost:
        head["lost"] = [list(each) for each in lost]
    if personal:
        head["secret"] = bytes(database.setting("secret")).hex()
    yield _line(head)
    entries = keys = 0
    for entry in _entries(database, personal):
        entries += 1
        if not lost and entry["position"] != entries:
            raise DamagedEntry(position=entries, reason="it is missing")
        yield _line(entry)
    if not lost and entries != last:
        raise DamagedEntry(position=entries + 1, reason="it is missing")
    for key in _keys(database) if personal else ():
        keys += 1
        yield _line({"key": key})
    yield _line({"end": {"entries": entries, "keys": keys}})


def stored_entries(
    database: Database, after: int = 0, *, personal: bool = True
) -> Iterator[tuple[int, str, bytes, list[TextRow]]]:
    """Position, topic, stored bytes and texts of every entry after a position, in order."""
    query = (
        "SELECT position, field, salt, text FROM texts WHERE position > ? ORDER BY position, field"
    )
    texts = groupby(database.stream(query, after) if personal else (), itemgetter(0))
    at, words = next(texts, (0, iter(())))
    for position, topic, state in database.entries(after):
        while 0 < at < position:  # of no entry
            at, words = next(texts, (0, iter(())))
        if at == position:
            yield position, topic, state, list(words)
            at, words = next(texts, (0, iter(())))
        else:
            yield position, topic, state, []


def _entries(database: Database, personal: bool) -> Iterator[dict[str, Any]]:
    for position, topic, state, texts in stored_entries(database, personal=personal):
        decode(topic, state, position)
        entry: dict[str, Any] = {"position": position, "type": topic, "state": state.decode()}
        if texts:
            entry["texts"] = [
                {"field": field, "salt": salt.hex(), "text": text} for _, field, salt, text in texts
            ]
        yield entry


def stored_keys(database: Database) -> Iterator[KeyRow]:
    """The rows of the idempotency keys, in their order."""
    query = "SELECT namespace, key, fingerprint, positions FROM keys ORDER BY namespace, key"
    return database.stream(query)


def _keys(database: Database) -> Iterator[dict[str, Any]]:
    for namespace, key, fingerprint, positions in stored_keys(database):
        yield {
            "namespace": namespace,
            "key": key.hex(),
            "fingerprint": None if fingerprint is None else fingerprint.hex(),
            "positions": orjson.loads(positions),
        }


def _line(value: dict[str, Any]) -> str:
    """A value as one line of JSON, with escapes for what could disturb a terminal."""
    text = orjson.dumps(value).decode()
    if not text.isprintable():
        text = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
    return text + "\n"
