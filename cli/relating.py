"""Whom a relation with another network is between: ids, or names where one may use that one too."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

from cli.language import _
from ledger.database import Database
from ledger.errors import EmptyText, LedgerError
from ledger.names import resolve
from ledger.networks import NETWORK_ID, network_on
from ledger.places import Server
from ledger.state.members import MEMBERS
from ledger.state.relations import RELATIONS
from ledger.values import microseconds

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.state.relations import Relations

_MEMBER = re.compile("m[1-9][0-9]{0,14}")


class RelatedToItself(LedgerError):
    """A network would be related to itself."""

    exit_code = 3
    message = "{other} is this network"
    hint = "natverk tie A B declares a relation between two members of it"


class NotThere(LedgerError):
    """The other network is in the same database, and has no such member."""

    exit_code = 3
    message = "there is no member {text} in the other network"
    hint = "natverk --network {other} members shows the ids there"


class NotAnId(LedgerError):
    """Of another network nothing is known here, and an id is needed."""

    exit_code = 3
    message = "“{text}” is no id, and nothing here says whose name it is"
    hint = "write the id that natverk networks shows there, or of a member one like m3"


def related(session: Session, other: str, who: str | None, theirs: str | None) -> dict[str, Any]:
    """The fields that commands about relations share. Raises `RelatedToItself`, `NotAnId`."""
    for what, text in (("OTHER", other), ("THEIRS", theirs)):
        if text is not None and not text.strip():
            raise EmptyText(what=what)
    there = _network(session, other)
    return {
        "other": there,
        "member": None if who is None else session.member(who),
        "theirs": None if theirs is None else _member(session, there, theirs),
    }


def check_there(session: Session, other: str, theirs: str | None) -> None:
    """Raise `NotThere` for a member of another network who is not, where that can be seen."""
    if theirs is None or not isinstance(session.place, Server):
        return
    try:
        there = Database.reading(Server(session.place.uri, other))
    except LedgerError:  # it is not here, or not for whoever asks
        return
    with closing(there):
        if not there.load(MEMBERS, theirs).exists:
            raise NotThere(text=theirs, other=other)


def say_what_there_is(session: Session, other: str, member: str | None) -> None:
    """Tell who ends a relation that is none of those that there are with the other network."""
    row: Relations = session.ledger.database.load(RELATIONS, other)
    found = row.at(microseconds(session.clock()))
    found = [each for each in found if each.member == member] or found
    if found:
        named = session.named({each.member for each in found if each.member})
        told = "; ".join(
            in_words(named.get(each.member or ""), each.theirs, each.nature, other)
            for each in found
        )
        session.note(_("what there is: {relations}").format(relations=told))


def in_words(here: str | None, there: str | None, nature: str | None, network: str) -> str:
    """A relation with a network, for people: `Café Linden – Skogens livs (Skogen): supplier`."""
    words = network if there is None else f"{there} ({network})"
    words = words if here is None else f"{here} – {words}"
    return words if nature is None else f"{words}: {nature}"


def _network(session: Session, text: str) -> str:
    written = text.strip().lower()
    if not NETWORK_ID.fullmatch(written):
        if not isinstance(session.place, Server):
            raise NotAnId(text=text)
        written = network_on(session.place, text).network or ""
    if written == session.database.network:
        raise RelatedToItself(other=text)
    return written


def _member(session: Session, network: str, text: str) -> str:
    """The id of a member of another network."""
    written = text.strip().lower()
    if _MEMBER.fullmatch(written):
        return written
    if not isinstance(session.place, Server):
        raise NotAnId(text=text)
    try:
        there = Database.reading(Server(session.place.uri, network))
    except LedgerError as error:  # as above
        raise NotAnId(text=text) from error
    with closing(there):
        return resolve(there, text, "member")
