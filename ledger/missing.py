"""What is wrong with the texts beside the log, found in one pass over both.

The texts come from their table in the order of positions, beside the entries in theirs, so
that memory does not grow with either; what grows with it is only how many were forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ledger.codec import decode
from ledger.database import Database
from ledger.events import Event, MemberForgotten, body_of
from ledger.folds import places
from ledger.personal import commitment, people_in_texts
from ledger.runs import Run
from ledger.values import END_OF_TIME

Fault = Literal["missing", "not-erased", "altered", "unknown"]
TextRow = tuple[int, str, bytes, str]  # position, field, salt, text


@dataclass(frozen=True, slots=True)
class TextFault:
    """A text that is not as the log says.

    `missing`: an entry commits to it, it is gone, and no forgetting explains that.
    `not-erased`: it is there though a forgetting took it. `altered`: it does not match its
    commitment. `unknown`: no entry commits to it, or it stands there twice.
    """

    position: int
    field: str
    fault: Fault


class TextCheck:
    """Checks the texts of each entry that may have some, handed to it in the order of the log.

    `personal` is false for a copy that was made without personal texts: then none is missing.
    """

    def __init__(self, database: Database, *, personal: bool = True) -> None:
        self._personal = personal
        self._forgotten, self._redacted = _forgettings(database)
        self._rows = _texts(database)
        self._next = next(self._rows, None)

    def entry(self, event: Event) -> Iterator[TextFault]:
        """What is wrong with the texts up to those of this entry."""
        position = event.position
        yield from self._before(position)
        committed = committed_by(event)
        if not committed and (self._next is None or self._next[0] != position):
            return
        held: dict[str, tuple[bytes, str]] = {}
        while self._next is not None and self._next[0] == position:
            _, field, salt, text = self._next
            if field in held or field not in committed:
                yield TextFault(position, field, "unknown")
            held.setdefault(field, (salt, text))
            self._next = next(self._rows, None)
        gone = position in self._redacted or (
            bool(self._forgotten) and not self._forgotten.isdisjoint(people_in_texts(event))
        )
        for field, expected in committed.items():
            if field not in held:
                if self._personal and not gone:
                    yield TextFault(position, field, "missing")
            elif gone:
                yield TextFault(position, field, "not-erased")
            elif not _matches(expected, *held[field]):
                yield TextFault(position, field, "altered")

    def end(self) -> Iterator[TextFault]:
        """The texts of positions after the last entry, of which there should be none."""
        yield from self._before(END_OF_TIME)

    def _before(self, position: int) -> Iterator[TextFault]:
        while self._next is not None and self._next[0] < position:
            yield TextFault(self._next[0], self._next[1], "unknown")
            self._next = next(self._rows, None)


def missing_texts(database: Database, *, personal: bool = True) -> Iterator[TextFault]:
    """Everything that is wrong with the texts of a ledger. Raises `DamagedEntry`."""
    check = TextCheck(database, personal=personal)
    for position, topic, state in database.entries():
        yield from check.entry(decode(topic, state, position))
    yield from check.end()


def worded(run: Run) -> Sequence[int]:
    """The places of the entries of a run that may commit to a text; the others do not."""
    if run.columns is None:
        return [place for place, event in enumerate(run.events) if _holds_words(event)]
    field = _ONE_TEXT.get(run.type)
    return range(len(run)) if field is None else places(run.columns.texts[field])


def _holds_words(event: Event) -> bool:
    field = _ONE_TEXT.get(event.type)
    return field is None or getattr(event, field) is not None


# The types with one text, which most entries lack; of the others it is not asked first.
_ONE_TEXT = {"gift-given": "what", "introduction-made": "about", "ask-made": "what"}


def committed_by(event: Event) -> dict[str, str]:
    """The commitments that an entry read back from the log holds, by field."""
    body = body_of(event)
    held = {field: getattr(body, field) for field in body.TEXTS}
    return {field: value for field, value in held.items() if value is not None}


def _matches(expected: str, salt: object, text: object) -> bool:
    if not isinstance(salt, bytes) or not isinstance(text, str):
        return False
    try:
        return commitment(salt, text) == expected
    except UnicodeEncodeError:
        return False


def _texts(database: Database) -> Iterator[TextRow]:
    yield from database.stream(
        "SELECT position, field, salt, text FROM texts ORDER BY position, field"
    )


def _forgettings(database: Database) -> tuple[set[str], set[int]]:
    """Who was forgotten, and which other positions went with them.

    The index says where to look; what counts is the entry that is found there.
    """
    forgotten: set[str] = set()
    redacted: set[int] = set()
    for position in database.positions(types={MemberForgotten.type}):
        stored = database.entry(position)
        if stored is None or stored[0] != MemberForgotten.type:
            continue
        event = decode(*stored, position)
        assert isinstance(event, MemberForgotten)
        forgotten.add(event.member)
        redacted.update(event.redacted)
    return forgotten, redacted
