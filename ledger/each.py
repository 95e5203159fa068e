"""One question to many ledgers: to one after another, or to several at once by Dask.

Each is opened and read where the work is done, and only its answer comes back, so that neither
a log nor its rows travel. Where Dask has been given a cluster the work goes there; else to a
process for each processor of this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, TypeVar

from ledger.database import Database
from ledger.places import Place

Answer = TypeVar("Answer")
Ask = Callable[[Database], Answer]


def asked_of_each(places: Sequence[Place], ask: Ask[Answer]) -> list[Answer]:
    """What `ask` answers of each ledger, in the order of the places."""
    return [_asked(place, ask) for place in places]


def asked_at_once(places: Sequence[Place], ask: Ask[Answer]) -> list[Answer]:
    """The same, several at once. `ask` is a function of a module; its answers can be pickled."""
    from dask import base  # noqa: PLC0415 - an extra
    from dask.delayed import delayed  # noqa: PLC0415

    asked = [delayed(_asked, pure=False)(place, ask) for place in places]
    given: Any = base
    return list(given.compute(*asked, scheduler=given.get_scheduler() or "processes"))


def _asked(place: Place, ask: Ask[Answer]) -> Answer:
    with closing(Database.reading(place)) as database:
        return ask(database)
