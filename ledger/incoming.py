"""What another ledger recorded, checked and appended as it is: its entries, and its keys."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.codec import decode_exactly
from ledger.database import Database
from ledger.errors import DamagedEntry, LedgerError
from ledger.events import Event, MemberForgotten, NetworkFounded, body_of
from ledger.ledger import CLOCK_SLACK, Transaction
from ledger.personal import INTO_KEYS, TextRow, commitment
from ledger.refusals import ClockBehind
from ledger.rows import insert
from ledger.transfer import KeyRow
from ledger.values import TEXT_LENGTH, microseconds
from ledger.zones import zone

BATCH = 10_000  # entries in a transaction
NOT_A_TEXT = "a text is not written as one"


class Unfit(Exception):
    """What comes is not what another ledger can have recorded; `reason` is for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EntryDiffers(LedgerError):
    """An entry that comes is not the one that the ledger has in its place."""

    message = "entry {position} is another one here"


def take_entry(
    transaction: Transaction, position: int, topic: str, state: bytes, texts: Sequence[TextRow]
) -> bool:
    """Append an entry as it was stored elsewhere; false when the ledger has it already.

    Raises `Unfit`, `EntryDiffers` and `ClockBehind`.
    """
    writer = transaction.writer
    if position <= writer.position:
        if writer.database.entry(position) != (topic, state):
            raise EntryDiffers(position=position)
        return False
    if position != writer.position + 1:
        raise Unfit(f"entry {position} stands where {writer.position + 1} should")
    try:
        event = decode_exactly(topic, state, position)
    except DamagedEntry as damaged:
        raise Unfit(str(damaged.facts["reason"])) from None
    _check(transaction, event)
    _check_texts(event, texts)
    writer.append_stored(event, state, list(texts))
    return True


def take_keys(database: Database, keys: Sequence[KeyRow]) -> None:
    """Remember idempotency keys, in the open transaction; those that are there stay."""
    then = " ON CONFLICT DO NOTHING"
    insert(database.cursor, INTO_KEYS, keys, then)


def _check(transaction: Transaction, event: Event) -> None:
    if (event.position == 1) != isinstance(event, NetworkFounded):
        raise Unfit("a network is founded once, by its first entry")
    if isinstance(event, MemberForgotten) and any(
        position >= event.position for position in event.redacted
    ):
        raise Unfit("the entry takes texts of entries to come")
    if isinstance(event, NetworkFounded):
        zone(event.time_zone)
    if microseconds(event.recorded_at) < transaction.writer.recorded:
        raise Unfit("the entry says that it was recorded before the one before it")
    if event.recorded_at - transaction.now > CLOCK_SLACK:
        raise ClockBehind(now=transaction.now, recorded_at=event.recorded_at)


def _check_texts(event: Event, texts: Sequence[TextRow]) -> None:
    if not texts:
        return
    body = body_of(event)
    fields = [field for _, field, _, _ in texts]
    if not set(fields) <= set(body.TEXTS) or len(set(fields)) < len(fields):
        raise Unfit(NOT_A_TEXT)
    for _, field, salt, text in texts:
        if len(text) > TEXT_LENGTH or getattr(body, field) != commitment(salt, text):
            raise Unfit(f"the text “{field}” is not the one that was recorded")
