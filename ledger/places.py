"""Where a ledger is: in a file, or on a PostgreSQL server."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from ledger.errors import Usage

SCHEMES = ("postgresql://", "postgres://")
_MEANT = re.compile(r"postgres[^/:]*:|.*://", re.IGNORECASE | re.DOTALL)


class NoAddress(Usage):
    """A ledger is given as an address, and not as that of a PostgreSQL server."""

    message = "{path} is no address that natverk knows"
    hint = "it is written postgresql://USER@HOST/DATABASE"


@dataclass(frozen=True, slots=True)
class Server:
    """A ledger in a database of a PostgreSQL server, by a libpq connection URI.

    `network`: the id of the network, when the database has several. `here`: in this database
    and no other, whatever its directory says. Its words, for people and messages, leave out
    the password.
    """

    uri: str
    network: str | None = None
    here: bool = False

    def __str__(self) -> str:
        """The URI without a password and without its options."""
        return self.without_password.partition("?")[0]

    @property
    def without_password(self) -> str:
        """The URI as it may be kept: whoever connects has the password elsewhere."""
        rest = self.uri.partition(":")[2].lstrip("/")
        scheme = self.uri.removesuffix(rest)
        who, at, beyond = rest.partition("@")
        if "?" in who and "/" not in who:  # in the password
            where, _, options = beyond.partition("?")
        else:
            address, _, options = rest.partition("?")
            who, at, where = address.rpartition("@")
        kept = "&".join(x for x in options.split("&") if x and not x.startswith("password="))
        return f"{scheme}{who.partition(':')[0]}{at}{where}{'?' if kept else ''}{kept}"


Place = str | os.PathLike[str] | Server


def is_same(one: Place, other: Place) -> bool:
    """Whether two places are written to be the same."""
    if isinstance(one, Server) and isinstance(other, Server):
        return one.without_password == other.without_password
    if isinstance(one, Server) or isinstance(other, Server):
        return False
    return os.path.realpath(one) == os.path.realpath(other)


def place_of(text: str) -> str | Server:
    """What someone wrote for a ledger: a URI of a server, else a path. Raises `NoAddress`."""
    if text.startswith(SCHEMES):
        return Server(text)
    if _MEANT.match(text):
        raise NoAddress(path=str(Server(text)))
    return text
