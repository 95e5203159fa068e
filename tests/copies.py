"""Copies of ledgers, what they hold, and the places to which they go."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from servers import STORES
from worlds import Clock

from ledger.copying import Copied, copy
from ledger.database import Database
from ledger.places import Place
from ledger.tree import KeptTree
from projections.registry import PROJECTIONS

OF_THE_PLACE = ("closed", "erasing", "verified", "index")  # settings
BESIDE = {
    "texts": "position, field, salt, text",
    "names": "thing, folded",
    "keys": "namespace, key, fingerprint, positions",
    "checkpoints": "size, root, note",
    "late": "position, occurred",
    "subjects": "subject, type, occurred, position",
    "tiles": "height, number, root",
    "marks": "tile, marks",
}


def held(place: Place) -> dict[str, Any]:
    """All that a ledger holds, in whichever store it lies."""
    with closing(Database.reading(place)) as database:
        rows: dict[str, Any] = {
            table: sorted(database.select(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in BESIDE.items()
        }
        rows["entries"] = list(database.entries())
        rows["root"] = KeptTree(database).root()
        rows["settings"] = {
            name: database.setting(name)
            for (name,) in database.select("SELECT name FROM settings")
            if name not in OF_THE_PLACE
        }
        return rows


def other_places(folder: Path) -> list[Any]:
    """Where a ledger is copied to, one after the other: with a server, to it and back."""
    places: list[Any] = [folder / "one.db", folder / "two.db"]
    if STORES.postgres:
        places.insert(1, STORES.cluster.empty())
    return places


def copied(source: Place, target: Any, *, moving: bool = False) -> Copied:
    with closing(Database.reading(source)) as database:
        return copy(database, target, PROJECTIONS, Clock(), moving=moving)
