"""Merkle trees as in RFC 6962, section 2.1: hashes, a tree that grows, proofs and their checks.

A leaf is SHA-256(0x00 || bytes), a node SHA-256(0x01 || left || right), the root of nothing
SHA-256 of nothing. Of n > 1 leaves the left side has the largest power of two below n. Every
hash is 32 bytes. Leaves are counted from 0: the entry at position p is the leaf p − 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from hmac import compare_digest

from ledger.errors import LedgerError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
TILE_HEIGHT = 6  # 64 leaves; the roots of all complete trees of 64, 64² … leaves are kept
TILE = 2**TILE_HEIGHT

RootOver = Callable[[int, int], bytes]  # the root over the leaves [start, end)


class ProofBroken(LedgerError):
    """A proof does not lead from what it is for to the root."""

    message = "the proof does not hold: {reason}"
    hint = "get the proof, or the checkpoint, from its source again; one of them was changed"


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + data).digest()


def leaf_hashes(data: Iterable[bytes]) -> list[bytes]:
    """The hashes of leaves; as `leaf_hash`, of many. Raises TypeError for what is no bytes."""
    prefixed = sha256(b"\x00")
    hashes: list[bytes] = []
    for each in data:
        leaf = prefixed.copy()  # cheaper than to begin anew
        leaf.update(each)
        hashes.append(leaf.digest())
    return hashes


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two sides."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """How many of `size` > 1 leaves are on the left side."""
    return 1 << (size - 1).bit_length() - 1


class Frontier:
    """A tree that grows: the roots of the complete trees that its size is the sum of.

    `complete` collects, of each complete tree of 64, 64² … leaves, its height, its number
    among those of that height from 0, and its root, until someone takes them away.
    """

    def __init__(self, size: int = 0, roots: Sequence[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)  # from the largest tree to the smallest
        self.complete: list[tuple[int, int, bytes]] = []

    def append(self, node: bytes, height: int = 0) -> None:
        """Add the hash of a leaf, or the root of a complete tree of 2^`height` leaves.

        So many leaves must then be a divisor of the size.
        """
        rest, roots = self.size >> height, self.roots
        self.size += 1 << height
        if height:
            self._collect(height, rest, node)
        while rest & 1:
            node = sha256(b"\x01" + roots.pop() + node).digest()
            rest >>= 1
            height += 1
            self._collect(height, rest, node)
        roots.append(node)

    def _collect(self, height: int, number: int, root: bytes) -> None:
        if height % TILE_HEIGHT == 0:
            self.complete.append((height, number, root))

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.roots:
            return EMPTY_ROOT
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of leaves."""
    level = list(leaves)
    while len(level) > 1:
        sides = zip(level[::2], level[1::2], strict=False)  # an odd one out goes up as it is
        above = [sha256(b"\x01" + left + right).digest() for left, right in sides]
        level = above + level[2 * len(above) :]
    return level[0] if level else EMPTY_ROOT


# Proofs


def inclusion_proof(leaf_index: int, size: int, root_over: RootOver) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962, 2.1.1: the sides beside a leaf, from the leaf upward."""
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + split(end - start)
        if leaf_index < middle:
            path.append(root_over(middle, end))
            end = middle
        else:
            path.append(root_over(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(size1: int, size2: int, root_over: RootOver) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 6962, 2.1.2: that the first `size1` > 0 leaves are still the same."""
    start, end = 0, size2
    path: list[bytes] = []
    while end != size1:
        middle = start + split(end - start)
        if size1 <= middle:
            path.append(root_over(middle, end))
            end = middle
        else:
            path.append(root_over(start, middle))
            start = middle
    if start > 0:
        path.append(root_over(start, end))
    return path[::-1]


# Their checks


def root_from_inclusion(leaf_index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to from the hash of a leaf (RFC 9162, 2.1.3.2).

    Raises `ProofBroken` when the proof cannot be one for that leaf and size.
    """
    if not 0 <= leaf_index < size:
        raise ProofBroken(reason="no such entry is under the checkpoint")
    _check_hashes([leaf, *proof])
    node, last, root = leaf_index, size - 1, leaf
    for side in proof:
        if last == 0:
            raise ProofBroken(reason="it is too long")
        if node & 1 or node == last:
            root = node_hash(side, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, side)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofBroken(reason="it is too short")
    return root


def check_inclusion(
    leaf_index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf's hash is at its place under a root. Raises `ProofBroken`."""
    if not compare_digest(root_from_inclusion(leaf_index, size, leaf, proof), root):
        raise ProofBroken(reason="it leads to another root")


def check_consistency(
    size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]
) -> None:
    """Check that a tree grew into another, only added to (RFC 9162, 2.1.4.2).

    Raises `ProofBroken`, also for a tree of no leaves, of which nothing can be proven.
    """
    if size1 < 1:
        raise ProofBroken(reason="of an empty tree nothing can be proven")
    if size1 > size2:
        raise ProofBroken(reason="the later tree is the smaller one")
    if size1 == size2:
        if proof:
            raise ProofBroken(reason="it is too long")
        if not compare_digest(root1, root2):
            raise ProofBroken(reason="it leads to another root")
        return
    _check_hashes([root1, root2, *proof])
    path = [root1, *proof] if size1 & (size1 - 1) == 0 else list(proof)
    if not path:
        raise ProofBroken(reason="it is too short")
    _grow(size1, size2, root1, root2, path)


def _grow(size1: int, size2: int, root1: bytes, root2: bytes, path: list[bytes]) -> None:
    node, last = size1 - 1, size2 - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = path[0]
    for side in path[1:]:
        if last == 0:
            raise ProofBroken(reason="it is too long")
        if node & 1 or node == last:
            before, after = node_hash(side, before), node_hash(side, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, side)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofBroken(reason="it is too short")
    if not (compare_digest(before, root1) and compare_digest(after, root2)):
        raise ProofBroken(reason="it leads to another root")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofBroken(reason="a hash in it is not one")
