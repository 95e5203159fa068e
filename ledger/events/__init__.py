"""Every event that natverk records, and the list of them.

An event is a fact: frozen, named in the past tense, and stored for good under
its `type`, which is never renamed or reused. An event that `decide` has just
made holds its texts in words; on the way to the log each is replaced by a
commitment (`personal.seal`), so an event read back holds 64 hex digits there.

`MEMBERS` names the fields that hold members, `THINGS` those that hold other
ids, `TARGETS` those that hold positions of earlier entries, `TEXTS` those that
hold personal words. `ACTS` says whether the members named do something at that
time, which those who have left cannot.

Each area has a file of its own, which is imported when one of its classes is first
used: a process that records a gift does not make the classes of bookings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from ledger.areas import CORRECTIONS
from ledger.events.base import Event
from ledger.values import EVERYONE

if TYPE_CHECKING:
    from ledger.events.asks import AskClosed, AskMade
    from ledger.events.corrections import EntryCorrected, EntryReversed
    from ledger.events.gifts import GiftConfirmed, GiftDisputed, GiftGiven
    from ledger.events.introductions import IntroductionFollowedUp, IntroductionMade
    from ledger.events.membership import (
        MemberDescribed,
        MemberJoined,
        MemberLeft,
        MemberPaused,
        MemberResumed,
        MemberReturned,
    )
    from ledger.events.network import NetworkDescribed, NetworkFounded
    from ledger.events.notes import NoteAdded
    from ledger.events.privacy import MemberForgotten
    from ledger.events.resources import (
        BookingReleased,
        ResourceBooked,
        ResourceLent,
        ResourceOffered,
        ResourceReturned,
        ResourceWithdrawn,
    )

TYPES: dict[str, str] = {
    "network-founded": "network.NetworkFounded",
    "network-described": "network.NetworkDescribed",
    "member-joined": "membership.MemberJoined",
    "member-left": "membership.MemberLeft",
    "member-returned": "membership.MemberReturned",
    "member-paused": "membership.MemberPaused",
    "member-resumed": "membership.MemberResumed",
    "member-described": "membership.MemberDescribed",
    "resource-offered": "resources.ResourceOffered",
    "resource-withdrawn": "resources.ResourceWithdrawn",
    "resource-booked": "resources.ResourceBooked",
    "booking-released": "resources.BookingReleased",
    "resource-lent": "resources.ResourceLent",
    "resource-returned": "resources.ResourceReturned",
    "ask-made": "asks.AskMade",
    "ask-closed": "asks.AskClosed",
    "gift-given": "gifts.GiftGiven",
    "gift-confirmed": "gifts.GiftConfirmed",
    "gift-disputed": "gifts.GiftDisputed",
    "introduction-made": "introductions.IntroductionMade",
    "introduction-followed-up": "introductions.IntroductionFollowedUp",
    "note-added": "notes.NoteAdded",
    "entry-reversed": "corrections.EntryReversed",
    "entry-corrected": "corrections.EntryCorrected",
    "member-forgotten": "privacy.MemberForgotten",
}
_AREA_OF = {name: area for area, name in (place.split(".") for place in TYPES.values())}


def class_of(topic: str) -> type[Event]:
    """The class of the events stored under a type. Raises KeyError."""
    area, _, name = TYPES[topic].partition(".")
    found: type[Event] = getattr(import_module(f"ledger.events.{area}"), name)
    return found


def every_class() -> tuple[type[Event], ...]:
    """The classes of all types."""
    return tuple(map(class_of, TYPES))


def __getattr__(name: str) -> Any:
    """A class by its name, from the file of its area."""
    if name not in _AREA_OF:
        raise AttributeError(name)
    return getattr(import_module(f"ledger.events.{_AREA_OF[name]}"), name)


def members_of(event: Event) -> tuple[str, ...]:
    """The ids of the members an event is about, each once, `everyone` left out."""
    body = body_of(event)
    named: list[Any] = [getattr(body, field) for field in body.MEMBERS]
    named += getattr(event, "members", ())
    return tuple(dict.fromkeys(m for m in named if m is not None and m[0] == "m"))


def subjects_of(event: Event) -> list[str]:
    """Everything an entry is found by: members, other ids, `#position` of targets and causes."""
    named, targets, more = _subject_fields(event.type)
    found = list(filter(None, named(event)))
    if EVERYONE in found:
        found.remove(EVERYONE)
    if more:
        found += getattr(event, "members", ())
        found += [f"#{getattr(event, field)}" for field in targets]
        if event.type in CORRECTIONS:
            found += _subjects_of_correction(cast("EntryCorrected | EntryReversed", event))
    if event.because_of:
        found += [f"#{cause}" for cause in event.because_of]
    if len(found) == 2:  # most often: the two of a gift
        return found if found[0] != found[1] else found[:1]
    return found if len(found) == len(set(found)) else list(dict.fromkeys(found))


@cache
def plain_subjects(topic: str) -> Callable[[Event], Sequence[Any]] | None:
    """What reads what entries of a type are found by, where that is no more than ids in fields.

    There are two or more fields, of which only the first two can hold the same id; None stands
    for one without. It is not for an entry with causes.
    """
    named, _, more = _subject_fields(topic)
    kind = class_of(topic)
    fields = len(kind.MEMBERS), len(kind.THINGS)
    return named if not more and sum(fields) > 1 and fields[0] <= 2 else None


def _subjects_of_correction(event: EntryCorrected | EntryReversed) -> list[str]:
    found = [f"#{event.entry}"]
    return found if event.version is None else found + subjects_of(event.version)


def body_of(entry: Event) -> Event:
    """The event that holds what an entry says in words: itself, or the replacement in it."""
    return cast("EntryCorrected", entry).replacement if entry.type == "entry-corrected" else entry


def with_body(entry: Event, body: Event) -> Event:
    """The entry with another event as its body."""
    if entry.type != "entry-corrected":
        return body
    return replace(cast("EntryCorrected", entry), replacement=body)


def version_of(entry: Event) -> Event | None:
    """What an entry says in its slot: itself, a replacement, or nothing."""
    if entry.type not in CORRECTIONS:
        return entry
    return cast("EntryCorrected | EntryReversed", entry).version


@cache
def _subject_fields(topic: str) -> tuple[Callable[[Event], Sequence[Any]], tuple[str, ...], bool]:
    """What reads the ids of members and things, the fields with positions, and if there is more."""
    kind = class_of(topic)
    fields = (*kind.MEMBERS, *kind.THINGS)
    more = bool(kind.TARGETS) or "members" in kind.__dataclass_fields__
    if len(fields) > 1:
        return attrgetter(*fields), kind.TARGETS, more
    return (lambda event: [getattr(event, field) for field in fields]), kind.TARGETS, more


__all__ = [
    "TYPES",
    "AskClosed",
    "AskMade",
    "BookingReleased",
    "EntryCorrected",
    "EntryReversed",
    "Event",
    "GiftConfirmed",
    "GiftDisputed",
    "GiftGiven",
    "IntroductionFollowedUp",
    "IntroductionMade",
    "MemberDescribed",
    "MemberForgotten",
    "MemberJoined",
    "MemberLeft",
    "MemberPaused",
    "MemberResumed",
    "MemberReturned",
    "NetworkDescribed",
    "NetworkFounded",
    "NoteAdded",
    "ResourceBooked",
    "ResourceLent",
    "ResourceOffered",
    "ResourceReturned",
    "ResourceWithdrawn",
    "body_of",
    "class_of",
    "every_class",
    "members_of",
    "plain_subjects",
    "subjects_of",
    "version_of",
    "with_body",
]
