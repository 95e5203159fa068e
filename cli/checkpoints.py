"""What the commands about checkpoints and receipts share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cli import render
from cli.arguments import standard_input
from cli.language import _
from ledger.checkpoints import Forked, current, keep
from ledger.errors import LedgerError, TableUnreadable

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.notes import Checkpoint
    from ledger.receipts import Receipt
    from ledger.signing import Signed

Row = dict[str, Any]


def read_text(source: str, most: int, broken: type[LedgerError]) -> str:
    """The text in a file, `-` for standard input; `broken` says what it is not.

    Raises `TableUnreadable`, `broken`.
    """
    try:
        if source == "-":
            data = standard_input().read(most + 1)
        else:
            with open(source, "rb") as file:  # noqa: PTH123 - as in `arguments`
                data = file.read(most + 1)
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise TableUnreadable(path=source, reason=reason) from None
    if len(data) > most:
        raise broken(reason=_("it is too long"))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise broken(reason=_("it is not text in UTF-8")) from None


@contextmanager
def both_shown(session: Session) -> Iterator[None]:
    """On a fork, print the checkpoint and this ledger's own before it is told."""
    try:
        yield
    except Forked as fork:
        if session.json:
            render.print_object(fork_row(fork))
        else:
            print_fork(fork)
        raise


def fork_row(fork: Forked) -> Row:
    """Both notes of a fork, for JSON."""
    return {name: fork.facts[name] for name in ("theirs", "ours")}


def print_fork(fork: Forked) -> None:
    """Print the checkpoint and this ledger's own, where they are not of one history."""
    titles = _("the checkpoint:"), _("this ledger:")
    notes = fork.facts["theirs"], fork.facts["ours"]
    told = [f"{title}\n\n{note}" for title, note in zip(titles, notes, strict=True)]
    render.print_lines(["\n".join(told)])


def kept_now(session: Session) -> Checkpoint:
    """The checkpoint of all entries, kept from now on."""
    with session.ledger.transaction() as transaction:
        writer = transaction.writer
        return keep(writer.database.cursor, current(writer.database, writer.tree))


def print_checkpoint(session: Session, checkpoint: Checkpoint) -> None:
    """Print a checkpoint to pass around."""
    if session.json:
        row = checkpoint_row(checkpoint, signed_by(checkpoint))
        render.print_object({"network": checkpoint.network, **row, "note": str(checkpoint)})
    else:
        render.print_lines([str(checkpoint)])


def signed_by(checkpoint: Checkpoint) -> list[Signed]:
    """Who signed a checkpoint; the signature of one's own key is checked."""
    from cli.keys import own_key_if_any  # noqa: PLC0415 - most checkpoints are not signed
    from ledger.signing import signers  # noqa: PLC0415

    own = own_key_if_any() if checkpoint.signatures else None
    return signers(checkpoint, [] if own is None else [own.public])


def checkpoint_row(checkpoint: Checkpoint, signed: Iterable[Signed]) -> Row:
    """A checkpoint, for programs."""
    from ledger.notes import in_base64  # noqa: PLC0415 - only for programs

    return {
        "size": checkpoint.size,
        "root": in_base64(checkpoint.root),
        "signatures": signature_rows(signed),
    }


def receipt_row(receipt: Receipt, signed: Iterable[Signed]) -> Row:
    """What a receipt proves, for programs."""
    entry = receipt.entry()
    return {
        "position": receipt.position,
        "type": entry["type"],
        "entry": entry,
        "network": receipt.checkpoint.network,
        **checkpoint_row(receipt.checkpoint, signed),
    }


def signature_rows(signed: Iterable[Signed]) -> list[Row]:
    """Who signed a checkpoint, for programs."""
    return [
        {
            "name": each.name,
            "cosigned": each.cosigned,
            "at": None if each.at is None else each.at.isoformat(),
            "verified": each.verified,
        }
        for each in signed
    ]


def signer_line(signed: Signed) -> str:
    """Who signed a checkpoint, for people."""
    if signed.verified:
        says = _("cosigned by {name} at {at}") if signed.cosigned else _("signed by {name}")
    else:
        says = _("not checked, for want of its key: the signature by {name}")
    at = "" if signed.at is None else signed.at.isoformat(" ")[:16] + " UTC"
    return says.format(name=signed.name, at=at)
