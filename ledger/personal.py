"""What is personal, kept beside the log: texts, names, idempotency keys.

An event carries SHA-256(salt || text) for each text; the text itself and its
random salt lie in a table from which they can be erased. Names are folded for
looking up. Keys remember which requests were recorded, so that none is twice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.dialect import Cursor
from ledger.errors import LedgerDamaged
from ledger.events import Event, body_of, members_of, with_body
from ledger.values import fold

if TYPE_CHECKING:
    from ledger.database import Database

REQUESTS = "given"  # the namespace of the keys that people give their requests
IMPORTED_NAMES = "import-names"  # that of the names that brought someone in
INTO_KEYS = "INSERT INTO keys (namespace, key, fingerprint, positions) VALUES (?, ?, ?, ?)"
SALT_BYTES = 16
FINGERPRINT_BYTES = 16

# The types of event that name something, and the fields of the thing and of its names.
NAMING = {
    "member-joined": ("member", ("name",)),
    "member-described": ("member", ("name",)),
    "resource-offered": ("resource", ("what", "category")),
    "ask-made": ("ask", ("what", "category")),
    "initiative-started": ("initiative", ("what", "category")),
}

# By the letter of a thing: the column of its row with the entry that names it, and that text.
NAMED = {"m": ("name_at", "name"), **dict.fromkeys("rai", ("position", "what"))}

Random = Callable[[int], bytes]
TextRow = tuple[int, str, bytes, str]  # position, field, salt, text


class Key(NamedTuple):
    """An idempotency key: `key` is unique within its `namespace`.

    `fingerprint` tells the request that the key was given for from any other. `shown` is
    the key as it was given, for people; it is not kept.
    """

    namespace: str
    key: bytes
    fingerprint: bytes
    shown: str = ""


def secret_of(database: Database) -> bytes:
    """The key of a ledger's fingerprints. Raises `LedgerDamaged`."""
    secret = database.setting("secret")
    if not isinstance(secret, bytes):
        raise LedgerDamaged(path=str(database.path), reason="its secret is lost")
    return secret


def commitment(salt: bytes, text: str) -> str:
    """SHA-256(salt || UTF-8 of text), 64 hex digits: what the log holds of a text."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def seal(event: Event, position: int, random: Random) -> tuple[Event, list[TextRow]]:
    """The event at its position with commitments in place of texts, and those texts."""
    sealed: dict[str, Any] = {}
    texts: list[TextRow] = []
    body = body_of(event)
    for field in body.TEXTS:
        text = getattr(body, field)
        if text is not None:
            salt = random(SALT_BYTES)
            texts.append((position, field, salt, text))
            sealed[field] = commitment(salt, text)
    if texts:
        event = with_body(event, replace(body, **sealed))
    object.__setattr__(event, "position", position)
    return event, texts


def worded(event: Event, texts: Mapping[str, str]) -> Event:
    """A sealed event with its texts by field; those that have been erased are None."""
    words: dict[str, Any] = {
        field: texts.get(field) for field in event.TEXTS if getattr(event, field) is not None
    }
    return replace(event, **words) if words else event


def people_in_texts(event: Event) -> tuple[str, ...]:
    """The members whom an event's texts are about, and with whom they are erased.

    Who invited someone is named in the entry, but the name in it is not theirs.
    """
    body = body_of(event)
    if body.type == "member-joined":
        return (getattr(body, "member"),)  # noqa: B009 - of that class
    return members_of(event)


def name_of(event: Event) -> tuple[str, str] | None:
    """The thing that an unsealed event names, and its folded name; None: it names nothing."""
    if event.type not in NAMING:
        return None
    thing, fields = NAMING[event.type]
    name = next((text for field in fields if (text := getattr(event, field))), "")
    folded = fold(name)
    return (getattr(event, thing), folded) if folded else None


def name_now(database: Database, letter: str, row: Any) -> str:
    """The folded name of a thing, by its row and the texts that there are; "": it has none."""
    column, field = NAMED[letter]
    text = database.text(getattr(row, column), field) or getattr(row, "category", None)
    return fold(text or "")


def mac(secret: bytes, message: bytes) -> bytes:
    """A keyed hash (HMAC-SHA-256, shortened) of a message."""
    return hmac.digest(secret, message, "sha256")[:FINGERPRINT_BYTES]


def request_key(secret: bytes, name: str, request: Mapping[str, Any]) -> Key:
    """The key `name` for a request of plain values, as it was given.

    What is kept of it is a keyed hash: people put names into keys.
    """
    words = json.dumps(request, sort_keys=True)
    return Key(REQUESTS, mac(secret, name.encode()), mac(secret, words.encode()), name)


class Keys:
    """The idempotency keys of a ledger."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def seen(self, key: Key) -> tuple[bytes | None, list[int]] | None:
        """The fingerprint and positions that a key was used for, None when it is new.

        A fingerprint that is None was erased: any request counts as the same.
        """
        found = self._cursor.execute(
            "SELECT fingerprint, positions FROM keys WHERE namespace = ? AND key = ?",
            (key.namespace, key.key),
        ).fetchone()
        return None if found is None else (found[0], json.loads(found[1]))

    def any(self, namespace: str) -> bool:
        """Whether a namespace holds any key at all."""
        query = "SELECT 1 FROM keys WHERE namespace = ? LIMIT 1"
        return self._cursor.execute(query, (namespace,)).fetchone() is not None
