"""The stored types of event by area, and what each always says, for those without the classes.

Tests hold both against the classes.
"""

from __future__ import annotations

NETWORK = frozenset({"network-founded", "network-described"})
MEMBERSHIP = frozenset(
    {
        "member-joined",
        "member-left",
        "member-returned",
        "member-paused",
        "member-resumed",
        "member-described",
    }
)
OFFERS = frozenset({"resource-offered", "resource-withdrawn"})
BOOKINGS = frozenset({"resource-booked", "booking-released"})
LOANS = frozenset({"resource-lent", "resource-returned"})
ASKS = frozenset({"ask-made", "ask-closed"})
GIFTS = frozenset({"gift-given"})
ANSWERS_TO_GIFTS = frozenset({"gift-confirmed", "gift-disputed"})
INTRODUCTIONS = frozenset({"introduction-made", "introduction-followed-up"})
AFFILIATIONS = frozenset({"affiliation-declared", "affiliation-ended"})
TIES = frozenset({"tie-declared", "tie-dissolved"})
RELATIONS = frozenset({"network-related", "network-unrelated"})
INITIATIVES = frozenset({"initiative-started", "initiative-concluded"})
PARTICIPATIONS = frozenset({"initiative-joined", "initiative-left"})
ENDORSEMENTS = frozenset({"initiative-endorsed", "endorsement-withdrawn"})
STORIES = frozenset({"story-told"})
GATHERINGS = frozenset({"gathering-held"})
OPPORTUNITIES = frozenset({"opportunity-realised"})
NOMINATIONS = frozenset({"giver-nominated"})
NOTES = frozenset({"note-added"})
CORRECTIONS = frozenset({"entry-reversed", "entry-corrected"})
PRIVACY = frozenset({"member-forgotten"})

EVERY_TYPE = (
    NETWORK
    | MEMBERSHIP
    | OFFERS
    | BOOKINGS
    | LOANS
    | ASKS
    | GIFTS
    | ANSWERS_TO_GIFTS
    | INTRODUCTIONS
    | AFFILIATIONS
    | TIES
    | RELATIONS
    | INITIATIVES
    | PARTICIPATIONS
    | ENDORSEMENTS
    | STORIES
    | GATHERINGS
    | OPPORTUNITIES
    | NOMINATIONS
    | NOTES
    | CORRECTIONS
    | PRIVACY
)

# Types in which a member named does something, which those who have left cannot.
ACTING = frozenset(
    {
        "member-joined",
        "member-left",
        "member-returned",
        "member-paused",
        "member-resumed",
        "resource-offered",
        "resource-booked",
        "resource-lent",
        "ask-made",
        "gift-given",
        "introduction-made",
        "affiliation-declared",
        "tie-declared",
        "network-related",
        "initiative-started",
        "initiative-joined",
        "initiative-endorsed",
        "story-told",
        "gathering-held",
        "opportunity-realised",
        "giver-nominated",
    }
)
USES = frozenset({"gift-given", "resource-booked", "resource-lent"})  # of a resource
IRREPLACEABLE = CORRECTIONS | PRIVACY  # not in any slot: what takes back or puts right, itself

# The fields that every entry of a type has, beside those that all entries have.
NEEDED: dict[str, tuple[str, ...]] = {
    "network-founded": ("name", "idea", "time_zone"),
    "network-described": (),
    "member-joined": ("member", "kind", "name"),
    "member-left": ("member",),
    "member-returned": ("member",),
    "member-paused": ("member",),
    "member-resumed": ("member",),
    "member-described": ("member",),
    "resource-offered": ("resource", "owner", "kind"),
    "resource-withdrawn": ("resource",),
    "resource-booked": ("booking", "resource", "booker", "start", "end"),
    "booking-released": ("booking",),
    "resource-lent": ("resource", "borrower"),
    "resource-returned": ("loan", "resource", "borrower"),
    "ask-made": ("ask", "asker", "kind"),
    "ask-closed": ("ask", "outcome"),
    "gift-given": ("giver", "receiver", "kind"),
    "gift-confirmed": ("gift",),
    "gift-disputed": ("gift",),
    "introduction-made": ("introducer", "first", "second"),
    "introduction-followed-up": ("introduction", "outcome"),
    "affiliation-declared": ("person", "organisation"),
    "affiliation-ended": ("person", "organisation"),
    "tie-declared": ("first", "second"),
    "tie-dissolved": ("first", "second"),
    "network-related": ("other",),
    "network-unrelated": ("other",),
    "initiative-started": ("initiative", "starter"),
    "initiative-joined": ("initiative", "participant"),
    "initiative-left": ("initiative", "participant"),
    "initiative-concluded": ("initiative",),
    "initiative-endorsed": ("initiative", "endorser"),
    "endorsement-withdrawn": ("initiative", "endorser"),
    "story-told": ("teller", "listeners", "initiative"),
    "gathering-held": ("participants", "what"),
    "opportunity-realised": ("realiser", "kind", "what"),
    "giver-nominated": ("nominator", "nominee"),
    "note-added": ("target", "text"),
    "entry-reversed": ("entry", "target"),
    "entry-corrected": ("entry", "target", "replacement"),
    "member-forgotten": ("member",),
}
NUMBERS = frozenset({"loan", "gift", "introduction", "entry", "target"})  # those that are positions
LISTS = frozenset({"listeners", "participants"})  # those that are several members
