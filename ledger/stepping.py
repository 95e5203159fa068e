"""A replay that stops after every entry, to say what it changed in the rows of the folds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.areas import CORRECTIONS
from ledger.codec import decode
from ledger.database import Database
from ledger.events import Event, version_of
from ledger.folds import Fold, Key
from ledger.index import occurred_before
from ledger.rows import table_of
from ledger.tables import Tables
from ledger.values import END_OF_TIME
from ledger.versions import Said, version_at


@dataclass(frozen=True, slots=True)
class Change:
    """A column of a row that an entry changed, as it is stored; a new row had its defaults."""

    fold: str
    key: Key
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    """An entry, and all that it changed."""

    position: int
    event: Event
    changes: Sequence[Change]


def steps(
    database: Database,
    folds: Sequence[Fold],
    known_at: int = END_OF_TIME,
    before: int = END_OF_TIME,
) -> Iterator[Step]:
    """Replay the entries up to `known_at` that occurred before a time, one by one.

    `before` is in microseconds since 1970. Memory grows with the rows of the folds.
    """
    tables = Tables(folds, log=Said(database), before=before)
    read = (decode(topic, stored, at) for at, topic, stored in database.entries(until=known_at))
    for event in occurred_before(read, before):
        touched = _touched(folds, _said(database, event))
        was = [table_of(fold).values(tables.get(fold, *key)) for fold, key in touched]
        tables.apply(event)
        tables.settle()
        changes = [
            Change(fold.name, key, column, old, new)
            for (fold, key), values in zip(touched, was, strict=True)
            for column, old, new in zip(
                fold.columns, values, table_of(fold).values(tables.get(fold, *key)), strict=True
            )
            if old != new
        ]
        yield Step(event.position, event, changes)


def _said(database: Database, event: Event) -> list[Event]:
    """An entry; of a correction also what it replaces, and by what."""
    if event.type not in CORRECTIONS:
        return [event]
    target: int = event.target  # type: ignore[attr-defined]
    changed = (version_at(database, target), version_of(event))
    return [event, *(version for version in changed if version is not None)]


def _touched(folds: Iterable[Fold], versions: Sequence[Event]) -> list[tuple[Fold, Key]]:
    """The keys of the rows that what was said touches, each once."""
    found: dict[tuple[Fold, Key], None] = {}
    for fold in folds:
        for event in versions:
            if event.type in fold.on:
                keys, _ = fold.on[event.type]
                found.update(dict.fromkeys((fold, key) for key in keys(event)))
    return list(found)
