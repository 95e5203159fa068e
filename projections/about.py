"""Everything that is held about one member, as they may have it handed out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ledger.values import FORGOTTEN
from projections.entries import entry_rows
from projections.membership import called
from projections.statement import statement

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]
_ENTRIES = "SELECT DISTINCT position FROM subjects WHERE subject = ? ORDER BY position"
_THINGS = (
    "SELECT resource, position FROM resources WHERE owner = ?"
    " UNION ALL SELECT ask, position FROM asks WHERE asker = ? ORDER BY 2"
)
_RECORDED = (
    "SELECT originator_version FROM stored_events WHERE originator_id = ?"
    " AND instr(state, ?) > 0 ORDER BY originator_version"
)
_PEOPLE = (
    *("member", "giver", "receiver", "owner", "asker", "booker", "borrower"),
    *("introducer", "first", "second", "invited_by", "actor"),
    *("person", "organisation", "starter", "participant", "endorser", "teller"),
    *("realiser", "nominator", "nominee"),
)

_GROUPS = ("members", "listeners", "participants")


def about(database: Database, member: str, at: int) -> Row:
    """All about a member at the time `at`, microseconds since 1970. Raises `UnknownId`.

    `id`, `network`, `position` of the ledger's last entry, `statement` (see
    `projections.statement`), `entries` about them or their offers and asks, `names` of everyone
    in these by id, `recorded`: the positions of entries about others that say that this member
    recorded them, and `keys`: how many keys of requests and imported rows the entries have.
    """
    sections = statement(database, member, at, None)
    mine = [position for (position,) in database.select(_ENTRIES, member)]
    for thing, _ in database.select(_THINGS, member, member):
        mine += [position for (position,) in database.select(_ENTRIES, thing)]
    positions = sorted(set(mine))
    entries = list(entry_rows(database, positions))
    return {
        "id": member,
        "network": database.network,
        "position": database.head(),
        "statement": sections,
        "entries": entries,
        "names": _names(database, entries, member),
        "recorded": sorted(_recorded(database, member) - set(positions)),
        "keys": _keys(database, set(positions)),
    }


def _names(database: Database, entries: list[Row], member: str) -> dict[str, str]:
    found = {row[field] for row in entries for field in _PEOPLE if row.get(field)}
    found |= {each for row in entries for field in _GROUPS for each in row.get(field, ())}
    names = called(database, found | {member})
    return {id: names.get(id, FORGOTTEN) for id in sorted(names, key=_order)}


def _order(id: str) -> tuple[int, str]:
    return len(id), id


def _recorded(database: Database, member: str) -> set[int]:
    found = database.stream(_RECORDED, database.network, f'"actor":"{member}"'.encode())
    return {position for (position,) in found}


def _keys(database: Database, positions: set[int]) -> int:
    kept = database.stream("SELECT positions FROM keys")
    return sum(not positions.isdisjoint(json.loads(at)) for (at,) in kept)
