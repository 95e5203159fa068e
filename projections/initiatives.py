"""What people gather around, what it needs and has got, and who vouches for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.refusals import UnknownId
from ledger.state.ends import is_in
from ledger.state.initiatives import ENDORSEMENTS, INITIATIVES, PARTICIPATIONS, Initiative
from ledger.state.members import MEMBERS
from ledger.values import decimal_text, local, moment_at
from projections.asks import OPEN, asks_with
from projections.entries import newest, standing_rows
from projections.legitimacy import groups
from projections.membership import Presence, by_name, called
from projections.worded import worded

if TYPE_CHECKING:
    from datetime import tzinfo

    from ledger.database import Database

Row = dict[str, Any]


def initiatives(database: Database, at: int) -> list[Row]:
    """Every initiative as it stands at the time `at`, microseconds since 1970, oldest first.

    Each: `id, starter, category, status, position`, then `starter_name, what, started_at,
    concluded_at, participants, needs_open, needs_met, gifts, kinds, given, endorsers,
    organisations, independent`. `status` is `open` or `concluded`; `kinds` are gifts by kind,
    `given` quantities by unit in decimals. Endorsers who are linked count as one that is
    `independent`, see `legitimacy.groups`.
    """
    presence = Presence.of(database)
    found = sorted(
        worded(database, INITIATIVES, " WHERE initiatives.position > 0"),
        key=lambda pair: (pair[0].started, pair[0].position),
    )
    names = called(database, (row.starter for row, _ in found))
    return [_row(database, row, text, names[row.starter], presence, at) for row, text in found]


def initiative(
    database: Database, id: str, at: int, zone: tzinfo, limit: int | None = None
) -> list[Row]:
    """All about one initiative; rows with a `section`, in this order.

    `initiative`: one row as of `initiatives`; `participant` and `endorser`: `id, name, kind,
    since`, by name; `need`: asks for it as of `asks`, oldest first; `gift`: entries, newest
    first, at most `limit`. Times are by the clocks of `zone`. Raises `UnknownId`.
    """
    presence = Presence.of(database)
    row = initiative_row(database, id, at, presence)
    sections = (
        ("initiative", [row]),
        ("participant", _people(database, _participants(database, id, presence, at), zone)),
        ("endorser", _people(database, _endorsers(database, id, at), zone)),
        ("need", needs(database, id, at, presence)),
        ("gift", newest(database, {"gift-given"}, limit, id)),
    )
    return [{"section": section, **each} for section, rows in sections for each in rows]


def initiative_row(database: Database, id: str, at: int, presence: Presence | None = None) -> Row:
    """The row of one initiative, as of `initiatives`. Raises `UnknownId`."""
    for row, text in worded(database, INITIATIVES, " WHERE initiative = ?", id):
        if row.exists:
            name = called(database, [row.starter])[row.starter]
            return _row(database, row, text, name, presence or Presence.of(database), at)
    raise UnknownId(what="initiative", id=id)


def status_of(row: Initiative) -> str:
    """`open` or `concluded`."""
    return "open" if row.live else "concluded"


def needs(database: Database, id: str, at: int, presence: Presence | None = None) -> list[Row]:
    """The asks for an initiative, oldest first, as of `asks`."""
    made = standing_rows(database, database.positions(id, {"ask-made"}, live=True))
    ids = [row["ask"] for row in made]
    return asks_with(database, ids, at, presence or Presence.of(database))


def _row(
    database: Database, row: Initiative, text: str | None, name: str, presence: Presence, at: int
) -> Row:
    id = row.initiative
    statuses = [ask["status"] for ask in needs(database, id, at, presence)]
    endorsers = list(_endorsers(database, id, at))
    kinds = [database.load(MEMBERS, endorser).kind for endorser in endorsers]
    return {
        "id": id,
        "starter": row.starter,
        "category": row.category,
        "status": status_of(row),
        "position": row.position,
        "starter_name": name,
        "what": text,
        "started_at": row.started_at,
        "concluded_at": row.concluded_at,
        "participants": len(_participants(database, id, presence, at)),
        "needs_open": sum(status in OPEN for status in statuses),
        "needs_met": statuses.count("met"),
        "gifts": row.gifts,
        "kinds": dict(sorted(row.kinds.items())),
        "given": {unit: decimal_text(given) for unit, given in sorted(row.given.items())},
        "endorsers": len(endorsers),
        "organisations": kinds.count("organisation"),
        "independent": len(groups(database, endorsers, at)),
    }


def _participants(database: Database, id: str, presence: Presence, at: int) -> dict[str, int]:
    """Since when, in microseconds since 1970, those have been in an initiative who are."""
    return {
        row.participant: row.spans[-1][0] or 0
        for row in database.find(PARTICIPATIONS, initiative=id)
        if is_in(row, presence.member(row.participant), at)
    }


def _endorsers(database: Database, id: str, at: int) -> dict[str, int]:
    """Since when those have vouched for an initiative who do."""
    return {
        row.endorser: row.spans[-1][0] or 0
        for row in database.find(ENDORSEMENTS, initiative=id)
        if row.holds(at)
    }


def _people(database: Database, since: dict[str, int], zone: tzinfo) -> list[Row]:
    names = called(database, since)
    rows = [
        {
            "id": member,
            "name": names[member],
            "kind": database.load(MEMBERS, member).kind,
            "since": local(moment_at(at), zone).isoformat(),
        }
        for member, at in since.items()
    ]
    return sorted(rows, key=by_name)
