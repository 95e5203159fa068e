"""The one mechanism of state: keyed folds, replayed or kept.

A fold is a table of rows. Each event names the rows it touches (`keys`), and a
handler, pure and total, changes one such row: it is handed a private row, which
it may change in place. A row holds only facts that the event is keyed by.

Two kinds. In an order-free fold (`timed` false) a handler takes a sign: the
same handler with -1 takes an entry back, and entries may come in any order. In
a timed fold the past matters: when an entry is earlier than what the row has
seen, the row is folded again from the entries that the subject index names,
once per row however many such entries come.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ledger.values import START_OF_TIME

if TYPE_CHECKING:
    from ledger.columns import Columns
    from ledger.events import Event
    from ledger.summing import Rows

T = TypeVar("T")
Key = tuple[Any, ...]
Keys = Callable[[Any], tuple[Key, ...]]
Handler = Callable[[Any, Any, int], None]
Version = Callable[[int], "Event | None"]

Places = Callable[["Columns"], Iterable[int]]

BLOCK = 500  # events that are taken together


@dataclass(frozen=True, slots=True)
class Parts:
    """How an order-free fold sums what is alike before it comes to its rows, in a replay.

    `keys` names the parts that an event of a type goes into: rows like those of the fold,
    with the handler of its own. `wholes` are the keys of the rows of which a part, by its
    key, is one; `merge` adds a part to such a row.
    """

    keys: Mapping[str, Keys]
    wholes: Callable[[Key], Iterable[Key]]
    merge: Callable[[Any, Any], None]


class Sums(Protocol):
    """What many entries by columns, as they were recorded, add to the rows of a fold."""

    def add(self, columns: Columns) -> Iterable[int]:
        """Take entries in; returns the places of those that are left for the handler."""

    def merge(self) -> Iterable[Key]:
        """Put what was taken in into rows; gives the keys of those that were touched."""


class Few:
    """Sums of a fold that only few entries touch: those at some places, left for the handler."""

    def __init__(self, places: Places) -> None:
        self.add = places

    def merge(self) -> tuple[Key, ...]:
        """Nothing was taken in."""
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """A keyed fold and the table its rows are kept in.

    `row` is a slotted dataclass whose first `key_length` fields are the key and
    whose other fields have defaults: a row that nothing has touched. A timed
    row has a field `last`. `on` gives keys and handler by event type; `ignored`
    are the types that it leaves alone, so that together they are all types.
    `indexes` are columns that questions look rows up by. `version` changes
    whenever the rows would come out differently. A row as it was of a fold
    that is not `saved` is folded from the entries about the first part of its key.
    `parts` is for a fold in which one event touches many rows. `by_columns` makes, by type,
    what sums entries by columns in a replay, which then makes no events of them. `stale` is
    for an order-free fold that no decision reads: whether a row from which an event was just
    taken back has to be folded again, since the sign alone cannot put it right.
    """

    name: str
    version: int
    row: type
    key_length: int
    on: Mapping[str, tuple[Keys, Handler]]
    ignored: frozenset[str]
    timed: bool = False
    saved: bool = True
    indexes: Sequence[tuple[str, ...]] = ()
    parts: Parts | None = None
    by_columns: Mapping[str, Callable[[Rows], Sums]] = field(default_factory=dict)
    stale: Callable[[Any, Any], bool] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, key first."""
        return _columns(self.row)

    @property
    def listed(self) -> str:
        """The columns as a query names them."""
        return ", ".join(self.columns)

    def key_of(self, row: Any) -> Key:
        """The key of a row."""
        key: Key = _key_of(self.row, self.key_length)(row)
        return key


@cache
def _columns(row: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(row))


@cache
def _key_of(row: type, length: int) -> Callable[[Any], Any]:
    first, *more = _columns(row)[:length]
    read = attrgetter(first, *more)
    return read if more else lambda row: (read(row),)


def in_blocks(these: Iterable[T], most: int = BLOCK) -> Iterator[list[T]]:
    """Events, or whatever they are, in lists of a few."""
    coming = iter(these)
    while block := list(islice(coming, most)):
        yield block


def places(column: Sequence[Any]) -> list[int]:
    """Where a column of entries has something."""
    return [place for place, value in enumerate(column) if value] if any(column) else []


def reset(row: Any, *kept: str) -> None:
    """Give every field of a row but the `kept` ones its default again."""
    for spec in fields(row):
        if spec.name in kept:
            continue
        factory = spec.default_factory
        setattr(row, spec.name, spec.default if factory is MISSING else factory())


class Entries(Protocol):
    """Where a replay looks up what entries say."""

    def version(self, position: int) -> Event | None:
        """What the entry at a position says in its slot; None: it takes something back."""

    def said_about(self, subjects: Iterable[str], types: Collection[str]) -> Iterable[Event]:
        """What entries say in their slots, of these types and about all of some subjects.

        Whether or not it stands, and in no order. Everyone is no subject.
        """


class Source(Protocol):
    """Where kept rows come from."""

    def load(self, fold: Fold, key: Key) -> Any | None:
        """The kept row with this key, or None."""

    def find(self, fold: Fold, equal: Mapping[str, Any], beyond: Mapping[str, int]) -> list[Any]:
        """The kept rows with columns equal to `equal` and above `beyond`."""

    def entries_about(
        self, subject: str, types: Iterable[str], after: int = START_OF_TIME
    ) -> list[Event]:
        """The live entries of these types about a subject that occurred after a time.

        In the order of (occurred_at, slot); times are microseconds since 1970. The
        subject `#412` has what stands in the slot 412 itself among its entries.
        """

    def version(self, position: int) -> Event | None:
        """What the entry at a position says in its slot; None: it takes something back."""
