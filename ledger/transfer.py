"""The ledger as lines of JSON, and back: byte for byte, with its personal texts or without.

The first line says what follows, then comes a line for each entry with its
stored bytes as they are, one for each idempotency key, and one that counts
them, so that a file that breaks off is known for what it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from ledger.database import Database
from ledger.errors import DamagedEntry

FORMAT = 1  # of the lines


@dataclass(frozen=True, slots=True)
class Header:
    """What an export says of itself.

    `network` is the network's id in hex, `position` that of the last entry.
    `secret` is the key of the fingerprints, None in an export without personal texts.
    """

    network: str
    position: int
    secret: bytes | None

    @property
    def personal(self) -> bool:
        """Whether personal texts and idempotency keys are in the export."""
        return self.secret is not None


def exported(database: Database, *, personal: bool) -> Iterator[str]:
    """The lines of an export, each with its line feed.

    Raises `DamagedEntry` when an entry is not text in UTF-8.
    """
    head: dict[str, Any] = {"natverk": FORMAT, "network": database.network}
    head |= {"position": database.head(), "personal": personal}
    if personal:
        head["secret"] = bytes(database.setting("secret")).hex()
    yield _line(head)
    entries = keys = 0
    for entry in _entries(database, personal):
        entries += 1
        yield _line(entry)
    for key in _keys(database) if personal else ():
        keys += 1
        yield _line({"key": key})
    yield _line({"end": {"entries": entries, "keys": keys}})


def _entries(database: Database, personal: bool) -> Iterator[dict[str, Any]]:
    query = "SELECT position, field, salt, text FROM texts ORDER BY position, field"
    texts = groupby(database.stream(query) if personal else (), itemgetter(0))
    at, words = next(texts, (0, iter(())))
    for position, topic, state in database.entries():
        entry: dict[str, Any] = {
            "position": position,
            "type": topic,
            "state": _text(position, state),
        }
        if at == position:
            entry["texts"] = [
                {"field": field, "salt": salt.hex(), "text": text} for _, field, salt, text in words
            ]
            at, words = next(texts, (0, iter(())))
        yield entry


def _keys(database: Database) -> Iterator[dict[str, Any]]:
    query = "SELECT namespace, key, fingerprint, positions FROM keys ORDER BY namespace, key"
    for namespace, key, fingerprint, positions in database.stream(query):
        yield {
            "namespace": namespace,
            "key": key.hex(),
            "fingerprint": None if fingerprint is None else fingerprint.hex(),
            "positions": orjson.loads(positions),
        }


def _text(position: int, state: bytes) -> str:
    try:
        return state.decode()
    except (UnicodeDecodeError, AttributeError):
        raise DamagedEntry(position=position, reason="it is not text in UTF-8") from None


def _line(value: dict[str, Any]) -> str:
    """A value as one line of JSON, with escapes for what could disturb a terminal."""
    text = orjson.dumps(value).decode()
    if not text.isprintable():
        text = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
    return text + "\n"
