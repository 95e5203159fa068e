"""Old stored forms of events, brought up to the current one.

The ladder, from the cheapest step: a new optional field needs nothing here; a
new meaning is a new event type; only what neither can say is an upcast, a pure
function from the old dict to the current one, in the table below by the type
under which it was stored. Stored samples of every version are kept in the
tests and never edited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Stored = dict[str, Any]

UPCASTS: dict[str, Callable[[Stored], Stored]] = {}


def upcast(stored: Stored) -> Stored:
    """The current form of a stored event; the same dict when it is current."""
    step = UPCASTS.get(stored["type"])
    return stored if step is None else step(stored)
