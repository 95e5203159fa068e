"""What every command may say, and the checks of how things are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from ledger.events.base import MemberId, Position
from ledger.quantities import check_quantity
from ledger.values import (
    Check,
    check_moment,
    check_name,
    check_slug,
    check_text,
    check_unit,
)

Name = Annotated[str, Check(check_name)]
Text = Annotated[str, Check(check_text)]
Quantity = Annotated[Decimal, Check(check_quantity)]
Slug = Annotated[str, Check(check_slug)]
Unit = Annotated[str, Check(check_unit)]
Word = Unit  # of what is told apart by it, so that `Neighbour` and `neighbour` are one
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
