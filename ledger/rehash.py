"""Hash the whole log once more, and find what is not as it was when it was recorded.

An audit that reads the log anyway hands each entry on, in order:

    rehash = Rehash(database, sizes=[1200])
    for block in database.blocks():
        findings += rehash.feed(block)
    findings += rehash.finish()

Afterwards `rehash.roots[1200]` is the root over the first 1,200 entries as they are now.
A finding is an error that is not raised: what is wrong in `message`, what to do in `hint`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ledger.database import Database
from ledger.errors import LedgerDamaged, LedgerError
from ledger.merkle import EMPTY_ROOT, TILE, TILE_HEIGHT, Frontier, leaf_hash, leaf_hashes, root_of
from ledger.tree import MARK_BYTES, Kept, kept, marks_of

MOST_MISSING = 10_000_000  # a longer gap is a changed position, not entries that are gone
_TILES = "SELECT number, root FROM tiles WHERE height = ? ORDER BY number"
_MARKS = "SELECT tile, marks FROM marks ORDER BY tile"
_COPY = "keep the file as it is, and go back to a copy that verifies"


class EntryChanged(LedgerError):
    """The stored bytes of an entry are not those that were recorded."""

    message = "entry #{position} was changed after it was recorded"
    hint = _COPY


class EntriesMissing(LedgerError):
    """Entries that were recorded are not there any more: all from `position` to `last`."""

    message = "the entries from #{position} to #{last} are missing"
    hint = _COPY


class EntryOutOfPlace(LedgerError):
    """An entry stands at a position that was not reached yet."""

    message = "entry #{position} stands where the log has not come to yet"
    hint = _COPY


class HashesDiffer(LedgerError):
    """The hashes kept beside entries are not theirs, and which entry differs cannot be told."""

    message = "the hashes kept for the entries from #{position} to #{last} are not theirs"
    hint = _COPY


class TreeDiffers(LedgerError):
    """The kept roots are not those of the entries."""

    message = "the roots kept beside the log are not those of its entries up to #{position}"
    hint = _COPY


class Rehash:
    """One pass over the log: roots at `sizes`, and what differs from the hashes kept.

    `lacking` are those of the tables `tiles` and `marks` that are gone, whose silence says
    nothing. Memory does not grow with the log.
    """

    def __init__(
        self, database: Database, sizes: Iterable[int] = (), lacking: Iterable[str] = ()
    ) -> None:
        self.roots: dict[int, bytes] = {}
        self._database = database
        self._lacking = set(lacking)
        self._tree = Frontier()
        self._states: list[Any] = []  # of the tile at hand; None where an entry is missing
        self._next = 1
        self._told = 0
        self._complete = 0  # trees that should be in `tiles`
        self._larger_differ = False
        self._damaged: LedgerDamaged | None = None
        self._kept = self._read_kept()
        self._kept_tiles = _InOrder(database.stream(_TILES, TILE_HEIGHT))
        self._kept_marks = _InOrder(database.stream(_MARKS))
        self._roots_at_kept: list[bytes] = []
        self._sizes = sorted({*sizes, self._kept.size} - {0})
        self.roots[0] = EMPTY_ROOT

    def feed(self, block: Sequence[tuple[int, Any, bytes]]) -> list[LedgerError]:
        """Take the next entries, position, topic and bytes; returns what is wrong in full tiles."""
        positions = [position for position, _, _ in block]
        if positions == list(range(self._next, self._next + len(block))):
            return list(self._take([state for _, _, state in block]))
        found: list[LedgerError] = []
        for position, _, state in block:
            if position != self._next:
                found += self._skip_to(position)
            if position == self._next:
                found += self._take([state])
        return found

    def _take(self, states: list[bytes]) -> Iterator[LedgerError]:
        """Add what stands at the next positions."""
        start = 0
        while start < len(states):
            part = states[start : start + TILE - len(self._states)]
            self._states += part
            self._next += len(part)
            start += len(part)
            if len(self._states) == TILE:
                yield from self._tile()

    def finish(self) -> Iterator[LedgerError]:
        """Say what is wrong in the last tile, and with what is kept of the whole."""
        last = self._kept.size
        if self._damaged is not None:
            yield self._tell(self._damaged)
        if self._next <= last:
            yield self._tell(EntriesMissing(position=self._next, last=last))
            self._states += [None] * min(last + 1 - self._next, TILE - len(self._states))
        yield from self._tile()
        if not self._told and self._kept_otherwise():
            yield TreeDiffers(position=last)

    def _read_kept(self) -> Kept:
        try:
            return kept(self._database)
        except LedgerDamaged as damaged:
            self._damaged = damaged
            return Kept(self._last(), [], b"")

    def _last(self) -> int:
        """The position of the last entry recorded, as far as that is kept."""
        try:
            return max(self._database.progress()[0], 0)
        except LedgerDamaged:
            return 0

    def _tell(self, finding: LedgerError) -> LedgerError:
        self._told += 1
        return finding

    def _skip_to(self, position: int) -> Iterator[LedgerError]:
        """Put gaps in place of the entries before a position, as far as entries were recorded."""
        if position > self._kept.size or position - self._next > MOST_MISSING:
            yield self._tell(EntryOutOfPlace(position=position))
            return
        yield self._tell(EntriesMissing(position=self._next, last=position - 1))
        while self._next < position:
            self._states.append(None)
            self._next += 1
            if len(self._states) == TILE:
                yield from self._tile()

    def _tile(self) -> Iterator[LedgerError]:
        """Hash the tile at hand, compare it, and go on to the next."""
        start, states = self._tree.size, self._states
        try:
            leaves = leaf_hashes(states)
        except TypeError:  # an entry is missing, or is no bytes
            leaves = [_leaf(state) for state in states]
        root = root_of(leaves)
        self._note_roots(leaves)
        if start // TILE < self._kept.size // TILE:
            yield from self._compare_full(start, leaves, root)
        elif self._kept.size > start:
            yield from self._compare_last(start, leaves[: self._kept.size - start])
        if len(leaves) == TILE:
            self._tree.append(root, TILE_HEIGHT)
            self._count_complete()
            self._states = []

    def _note_roots(self, leaves: list[bytes]) -> None:
        start = self._tree.size
        while self._sizes and self._sizes[0] <= start + len(leaves):
            size = self._sizes.pop(0)
            tree = Frontier(start, self._tree.roots)
            for leaf in leaves[: size - start]:
                tree.append(leaf)
            self.roots[size] = tree.root()
            if size == self._kept.size:
                self._roots_at_kept = tree.roots

    def _compare_full(self, start: int, leaves: list[bytes], root: bytes) -> Iterator[LedgerError]:
        number = start // TILE
        kept_root, marks = self._kept_tiles.at(number), self._kept_marks.at(number)
        if "tiles" not in self._lacking and kept_root != root:
            yield from self._which(start, leaves, marks)
        elif "marks" not in self._lacking and marks != marks_of(leaves):
            if "tiles" in self._lacking:
                yield from self._which(start, leaves, marks)
            else:
                yield self._tell(HashesDiffer(position=start + 1, last=start + TILE))

    def _compare_last(self, start: int, leaves: list[bytes]) -> Iterator[LedgerError]:
        if self._damaged is not None or self._kept.marks == marks_of(leaves):
            return
        if self._roots_at_kept == self._kept.roots:
            yield self._tell(HashesDiffer(position=start + 1, last=self._kept.size))
        else:
            yield from self._which(start, leaves, self._kept.marks)

    def _which(self, start: int, leaves: list[bytes], marks: Any) -> Iterator[LedgerError]:
        """Each entry that differs, where the marks name some; else the tile as a whole."""
        changed = _changed(marks, leaves)
        if not changed:
            yield self._tell(HashesDiffer(position=start + 1, last=start + len(leaves)))
        for at in changed:
            if self._states[at] is not None:
                yield self._tell(EntryChanged(position=start + at + 1))

    def _count_complete(self) -> None:
        """Look at the roots of trees larger than a tile that were completed just now."""
        for height, number, root in self._tree.complete:
            if (number + 1) << height <= self._kept.size:
                self._complete += 1
                query = "SELECT root FROM tiles WHERE height = ? AND number = ?"
                if height > TILE_HEIGHT and self._select(query, height, number) != root:
                    self._larger_differ = True
        self._tree.complete.clear()

    def _kept_otherwise(self) -> bool:
        """Whether the roots of the whole, or those of large trees, are kept otherwise."""
        expected = {"tiles": self._complete, "marks": self._kept.size // TILE}
        counts = {name: self._select(f"SELECT count(*) FROM {name}") for name in expected}
        counted = all(counts[name] == expected[name] for name in expected.keys() - self._lacking)
        larger_differ = self._larger_differ and "tiles" not in self._lacking
        return larger_differ or not counted or self._roots_at_kept != self._kept.roots

    def _select(self, query: str, *values: int) -> Any:
        found = self._database.select(query, *values)
        return found[0][0] if found else None


class _InOrder:
    """Values by number, from rows in the order of numbers, asked for in that order too."""

    def __init__(self, rows: Iterable[tuple[Any, Any]]) -> None:
        self._rows = (row for row in rows if type(row[0]) is int)
        self._next = next(self._rows, None)

    def at(self, number: int) -> Any:
        """The value with a number, or None."""
        while self._next is not None and self._next[0] < number:
            self._next = next(self._rows, None)
        return self._next[1] if self._next is not None and self._next[0] == number else None


def _leaf(state: Any) -> bytes:
    """The hash of an entry; one that is no bytes has that of nothing, which no leaf has."""
    return leaf_hash(state) if isinstance(state, bytes) else EMPTY_ROOT


def _changed(marks: Any, leaves: list[bytes]) -> list[int]:
    """Which leaves, from 0, have other marks than those kept."""
    if not isinstance(marks, bytes) or len(marks) != len(leaves) * MARK_BYTES:
        return []
    return [
        at
        for at, leaf in enumerate(leaves)
        if not leaf.startswith(marks[at * MARK_BYTES : (at + 1) * MARK_BYTES])
    ]
