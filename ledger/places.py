"""Where a ledger is: in a file, or on a PostgreSQL server."""

from __future__ import annotations

import os
from dataclasses import dataclass

SCHEMES = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Server:
    """A ledger in a database of a PostgreSQL server, by a libpq connection URI.

    Its words, for people and messages, leave out the password.
    """

    uri: str

    def __str__(self) -> str:
        """The URI without a password and without its options."""
        scheme, _, rest = self.uri.partition("://")
        address, _, _ = rest.partition("?")
        who, at, where = address.rpartition("@")
        return f"{scheme}://{who.partition(':')[0]}{at}{where}"


Place = str | os.PathLike[str] | Server


def place_of(text: str) -> str | Server:
    """What someone wrote for a ledger: a URI of a server, else a path."""
    return Server(text) if text.startswith(SCHEMES) else text
