"""Which gifts were confirmed, and which disputed, by those who were in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ledger import areas
from ledger.folds import Few, Fold
from ledger.rows import table_of
from ledger.values import START_OF_TIME

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.events import GiftConfirmed, GiftDisputed, GiftGiven


@dataclass(slots=True)
class Answers:
    """What was said of a gift, known by its slot `#position`.

    `giver` and `receiver` are those of the gift as it stands: as the last answer
    found it, unless it was corrected by the entry `version`. `said` is the last
    word, `confirmed` or `disputed`, by who said it; what was said before the
    correction was of something else.
    """

    entry: str
    giver: str = ""
    receiver: str = ""
    version: int = 0
    said: dict[str, str] = field(default_factory=dict)
    last: int = START_OF_TIME

    @property
    def word(self) -> str | None:
        """`disputed` when any party to the gift says so, else `confirmed` when any does."""
        return min(self.counted.values(), key=_GRAVEST_FIRST.index, default=None)

    @property
    def counted(self) -> dict[str, str]:
        """What those who are parties to the gift said; anyone is, when several received it."""
        parties = (self.giver, self.receiver)
        return {
            member: word
            for member, word in self.said.items()
            if member in parties or self.receiver[:1] != "m"
        }


_GRAVEST_FIRST = ("disputed", "confirmed")


class Counts(NamedTuple):
    """How many gifts were confirmed, and how many disputed."""

    confirmed: int = 0
    disputed: int = 0


def _replaced(event: GiftGiven) -> tuple[tuple[str], ...]:
    return ((f"#{event.replaces}",),) if event.replaces else ()


def _stands(row: Answers, event: GiftGiven, sign: int) -> None:
    row.giver, row.receiver, row.version = event.giver, event.receiver, event.position


def _gift(event: GiftConfirmed) -> tuple[tuple[str], ...]:
    return ((f"#{event.gift}",),)


def _answered(row: Answers, event: GiftConfirmed | GiftDisputed, sign: int) -> None:
    if event.position < row.version:
        return
    if not row.version and event.giver is not None and event.receiver is not None:
        row.giver, row.receiver = event.giver, event.receiver
    if event.actor is not None:
        row.said[event.actor] = event.type.removeprefix("gift-")


ANSWERS = Fold(
    name="answers",
    version=2,
    row=Answers,
    key_length=1,
    timed=True,
    on={
        "gift-given": (_replaced, _stands),
        "gift-confirmed": (_gift, _answered),
        "gift-disputed": (_gift, _answered),
    },
    ignored=areas.EVERY_TYPE - areas.GIFTS - areas.ANSWERS_TO_GIFTS,
    indexes=(("giver",), ("receiver",)),
    by_columns={"gift-given": lambda rows: Few(lambda columns: ())},  # none replaces another
)
# Of gifts that have not been taken back, for good or until that is undone.
_STANDING = (
    "SELECT answers.* FROM answers WHERE NOT EXISTS (SELECT 1 FROM superseded"
    " WHERE superseded.entry = CAST(substr(answers.entry, 2) AS BIGINT) AND reversal = 1"
    " AND NOT EXISTS (SELECT 1 FROM superseded AS later"
    " WHERE later.position = superseded.successor))"
)


def answers_of(database: Database, member: str) -> Counts:
    """How many gifts that a member gave or received were confirmed and disputed."""
    found = [
        row for side in ("giver", "receiver") for row in _found(database, f"{side} = ?", member)
    ]
    return _counted(found)


def answers_between(database: Database, member: str, other: str) -> Counts:
    """The same of the gifts between two, one of whom may be `everyone`."""
    where = "giver = ? AND receiver = ?"
    return _counted(
        [*_found(database, where, member, other), *_found(database, where, other, member)]
    )


def answers(database: Database) -> dict[str, Counts]:
    """The same of each member whose gifts anybody answered."""
    found: defaultdict[str, list[Answers]] = defaultdict(list)
    for row in _found(database, "true"):
        for member in (row.giver, row.receiver):
            found[member].append(row)
    return {member: _counted(rows) for member, rows in found.items()}


def words(database: Database, slots: Iterable[int]) -> dict[int, str]:
    """Which of the gifts in some slots were `confirmed` or `disputed`, the others left out."""
    rows = {slot: database.load(ANSWERS, f"#{slot}") for slot in slots}
    return {slot: row.word for slot, row in rows.items() if row.word is not None}


def _found(database: Database, where: str, *values: str) -> list[Answers]:
    table = table_of(ANSWERS)
    return [table.row(columns) for columns in database.select(f"{_STANDING} AND {where}", *values)]


def _counted(rows: Iterable[Answers]) -> Counts:
    words = [row.word for row in rows]
    return Counts(words.count("confirmed"), words.count("disputed"))
