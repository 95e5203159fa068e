"""Whom a relation with another network is between: ids, or names where one may use that one too."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ledger.database import Database
from ledger.errors import LedgerError
from ledger.names import resolve
from ledger.networks import NETWORK_ID, network_on
from ledger.places import Server

if TYPE_CHECKING:
    from cli.context import Session

_MEMBER = re.compile("m[1-9][0-9]{0,14}")


class RelatedToItself(LedgerError):
    """A network would be related to itself."""

    exit_code = 3
    message = "{other} is this network"
    hint = "natverk tie A B declares a relation between two members of it"


class NotAnId(LedgerError):
    """Of another network nothing is known here, and an id is needed."""

    exit_code = 3
    message = "“{text}” is no id, and nothing here says whose name it is"
    hint = "write the id that natverk networks shows there, or of a member one like m3"


def related(session: Session, other: str, who: str | None, theirs: str | None) -> dict[str, Any]:
    """The fields that commands about relations share. Raises `RelatedToItself`, `NotAnId`."""
    there = _network(session, other)
    return {
        "other": there,
        "member": None if who is None else session.member(who),
        "theirs": None if theirs is None else _member(session, there, theirs),
    }


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
    with closing(Database.reading(Server(session.place.uri, network))) as there:
        return resolve(there, text, "member")
