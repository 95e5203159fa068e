"""Offers and asks with what they are in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ledger.rows import table_of
from ledger.values import FORGOTTEN

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.folds import Fold


def worded(
    database: Database, fold: Fold, where: str, *values: Any
) -> Iterator[tuple[Any, str | None]]:
    """The rows of a fold that a condition finds, each with the text `what` of its entry.

    None where the category stands for words that nobody wrote, `[forgotten]` where erased.
    """
    table, name = table_of(fold), fold.name
    query = (
        f"SELECT {name}.*, texts.id, text FROM {name} LEFT JOIN texts"
        f" ON texts.position = {name}.position AND field = 'what'{where}"
    )
    for *columns, text_id, text in database.select(query, *values):
        row = table.row(columns)
        # A text has its row until it is erased; without a category there must have been one.
        erased = text_id is None and row.category is None
        yield row, FORGOTTEN if erased else text
