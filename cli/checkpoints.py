"""What the commands about checkpoints and receipts share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli import render
from cli.arguments import standard_input
from cli.language import _
from ledger.checkpoints import Forked, current, keep
from ledger.errors import LedgerError, TableUnreadable

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.notes import Checkpoint


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
def both_shown() -> Iterator[None]:
    """On a fork, print the checkpoint and this ledger's own before it is told."""
    try:
        yield
    except Forked as fork:
        titles = _("the checkpoint:"), _("this ledger:")
        notes = fork.facts["theirs"], fork.facts["ours"]
        told = [f"{title}\n\n{note}" for title, note in zip(titles, notes, strict=True)]
        render.print_lines(["\n".join(told)])
        raise


def kept_now(session: Session) -> Checkpoint:
    """The checkpoint of all entries, kept from now on."""
    with session.ledger.transaction() as transaction:
        writer = transaction.writer
        return keep(writer.database.cursor, current(writer.database, writer.tree))
