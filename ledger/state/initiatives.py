"""What people gather around: what it has got, who is in it and who vouches for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Few, Fold, reset
from ledger.state.spans import Span, begin, finish, within
from ledger.values import START_OF_TIME, fold

if TYPE_CHECKING:
    from ledger import events
    from ledger.columns import Columns


@dataclass(slots=True)
class Initiative:
    """An initiative. `gifts` counts what was given to it or for it, `kinds` the same by kind.

    `given` are thousandths by unit. `started` and `concluded` are microseconds since 1970,
    and the same as ISO text with `_at`. `word` is the category as it is compared. `live`: it
    has not been concluded.
    """

    initiative: str
    starter: str = ""
    category: str | None = None
    word: str | None = None
    started: int = 0
    started_at: str = ""
    concluded: int | None = None
    concluded_at: str | None = None
    gifts: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    position: int = 0
    live: bool = False

    @property
    def exists(self) -> bool:
        """Whether anything was ever started under this id."""
        return self.position > 0

    def judge(self) -> None:
        """Set `live` from the rest of the row."""
        self.live = self.exists and self.concluded is None


@dataclass(slots=True)
class Participation:
    """A member and an initiative; `spans` are the periods in which they are in it.

    Leaving the network ends it too, which is not in the row. A period ends with the next
    joining, so that what began before they left the network is told from what began after.
    """

    participant: str
    initiative: str
    spans: list[Span] = field(default_factory=list)
    last: int = START_OF_TIME


@dataclass(slots=True)
class Endorsement:
    """A member and an initiative; `spans` are the periods in which they vouch for it."""

    endorser: str
    initiative: str
    spans: list[Span] = field(default_factory=list)
    last: int = START_OF_TIME

    def holds(self, at: int) -> bool:
        """Whether they vouch for it at a time."""
        return within(self.spans, at)


def _started(row: Initiative, event: events.InitiativeStarted, sign: int) -> None:
    if sign < 0:
        reset(row, "initiative", "concluded", "concluded_at", "gifts", "kinds", "given")
        return
    row.starter, row.category = event.starter, event.category
    row.word = None if event.category is None else fold(event.category)
    row.started, row.started_at = event.occurred, event.occurred_at.isoformat()
    row.position = event.position
    row.judge()


def _concluded(row: Initiative, event: events.InitiativeConcluded, sign: int) -> None:
    row.concluded = event.occurred if sign > 0 else None
    row.concluded_at = event.occurred_at.isoformat() if sign > 0 else None
    row.judge()


def _given(row: Initiative, event: events.GiftGiven, sign: int) -> None:
    row.gifts += sign
    _add(row.kinds, event.kind, sign)
    if event.unit is not None and event.thousandths is not None:
        _add(row.given, event.unit, sign * event.thousandths)


def _add(sums: dict[str, int], name: str, number: int) -> None:
    total = sums.get(name, 0) + number
    if total:
        sums[name] = total
    else:
        sums.pop(name, None)


_LETTER = itemgetter(0)  # of an id


def _initiative(event: events.InitiativeConcluded) -> tuple[tuple[str], ...]:
    return ((event.initiative,),)


def initiative_of(event: events.GiftGiven) -> str | None:
    """The initiative that a gift is for or to, if any."""
    if event.initiative is not None:
        return event.initiative
    return event.receiver if event.receiver[0] == "i" else None


def for_initiatives(columns: Columns) -> list[int]:
    """The places of the gifts that are for or to an initiative."""
    said = columns.texts
    if not any(said["initiative"]) and "i" not in set(map(_LETTER, said["receiver"])):
        return []
    each = zip(said["initiative"], said["receiver"], strict=True)
    return [place for place, (named, to) in enumerate(each) if named or _LETTER(to) == "i"]


def _initiative_of_gift(event: events.GiftGiven) -> tuple[tuple[str], ...]:
    initiative = initiative_of(event)
    return () if initiative is None else ((initiative,),)


def _in_it(row: Participation, event: events.InitiativeJoined, sign: int) -> None:
    finish(row.spans, event.occurred)
    begin(row.spans, event.occurred)


def _in_it_no_more(row: Participation, event: events.InitiativeLeft, sign: int) -> None:
    finish(row.spans, event.occurred)


def _starter(event: events.InitiativeStarted) -> tuple[tuple[str, str], ...]:
    return ((event.starter, event.initiative),)


def _participation(event: events.InitiativeLeft) -> tuple[tuple[str, str], ...]:
    return ((event.participant, event.initiative),)


def _endorsed(row: Endorsement, event: events.InitiativeEndorsed, sign: int) -> None:
    begin(row.spans, event.occurred)


def _withdrawn(row: Endorsement, event: events.EndorsementWithdrawn, sign: int) -> None:
    finish(row.spans, event.occurred)


def _endorsement(event: events.EndorsementWithdrawn) -> tuple[tuple[str, str], ...]:
    return ((event.endorser, event.initiative),)


INITIATIVES = Fold(
    name="initiatives",
    version=1,
    row=Initiative,
    key_length=1,
    on={
        "initiative-started": (_initiative, _started),
        "initiative-concluded": (_initiative, _concluded),
        "gift-given": (_initiative_of_gift, _given),
    },
    ignored=areas.EVERY_TYPE - areas.INITIATIVES - areas.GIFTS,
    by_columns={"gift-given": lambda rows: Few(for_initiatives)},
)
PARTICIPATIONS = Fold(
    name="participations",
    version=1,
    row=Participation,
    key_length=2,
    timed=True,
    on={
        "initiative-started": (_starter, _in_it),
        "initiative-joined": (_participation, _in_it),
        "initiative-left": (_participation, _in_it_no_more),
    },
    ignored=areas.EVERY_TYPE - {"initiative-started"} - areas.PARTICIPATIONS,
    indexes=(("initiative",),),
)
ENDORSEMENTS = Fold(
    name="endorsements",
    version=1,
    row=Endorsement,
    key_length=2,
    timed=True,
    on={
        "initiative-endorsed": (_endorsement, _endorsed),
        "endorsement-withdrawn": (_endorsement, _withdrawn),
    },
    ignored=areas.EVERY_TYPE - areas.ENDORSEMENTS,
    indexes=(("initiative",),),
)
