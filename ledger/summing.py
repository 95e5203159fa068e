"""What a replay sums, in parts or by columns, before it comes to the rows of folds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from sys import intern
from typing import Any, cast

from ledger.folds import Fold, Key, Parts, Sums


class Rows(dict[Key, Any]):
    """The rows of one fold by key; a missing one is loaded, folded again or begun."""

    __slots__ = ("begin",)

    def __init__(self, begin: Callable[[Key], Any]) -> None:
        super().__init__()
        self.begin = begin

    def __missing__(self, key: Key) -> Any:
        # Every event brings ids of its own, which would be kept as often as there are rows.
        key = tuple([intern(part) if type(part) is str else part for part in key])
        row = self[key] = self.begin(key)
        return row

    def of_one(self, key: Key) -> Any:
        """The row with a key whose parts are not made anew for each entry."""
        row = self.get(key)
        if row is None:
            row = self[key] = self.begin(key)
        return row


class Summing:
    """The `parts` and the `sums` by columns of some folds, to be merged into their rows.

    `noted` are the sets in which keys of rows that change are noted, by fold.
    """

    def __init__(
        self, folds: Sequence[Fold], rows: Mapping[str, Rows], noted: Mapping[Fold, set[Key]]
    ) -> None:
        self.parts = {fold: Rows(partial(_begun, fold)) for fold in folds if fold.parts}
        self.sums: dict[tuple[Fold, str], Sums] = {
            (fold, kind): sums(rows[fold.name])
            for fold in folds
            for kind, sums in fold.by_columns.items()
        }
        self._rows = rows
        self._noted = noted

    def merge(self, only: Iterable[Fold] | None = None) -> None:
        """Put what is summed so far into the rows of all folds, or some."""
        for fold, parts in self.parts.items():
            if only is None or fold in only:
                self._note(fold, _merged(cast("Parts", fold.parts), parts, self._rows[fold.name]))
        for (fold, _), sums in self.sums.items():
            if only is None or fold in only:
                self._note(fold, sums.merge())

    def _note(self, fold: Fold, touched: Iterable[Key]) -> None:
        if fold in self._noted:
            self._noted[fold].update(touched)
        else:
            deque(touched, maxlen=0)


def _merged(shape: Parts, parts: Rows, rows: Rows) -> Iterable[Key]:
    for key, part in parts.items():
        for whole in shape.wholes(key):
            shape.merge(rows[whole], part)
            yield whole
    parts.clear()


def _begun(fold: Fold, key: Key) -> Any:
    return fold.row(*key)
