"""Every command: what someone wants recorded, before the rules have had a say.

Frozen and imperative. Members, resources, asks and bookings are ids; whoever
takes names from people resolves them first. `validated` checks and normalises
every field and raises an error of ours that says which rule of writing was
broken. The rules of the network are in `decisions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from ledger import errors
from ledger.events import (
    AskId,
    AskOutcome,
    BookingId,
    Count,
    IntroductionOutcome,
    Kind,
    MemberId,
    MemberKind,
    Opening,
    Position,
    Receiver,
    ResourceId,
)
from ledger.values import (
    Check,
    check_moment,
    check_name,
    check_quantity,
    check_slug,
    check_text,
    check_unit,
)

Name = Annotated[str, Check(check_name)]
Text = Annotated[str, Check(check_text)]
Quantity = Annotated[Decimal, Check(check_quantity)]
Slug = Annotated[str, Check(check_slug)]
Unit = Annotated[str, Check(check_unit)]
Moment = Annotated[datetime, Check(check_moment)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every command may say.

    `occurred_at`: when it happened; None: now. `actor`: who records it.
    `because_of`: positions of earlier entries that led to it.
    """

    occurred_at: Moment | None = None
    actor: MemberId | None = None
    because_of: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Command):
    """Found the network. `time_zone` is an IANA name."""

    name: Name
    idea: Text
    time_zone: str = "Europe/Stockholm"


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeNetwork(Command):
    """Give the network another name or idea."""

    name: Name | None = None
    idea: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    """Let someone new in."""

    name: Name
    kind: MemberKind = "person"
    invited_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Command):
    """Let someone who had left come back under the old id."""

    member: MemberId
    invited_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Command):
    """End a membership."""

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Command):
    """Hide a member's offers and asks until they resume."""

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """End a pause."""

    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe(Command):
    """Change a member's name, contact or description."""

    member: MemberId
    name: Name | None = None
    contact: Text | None = None
    about: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Command):
    """Offer a resource. At least one of `what` and `category` says what it is."""

    owner: MemberId
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    capacity: Count | None = None
    stock: Quantity | None = None
    unit: Unit | None = None
    open: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """Stop offering a resource."""

    resource: ResourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Book(Command):
    """Reserve `count` of a resource from `start` until just before `end`."""

    resource: ResourceId
    booker: MemberId
    start: Moment
    end: Moment
    count: Count = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    """Give a booking back."""

    booking: BookingId


@dataclass(frozen=True, slots=True, kw_only=True)
class Lend(Command):
    """Let a member take a resource along, until `due` or until it is returned."""

    resource: ResourceId
    borrower: MemberId
    due: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnResource(Command):
    """Take a loan back; `borrower` is needed when several have one."""

    resource: ResourceId
    borrower: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Command):
    """Ask for something. At least one of `what` and `category` says for what."""

    asker: MemberId
    kind: Kind
    what: Text | None = None
    category: Slug | None = None
    quantity: Quantity | None = None
    unit: Unit | None = None
    needed_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Command):
    """End an ask."""

    ask: AskId
    outcome: AskOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Give(Command):
    """Give to a member or to everyone. No kind: that of the ask or resource, else other."""

    giver: MemberId
    receiver: Receiver
    kind: Kind | None = None
    what: Text | None = None
    category: Slug | None = None
    quantity: Quantity | None = None
    unit: Unit | None = None
    ask: AskId | None = None
    resource: ResourceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Command):
    """Say that a gift took place as recorded."""

    gift: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Command):
    """Say that a gift did not take place as recorded."""

    gift: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduce(Command):
    """Bring two members together."""

    introducer: MemberId
    first: MemberId
    second: MemberId
    about: Text | None = None
    ask: AskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Command):
    """Say what came of an introduction."""

    introduction: Position
    outcome: IntroductionOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Command):
    """Add words to an entry."""

    target: Position
    text: Text


C = TypeVar("C", bound=Command)
_ADAPTERS: dict[type, Any] = {}


def validated(command: C) -> C:
    """`command` with every field checked and normalised.

    Raises the error of the field's own check, or `InvalidField`.
    """
    return _checked(type(command), command)


def checked(kind: type[C], fields: dict[str, Any]) -> C:
    """The command of a kind with these fields, checked and normalised as by `validated`."""
    return _checked(kind, fields)


def _checked(kind: type[C], given: C | dict[str, Any]) -> C:
    try:
        return _adapter(kind).validate_python(given)  # type: ignore[no-any-return]
    except ValueError as invalid:
        from pydantic import ValidationError  # noqa: PLC0415 - `_adapter` has paid for it

        if not isinstance(invalid, ValidationError):
            raise
        first = invalid.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "command"
        raise errors.InvalidField(field=field, reason=first["msg"]) from None


def _adapter(command: type[Any]) -> Any:
    adapter = _ADAPTERS.get(command)
    if adapter is None:
        adapter = _ADAPTERS[command] = _built(command)
    return adapter


def _built(command: type[Any]) -> Any:
    from pydantic import ConfigDict, TypeAdapter  # noqa: PLC0415 - see `validated`

    command.__pydantic_config__ = ConfigDict(extra="forbid", revalidate_instances="always")
    return TypeAdapter(command)
