"""What differs between two pasts, by the answers to the questions themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from projections.asks import asks
from projections.initiatives import initiatives
from projections.membership import members
from projections.offers import resources
from projections.reciprocity import balance_rows

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
_NOT_ITS_OWN = {  # an id, and names that are a member's own to change
    "members": ("id",),
    "balance": ("id", "name"),
    "resources": ("id", "owner_name"),
    "asks": ("id", "asker_name"),
    "initiatives": ("id", "starter_name"),
}
SECTIONS = tuple(_NOT_ITS_OWN)


def answers(database: Database, at: int) -> dict[str, dict[str, Row]]:
    """The rows of each section by id, at the time `at`, microseconds since 1970."""
    rows = {
        "members": members(database, at),
        "balance": balance_rows(database),
        "resources": resources(database, at),
        "asks": asks(database, at),
        "initiatives": initiatives(database, at),
    }
    return {section: {row["id"]: row for row in found} for section, found in rows.items()}


def own(section: str, row: Row) -> Row:
    """The fields of a row in which it can differ from another."""
    return {name: value for name, value in row.items() if name not in _NOT_ITS_OWN[section]}


def differences(
    first: dict[str, dict[str, Row]], second: dict[str, dict[str, Row]]
) -> Iterator[Row]:
    """What of the second answers is not as in the first; see `answers`.

    Each: `section, id, name, field, before, after`. `name` is a member's, or what a
    resource, an ask or an initiative is. Without a `field` the thing itself is only in one of
    the two: `before` or `after` is null, and the other an object of its fields. Who has no
    balance has one of nothing.
    """
    for section in SECTIONS:
        before, after = first[section], second[section]
        for id in dict.fromkeys([*after, *before]):
            yield from _of_one(section, id, before.get(id), after.get(id))


def _of_one(section: str, id: str, before: Row | None, after: Row | None) -> Iterator[Row]:
    known = after or before
    assert known is not None
    begins = {"section": section, "id": id, "name": _called(known)}
    if section == "balance":
        nothing = {name: type(value)() for name, value in known.items()}
        before, after = before or nothing, after or nothing
    if before is None or after is None:
        was, now = (None if row is None else own(section, row) for row in (before, after))
        yield begins | {"field": None, "before": was, "after": now}
        return
    for field in own(section, known):
        if before[field] != after[field]:
            yield begins | {"field": field, "before": before[field], "after": after[field]}


def _called(row: Row) -> str:
    name: str = row["name"] if "name" in row else row["what"] or row["category"]
    return name
