"""One good instance of every command and of every event; a test varies one field.

The people are Ana (m1), Bo (m2), Cia (m3) and the café (m4); `day(5)` is noon on the
fifth day of March 2026 in Stockholm, and everything is recorded on `NOW`, the last
day of that month. The event `GIFT_GIVEN` is what the command `GIVE` leads to.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ledger import commands as c
from ledger import events as e

ZONE = ZoneInfo("Europe/Stockholm")
ANA, BO, CIA, CAFE = "m1", "m2", "m3", "m4"
SKOGEN = "5a" * 16  # another network
ENTRY_ID = "0123456789abcdef0123456789abcdef"
WORDS = "name", "idea", "contact", "about", "what", "text"
COMMITMENT = "a1" * 32


def day(number: int, hour: int = 12) -> datetime:
    """An hour of a day of March 2026, in Stockholm; day 0 is the last of February."""
    return datetime(2026, 2, 28, hour, tzinfo=ZONE) + timedelta(days=number)


NOW = day(31)

FOUND = c.Found(name="Kvarteret Linden", idea="Grannar som hjälps åt")
DESCRIBE_NETWORK = c.DescribeNetwork(name="Linden")
JOIN = c.Join(name="Ana")
RETURN = c.Return(member=ANA)
LEAVE = c.Leave(member=ANA)
PAUSE = c.Pause(member=ANA)
RESUME = c.Resume(member=ANA)
DESCRIBE = c.Describe(member=ANA, contact="ana@example.org")
OFFER = c.Offer(owner=ANA, kind="equipment", what="lastcykel", category="bike", capacity=1)
WITHDRAW = c.Withdraw(resource="r1")
BOOK = c.Book(resource="r1", booker=BO, start=day(40), end=day(42))
RELEASE = c.Release(booking="b1")
LEND = c.Lend(resource="r1", borrower=BO)
RETURN_RESOURCE = c.ReturnResource(resource="r1")
ASK = c.Ask(asker=BO, kind="service", what="måla ett staket", quantity=Decimal(4), unit="hour")
CLOSE = c.Close(ask="a1", outcome="met")
GIVE = c.Give(giver=ANA, receiver=BO)
CONFIRM = c.Confirm(gift=1, actor=BO)
DISPUTE = c.Dispute(gift=1, actor=BO)
INTRODUCE = c.Introduce(introducer=ANA, first=BO, second=CIA)
FOLLOW_UP = c.FollowUp(introduction=1, outcome="met")
AFFILIATE = c.Affiliate(person=ANA, organisation=CAFE, role="baker")
DISAFFILIATE = c.Disaffiliate(person=ANA, organisation=CAFE)
TIE = c.Tie(first=ANA, second=BO, nature="neighbour")
UNTIE = c.Untie(first=ANA, second=BO)
RELATE = c.Relate(other=SKOGEN, member=ANA, theirs="m3", nature="same")
UNRELATE = c.Unrelate(other=SKOGEN)
START_INITIATIVE = c.StartInitiative(starter=ANA, what="soppkvällar")
JOIN_INITIATIVE = c.JoinInitiative(participant=BO, initiative="i1")
LEAVE_INITIATIVE = c.LeaveInitiative(participant=BO, initiative="i1")
CONCLUDE = c.Conclude(initiative="i1")
ENDORSE = c.Endorse(endorser=CIA, initiative="i1")
UNENDORSE = c.Unendorse(endorser=CIA, initiative="i1")
TELL = c.Tell(teller=ANA, listeners=(BO, CIA), initiative="i1")
GATHER = c.Gather(participants=(ANA, BO), what="första soppan")
REALISE = c.Realise(realiser=BO, kind="product", what="en soppvagn", because_of=(1,))
NOMINATE = c.Nominate(nominator=BO, nominee=ANA, survey="autumn-2026")
NOTE = c.Note(target=1, text="i gott minne")
CORRECT = c.Correct(target=1, changes={"receiver": CIA})
REVERSE = c.Reverse(target=1)
UNDO = c.Undo()
FORGET = c.Forget(member=ANA, redacted=(1,))

COMMANDS: tuple[c.Command, ...] = (
    FOUND,
    DESCRIBE_NETWORK,
    JOIN,
    RETURN,
    LEAVE,
    PAUSE,
    RESUME,
    DESCRIBE,
    OFFER,
    WITHDRAW,
    BOOK,
    RELEASE,
    LEND,
    RETURN_RESOURCE,
    ASK,
    CLOSE,
    GIVE,
    CONFIRM,
    DISPUTE,
    INTRODUCE,
    FOLLOW_UP,
    AFFILIATE,
    DISAFFILIATE,
    TIE,
    UNTIE,
    RELATE,
    UNRELATE,
    START_INITIATIVE,
    JOIN_INITIATIVE,
    LEAVE_INITIATIVE,
    CONCLUDE,
    ENDORSE,
    UNENDORSE,
    TELL,
    GATHER,
    REALISE,
    NOMINATE,
    NOTE,
    CORRECT,
    REVERSE,
    UNDO,
    FORGET,
)

_WHEN: dict[str, Any] = {"id": ENTRY_ID, "occurred_at": NOW, "recorded_at": NOW}

NETWORK_FOUNDED = e.NetworkFounded(
    name="Kvarteret Linden", idea="Grannar som hjälps åt", time_zone="Europe/Stockholm", **_WHEN
)
NETWORK_DESCRIBED = e.NetworkDescribed(name="Linden", **_WHEN)
MEMBER_JOINED = e.MemberJoined(member=ANA, kind="person", name="Ana", **_WHEN)
MEMBER_LEFT = e.MemberLeft(member=ANA, **_WHEN)
MEMBER_RETURNED = e.MemberReturned(member=ANA, **_WHEN)
MEMBER_PAUSED = e.MemberPaused(member=ANA, **_WHEN)
MEMBER_RESUMED = e.MemberResumed(member=ANA, **_WHEN)
MEMBER_DESCRIBED = e.MemberDescribed(member=ANA, contact="ana@example.org", **_WHEN)
RESOURCE_OFFERED = e.ResourceOffered(
    resource="r1",
    owner=ANA,
    kind="equipment",
    what="lastcykel",
    category="bike",
    capacity=1,
    **_WHEN,
)
RESOURCE_WITHDRAWN = e.ResourceWithdrawn(resource="r1", **_WHEN)
RESOURCE_BOOKED = e.ResourceBooked(
    booking="b1", resource="r1", booker=BO, start=day(40), end=day(42), **_WHEN
)
BOOKING_RELEASED = e.BookingReleased(booking="b1", **_WHEN)
RESOURCE_LENT = e.ResourceLent(resource="r1", borrower=BO, **_WHEN)
RESOURCE_RETURNED = e.ResourceReturned(loan=1, resource="r1", borrower=BO, **_WHEN)
ASK_MADE = e.AskMade(
    ask="a1",
    asker=BO,
    kind="service",
    what="måla ett staket",
    thousandths=4000,
    unit="hour",
    **_WHEN,
)
ASK_CLOSED = e.AskClosed(ask="a1", outcome="met", **_WHEN)
GIFT_GIVEN = e.GiftGiven(giver=ANA, receiver=BO, kind="other", **_WHEN)
GIFT_CONFIRMED = e.GiftConfirmed(gift=1, giver=ANA, receiver=BO, actor=BO, **_WHEN)
GIFT_DISPUTED = e.GiftDisputed(gift=1, giver=ANA, receiver=BO, actor=BO, **_WHEN)
INTRODUCTION_MADE = e.IntroductionMade(introducer=ANA, first=BO, second=CIA, **_WHEN)
INTRODUCTION_FOLLOWED_UP = e.IntroductionFollowedUp(introduction=1, outcome="met", **_WHEN)
AFFILIATION_DECLARED = e.AffiliationDeclared(person=ANA, organisation=CAFE, role="baker", **_WHEN)
AFFILIATION_ENDED = e.AffiliationEnded(person=ANA, organisation=CAFE, **_WHEN)
TIE_DECLARED = e.TieDeclared(first=ANA, second=BO, nature="neighbour", **_WHEN)
TIE_DISSOLVED = e.TieDissolved(first=ANA, second=BO, **_WHEN)
NETWORK_RELATED = e.NetworkRelated(other=SKOGEN, member=ANA, theirs="m3", nature="same", **_WHEN)
NETWORK_UNRELATED = e.NetworkUnrelated(other=SKOGEN, **_WHEN)
INITIATIVE_STARTED = e.InitiativeStarted(initiative="i1", starter=ANA, what="soppkvällar", **_WHEN)
INITIATIVE_JOINED = e.InitiativeJoined(initiative="i1", participant=BO, **_WHEN)
INITIATIVE_LEFT = e.InitiativeLeft(initiative="i1", participant=BO, **_WHEN)
INITIATIVE_CONCLUDED = e.InitiativeConcluded(initiative="i1", **_WHEN)
INITIATIVE_ENDORSED = e.InitiativeEndorsed(initiative="i1", endorser=CIA, **_WHEN)
ENDORSEMENT_WITHDRAWN = e.EndorsementWithdrawn(initiative="i1", endorser=CIA, **_WHEN)
STORY_TOLD = e.StoryTold(teller=ANA, listeners=(BO, CIA), initiative="i1", **_WHEN)
GATHERING_HELD = e.GatheringHeld(participants=(ANA, BO), what="första soppan", **_WHEN)
OPPORTUNITY_REALISED = e.OpportunityRealised(
    realiser=BO, kind="product", what="en soppvagn", because_of=(1,), **_WHEN
)
GIVER_NOMINATED = e.GiverNominated(nominator=BO, nominee=ANA, survey="autumn-2026", **_WHEN)
NOTE_ADDED = e.NoteAdded(target=1, text="i gott minne", **_WHEN)
ENTRY_REVERSED = e.EntryReversed(entry=1, target=1, **_WHEN)
ENTRY_CORRECTED = e.EntryCorrected(
    entry=1, target=1, replacement=replace(GIFT_GIVEN, receiver=CIA), **_WHEN
)
MEMBER_FORGOTTEN = e.MemberForgotten(member=ANA, **_WHEN)

EVENTS: tuple[e.Event, ...] = (
    NETWORK_FOUNDED,
    NETWORK_DESCRIBED,
    MEMBER_JOINED,
    MEMBER_LEFT,
    MEMBER_RETURNED,
    MEMBER_PAUSED,
    MEMBER_RESUMED,
    MEMBER_DESCRIBED,
    RESOURCE_OFFERED,
    RESOURCE_WITHDRAWN,
    RESOURCE_BOOKED,
    BOOKING_RELEASED,
    RESOURCE_LENT,
    RESOURCE_RETURNED,
    ASK_MADE,
    ASK_CLOSED,
    GIFT_GIVEN,
    GIFT_CONFIRMED,
    GIFT_DISPUTED,
    INTRODUCTION_MADE,
    INTRODUCTION_FOLLOWED_UP,
    AFFILIATION_DECLARED,
    AFFILIATION_ENDED,
    TIE_DECLARED,
    TIE_DISSOLVED,
    NETWORK_RELATED,
    NETWORK_UNRELATED,
    INITIATIVE_STARTED,
    INITIATIVE_JOINED,
    INITIATIVE_LEFT,
    INITIATIVE_CONCLUDED,
    INITIATIVE_ENDORSED,
    ENDORSEMENT_WITHDRAWN,
    STORY_TOLD,
    GATHERING_HELD,
    OPPORTUNITY_REALISED,
    GIVER_NOMINATED,
    NOTE_ADDED,
    ENTRY_REVERSED,
    ENTRY_CORRECTED,
    MEMBER_FORGOTTEN,
)

_FULL: dict[str, Any] = {
    "because_of": (1, 2),
    "actor": CIA,
    "invited_by": CIA,
    "about": COMMITMENT,
    "category": "cykel-vård",
    "unit": "hour",
    "thousandths": 1500,
    "stock_thousandths": 250,
    "capacity": 3,
    "open": (
        "2026-12-01T10:00:00+01:00/2026-12-01T12:00:00+01:00",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9;BYMINUTE=0/PT8H",
    ),
    "due": day(60),
    "needed_by": date(2026, 5, 1),
    "ask": "a1",
    "resource": "r1",
    "initiative": "i1",
    "role": "kassör",
    "nature": "granne",
    "member": ANA,
    "theirs": "m3",
    "survey": "höst-2026",
    "heard_from": 2,
    "members": (ANA, BO),
    "reason": COMMITMENT,
    "redacted": (1, 2),
}


def sealed(event: e.Event) -> e.Event:
    """The event as it is read back: commitments in place of words."""
    body = e.body_of(event)
    held = {word: COMMITMENT for word in body.TEXTS if getattr(body, word) is not None}
    return e.with_body(event, replace(body, **held))


def in_full(event: e.Event) -> e.Event:
    """The event, sealed, with every field filled in."""
    if isinstance(event, e.EntryCorrected):
        event = replace(event, replacement=in_full(event.replacement))
    names = {field.name for field in fields(event)}
    empty = {name for name in names if not getattr(event, name)}
    held = dict.fromkeys(event.TEXTS, COMMITMENT)
    filled = {name: value for name, value in _FULL.items() if name in names and name in empty}
    return replace(event, **filled | held)
