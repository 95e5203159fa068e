"""Every event that natverk records, and the list of them.

An event is a fact: frozen, named in the past tense, and stored for good under
its `type`, which is never renamed or reused. An event that `decide` has just
made holds its texts in words; on the way to the log each is replaced by a
commitment (`personal.seal`), so an event read back holds 64 hex digits there.

`MEMBERS` names the fields that hold a member, `GROUPS` those that hold several,
`THINGS` those that hold other ids, `TARGETS` those that hold the position of an
earlier entry that it is about, `SOURCES` that of one, if any, that it comes from,
`TEXTS` those that hold personal words. `ACTS` says whether the members named do something at that
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
    from ledger.events.happenings import (
        GatheringHeld,
        GiverNominated,
        OpportunityRealised,
        StoryTold,
    )
    from ledger.events.initiatives import (
        EndorsementWithdrawn,
        InitiativeConcluded,
        InitiativeEndorsed,
        InitiativeJoined,
        InitiativeLeft,
        InitiativeStarted,
    )
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
    from ledger.events.relations import NetworkRelated, NetworkUnrelated
    from ledger.events.resources import (
        BookingReleased,
        ResourceBooked,
        ResourceLent,
        ResourceOffered,
        ResourceReturned,
        ResourceWithdrawn,
    )
    from ledger.events.ties import (
        AffiliationDeclared,
        AffiliationEnded,
        TieDeclared,
        TieDissolved,
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
    "affiliation-declared": "ties.AffiliationDeclared",
    "affiliation-ended": "ties.AffiliationEnded",
    "tie-declared": "ties.TieDeclared",
    "tie-dissolved": "ties.TieDissolved",
    "network-related": "relations.NetworkRelated",
    "network-unrelated": "relations.NetworkUnrelated",
    "initiative-started": "initiatives.InitiativeStarted",
    "initiative-joined": "initiatives.InitiativeJoined",
    "initiative-left": "initiatives.InitiativeLeft",
    "initiative-concluded": "initiatives.InitiativeConcluded",
    "initiative-endorsed": "initiatives.InitiativeEndorsed",
    "endorsement-withdrawn": "initiatives.EndorsementWithdrawn",
    "story-told": "happenings.StoryTold",
    "gathering-held": "happenings.GatheringHeld",
    "opportunity-realised": "happenings.OpportunityRealised",
    "giver-nominated": "happenings.GiverNominated",
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
    for field in body.GROUPS:
        named += getattr(body, field)
    named += getattr(event, "members", ())
    return tuple(dict.fromkeys(m for m in named if m is not None and m[0] == "m"))


def subjects_of(event: Event) -> list[str]:
    """Everything an entry is found by: members, other ids, `#position` of targets and causes."""
    named, targets, more = _subject_fields(event.type)
    found = list(filter(None, named(event)))
    if EVERYONE in found:
        found.remove(EVERYONE)
    if more:
        for field in event.GROUPS:
            found += getattr(event, field)
        found += getattr(event, "members", ())
        found += [f"#{at}" for field in targets if (at := getattr(event, field)) is not None]
        if event.type in CORRECTIONS:
            found += _subjects_of_correction(cast("EntryCorrected | EntryReversed", event))
    if event.because_of:
        found += [f"#{cause}" for cause in event.because_of]
    if len(found) == 2:  # most often: the two of a gift
        return found if found[0] != found[1] else found[:1]
    return found if len(found) == len(set(found)) else list(dict.fromkeys(found))


def plain_subjects(topic: str) -> Callable[[Event], Sequence[Any]] | None:
    """What reads what entries of a type are found by, where that is no more than ids in fields.

    None stands for a field without one, and an id may come twice. It is not for an entry
    with causes.
    """
    named, _, more = _subject_fields(topic)
    return None if more else named


def plain_subject_fields(topic: str) -> tuple[str, ...] | None:
    """The fields that `plain_subjects` reads; None: it may be more."""
    kind = class_of(topic)
    return None if _subject_fields(topic)[2] else (*kind.MEMBERS, *kind.THINGS)


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
    positions = kind.TARGETS + kind.SOURCES
    more = bool(positions or kind.GROUPS) or "members" in kind.__dataclass_fields__
    if len(fields) > 1:
        return attrgetter(*fields), positions, more
    return (lambda event: [getattr(event, field) for field in fields]), positions, more


__all__ = [
    "TYPES",
    "AffiliationDeclared",
    "AffiliationEnded",
    "AskClosed",
    "AskMade",
    "BookingReleased",
    "EndorsementWithdrawn",
    "EntryCorrected",
    "EntryReversed",
    "Event",
    "GatheringHeld",
    "GiftConfirmed",
    "GiftDisputed",
    "GiftGiven",
    "GiverNominated",
    "InitiativeConcluded",
    "InitiativeEndorsed",
    "InitiativeJoined",
    "InitiativeLeft",
    "InitiativeStarted",
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
    "NetworkRelated",
    "NetworkUnrelated",
    "NoteAdded",
    "OpportunityRealised",
    "ResourceBooked",
    "ResourceLent",
    "ResourceOffered",
    "ResourceReturned",
    "ResourceWithdrawn",
    "StoryTold",
    "TieDeclared",
    "TieDissolved",
    "body_of",
    "class_of",
    "every_class",
    "members_of",
    "plain_subject_fields",
    "plain_subjects",
    "subjects_of",
    "version_of",
    "with_body",
]
