"""A ledger copied to another place, in a file or on a server, while others record in it.

The entries come as they are stored, and are folded and hashed again where they go; with them
come the texts, the idempotency keys and the kept checkpoints. Until everything has come and
has been checked, the copy is closed: nobody can take it for a ledger. Broken off, it goes on
from the last entries that were written. Done again, it brings what was recorded since, and
takes what was erased.

Of a network that moves, one ledger is open at a time: the one that it leaves is closed before the
copy is opened, and is opened again only by a move back from where it went.
"""

from __future__ import annotations

import json
import os
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.closed import (
    CLOSED,
    COPYING,
    MOVED,
    LeftBefore,
    MovedElsewhere,
    copied_up_to,
    copying,
    moved_to,
)
from ledger.copies import CopyUnderWay, CopyUnsound, refuse_beside, unfinished
from ledger.database import Database
from ledger.errors import LedgerError, LedgerExists, LedgerMissing
from ledger.folds import Fold, in_blocks
from ledger.forgotten import apply, forgettings
from ledger.founding import create, put_in_place
from ledger.incoming import BATCH, EntryDiffers, Unfit, take_entry, take_keys
from ledger.ledger import Clock, Ledger, Transaction
from ledger.networks import Named, OneNetwork, UnknownNetwork, named
from ledger.notes import Checkpoint
from ledger.personal import IMPORTED_NAMES, secret_of
from ledger.places import Place, Server, is_same, place_of
from ledger.state import FOLDS
from ledger.transfer import stored_entries, stored_keys
from ledger.tree import KeptTree
from ledger.values import FORGOTTEN
from ledger.verify import Verification

Tell = Callable[[int, int], None]  # how many entries have come, of how many

_CHECKPOINT = (
    "INSERT INTO checkpoints (size, root, note) VALUES (?, ?, ?)"
    " ON CONFLICT (size, root) DO UPDATE SET note = excluded.note"
)


class HoldsAnotherNetwork(LedgerError):
    """Where a copy should go is the ledger of another network."""

    message = "{path} is the ledger of another network"
    hint = "choose another place for the copy"


class NameTaken(LedgerError):
    """The database that a copy should go to has another network of that name."""

    message = "there is already another network “{name}” at {path}"
    hint = "choose another database, or give one of the two another name: natverk describe-network"


class NoCopyOfIt(LedgerError):
    """Where a copy should go is a ledger of the same network with another secret."""

    message = "{path} is of the same network, and was not copied from this ledger"
    hint = "choose another place: it was imported without texts, and cannot be gone on with"


class HasGoneOn(LedgerError):
    """The copy has entries that the ledger does not have."""

    message = "{path} has entries that this ledger does not have, from #{position} on"
    hint = "someone records there: copy from there to here, or choose another place"


class HasForked(LedgerError):
    """The copy and the ledger have other entries in the same places."""

    message = "{path} and this ledger are not the same any more from #{position} on"
    hint = "someone recorded in both: find out which is right, and choose another place"


