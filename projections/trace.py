"""What led to an entry and what came of it, from entry to entry as far as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.areas import CORRECTIONS, EVERY_TYPE
from ledger.values import END_OF_TIME, microseconds
from projections.entries import entry_rows, standing_row, standing_rows
from projections.related import named_by, naming, when
from projections.superseding import marked, versions

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
_BEGINNINGS = {"ask": "ask-made", "initiative": "initiative-started"}  # by the field that names it
_TOGETHER = 500  # slots that are looked up at once


class _Step(NamedTuple):
    """From an entry to another: the relation and the row of that one; `ends`: no further."""

    relation: str
    row: Row
    ends: bool = False


_Steps = Callable[["Database", Row], list[_Step]]


def trace(database: Database, position: int) -> list[Row]:
    """What stands in the slot of the entry at `position`, what led to it and what came of it.

    Rows of entries as of `standing_rows`. The first has the `direction` `this`. Then come those
    that `led-to-it`, and those that `came-of-it`, each after the one that it was reached from and
    with its `depth`, the `relation` to that one, and `through`, the position of that one. An
    entry led to another that was because of it or is about it, that is for an ask or an
    initiative which it began, or that tells on what was heard in it; relations are those of
    `related`, and `ask` and `initiative` for what began it, `for-ask` and `for-initiative` for
    what is for it. No entry comes twice, and there is one row alone when nothing stands.
    What was taken back is marked as of `superseding.marked`, and followed no further. Empty when
    there is no such entry.
    """
    start = _standing(database, position)
    if start is None:
        return []
    seen = {slot_of(start.row)}
    rows = [{**start.row, "direction": "this", "depth": 0}]
    if not start.ends:
        rows += _walk(database, start.row, _back, "led-to-it", seen)
        rows += _walk(database, start.row, _on, "came-of-it", seen)
    return rows


def behind(database: Database, position: int) -> Iterator[Row]:
    """The rows of what led to an entry that stands, as of `trace`."""
    start = _standing(database, position)
    if start is not None and not start.ends:
        seen = {slot_of(start.row)}
        yield from _walk(database, start.row, _back, "led-to-it", seen)


def slot_of(row: Row) -> int:
    """The slot in which something stands."""
    slot: int = row["corrects"] if "corrects" in row else row["position"]
    return slot


def _walk(
    database: Database, start: Row, steps: _Steps, direction: str, seen: set[int]
) -> Iterator[Row]:
    waiting = [(step, start) for step in reversed(steps(database, start))]
    depths: dict[int, int] = {start["position"]: 0}
    while waiting:
        (relation, row, ends), source = waiting.pop()
        if slot_of(row) in seen:
            continue
        seen.add(slot_of(row))
        through: int = source["position"]
        depth = depths[row["position"]] = depths[through] + 1
        reached = {"direction": direction, "depth": depth, "relation": relation}
        yield {**row, **reached, "through": through}
        if not ends:
            waiting += [(step, row) for step in reversed(steps(database, row))]


def _back(database: Database, row: Row) -> list[_Step]:
    """What led to an entry, the latest first, so that what it came by is met on the way."""
    named = named_by(row)
    for field, begins in _BEGINNINGS.items():
        if row.get(field) is not None and row["type"] != begins:
            at = database.positions(row[field], {begins}, live=True)
            named += [(field, position) for position in at]
    if row.get("receiver", "")[:1] == "i":
        at = database.positions(row["receiver"], {_BEGINNINGS["initiative"]}, live=True)
        named += [("initiative", position) for position in at]
    before = getattr(database, "before", END_OF_TIME)
    steps = []
    for relation, position in named:
        found = _standing(database, position)
        if found is not None and microseconds(when(found.row)[0]) < before:
            steps.append(found._replace(relation=relation))
    return sorted(steps, key=lambda step: when(step.row), reverse=True)


def _on(database: Database, row: Row) -> list[_Step]:
    """What came of an entry, the earliest first."""
    slot = slot_of(row)
    all_said = versions(database, slot) if "corrects" in row else [slot]
    found = {each["position"]: each for each in naming(database, all_said)}
    relations = {at: each.pop("relation") for at, each in found.items()}
    for field, begins in _BEGINNINGS.items():
        if row["type"] == begins:
            at = database.positions(row[field], EVERY_TYPE - CORRECTIONS - {begins}, live=True)
            for each in standing_rows(database, at):
                found.setdefault(each["position"], each)
                relations.setdefault(each["position"], f"for-{field}")
    rows = sorted(found.values(), key=when)
    further = _named(database, map(slot_of, rows))
    return [
        _Step(relations[each["position"]], each, ends=not _goes_on(each, further)) for each in rows
    ]


def _goes_on(row: Row, named: set[int]) -> bool:
    """Whether anything can have come of an entry, where those in `named` are named by others."""
    return row["type"] in _BEGINNINGS.values() or "corrects" in row or slot_of(row) in named


def _named(database: Database, slots: Iterable[int]) -> set[int]:
    """Those of the slots that other entries name."""
    subjects = [f"#{slot}" for slot in slots]
    found: set[int] = set()
    for start in range(0, len(subjects), _TOGETHER):
        part: Sequence[str] = subjects[start : start + _TOGETHER]
        marks = ", ".join("?" * len(part))
        query = f"SELECT DISTINCT subject FROM subjects WHERE subject IN ({marks})"
        found |= {int(subject[1:]) for (subject,) in database.select(query, *part)}
    return found


def _standing(database: Database, position: int) -> _Step | None:
    """What stands in the slot of an entry, else the last that was said there and taken back."""
    for entry in entry_rows(database, [position]):
        said = versions(database, entry.get("entry", position))
        if len(said) == 1:
            return _Step("", entry)
        newest_first = list(entry_rows(database, reversed(said)))
        taken_back = newest_first[0]["type"] == "entry-reversed"
        last = next(row for row in newest_first if row["type"] != "entry-reversed")
        [row] = marked(database, [standing_row(last)])
        return _Step("", row, ends=taken_back)
    return None
