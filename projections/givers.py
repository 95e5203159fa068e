"""Whom members name as giving most, beside who gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger import areas
from ledger.folds import Fold
from ledger.names import all_member_names
from ledger.refusals import UnknownSurvey
from ledger.values import FORGOTTEN, fold
from projections.measures_agreement import rank_agreement
from projections.membership import by_name
from projections.ratio import Ratio, decimal

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.events import GiverNominated

Row = dict[str, Any]
NO_SURVEY = ""


@dataclass(slots=True)
class Nomination:
    """How often a member named another in a survey, `NO_SURVEY` when it was outside of any."""

    survey: str
    nominee: str
    nominator: str
    times: int = 0


@dataclass(slots=True)
class Giving:
    """What is measured of a giver: gifts, to how many members, and who gave first.

    Of those who gave to them, too, `mutual` are how many, and `first` to how many of these
    they gave first.
    """

    given: int = 0
    receivers: int = 0
    mutual: int = 0
    first: int = 0


def _key(event: GiverNominated) -> tuple[tuple[str, str, str], ...]:
    return ((event.survey or NO_SURVEY, event.nominee, event.nominator),)


def _nominated(row: Nomination, event: GiverNominated, sign: int) -> None:
    row.times += sign


NOMINATIONS = Fold(
    name="nominations",
    version=1,
    row=Nomination,
    key_length=3,
    on={"giver-nominated": (_key, _nominated)},
    ignored=areas.EVERY_TYPE - areas.NOMINATIONS,
)
_GIVEN = (
    "SELECT giver, sum(gifts), sum(CASE WHEN receiver GLOB 'm*' THEN 1 ELSE 0 END)"
    " FROM pairs WHERE gifts > 0 GROUP BY giver"
)
# The two halves come in one order, so that they are merged without a look-up for each pair. With
# a limit, which is none, SQLite does not drop the order inside of another query.
_MUTUAL = (
    "WITH mutual (one, other) AS MATERIALIZED (SELECT giver, receiver FROM pairs"
    " INTERSECT SELECT receiver, giver FROM pairs ORDER BY 1, 2 LIMIT -1)"
    " SELECT one, other, own.first, theirs.first FROM mutual"
    " CROSS JOIN pairs AS own ON own.giver = one AND own.receiver = other"
    " CROSS JOIN pairs AS theirs ON theirs.giver = other AND theirs.receiver = one"
    " WHERE one < other AND own.gifts > 0 AND theirs.gifts > 0"
)


def givers(database: Database, survey: str | None = None) -> list[Row]:
    """Who gives, and who is named as giving most, in one survey or at any time.

    Rows with a `section`. `giver`: everyone who gave or was named, by name: `id, name, given,
    receivers, mutual, first, share_first, named_by, seen`; `given` counts gifts, `receivers` the
    members they gave to, `mutual` those of them who gave to them too, `first` the ones of these
    to whom they gave first; `share_first` is a decimal in text, null when it is undefined;
    `named_by` counts members; `seen` is `seen-and-measured`, `seen` or `measured`.
    `agreement`: how far the order by who is named agrees with that `by` `given` and `receivers`,
    over all who ever were members: `by, value, numerator, denominator, members, too_small`, as of
    `measure_rows`. Raises `UnknownSurvey`.
    """
    measured, named = _measured(database), _named_by(database, survey)
    members = [id for (id,) in database.select("SELECT member FROM members WHERE position > 0")]
    names = all_member_names(database)
    found = [
        _giver(id, names.get(id, FORGOTTEN), measured.get(id, Giving()), named.get(id, 0))
        for id in members
        if id in measured or id in named
    ]
    rankings = {
        "given": {id: row.given for id, row in measured.items()},
        "receivers": {id: row.receivers for id, row in measured.items()},
    }
    seen = {id: named.get(id, 0) for id in members}
    return sorted(found, key=by_name) + [
        _agreement(by, {id: ranking.get(id, 0) for id in members}, seen)
        for by, ranking in rankings.items()
    ]


def _measured(database: Database) -> dict[str, Giving]:
    found = {giver: Giving(given, receivers) for giver, given, receivers in database.select(_GIVEN)}
    for one, other, from_one, from_other in database.select(_MUTUAL):
        for member, own, theirs in ((one, from_one, from_other), (other, from_other, from_one)):
            found[member].mutual += 1
            found[member].first += own < theirs
    return found


def _named_by(database: Database, survey: str | None) -> dict[str, int]:
    """By how many members each was named."""
    query = "SELECT nominee, count(DISTINCT nominator) FROM nominations WHERE times > 0"
    if survey is None:
        return dict(database.select(f"{query} GROUP BY nominee"))
    held = _surveys(database)
    asked = [each for each in held if fold(each) == fold(survey)]
    if not asked:
        raise UnknownSurvey(name=survey, surveys=held)
    marks = ", ".join("?" * len(asked))
    return dict(database.select(f"{query} AND survey IN ({marks}) GROUP BY nominee", *asked))


def _surveys(database: Database) -> list[str]:
    query = "SELECT DISTINCT survey FROM nominations WHERE times > 0 AND survey <> ''"
    return sorted((survey for (survey,) in database.select(query)), key=fold)


def _giver(id: str, name: str, giving: Giving, named_by: int) -> Row:
    share = Ratio(giving.first, giving.mutual).value
    seen = "seen-and-measured" if giving.given else "seen"
    return {
        "section": "giver",
        "id": id,
        "name": name,
        "given": giving.given,
        "receivers": giving.receivers,
        "mutual": giving.mutual,
        "first": giving.first,
        "share_first": None if share is None else decimal(share),
        "named_by": named_by,
        "seen": seen if named_by else "measured",
    }


def _agreement(by: str, ranking: dict[str, int], seen: dict[str, int]) -> Row:
    agreement = rank_agreement(ranking, seen)
    told = agreement.ratio.told() | {"members": agreement.members, "too_small": agreement.too_small}
    return {"section": "agreement", "by": by, **told}
