"""Merkle trees of RFC 6962: the same as a naive tree, and no proof passes that is not one."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    ProofBroken,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_from_inclusion,
    root_of,
)

VECTORS = Path(__file__).parent.parent.parent / "shared" / "vectors"
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(300)]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_proof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def over(start: int, end: int) -> bytes:
    return naive_root(LEAVES[start:end])


def flipped(data: bytes, bit: int) -> bytes:
    """The bytes with one bit changed."""
    at = bit % (8 * len(data))
    return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]


# The tree


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert Frontier().root() == root_of([]) == EMPTY_ROOT == naive_root([])


def test_a_tree_that_grows_has_the_naive_root_at_every_size() -> None:
    tree = Frontier()
    for size, leaf in enumerate(LEAVES, 1):
        tree.append(leaf)
        assert (tree.size, tree.root()) == (size, naive_root(LEAVES[:size]))
        assert len(tree.roots) == size.bit_count()


def test_complete_tiles_are_collected_with_their_height_number_and_root() -> None:
    tree = Frontier()
    leaves = [leaf_hash(b"%d" % number) for number in range(64 * 64 + 70)]
    for leaf in leaves:
        tree.append(leaf)
    tiles = [(6, number, root_of(leaves[number * 64 :][:64])) for number in range(65)]
    assert tree.complete == [*tiles[:64], (12, 0, root_of(leaves[:4096])), tiles[64]]


@given(st.integers(0, 9), st.integers(0, 63))
def test_whole_tiles_appended_make_the_same_tree(tiles: int, rest: int) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(tiles * 64 + rest)]
    by_leaf, by_tile = Frontier(), Frontier()
    for leaf in leaves:
        by_leaf.append(leaf)
    for tile in range(tiles):
        by_tile.append(root_of(leaves[tile * 64 :][:64]), 6)
    for leaf in leaves[tiles * 64 :]:
        by_tile.append(leaf)
    assert (by_leaf.size, by_leaf.roots) == (by_tile.size, by_tile.roots)
    assert by_leaf.complete == by_tile.complete
    assert by_leaf.root() == root_of(leaves)


def test_a_leaf_and_a_node_of_the_same_bytes_differ() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != root_of([left, right])


# Proofs against the naive ones


@given(st.data())
def test_an_inclusion_proof_is_the_naive_one_and_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, over)
    assert proof == naive_path(index, LEAVES[:size])
    check_inclusion(index, size, LEAVES[index], proof, over(0, size))


@given(st.data())
def test_a_consistency_proof_is_the_naive_one_and_holds(data: st.DataObject) -> None:
    size2 = data.draw(st.integers(1, len(LEAVES)))
    size1 = data.draw(st.integers(1, size2))
    proof = consistency_proof(size1, size2, over)
    assert proof == naive_proof(size1, LEAVES[:size2])
    check_consistency(size1, size2, over(0, size1), over(0, size2), proof)


def test_every_small_tree_proves_every_leaf_and_every_earlier_size() -> None:
    for size in range(1, 40):
        for index in range(size):
            path = inclusion_proof(index, size, over)
            check_inclusion(index, size, LEAVES[index], path, over(0, size))
            proof = consistency_proof(index + 1, size, over)
            check_consistency(index + 1, size, over(0, index + 1), over(0, size), proof)


# What is no proof


@given(st.data())
def test_one_bit_changed_in_an_inclusion_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    parts = [LEAVES[index], over(0, size), *inclusion_proof(index, size, over)]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flipped(parts[at], data.draw(st.integers(0, 255)))
    leaf, root, *proof = parts
    with pytest.raises(ProofBroken):
        check_inclusion(index, size, leaf, proof, root)


@given(st.data())
def test_one_bit_changed_in_a_consistency_proof_is_refused(data: st.DataObject) -> None:
    size2 = data.draw(st.integers(2, len(LEAVES)))
    size1 = data.draw(st.integers(1, size2 - 1))
    parts = [over(0, size1), over(0, size2), *consistency_proof(size1, size2, over)]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flipped(parts[at], data.draw(st.integers(0, 255)))
    root1, root2, *proof = parts
    with pytest.raises(ProofBroken):
        check_consistency(size1, size2, root1, root2, proof)


@given(st.data())
def test_another_place_or_length_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    elsewhere = data.draw(st.integers(-1, size).filter(lambda place: place != index))
    proof, root = inclusion_proof(index, size, over), over(0, size)
    for place, changed in [
        (elsewhere, proof),
        (index, proof[:-1]),
        (index, [*proof, LEAVES[0]]),
        (index, [*proof[:-1], proof[-1][:-1]]),
    ]:
        with pytest.raises(ProofBroken):
            check_inclusion(place, size, LEAVES[index], changed, root)


@given(st.data())
def test_a_consistency_proof_cut_or_lengthened_is_refused(data: st.DataObject) -> None:
    size2 = data.draw(st.integers(2, len(LEAVES)))
    size1 = data.draw(st.integers(1, size2 - 1))
    proof = consistency_proof(size1, size2, over)
    for changed in (proof[:-1], proof[1:], [*proof, LEAVES[0]], []):
        with pytest.raises(ProofBroken):
            check_consistency(size1, size2, over(0, size1), over(0, size2), changed)


def test_a_tree_that_shrinks_is_refused() -> None:
    with pytest.raises(ProofBroken):
        check_consistency(5, 4, over(0, 5), over(0, 4), [])


def test_of_an_empty_tree_nothing_is_proven_and_the_same_tree_needs_no_proof() -> None:
    check_consistency(5, 5, over(0, 5), over(0, 5), [])
    for size1, proof in ((0, []), (5, [LEAVES[0]])):
        with pytest.raises(ProofBroken):
            check_consistency(size1, 5, over(0, size1), over(0, 5), proof)


# Vectors of others


def vectors(name: str) -> list[Any]:
    path = VECTORS / f"rfc6962-{name}.json"
    if not path.exists():
        why = f"the shared vectors are not there: {path.name}"
        return [pytest.param(None, id=name, marks=pytest.mark.skip(reason=why))]
    cases = json.loads(path.read_text(encoding="utf-8"))
    assert len(cases) == 98
    return [pytest.param(case, id=case["case"]) for case in cases]


def hashes(values: list[str] | None) -> list[bytes]:
    return [b64decode(value) for value in values or ()]


def agrees(case: dict[str, Any], check: Callable[[], object]) -> None:
    if case["wantErr"]:
        with pytest.raises(ProofBroken):
            check()
    else:
        check()


@pytest.mark.parametrize("case", vectors("inclusion"))
def test_a_shared_inclusion_case(case: dict[str, Any]) -> None:
    index, size, proof = case["leafIdx"], case["treeSize"], hashes(case["proof"])
    leaf, root = (b64decode(case[name] or "") for name in ("leafHash", "root"))
    agrees(case, lambda: check_inclusion(index, size, leaf, proof, root))
    if not case["wantErr"]:
        assert root_from_inclusion(index, size, leaf, proof) == root


@pytest.mark.parametrize("case", vectors("consistency"))
def test_a_shared_consistency_case(case: dict[str, Any]) -> None:
    root1, root2 = (b64decode(case[name] or "") for name in ("root1", "root2"))
    proof = hashes(case["proof"])
    agrees(case, lambda: check_consistency(case["size1"], case["size2"], root1, root2, proof))
