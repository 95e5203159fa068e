"""Every projection, in one list; the command line hands it to the ledger."""

from __future__ import annotations

from ledger.folds import Fold
from projections.activity import ACTIVITY, CONTRIBUTIONS
from projections.answers import ANSWERS
from projections.encounters import ENCOUNTERS
from projections.givers import NOMINATIONS
from projections.introductions import INTRODUCTIONS
from projections.reciprocity import BALANCES, PAIRS
from projections.stories import STORIES

PROJECTIONS: tuple[Fold, ...] = (
    BALANCES,
    PAIRS,
    INTRODUCTIONS,
    ANSWERS,
    STORIES,
    ENCOUNTERS,
    NOMINATIONS,
    ACTIVITY,
    CONTRIBUTIONS,
)
