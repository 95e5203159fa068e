"""What a network, and those in it, have to do with other networks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ledger import areas
from ledger.folds import Fold
from ledger.state.spans import Span, begin, finish, within
from ledger.values import START_OF_TIME

if TYPE_CHECKING:
    from ledger import events

SAME = "same"  # the nature of the relation of one who is a member of two networks


class Relation(NamedTuple):
    """Between whom there is one: None: the network as a whole. `nature` None: nobody said."""

    member: str | None
    theirs: str | None
    nature: str | None


@dataclass(slots=True)
class Relations:
    """Another network: `said` are the periods of each relation with it.

    By the words of `Relation`, with a space between them, nothing for None.
    """

    other: str
    said: dict[str, list[Span]] = field(default_factory=dict)
    last: int = START_OF_TIME

    def at(self, at: int) -> list[Relation]:
        """The relations at a time."""
        return [
            Relation(*(word or None for word in words.split(" ")))
            for words, spans in sorted(self.said.items())
            if within(spans, at)
        ]


def _between(event: events.NetworkUnrelated | events.NetworkRelated) -> str:
    return f"{event.member or ''} {event.theirs or ''} "


def _related(row: Relations, event: events.NetworkRelated, sign: int) -> None:
    begin(row.said.setdefault(_between(event) + (event.nature or ""), []), event.occurred)


def _unrelated(row: Relations, event: events.NetworkUnrelated, sign: int) -> None:
    between = _between(event)
    for words, spans in row.said.items():
        if words.startswith(between) and event.nature in (None, words.removeprefix(between)):
            finish(spans, event.occurred)


def _other(event: events.NetworkUnrelated) -> tuple[tuple[str], ...]:
    return ((event.other,),)


RELATIONS = Fold(
    name="relations",
    version=1,
    row=Relations,
    key_length=1,
    timed=True,
    on={"network-related": (_other, _related), "network-unrelated": (_other, _unrelated)},
    ignored=areas.EVERY_TYPE - areas.RELATIONS,
)
