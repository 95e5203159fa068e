"""The checkpoints that a ledger keeps, beside the log, and whether it still agrees with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ledger.database import Database
from ledger.dialect import Cursor
from ledger.errors import LedgerError
from ledger.notes import Checkpoint, parse
from ledger.receipts import Receipt
from ledger.refusals import UnknownId
from ledger.rehash import Rehash
from ledger.tree import KeptTree, Tree


class OtherNetworksCheckpoint(LedgerError):
    """A checkpoint is of another network than the ledger."""

    message = "the checkpoint is of another network: natverk/{network}"
    hint = "say which ledger is meant with --ledger PATH"


class AheadOfLedger(LedgerError):
    """A checkpoint is over more entries than the ledger has."""

    message = "the checkpoint is of {size} entries, and the ledger has {head}"
    hint = "entries are missing here: bring the ledger up to date with natverk import events FILE"


class Forked(LedgerError):
    """The entries of the ledger are not those of a checkpoint: there are two histories.

    The facts `theirs` and `ours` are both checkpoints, of the same size.
    """

    message = "the first {size} entries here are not those of the checkpoint"
    hint = "one of the two histories was changed: show both checkpoints to the network"

    def __init__(self, theirs: Checkpoint, ours: Checkpoint) -> None:
        super().__init__(size=theirs.size, theirs=str(theirs), ours=str(ours))


class KeptNoteDamaged(LedgerError):
    """A kept checkpoint is not what was kept."""

    message = "a checkpoint of {size} entries that was kept in the ledger is damaged"
    hint = "get it from where it was sent to, and give it to natverk verify"


def current(database: Database, tree: Tree | KeptTree) -> Checkpoint:
    """The checkpoint of all entries, by the tree of an open transaction or as it is kept."""
    return Checkpoint(database.network, tree.size, tree.root())


def keep(cursor: Cursor, checkpoint: Checkpoint) -> Checkpoint:
    """Keep a checkpoint in the open transaction; returns it with all signatures known of it."""
    found = cursor.execute(
        "SELECT note FROM checkpoints WHERE size = ? AND root = ?",
        (checkpoint.size, checkpoint.root),
    ).fetchone()
    if found is not None:
        before = _as_kept(checkpoint.size, checkpoint.root, found[0])
        checkpoint = before.signed(*checkpoint.signatures)
    cursor.execute(
        "INSERT INTO checkpoints (size, root, note) VALUES (?, ?, ?)"
        " ON CONFLICT (size, root) DO UPDATE SET note = excluded.note",
        (checkpoint.size, checkpoint.root, str(checkpoint)),
    )
    return checkpoint


def kept_checkpoints(database: Database) -> list[Checkpoint]:
    """The kept checkpoints, smallest first. Raises `KeptNoteDamaged`."""
    found = database.select("SELECT size, root, note FROM checkpoints ORDER BY size, id")
    return [_as_kept(*row) for row in found]


def kept_sizes(database: Database) -> list[int]:
    """The sizes of the kept checkpoints: what an audit has to know the roots at."""
    found = database.select("SELECT DISTINCT size FROM checkpoints ORDER BY size")
    return [size for (size,) in found if type(size) is int and size >= 0]


def withdraw_signatures(database: Database, is_theirs: Callable[[str], bool]) -> int:
    """Take the signatures by keys with some names out of the kept checkpoints; returns how many.

    In the open transaction. What was passed around already cannot be called back.
    """
    withdrawn = 0
    for checkpoint in kept_checkpoints(database):
        left = [each for each in checkpoint.signatures if not is_theirs(each.name)]
        if len(left) < len(checkpoint.signatures):
            withdrawn += len(checkpoint.signatures) - len(left)
            note = str(replace(checkpoint, signatures=tuple(left)))
            database.cursor.execute(
                "UPDATE checkpoints SET note = ? WHERE size = ? AND root = ?",
                (note, checkpoint.size, checkpoint.root),
            )
    return withdrawn


def disagreement(
    database: Database, checkpoint: Checkpoint, roots: Mapping[int, bytes]
) -> LedgerError | None:
    """What a checkpoint says otherwise than the ledger, or None.

    `roots` has the roots that entries have now, by size: `Rehash.roots`. Where it lacks the
    checkpoint's size, the ledger has fewer entries.
    """
    if checkpoint.network != database.network:
        return OtherNetworksCheckpoint(network=checkpoint.network)
    root = roots.get(checkpoint.size)
    if root is None:
        return AheadOfLedger(size=checkpoint.size, head=database.head())
    if root == checkpoint.root:
        return None
    return Forked(checkpoint, Checkpoint(database.network, checkpoint.size, root))


def kept_or_damaged(database: Database) -> Iterator[Checkpoint | KeptNoteDamaged]:
    """The kept checkpoints, and in place of one that is damaged what is wrong with it."""
    for row in database.stream("SELECT size, root, note FROM checkpoints ORDER BY id"):
        try:
            yield _as_kept(*row)
        except KeptNoteDamaged as damaged:
            yield damaged


def disagreements(database: Database, roots: Mapping[int, bytes]) -> Iterator[LedgerError]:
    """What any kept checkpoint says otherwise than the ledger, or what is wrong with it."""
    for each in kept_or_damaged(database):
        if isinstance(each, KeptNoteDamaged):
            yield each
        elif (found := disagreement(database, each, roots)) is not None:
            yield found


def consistent(database: Database, checkpoint: Checkpoint) -> LedgerError | None:
    """As `disagreement`, by the tree as it is kept: at once, however long the log.

    Whether the tree is that of the entries is for an audit, or `check_against`, to say.
    Raises `LedgerDamaged` when the tree is not all there.
    """
    tree = KeptTree(database)
    known = 0 <= checkpoint.size <= tree.size
    roots = {checkpoint.size: tree.root_at(checkpoint.size)} if known else {}
    return disagreement(database, checkpoint, roots)


def check_against(database: Database, checkpoint: Checkpoint) -> None:
    """Hash every entry under a checkpoint once more, and raise what is found wrong first.

    Raises `OtherNetworksCheckpoint`, `AheadOfLedger`, `Forked`, and what `rehash` finds.
    """
    if checkpoint.network != database.network:
        raise OtherNetworksCheckpoint(network=checkpoint.network)
    rehash = Rehash(database, [checkpoint.size])
    findings = [finding for block in database.blocks() for finding in rehash.feed(block)]
    findings += rehash.finish()
    found = disagreement(database, checkpoint, rehash.roots)
    for finding in (found, *findings):
        if finding is not None:
            raise finding


def receipt_of(database: Database, position: int, checkpoint: Checkpoint) -> Receipt:
    """The receipt for the entry at a position, under a checkpoint of the ledger.

    Raises `UnknownId`, and `ProofBroken` when the entry or the checkpoint was changed.
    """
    stored = database.entry(position)
    if stored is None or not 0 < position <= checkpoint.size:
        raise UnknownId(what="entry", id=f"#{position}")
    proof = KeptTree(database).inclusion(position, checkpoint.size)
    receipt = Receipt(position, stored[1], tuple(proof), checkpoint)
    receipt.check()
    return receipt


def covering(database: Database, position: int) -> Checkpoint | None:
    """Of the kept checkpoints over an entry the newest that is signed, else the newest."""
    over = [each for each in kept_checkpoints(database) if each.size >= position]
    return max(over, key=lambda each: (bool(each.signatures), each.size), default=None)


def _as_kept(size: Any, root: Any, note: Any) -> Checkpoint:
    """The checkpoint in a row of the table. Raises `KeptNoteDamaged`."""
    try:
        checkpoint = parse(note)
    except (LedgerError, AttributeError, TypeError):
        checkpoint = None
    if checkpoint is None or (checkpoint.size, checkpoint.root) != (size, root):
        raise KeptNoteDamaged(size=size)
    return checkpoint