class WentOn(HasGoneOn):
    """The network has moved there before, and was recorded in since."""

    message = "the network has moved to {path} already, and has entries there from #{position} on"
    hint = "nothing is left to copy; natverk copy --move TO FROM moves it back"


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds: `entries`, of which `new` came now, under this checkpoint.

    `open`: whether one can record in it.
    """

    entries: int
    new: int
    checkpoint: Checkpoint
    open: bool


def copy(
    source: Database,
    target: Path | Server,
    projections: Sequence[Fold],
    clock: Clock,
    tell: Tell = lambda come, of: None,
    *,
    moving: bool = False,
) -> Copied:
    """Copy a ledger as it is seen in `source` to `target`, or bring the copy there up to it.

    A ledger there from which the network has moved here stays closed, until `source` has moved
    to it. `moving`: it is about to, and the copy is not opened before.

    Raises `MovedElsewhere`, `LeftBefore`, `HoldsAnotherNetwork`, `NameTaken`, `NoCopyOfIt`,
    `HasGoneOn`, `HasForked`, `CopyUnderWay`, `CopyUnsound`, and `errors.Unusable` when either
    cannot be read or written.
    """
    if source.moved is not None and not _is_at(source.moved, target):
        raise MovedElsewhere(path=str(source.path), to=source.moved)
    tree = KeptTree(source)
    if tree.size != source.head():
        reason = f"it has #{source.head()}, and its rows stand at #{tree.size}"
        raise CopyUnsound(path=str(source.path), reason=reason)
    place = _made(source, target, (*FOLDS, *projections))
    with Ledger(place, projections, clock, copying=True) as ledger:
        _check_same(source, tree, ledger.database)
        before = ledger.database.head()
        try:
            _bring(source, ledger, tell)
        except Unfit as unfit:
            raise CopyUnsound(path=str(source.path), reason=unfit.reason) from None
        except EntryDiffers as differs:
            raise HasForked(path=str(place), **differs.facts) from None
        _check(source, tree, place, ledger.folds)
        with _going_on(ledger) as transaction:
            if transaction.writer.position != tree.size:
                raise CopyUnderWay(path=str(place))
            closed = _closed_after(ledger.database.setting(CLOSED), source, moving=moving)
            ledger.database.set(CLOSED, closed)
    checkpoint = Checkpoint(source.network, tree.size, tree.root())
    return Copied(tree.size, tree.size - before, checkpoint, open=not closed)


def _is_at(to: str, place: Place) -> bool:
    """Whether a network that has moved has moved to this place."""
    return is_same(place_of(to), place)


def _closed_after(closed: str, source: Database, *, moving: bool) -> str:
    """Why nobody records in a copy in which everything is; nothing: they do."""
    if moving:
        return copying(source.head(), closed)
    to = None if source.moved else moved_to(closed)
    return "" if to is None else MOVED + to


def fence(ledger: Ledger, to: str) -> None:
    """Let nobody record in a ledger any more, as its network has moved.

    Whoever is recording has finished. Done already, it changes nothing. Raises `Moved` when
    it has moved elsewhere.
    """
    before = moved_to(ledger.database.setting(CLOSED))
    if before is None or not _is_at(before, place_of(to)):
        with ledger.transaction():
            ledger.database.set(CLOSED, MOVED + to)


def _made(source: Database, target: Path | Server, folds: Sequence[Fold]) -> Path | Server:
    """Where the copy is, made if there is none."""
    network, secret = source.network, secret_of(source)
    closed = f"{COPYING}0"
    if isinstance(target, Server):
        [(_, name)] = named(OneNetwork(source))
        return _made_on(target, Named(network, name), secret, folds, closed)
    if not target.exists() or (target.is_file() and not target.stat().st_size):
        refuse_beside(target)
        with unfinished(target) as made:
            create(made, os.urandom, network, secret, closed)
            put_in_place(made, target)
    return target


def _made_on(
    server: Server, network: Named, secret: bytes, folds: Sequence[Fold], closed: str
) -> Server:
    from ledger.postgres.connection import connect  # noqa: PLC0415 - a library
    from ledger.postgres.store import made  # noqa: PLC0415

    there = Server(server.uri, network.id, here=True)
    try:
        connect(there).close()
    except (LedgerMissing, UnknownNetwork):
        name = None if network.name == FORGOTTEN else network.name
        try:
            with made(there, folds, network.id, secret, name=name, closed=closed):
                pass
        except LedgerExists as error:
            raise NameTaken(**error.facts) from None
    return there


def _check_same(source: Database, tree: KeptTree, copy: Database) -> None:
    """That the copy begins as the ledger does."""
    path = str(copy.path)
    if copy.network != source.network:
        raise HoldsAnotherNetwork(path=path)
    if copy.setting("secret") != source.setting("secret"):
        raise NoCopyOfIt(path=path)
    to = moved_to(copy.setting(CLOSED))
    if to is not None and not _is_at(to, source.path):
        refusal = LeftBefore if source.moved is None else MovedElsewhere
        raise refusal(path=path, to=to, source=str(source.path))
    theirs = KeptTree(copy)
    both = min(tree.size, theirs.size)
    if both and tree.root_at(both) != theirs.root_at(both):
        sizes = range(1, both + 1)
        same = bisect_left(sizes, True, key=lambda size: tree.root_at(size) != theirs.root_at(size))
        raise HasForked(path=path, position=same + 1)
    if theirs.size > tree.size:
        raise (WentOn if source.moved else HasGoneOn)(path=path, position=tree.size + 1)


def _bring(source: Database, ledger: Ledger, tell: Tell) -> None:
    """Everything that the copy lacks, some thousands a transaction; it is closed from here on."""
    database = ledger.database
    with ledger.transaction() as transaction:
        since = copied_up_to(database.setting(CLOSED))
        if since is None:
            since = transaction.writer.position
            database.set(CLOSED, copying(since, database.setting(CLOSED)))
        if source.setting("personal") == 0:
            database.set("personal", 0)
        come = transaction.writer.position
    last = source.head()
    for entries in in_blocks(stored_entries(source, come), BATCH):
        with _going_on(ledger) as transaction:
            for entry in entries:
                take_entry(transaction, *entry)
        tell(entries[-1][0], last)
    keys = (key for key in stored_keys(source) if _is_since(since, key[0], key[3]))
    for some in in_blocks(keys, BATCH):
        with _going_on(ledger):
            take_keys(database, some)
    with _going_on(ledger):
        checkpoints = source.select("SELECT size, root, note FROM checkpoints ORDER BY id")
        database.cursor.executemany(_CHECKPOINT, checkpoints)
    apply(ledger, forgettings(source))


def _is_since(since: int, namespace: str, positions: str) -> bool:
    """Whether a key may have come after an entry.

    One that recorded nothing may, and the mark of a name, which a forgetting leaves.
    """
    of = json.loads(positions)
    return not of or max(of) > since or namespace == IMPORTED_NAMES


@contextmanager
def _going_on(ledger: Ledger) -> Iterator[Transaction]:
    """A transaction in the copy, unless someone else has finished it meanwhile."""
    with ledger.transaction() as transaction:
        if copied_up_to(ledger.database.setting(CLOSED)) is None:
            raise CopyUnderWay(path=str(ledger.database.path))
        yield transaction


def _check(source: Database, tree: KeptTree, place: Path | Server, folds: Sequence[Fold]) -> None:
    """That everything in the copy is right, and that its entries are those of the ledger."""
    with closing(Database.reading(place, unfinished=True)) as copy:
        verification = Verification(copy, folds)
        reason: LedgerError | str | None
        reason = next((each.error for each in verification.findings()), None)
        if reason is None and verification.roots[verification.head] != tree.root():
            reason = "its entries came to another root"
    if reason is not None:
        raise CopyUnsound(path=str(source.path), reason=reason)
