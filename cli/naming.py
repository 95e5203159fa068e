"""What a network may be called in a database that has others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.places import Server

if TYPE_CHECKING:
    from cli.context import Session


def refuse_taken(session: Session, name: str | None) -> None:
    """Raise `NetworkExists` when the network would be called as another beside it that one sees."""
    database = session.ledger.database
    if name is not None and isinstance(database.path, Server):
        from ledger.postgres.store import refuse_existing_on  # noqa: PLC0415 - a library

        refuse_existing_on(database.path, name, database.network)
