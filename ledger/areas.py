"""The stored types of event by area, for those who fold without knowing the classes."""

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
    }
)
USES = frozenset({"gift-given", "resource-booked", "resource-lent"})  # of a resource
IRREPLACEABLE = CORRECTIONS | PRIVACY  # not in any slot: what takes back or puts right, itself
