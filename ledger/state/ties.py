"""Who acts for whom, and which two have a declared relation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold
from ledger.state.spans import Span, begin, finish, within
from ledger.values import START_OF_TIME

if TYPE_CHECKING:
    from ledger import events

UNSAID = ""  # the role or nature that nobody said


@dataclass(slots=True)
class Affiliation:
    """A person and an organisation: `roles` are the periods in which they act for it, by role."""

    person: str
    organisation: str
    roles: dict[str, list[Span]] = field(default_factory=dict)
    last: int = START_OF_TIME

    def at(self, at: int) -> list[str]:
        """The roles at a time, `UNSAID` for one that nobody said; none: no affiliation."""
        return _at(self.roles, at)


@dataclass(slots=True)
class Tie:
    """Two members, the one with the lower id `first`: `natures` are the periods of each relation.

    By nature, as in `Affiliation`.
    """

    first: str
    second: str
    natures: dict[str, list[Span]] = field(default_factory=dict)
    last: int = START_OF_TIME

    def at(self, at: int) -> list[str]:
        """The natures at a time, `UNSAID` for one that nobody said; none: no tie."""
        return _at(self.natures, at)


def _at(periods: dict[str, list[Span]], at: int) -> list[str]:
    return [word for word, spans in sorted(periods.items()) if within(spans, at)]


def _begin(periods: dict[str, list[Span]], word: str | None, at: int) -> None:
    begin(periods.setdefault(word or UNSAID, []), at)


def _end(periods: dict[str, list[Span]], word: str | None, at: int) -> None:
    for each in [word] if word is not None else list(periods):
        if each in periods:
            finish(periods[each], at)


def _acts(row: Affiliation, event: events.AffiliationDeclared, sign: int) -> None:
    _begin(row.roles, event.role, event.occurred)


def _acts_no_more(row: Affiliation, event: events.AffiliationEnded, sign: int) -> None:
    _end(row.roles, event.role, event.occurred)


def _tied(row: Tie, event: events.TieDeclared, sign: int) -> None:
    _begin(row.natures, event.nature, event.occurred)


def _untied(row: Tie, event: events.TieDissolved, sign: int) -> None:
    _end(row.natures, event.nature, event.occurred)


def in_order(one: str, other: str) -> tuple[str, str]:
    """The key of the tie between two members."""
    return (one, other) if int(one[1:]) < int(other[1:]) else (other, one)


def _affiliation(event: events.AffiliationEnded) -> tuple[tuple[str, str], ...]:
    return ((event.person, event.organisation),)


def _tie(event: events.TieDissolved) -> tuple[tuple[str, str], ...]:
    return (in_order(event.first, event.second),)


AFFILIATIONS = Fold(
    name="affiliations",
    version=1,
    row=Affiliation,
    key_length=2,
    timed=True,
    on={
        "affiliation-declared": (_affiliation, _acts),
        "affiliation-ended": (_affiliation, _acts_no_more),
    },
    ignored=areas.EVERY_TYPE - areas.AFFILIATIONS,
    indexes=(("organisation",),),
)
TIES = Fold(
    name="ties",
    version=1,
    row=Tie,
    key_length=2,
    timed=True,
    on={"tie-declared": (_tie, _tied), "tie-dissolved": (_tie, _untied)},
    ignored=areas.EVERY_TYPE - areas.TIES,
    indexes=(("second",),),
)
