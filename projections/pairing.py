"""Which offers could meet which open asks: a pure function over rows.

The oldest ask is served first: from offers of the same category, then from
offers of the same kind that share a word with it, the oldest offer first. A
stock is never handed out twice: what an older ask takes is gone for the next,
and an ask that stocks of its category cover is shown nothing weaker. Offers
without a stock are not used up, so an ask is shown `SUGGESTIONS` of them at
most; the same goes for any offer when the ask does not say how much.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from ledger.values import fold

SUGGESTIONS = 10  # for an ask, of what is not used up
SHORTEST_WORD = 4  # letters; shorter ones say little
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST_WORD},}}")
_SAYS_NOTHING = frozenset(  # folded, in two languages
    (
        *("with", "from", "that", "this", "some", "someone", "something", "your", "please"),
        *("need", "needs", "needed", "help", "have", "want", "wants", "wanted", "could", "would"),
        *("till", "fran", "nagon", "nagot", "nagra", "behover", "hjalp", "hjalpa", "vill"),
        *("skulle", "kunna", "soker", "onskar", "garna"),
    )
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An open ask. `missing`: thousandths of `unit` not yet given, None: nobody said how much.

    `word` is the category as it is compared, `words` those of the whole ask.
    """

    ask: str
    asker: str
    kind: str
    word: str | None
    words: frozenset[str]
    missing: int | None
    unit: str | None


@dataclass(slots=True)
class Offered:
    """A live offer; `age` grows from the oldest to the youngest.

    `left`: thousandths of `unit` in stock, None: it is not used up. Changes while matching.
    """

    age: int
    resource: str
    owner: str
    kind: str
    word: str | None
    words: frozenset[str]
    left: int | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """An ask, and an offer that could meet it.

    `shared` are the words they share, empty when the category is the same.
    `thousandths` of the unit would be taken from its stock, None: none.
    """

    wanted: Wanted
    offered: Offered
    shared: tuple[str, ...]
    thousandths: int | None


def matches(wants: Iterable[Wanted], offers: Iterable[Offered]) -> Iterator[Match]:
    """The matches of each ask, in the order of `wants`, the oldest first.

    Costs about as much as there are asks, offers, their words and matches.
    """
    shelves = _Shelves(offers)
    for wanted in wants:
        yield from _serve(wanted, shelves)


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The folded words of a text that say something of what it is about."""
    return frozenset(_WORD.findall(fold(text))) - _SAYS_NOTHING


class _Queue:
    """Offers from the oldest to the youngest; those used up are stepped over at once."""

    __slots__ = ("_next", "_offers")

    def __init__(self) -> None:
        self._offers: list[Offered] = []
        self._next: list[int] = []

    def add(self, offer: Offered) -> None:
        self._offers.append(offer)
        self._next.append(len(self._offers))

    def __iter__(self) -> Iterator[Offered]:
        at = self._live(0)
        while at < len(self._offers):
            yield self._offers[at]
            at = self._live(at + 1)

    def _live(self, at: int) -> int:
        """The first place from `at` on where something is left; shortens the way there."""
        live = at
        while live < len(self._offers) and self._offers[live].left == 0:
            live = self._next[live]
        while at < live:
            self._next[at], at = live, self._next[at]
        return live


_Shelf = defaultdict[str | None, _Queue]  # by the unit of the stock, None: not used up


class _Shelves:
    """Offers by what they may be found by: their category, or their kind and each word."""

    def __init__(self, offers: Iterable[Offered]) -> None:
        self._by_category: dict[str, _Shelf] = {}
        self._by_word: dict[tuple[str, str], _Shelf] = {}
        for offer in sorted(offers, key=attrgetter("age")):
            unit = None if offer.left is None else offer.unit
            if offer.word is not None:
                shelf = self._by_category.setdefault(offer.word, _Shelf(_Queue))
                shelf[unit].add(offer)
            for word in offer.words:
                shelf = self._by_word.setdefault((offer.kind, word), _Shelf(_Queue))
                shelf[unit].add(offer)

    def found(self, wanted: Wanted) -> Iterator[list[_Shelf]]:
        """First the shelf of the same category, then those of the same kind and a word."""
        same = self._by_category.get(wanted.word or "")
        yield [] if same is None else [same]
        alike = (self._by_word.get((wanted.kind, word)) for word in sorted(wanted.words))
        yield [shelf for shelf in alike if shelf is not None]


def _serve(wanted: Wanted, shelves: _Shelves) -> Iterator[Match]:
    missing, room = wanted.missing, SUGGESTIONS
    seen: set[str] = set()
    for found in shelves.found(wanted):
        if missing:
            stocks = [shelf[wanted.unit] for shelf in found if wanted.unit in shelf]
            for offer in _others(wanted, stocks, seen):
                taken = min(missing, offer.left or 0)
                yield _match(wanted, offer, taken)
                offer.left = (offer.left or 0) - taken
                missing -= taken
                if not missing:
                    break
        if room:
            queues = [
                queue
                for shelf in found
                for unit, queue in shelf.items()
                if unit is None or wanted.missing is None
            ]
            for offer in _others(wanted, queues, seen):
                yield _match(wanted, offer, None)
                room -= 1
                if not room:
                    break
        if missing == 0:
            return


def _others(wanted: Wanted, queues: list[_Queue], seen: set[str]) -> Iterator[Offered]:
    """The offers of the queues, oldest first, each once, the asker's own left out."""
    merged = queues[0] if len(queues) == 1 else heapq.merge(*queues, key=attrgetter("age"))
    for offer in merged:
        if offer.owner != wanted.asker and offer.resource not in seen:
            seen.add(offer.resource)
            yield offer


def _match(wanted: Wanted, offer: Offered, taken: int | None) -> Match:
    same = wanted.word is not None and wanted.word == offer.word
    shared = () if same else tuple(sorted(wanted.words & offer.words))
    return Match(wanted, offer, shared, taken)
