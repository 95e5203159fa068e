"""Who introduced whom, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger import areas
from ledger.folds import Fold
from ledger.rows import table_of
from ledger.values import START_OF_TIME
from projections.entries import newest
from projections.membership import called

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.database import Database
    from ledger.events import IntroductionFollowedUp, IntroductionMade


@dataclass(slots=True)
class Introduction:
    """An introduction, known by its entry `#position`; `outcome` is the latest followed up.

    `introduced_at` and `followed_up_at` are ISO times; None: not followed up.
    """

    entry: str
    introducer: str = ""
    first: str = ""
    second: str = ""
    ask: str | None = None
    introduced_at: str = ""
    outcome: str | None = None
    followed_up_at: str | None = None
    position: int = 0
    last: int = START_OF_TIME


def _made(row: Introduction, event: IntroductionMade, sign: int) -> None:
    row.introducer, row.first, row.second = event.introducer, event.first, event.second
    row.ask = event.ask
    row.introduced_at = event.occurred_at.isoformat()
    row.position = event.position


def _followed_up(row: Introduction, event: IntroductionFollowedUp, sign: int) -> None:
    row.outcome = event.outcome
    row.followed_up_at = event.occurred_at.isoformat()


INTRODUCTIONS = Fold(
    name="introductions",
    version=1,
    row=Introduction,
    key_length=1,
    timed=True,
    on={
        "introduction-made": (lambda event: ((f"#{event.slot}",),), _made),
        "introduction-followed-up": (lambda event: ((f"#{event.introduction}",),), _followed_up),
    },
    ignored=areas.EVERY_TYPE - areas.INTRODUCTIONS,
    indexes=(("outcome",),),
)
_WORDED = (
    "SELECT introductions.*, text FROM introductions LEFT JOIN texts"
    " ON texts.position = introductions.position AND field = 'about'"
    " WHERE introductions.position > 0"
)


def introductions(database: Database) -> list[dict[str, Any]]:
    """Every introduction, in the order in which they were first recorded.

    Each: `position, introducer, first, second, about, ask, introduced_at, outcome,
    followed_up_at`, then `introducer_name, first_name, second_name`. `outcome` is
    `met`, `collaborated` or `nothing`, null when nobody has followed up.
    """
    return _shown(database, database.select(_WORDED))


def unfollowed(database: Database, before: datetime) -> list[tuple[int, str]]:
    """Position and entry of what nobody followed up of the introductions until a time, by time."""
    query = (
        "SELECT introduced_at, position, entry FROM introductions"
        " WHERE outcome IS NULL AND position > 0"
    )
    made = [(datetime.fromisoformat(at), *which) for at, *which in database.select(query)]
    return [(position, entry) for at, position, entry in sorted(made) if at <= before]


def introductions_at(database: Database, wanted: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
    """The introductions with these positions and entries, in that order, as `introductions`."""
    query, places = f"{_WORDED} AND entry = ?", dict(wanted)
    found = [row for entry in places.values() for row in database.select(query, entry)]
    rows = {row["position"]: row for row in _shown(database, found)}
    return [rows[position] for position in places if position in rows]


def introductions_of(
    database: Database, member: str, limit: int | None = None
) -> list[dict[str, Any]]:
    """The introductions that a member made or was in, newest first; rows as `introductions`."""
    made = newest(database, {"introduction-made"}, limit, member)
    found = [(row["position"], f"#{row.get('corrects', row['position'])}") for row in made]
    return introductions_at(database, found)


def _shown(database: Database, found: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    table = table_of(INTRODUCTIONS)
    worded: list[tuple[Introduction, str | None]] = [
        (table.row(columns), about) for *columns, about in found
    ]
    worded.sort(key=lambda pair: int(pair[0].entry[1:]))
    people = {id for row, _ in worded for id in (row.introducer, row.first, row.second)}
    names = called(database, people)
    return [
        {
            "position": row.position,
            "introducer": row.introducer,
            "first": row.first,
            "second": row.second,
            "about": about,
            "ask": row.ask,
            "introduced_at": row.introduced_at,
            "outcome": row.outcome,
            "followed_up_at": row.followed_up_at,
            "introducer_name": names[row.introducer],
            "first_name": names[row.first],
            "second_name": names[row.second],
        }
        for row, about in worded
    ]
