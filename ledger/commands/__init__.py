"""Every command: what someone wants recorded, before the rules have had a say.

Frozen and imperative. Members, resources, asks and bookings are ids; whoever
takes names from people resolves them first. `validated` checks and normalises
every field and raises an error of ours that says which rule of writing was
broken. The rules of the network are in `decisions`.

Each area has a file of its own, imported when one of its commands is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from ledger import errors
from ledger.commands.base import Command
from ledger.schemas import validator

if TYPE_CHECKING:
    from ledger.commands.asks import Ask, Close
    from ledger.commands.corrections import Correct, Reverse, Undo
    from ledger.commands.gifts import Confirm, Dispute, Give
    from ledger.commands.happenings import Gather, Nominate, Realise, Tell
    from ledger.commands.initiatives import (
        Conclude,
        Endorse,
        JoinInitiative,
        LeaveInitiative,
        StartInitiative,
        Unendorse,
    )
    from ledger.commands.introductions import FollowUp, Introduce
    from ledger.commands.membership import Describe, Join, Leave, Pause, Resume, Return
    from ledger.commands.network import DescribeNetwork, Found
    from ledger.commands.notes import Note
    from ledger.commands.privacy import Forget
    from ledger.commands.relations import Relate, Unrelate
    from ledger.commands.resources import Book, Lend, Offer, Release, ReturnResource, Withdraw
    from ledger.commands.ties import Affiliate, Disaffiliate, Tie, Untie

AREAS: dict[str, str] = {
    "Found": "network",
    "DescribeNetwork": "network",
    "Join": "membership",
    "Return": "membership",
    "Leave": "membership",
    "Pause": "membership",
    "Resume": "membership",
    "Describe": "membership",
    "Offer": "resources",
    "Withdraw": "resources",
    "Book": "resources",
    "Release": "resources",
    "Lend": "resources",
    "ReturnResource": "resources",
    "Ask": "asks",
    "Close": "asks",
    "Give": "gifts",
    "Confirm": "gifts",
    "Dispute": "gifts",
    "Introduce": "introductions",
    "FollowUp": "introductions",
    "Affiliate": "ties",
    "Disaffiliate": "ties",
    "Tie": "ties",
    "Untie": "ties",
    "Relate": "relations",
    "Unrelate": "relations",
    "StartInitiative": "initiatives",
    "JoinInitiative": "initiatives",
    "LeaveInitiative": "initiatives",
    "Conclude": "initiatives",
    "Endorse": "initiatives",
    "Unendorse": "initiatives",
    "Tell": "happenings",
    "Gather": "happenings",
    "Realise": "happenings",
    "Nominate": "happenings",
    "Note": "notes",
    "Correct": "corrections",
    "Reverse": "corrections",
    "Undo": "corrections",
    "Forget": "privacy",
}
C = TypeVar("C", bound=Command)


def validated(command: C) -> C:
    """`command` with every field checked and normalised.

    Raises the error of the field's own check, or `InvalidField`.
    """
    return _checked(type(command), command)


def checked(kind: type[C], fields: dict[str, Any]) -> C:
    """The command of a kind with these fields, checked and normalised as by `validated`."""
    return _checked(kind, fields)


def every_command() -> tuple[type[Command], ...]:
    """The classes of all commands."""
    return tuple(map(__getattr__, AREAS))


def __getattr__(name: str) -> Any:
    """A class by its name, from the file of its area."""
    if name not in AREAS:
        raise AttributeError(name)
    return getattr(import_module(f"ledger.commands.{AREAS[name]}"), name)


def _checked(kind: type[C], given: C | dict[str, Any]) -> C:
    try:
        return validator(kind).validate_python(given)  # type: ignore[no-any-return]
    except ValueError as invalid:
        from pydantic_core import ValidationError  # noqa: PLC0415 - only when there is one

        if not isinstance(invalid, ValidationError):
            raise
        first = invalid.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "command"
        raise errors.InvalidField(field=field, reason=first["msg"]) from None


__all__ = [
    "AREAS",
    "Affiliate",
    "Ask",
    "Book",
    "Close",
    "Command",
    "Conclude",
    "Confirm",
    "Correct",
    "Describe",
    "DescribeNetwork",
    "Disaffiliate",
    "Dispute",
    "Endorse",
    "FollowUp",
    "Forget",
    "Found",
    "Gather",
    "Give",
    "Introduce",
    "Join",
    "JoinInitiative",
    "Leave",
    "LeaveInitiative",
    "Lend",
    "Nominate",
    "Note",
    "Offer",
    "Pause",
    "Realise",
    "Relate",
    "Release",
    "Resume",
    "Return",
    "ReturnResource",
    "Reverse",
    "StartInitiative",
    "Tell",
    "Tie",
    "Undo",
    "Unendorse",
    "Unrelate",
    "Untie",
    "Withdraw",
    "checked",
    "every_command",
    "validated",
]
