"""From what people write to ids: ids themselves, whole names, unique prefixes.

A name is compared folded (case, å/ä/ö and other marks). One that matches as a
whole wins over one that it begins. Nothing is ever guessed: more than one
match, or none, is an error that lists the candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ledger.database import Database
from ledger.errors import LedgerError
from ledger.values import ENTRY, EVERYONE, ID, WORDS_FOR_EVERYONE, fold

CANDIDATES = 10  # listed at most
SHOWN = 60  # characters of what was written, in an error
LETTERS = {"member": "m", "resource": "r", "ask": "a", "booking": "b", "initiative": "i"}
LETTERS["receiver"] = LETTERS["member"] + LETTERS["initiative"]


class Unresolved(LedgerError):
    """A name that does not lead to one thing."""

    exit_code = 3


class UnknownName(Unresolved):
    """No name matches; `candidates` are near in the alphabet."""

    message = "there is no {what} “{name}”"
    hint = "the nearest: {candidates}"


class NothingNamed(Unresolved):
    """No name matches, and there is nothing to list."""

    message = "there is no {what} “{name}”"
    hint = "there is no {what} yet"


class NotABooking(Unresolved):
    """Bookings have no names, only ids."""

    message = "“{name}” is not the id of a booking"
    hint = "write it like b3; natverk statement WHO shows whose there are"


class AmbiguousName(Unresolved):
    """Several names match; `candidates` are their ids."""

    message = "“{name}” could be several: {candidates}"
    hint = "write more of the name, or the id"


class NotAnEntry(Unresolved):
    """A position is written in a way that cannot be one."""

    exit_code = 2
    message = "“{text}” is not the position of an entry"
    hint = "write a number such as 412 or #412"


def resolve(database: Database, text: str, what: str, *, gone: bool = False) -> str:
    """The id that `text` means, where `what` is one of `LETTERS`.

    An id is taken as it is, whether or not there is such a thing; the rules
    judge that. `gone`: of several members, those who have left are meant.
    Raises `UnknownName`, `NothingNamed`, `AmbiguousName`, `NotABooking`.
    """
    letters = LETTERS[what]
    written = text.strip()
    if ID.fullmatch(written.lower()) and written[0].lower() in letters:
        return written.lower()
    folded = fold(written)
    matches = _found(database, letters, folded, _exact)
    if not matches and folded:
        matches = _found(database, letters, folded, _prefixed)
    if gone:
        matches = _gone_first(database, matches)
    written = written if len(written) <= SHOWN else written[: SHOWN - 3] + "..."
    if len(matches) == 1:
        return matches[0]
    if letters == "b":
        raise NotABooking(name=written)
    if matches:
        raise AmbiguousName(name=written, candidates=matches[:CANDIDATES])
    what = "member" if what == "receiver" else what
    near = _near(database, LETTERS[what], folded)
    if near:
        raise UnknownName(name=written, what=what, candidates=near)
    raise NothingNamed(name=written, what=what)


def resolve_receiver(database: Database, text: str) -> str:
    """As `resolve` for a member or an initiative, or `everyone`."""
    return EVERYONE if fold(text) in WORDS_FOR_EVERYONE else resolve(database, text, "receiver")


def entry_position(text: str) -> int:
    """The position in a text such as `412` or `#412`. Raises `NotAnEntry`."""
    match = ENTRY.fullmatch(text.strip())
    if match is None:
        raise NotAnEntry(text=text[:SHOWN])
    return int(match[1])


def names_like(database: Database, letter: str, beginning: str, most: int) -> list[str]:
    """The ids, at most so many, of members or things whose names begin like that."""
    ids = dict.fromkeys(_prefixed(database, letter, fold(beginning)))
    return _live_first(database, letter, list(ids))[:most]


def names_of(database: Database, ids: Iterable[str]) -> dict[str, str]:
    """The names of members, and what things are, by id; erased ones left out."""
    wanted = set(ids)
    names: dict[str, str | None] = {}
    for letter, query in _NAME_QUERIES.items():
        some = [id for id in wanted if id[0] == letter]
        for start in range(0, len(some), 500):
            part = some[start : start + 500]
            marks = ", ".join("?" * len(part))
            names.update(database.select(f"{query} IN ({marks})", *part))
    for id in {id for id in wanted if not names.get(id)} - {EVERYONE}:
        names[id] = database.name_of_newcomer(id)
    return {id: name for id, name in names.items() if name}


def all_member_names(database: Database) -> dict[str, str]:
    """The name of every member by id; erased ones left out."""
    query = _NAME_QUERIES["m"].partition(" WHERE ")[0]
    return {id: name for id, name in database.select(query) if name}


_NAME_QUERIES = {
    "m": "SELECT member, text FROM members LEFT JOIN texts"
    " ON texts.position = name_at AND field = 'name' WHERE member",
    "r": "SELECT resource, coalesce(text, category) FROM resources LEFT JOIN texts"
    " ON texts.position = resources.position AND field = 'what' WHERE resource",
    "a": "SELECT ask, coalesce(text, category) FROM asks LEFT JOIN texts"
    " ON texts.position = asks.position AND field = 'what' WHERE ask",
    "i": "SELECT initiative, coalesce(text, category) FROM initiatives LEFT JOIN texts"
    " ON texts.position = initiatives.position AND field = 'what' WHERE initiative",
}
_LIVE = {"r": ("resources", "resource"), "a": ("asks", "ask"), "i": ("initiatives", "initiative")}
_Looking = Callable[[Database, str, str], list[str]]


def _found(database: Database, letters: str, folded: str, look: _Looking) -> list[str]:
    """The ids with these letters that a way of looking finds."""
    return [
        id
        for letter in letters
        for id in _live_first(database, letter, look(database, letter, folded))
    ]


def _exact(database: Database, letter: str, folded: str) -> list[str]:
    query = "SELECT thing FROM names WHERE folded = ? AND thing GLOB ? ORDER BY id LIMIT ?"
    return [id for (id,) in database.select(query, folded, f"{letter}*", 10 * CANDIDATES)]


def _prefixed(database: Database, letter: str, folded: str) -> list[str]:
    query = (
        "SELECT thing FROM names WHERE folded >= ? AND folded < ? AND thing GLOB ?"
        " ORDER BY folded, id LIMIT ?"
    )
    end = folded + "\U0010ffff"
    return [id for (id,) in database.select(query, folded, end, f"{letter}*", 10 * CANDIDATES)]


def _near(database: Database, letter: str, folded: str) -> list[str]:
    """Names that share the longest beginning with what was written."""
    for length in range(len(folded), -1, -1):
        near = _prefixed(database, letter, folded[:length])
        if near:
            return near[:CANDIDATES]
    return []


def _live_first(database: Database, letter: str, ids: Sequence[str]) -> list[str]:
    """Of things that share a name, those that are live, when any is."""
    if letter not in _LIVE or len(ids) < 2:
        return list(ids)
    table, column = _LIVE[letter]
    marks = ", ".join("?" * len(ids))
    query = f"SELECT {column} FROM {table} WHERE live = 1 AND {column} IN ({marks})"
    live = {id for (id,) in database.select(query, *ids)}
    return [id for id in ids if id in live] or list(ids)


def _gone_first(database: Database, members: Sequence[str]) -> list[str]:
    """Of several members, those who have left, when any has."""
    if len(members) < 2:
        return list(members)
    marks = ", ".join("?" * len(members))
    query = f"SELECT member FROM members WHERE left_at IS NOT NULL AND member IN ({marks})"
    gone = {id for (id,) in database.select(query, *members)}
    return [id for id in members if id in gone] or list(members)
