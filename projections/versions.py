"""The version of every fold that is kept, for a question, which imports only its own.

A test holds that these are the folds' own versions.
"""

from __future__ import annotations

VERSIONS = {
    "activity": 1,
    "affiliations": 1,
    "answers": 2,
    "asks": 2,
    "balances": 1,
    "bookings": 1,
    "contributions": 1,
    "encounters": 1,
    "endorsements": 1,
    "ids": 2,
    "initiatives": 1,
    "introductions": 1,
    "loans": 1,
    "members": 2,
    "network": 1,
    "nominations": 1,
    "pairs": 3,
    "participations": 1,
    "relations": 1,
    "resources": 1,
    "stories": 1,
    "superseded": 1,
    "ties": 1,
}
