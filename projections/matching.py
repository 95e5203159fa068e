"""Which live offers could meet which open asks of a ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ledger.refusals import UnknownId
from ledger.state.asks import ASKS
from ledger.values import FORGOTTEN, decimal_text
from projections.membership import Presence, called
from projections.pairing import Match, Offered, Wanted, matches, words_of

if TYPE_CHECKING:
    from ledger.database import Database

_ASKS = (
    "SELECT ask, asker, kind, category, word, text, quantity, unit, given_by_unit, asked"
    " FROM asks LEFT JOIN texts ON texts.position = asks.position AND field = 'what'"
    " WHERE live = 1{only} ORDER BY asked, asks.position"
)
_OFFERS = (
    "SELECT resource, owner, kind, category, word, text, stock, taken, unit, offered"
    " FROM resources LEFT JOIN texts ON texts.position = resources.position AND field = 'what'"
    " WHERE live = 1 ORDER BY offered, resources.position"
)
Said = dict[str, tuple[str, str | None]]  # by id: words, else the category; and the category


def match(database: Database, at: int, ask: str | None = None) -> list[dict[str, Any]]:
    """Which live offers could meet each open ask, or one, at the time `at`; oldest ask first.

    Each: `ask, resource, owner, asker, shared, quantity, missing, unit`, then
    `category, asker_name, owner_name, asked_for, offered`. `quantity` is what would
    be taken from the offer's stock of the `missing` that the ask still needs, in
    decimals of `unit`; null where nothing is counted. `shared` are the words that
    they share, empty when the category is the same. One ask has the rows that it
    has among all: older asks are served before it. Raises `UnknownId`.
    """
    if ask is not None and not database.load(ASKS, ask).exists:
        raise UnknownId(what="ask", id=ask)
    presence, said = Presence.of(database), Said()
    offers = _offers(database, presence, at, said)
    wants = _wants(database, presence, at, said, _rivals(database, ask, offers))
    if ask is not None:
        upto = next((n for n, wanted in enumerate(wants) if wanted.ask == ask), -1)
        wants = wants[: upto + 1]
    found = [pair for pair in matches(wants, offers) if ask in (None, pair.wanted.ask)]
    people = {pair.wanted.asker for pair in found} | {pair.offered.owner for pair in found}
    names = called(database, people)
    return [_shown(pair, names, said) for pair in found]


def anything_matches(database: Database, at: int) -> bool:
    """Whether `match` finds anything; costs as much as there is open, and ends with the first."""
    presence, said = Presence.of(database), Said()
    offers = _offers(database, presence, at, said)
    wants = _wants(database, presence, at, said, None)
    return next(matches(wants, offers), None) is not None


def _offers(database: Database, presence: Presence, at: int, said: Said) -> list[Offered]:
    offers: list[Offered] = []
    for row in database.select(_OFFERS):
        resource, owner, kind, category, word, text, stock, taken, unit, offered = row
        if presence.hidden(owner, offered, at):
            continue
        said[resource] = text or category or FORGOTTEN, category
        left = None if stock is None else int(stock) - int(taken)
        words = _words(text, category)
        offers.append(Offered(len(offers), resource, owner, kind, word, words, left, unit))
    return offers


def _wants(
    database: Database, presence: Presence, at: int, said: Said, kinds: list[str] | None
) -> list[Wanted]:
    """The open asks, oldest first; only those of some kinds, unless None."""
    only = "" if kinds is None else f" AND kind IN ({', '.join('?' * len(kinds))})"
    wants: list[Wanted] = []
    for row in database.select(_ASKS.format(only=only), *(kinds or ())):
        ask, asker, kind, category, word, text, quantity, unit, given, asked = row
        if presence.hidden(asker, asked, at):
            continue
        said[ask] = text or category or FORGOTTEN, category
        missing = None if quantity is None else int(quantity)
        if missing is not None and given:
            missing -= json.loads(given).get(unit, 0)
        wants.append(Wanted(ask, asker, kind, word, _words(text, category), missing, unit))
    return wants


def _rivals(database: Database, ask: str | None, offers: list[Offered]) -> list[str] | None:
    """The kinds of the asks that could want the same stocks as one ask; None: any."""
    if ask is None:
        return None
    groups = database.select("SELECT DISTINCT kind, word FROM asks WHERE live = 1")
    groups += list({(offer.kind, offer.word) for offer in offers if offer.left is not None})
    kinds = {kind for (kind,) in database.select("SELECT kind FROM asks WHERE ask = ?", ask)}
    words: set[str] = set()
    before = -1
    while before != len(kinds) + len(words):
        before = len(kinds) + len(words)
        words.update(word for kind, word in groups if kind in kinds and word is not None)
        kinds.update(kind for kind, word in groups if word in words)
    return sorted(kinds)


def _words(text: str | None, category: str | None) -> frozenset[str]:
    words = words_of(category) if category is not None else frozenset()
    return words if text is None else words | words_of(text)


def _shown(pair: Match, names: dict[str, str], said: Said) -> dict[str, Any]:
    wanted, offered = pair.wanted, pair.offered
    return {
        "ask": wanted.ask,
        "resource": offered.resource,
        "owner": offered.owner,
        "asker": wanted.asker,
        "shared": list(pair.shared),
        "quantity": None if pair.thousandths is None else decimal_text(pair.thousandths),
        "missing": None if wanted.missing is None else decimal_text(wanted.missing),
        "unit": wanted.unit,
        "category": None if pair.shared else said[offered.resource][1],
        "asker_name": names[wanted.asker],
        "owner_name": names[offered.owner],
        "asked_for": said[wanted.ask][0],
        "offered": said[offered.resource][0],
    }
