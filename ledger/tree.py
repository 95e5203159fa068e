"""The Merkle tree over the log, kept as the log grows.

What a commit writes lies in the row `progress`, which it writes anyway: the roots of the
complete trees that the size is the sum of, and of each entry in the last, incomplete tile of
64 the first 8 bytes of its hash, its mark. A complete tile leaves its root in `tiles`, as
does each complete tree of 64², 64³ … entries, and its marks in `marks`. The roots make proofs
cheap; the marks tell which entry was changed. Nothing here is trusted by an audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from ledger.database import Database
from ledger.dialect import Cursor
from ledger.errors import DamagedEntry, LedgerDamaged
from ledger.merkle import (
    HASH_BYTES,
    TILE,
    TILE_HEIGHT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    split,
)
from ledger.rows import insert

MARK_BYTES = 8
_INTO_TILES = "INSERT INTO tiles (height, number, root) VALUES (?, ?, ?)"
_INTO_MARKS = "INSERT INTO marks (tile, marks) VALUES (?, ?)"
LACKING = "the hashes kept beside the log are not all there"


class Kept(NamedTuple):
    """What the row `progress` keeps: the roots of complete trees, and the last tile's marks."""

    size: int
    roots: list[bytes]
    marks: bytes


def kept(database: Database) -> Kept:
    """What the last commit wrote. Raises `LedgerDamaged`."""
    size, stored = database.select("SELECT at, tree FROM progress")[0]
    if type(size) is not int or size < 0 or not isinstance(stored, bytes):
        raise LedgerDamaged(path=str(database.path), reason=LACKING)
    roots_end = size.bit_count() * HASH_BYTES
    if len(stored) != roots_end + size % TILE * MARK_BYTES:
        raise LedgerDamaged(path=str(database.path), reason=LACKING)
    roots = [stored[at : at + HASH_BYTES] for at in range(0, roots_end, HASH_BYTES)]
    return Kept(size, roots, stored[roots_end:])


def marks_of(leaves: Iterable[bytes]) -> bytes:
    """The marks of entries, one after the other, from the hashes of their bytes."""
    return b"".join([leaf[:MARK_BYTES] for leaf in leaves])


class Tree:
    """The tree as the open transaction makes it; read from the ledger when first used."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._frontier: Frontier | None = None
        self._marks = b""  # of the last, incomplete tile
        self._full: list[tuple[int, bytes]] = []  # tiles completed since, and their marks

    def append(self, states: Iterable[bytes]) -> None:
        """Add the stored bytes of the entries that follow."""
        frontier = self._loaded()
        leaves = map(leaf_hash, states)
        while some := list(islice(leaves, TILE - frontier.size % TILE)):
            if len(some) == TILE:
                frontier.append(root_of(some), TILE_HEIGHT)
            else:
                for leaf in some:
                    frontier.append(leaf)
            self._marks += marks_of(some)
            if frontier.size % TILE == 0:
                self._full.append((frontier.size // TILE - 1, self._marks))
                self._marks = b""

    def root(self) -> bytes:
        """The root over all entries so far, 32 bytes."""
        return self._loaded().root()

    @property
    def size(self) -> int:
        """How many entries are under the root."""
        return self._loaded().size

    def write(self, cursor: Cursor) -> bytes:
        """Write what has become complete; returns what belongs into `progress`."""
        frontier = self._loaded()
        insert(cursor, _INTO_TILES, frontier.complete)
        insert(cursor, _INTO_MARKS, self._full)
        frontier.complete.clear()
        self._full.clear()
        return b"".join(frontier.roots) + self._marks

    def discard(self) -> None:
        """Forget everything that is not written."""
        self._frontier = None
        self._marks = b""
        self._full.clear()

    def _loaded(self) -> Frontier:
        if self._frontier is None:
            size, roots, self._marks = kept(self._database)
            self._frontier = Frontier(size, roots)
        return self._frontier


def rebuild(database: Database) -> None:
    """Make the tree anew from the log, up to where the rows stand, in the open transaction.

    Raises `DamagedEntry` when an entry is no bytes.
    """
    cursor = database.cursor
    at, _ = database.progress()
    for table in ("tiles", "marks"):
        cursor.execute(f"DELETE FROM {table}")
    cursor.execute("UPDATE progress SET at = 0, tree = x''")
    tree = Tree(database)
    tree.append(_states(database, at))
    cursor.execute("UPDATE progress SET at = ?, tree = ?", (at, tree.write(cursor)))


def _states(database: Database, until: int) -> Iterator[bytes]:
    for position, _, state in database.entries(until=until):
        if not isinstance(state, bytes):
            raise DamagedEntry(position=position, reason="it is not bytes")
        yield state


class KeptTree:
    """Roots and proofs from what is kept; each costs a few tiles, however long the log.

    Everything here raises `LedgerDamaged` where something that should be kept is not there.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.size, self._roots, _ = kept(database)

    def root(self) -> bytes:
        """The root over all entries."""
        return Frontier(self.size, self._roots).root()

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` entries, of which there are so many."""
        return self.root() if size == self.size else self.root_over(0, size)

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """The proof that the entry at a position is among the first `size`."""
        return inclusion_proof(position - 1, size, self.root_over)

    def consistency(self, size1: int, size2: int) -> list[bytes]:
        """The proof that the first `size2` entries begin with the first `size1` > 0."""
        return consistency_proof(size1, size2, self.root_over)

    def root_over(self, start: int, end: int) -> bytes:
        """The root over the entries at the positions (start, end], a tree that RFC 6962 splits."""
        size = end - start
        if size < TILE:
            states = [state for _, _, state in self._database.entries(start, end)]
            if len(states) != size or not all(isinstance(state, bytes) for state in states):
                raise LedgerDamaged(path=str(self._database.path), reason=LACKING)
            return root_of([leaf_hash(state) for state in states])
        height = size.bit_length() - 1
        if size == 1 << height and height % TILE_HEIGHT == 0:
            return self._tile(height, start >> height)
        middle = start + split(size)
        return node_hash(self.root_over(start, middle), self.root_over(middle, end))

    def _tile(self, height: int, number: int) -> bytes:
        query = "SELECT root FROM tiles WHERE height = ? AND number = ?"
        found = self._database.select(query, height, number)
        if not found or not isinstance(found[0][0], bytes):
            raise LedgerDamaged(path=str(self._database.path), reason=LACKING)
        return found[0][0]
