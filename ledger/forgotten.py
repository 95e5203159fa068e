"""Who was forgotten, as a list without names, to forget them in a restored backup too.

A backup may be older than the forgetting, and may have gone its own way since. So the list
knows each member by the random id of the entry with which they joined, and each other text
that was erased by its position and its commitment; nothing in it says who anyone was.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from ledger.codec import decode
from ledger.commands import Forget
from ledger.database import Database
from ledger.erasure import erase, joined, texts_about, texts_at
from ledger.events import Event, MemberForgotten
from ledger.forgetting import ListOfAnotherNetwork, NotAList
from ledger.ledger import Ledger, Transaction
from ledger.missing import committed_by
from ledger.state import MEMBERS
from ledger.state.members import Member
from ledger.values import ID

FORMAT = 1
_MARK = "natverk-forgotten"
_ENTRY_ID = re.compile("[0-9a-f]{32}")
_COMMITMENT = re.compile("[0-9a-f]{64}")
_FIELD = re.compile("[a-z_]{1,40}")


class Text(NamedTuple):
    """A text about others that was erased: where it stood, and its commitment."""

    position: int
    field: str
    commitment: str


class Person(NamedTuple):
    """Someone who was forgotten; `joined` is the id of the entry with which they joined."""

    member: str
    joined: str
    texts: tuple[Text, ...]


class Forgettings(NamedTuple):
    """A list: of which network, and who."""

    network: str
    people: tuple[Person, ...]


@dataclass(slots=True)
class Applied:
    """What came of a list: members `forgotten` now, erased `again` though they had been,
    forgotten `already`, and `unknown` to this ledger.
    """

    forgotten: int = 0
    again: int = 0
    already: int = 0
    unknown: int = 0


def forgettings(database: Database) -> Forgettings:
    """Everyone who was forgotten, in the order of the log. Raises `DamagedEntry`."""
    people: dict[str, Person] = {}
    for position in database.positions(types={MemberForgotten.type}):
        event = cast(MemberForgotten, _entry(database, position))
        texts = tuple(
            Text(at, field, commitment)
            for at in event.redacted
            for field, commitment in committed_by(_entry(database, at)).items()
        )
        person = people.get(event.member)
        if person is None:
            person = Person(event.member, joined(database, event.member).id, ())
        people[event.member] = person._replace(texts=tuple(dict.fromkeys(person.texts + texts)))
    return Forgettings(database.network, tuple(people.values()))


def written(found: Forgettings) -> str:
    """A list as text: one object in JSON."""
    people = [
        {
            "member": person.member,
            "joined": person.joined,
            "texts": [text._asdict() for text in person.texts],
        }
        for person in found.people
    ]
    return json.dumps({_MARK: FORMAT, "network": found.network, "people": people}, indent=1) + "\n"


def read(path: str, text: str) -> Forgettings:
    """The list that a text holds; `path` is for errors. Raises `NotAList`."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAList(path=path, reason="it is not JSON") from None
    if not isinstance(found, dict) or _MARK not in found:
        raise NotAList(path=path, reason="it does not say so")
    if found[_MARK] != FORMAT:
        raise NotAList(path=path, reason="it is of a later natverk")
    try:
        network = _matching(_ENTRY_ID, found["network"])
        return Forgettings(network, tuple(_person(each) for each in found["people"]))
    except (KeyError, TypeError, ValueError):
        raise NotAList(path=path, reason="something in it is missing or broken") from None


def apply(ledger: Ledger, found: Forgettings) -> Applied:
    """Forget in this ledger who is on the list and known to it, all at once.

    Done again, it changes nothing. Raises `ListOfAnotherNetwork`.
    """
    if found.network != ledger.database.network:
        raise ListOfAnotherNetwork(path=str(ledger.database.path))
    applied = Applied()
    with ledger.transaction() as transaction:
        for person in found.people:
            _apply(transaction, person, applied)
    return applied


def _apply(transaction: Transaction, person: Person, applied: Applied) -> None:
    transaction.writer.write_out()
    database = transaction.writer.database
    row: Member = database.load(MEMBERS, person.member)
    if not _is_the_same(database, person):
        applied.unknown += 1
    elif not row.forgotten_at:
        _forget(transaction, person)
        applied.forgotten += 1
    elif _erased_again(transaction, person.member) | _forget(transaction, person, again=True):
        applied.again += 1
    else:
        applied.already += 1


def _forget(transaction: Transaction, person: Person, *, again: bool = False) -> bool:
    """Record that someone is forgotten; `again`: only if texts of the list are still there."""
    database = transaction.writer.database
    redacted = tuple(sorted({t.position for t in person.texts if _is_there(database, t)}))
    if again and not any(texts_at(database, redacted)):
        return False
    transaction.record(Forget(member=person.member, redacted=redacted))
    return True


def _erased_again(transaction: Transaction, member: str) -> bool:
    """Erase texts that came back although their entries here say that they went."""
    database = transaction.writer.database
    erased = False
    for position in database.positions(member, {MemberForgotten.type}):
        event = cast(MemberForgotten, _entry(database, position))
        if any(texts_at(database, {*texts_about(database, member), *event.redacted})):
            erase(database, event)
            transaction.writer.erased = erased = True
    return erased


def _is_the_same(database: Database, person: Person) -> bool:
    """Whether the member with this id is the one who was forgotten."""
    known = database.positions(person.member, {"member-joined"}, limit=1)
    return bool(known) and joined(database, person.member).id == person.joined


def _is_there(database: Database, text: Text) -> bool:
    """Whether this ledger has the very same text in that place, and it is nobody's name now."""
    stored = database.entry(text.position)
    if stored is None:
        return False
    held = committed_by(decode(*stored, text.position))
    named = any(row.exists for row in database.find(MEMBERS, name_at=text.position))
    return held.get(text.field) == text.commitment and not named


def _entry(database: Database, position: int) -> Event:
    stored = database.entry(position)
    assert stored is not None
    return decode(*stored, position)


def _person(given: Any) -> Person:
    texts = tuple(
        Text(
            _whole(each["position"]),
            _matching(_FIELD, each["field"]),
            _matching(_COMMITMENT, each["commitment"]),
        )
        for each in given["texts"]
    )
    return Person(_matching(ID, given["member"]), _matching(_ENTRY_ID, given["joined"]), texts)


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(value)
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 < value <= 10**15:
        raise ValueError(value)
    return value
