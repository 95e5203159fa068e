"""What one member is in with others: ties, affiliations, initiatives and endorsements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.names import names_of
from ledger.state.ends import is_in
from ledger.state.initiatives import ENDORSEMENTS, INITIATIVES, PARTICIPATIONS
from ledger.state.members import MEMBERS
from ledger.state.ties import AFFILIATIONS, TIES
from ledger.values import FORGOTTEN
from projections.entries import newest
from projections.initiatives import status_of
from projections.membership import by_name, called

if TYPE_CHECKING:
    from ledger.database import Database

Row = dict[str, Any]


def ties_of(database: Database, member: str, at: int) -> list[Row]:
    """With whom a member has a declared tie at a time, by name: `id, name, words`.

    `words` are the natures that were said.
    """
    found = {row.second: row.at(at) for row in database.find(TIES, first=member)}
    found |= {row.first: row.at(at) for row in database.find(TIES, second=member)}
    return _others(database, found)


def affiliations_of(database: Database, member: str, at: int) -> list[Row]:
    """For whom a member acts at a time, or who acts for it; `words` are the roles."""
    found = {row.organisation: row.at(at) for row in database.find(AFFILIATIONS, person=member)}
    acted_for = database.find(AFFILIATIONS, organisation=member)
    return _others(database, found | {row.person: row.at(at) for row in acted_for})


def initiatives_of(database: Database, member: str, at: int) -> list[Row]:
    """The initiatives that a member is in at a time: `id, what`."""
    presence = database.load(MEMBERS, member)
    rows = database.find(PARTICIPATIONS, participant=member)
    return _initiatives(database, [row.initiative for row in rows if is_in(row, presence, at)])


def started_by(database: Database, member: str, limit: int | None) -> list[Row]:
    """The initiatives that a member started, newest first, at most `limit`: `id, what, status`."""
    started = newest(database, {"initiative-started"}, limit, member)
    ids = [row["initiative"] for row in started]
    what = names_of(database, ids)
    return [
        {
            "id": id,
            "what": what.get(id, FORGOTTEN),
            "status": status_of(database.load(INITIATIVES, id)),
        }
        for id in ids
    ]


def endorsements_of(database: Database, member: str, at: int) -> list[Row]:
    """The initiatives that a member vouches for at a time: `id, what`."""
    rows = database.find(ENDORSEMENTS, endorser=member)
    return _initiatives(database, [row.initiative for row in rows if row.holds(at)])


def _others(database: Database, found: dict[str, list[str]]) -> list[Row]:
    names = called(database, found)
    rows = [
        {"id": id, "name": names[id], "words": [word for word in words if word]}
        for id, words in found.items()
        if words
    ]
    return sorted(rows, key=by_name)


def _initiatives(database: Database, ids: list[str]) -> list[Row]:
    what = names_of(database, ids)
    ordered = sorted(ids, key=lambda id: int(id[1:]))
    return [{"id": id, "what": what.get(id, FORGOTTEN)} for id in ordered]
