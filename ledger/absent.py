"""Why there is nothing under an id: it came only later, or was taken back."""

from __future__ import annotations

from ledger.database import Database
from ledger.errors import LedgerError
from ledger.values import END_OF_TIME
from ledger.versions import Version, versions_about

_GIVEN = {  # by the letter of an id: what gives it, and the field that holds it
    "m": ("member-joined", "member"),
    "r": ("resource-offered", "resource"),
    "a": ("ask-made", "ask"),
    "b": ("resource-booked", "booking"),
    "i": ("initiative-started", "initiative"),
}


class NotFoundedThen(LedgerError):
    """What is asked about is a time before the network was founded."""

    message = "the network was not founded by then"
    hint = "it was founded on {founded}"


class NotThere(LedgerError):
    """There is nothing under an id at the time that is asked about, or any more."""

    exit_code = 3


class NotAMemberThen(NotThere):
    """Someone joined later, or is known only later to have joined."""

    message = "{member} was not a member by then"
    hint = "they joined on {since}: see natverk show {position}"


class NotOfferedThen(NotThere):
    """Something was offered later, or is known only later to have been."""

    message = "{resource} was not offered by then"
    hint = "it was offered on {since}: see natverk show {position}"


class NotAskedThen(NotThere):
    """Something was asked for later, or is known only later to have been."""

    message = "{ask} was not asked for by then"
    hint = "it was asked for on {since}: see natverk show {position}"


class NotStartedThen(NotThere):
    """An initiative was started later, or is known only later to have been."""

    message = "{initiative} was not started by then"
    hint = "it was started on {since}: see natverk show {position}"


class TakenBackWhole(NotThere):
    """The entry that something came with was taken back, and nothing stands in its place."""

    message = "there is no {what} {thing} any more: #{position} was taken back by #{successor}"
    hint = "natverk show {position} tells all that was said of it"


_THEN: dict[str, tuple[type[NotThere], str]] = {
    "m": (NotAMemberThen, "member"),
    "r": (NotOfferedThen, "resource"),
    "a": (NotAskedThen, "ask"),
    "i": (NotStartedThen, "initiative"),
}


def absent(
    database: Database, what: str, id: str, known_at: int = END_OF_TIME
) -> LedgerError | None:
    """Why there is no such thing, as was known at a position; None: there never was.

    `database` is the ledger as it is now.
    """
    kind, field = _GIVEN[id[0]]
    found = versions_about(database, id, {kind})
    said = sorted(
        (version for version in found if getattr(version.event, field) == id),
        key=lambda version: version.event.position,
    )
    known = [version for version in said if version.event.position <= known_at]
    if known and 0 < known[-1].successor <= known_at:
        slot, successor = known[-1].event.slot, known[-1].successor
        return TakenBackWhole(what=what, thing=id, position=slot, successor=successor)
    return _later(id, known or said) if said and known_at < END_OF_TIME else None


def _later(id: str, said: list[Version]) -> NotThere | None:
    if id[0] not in _THEN:
        return None
    then, role = _THEN[id[0]]
    event = said[-1].event
    return then(**{role: id}, since=event.occurred_at, position=event.position)
