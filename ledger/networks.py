"""The networks of one place, and which of them somebody means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ledger.closed import CLOSED, UnfinishedCopyOf, copied_up_to, moved_to
from ledger.errors import LedgerError
from ledger.places import Server
from ledger.values import FORGOTTEN, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.database import Database

NETWORK_ID = re.compile("[0-9a-f]{32}")
_CANDIDATES = 5  # listed at most
_NAMED = (
    "SELECT network.NETWORK, texts.text FROM network LEFT JOIN texts"
    " ON texts.NETWORK = network.NETWORK AND texts.position = name_at AND field = 'name'"
)

_CLOSED = (
    f"SELECT settings.NETWORK, value FROM settings WHERE name = '{CLOSED}'"
    " AND (value GLOB '*copying *' OR value GLOB '*moved *')"
)


class WhichNetwork(LedgerError):
    """What was written for a network leads to none; `said_by` ends the hint: who wrote it."""

    exit_code = 3

    def __init__(self, **facts: object) -> None:
        super().__init__(**{"said_by": "", **facts})


class UnknownNetwork(WhichNetwork):
    """No network that one may use has that name or id."""

    message = "there is no network “{name}” at {path}"
    hint = "natverk networks lists those that you may use{said_by}"


class NoSuchNetwork(UnknownNetwork):
    """The same where there are others; `candidates` are some of them."""

    hint = "there is {candidates}{said_by}"


class AmbiguousNetwork(WhichNetwork):
    """Several networks have a name that is or begins like that."""

    message = "“{name}” could be several networks: {candidates}"
    hint = "write more of the name, or the id{said_by}"


class SameName(AmbiguousNetwork):
    """They are all called the same."""

    hint = "they have the same name: write the id"


class Named(NamedTuple):
    """A network by its id, 32 hex digits, and what it is called."""

    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class Elsewhere(NamedTuple):
    """A network that is in another place: its id, what it is called there, and where it is."""

    id: str
    name: str
    server: Server


class Networks(Protocol):
    """Those of one place that one may see, each asked the same.

    In a query, `TABLE.NETWORK` is the network of a row of a table. `elsewhere` are those that
    the place only knows the way to.
    """

    elsewhere: Sequence[Elsewhere]
    dialect: Any  # of the settings

    def select(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query answers for all of them; the network comes first in each row."""


class OneNetwork:
    """The network of a ledger that has no other."""

    elsewhere: Sequence[Elsewhere] = ()

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect = database.dialect

    def select(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query answers, with the network first in each row."""
        found = self._database.select(re.sub(r"\b\w+\.NETWORK\b", "''", query), *values)
        return [(self._database.network, *rest) for _, *rest in found]


@contextmanager
def networks_of(server: Server) -> Iterator[Networks]:
    """Those of a database that its user may see, as they are at one moment."""
    from ledger.postgres.many import Many  # noqa: PLC0415 - a library

    with closing(Many(server)) as many:
        yield many


def named(networks: Networks) -> list[Named]:
    """Every network and its name, also of those elsewhere."""
    here = {id: name or FORGOTTEN for id, name in networks.select(_NAMED)}
    away = {each.id: each.name or here.get(each.id, each.id) for each in networks.elsewhere}
    return [Named(*each) for each in (here | away).items()]


def closed(networks: Networks) -> dict[str, str | None]:
    """Where a network has moved, by its id; None: it is an unfinished copy. Others are open."""
    found = {id: networks.dialect.from_setting(why) for id, why in networks.select(_CLOSED)}
    return {id: moved_to(why) if copied_up_to(why) is None else None for id, why in found.items()}


def unfinished(networks: Networks) -> list[Named]:
    """The copies that are being made, or were broken off: networks that nobody can open yet."""
    half = [id for id, to in closed(networks).items() if to is None]
    names = dict(named(networks)) if half else {}
    return [Named(id, names.get(id, id)) for id in half]


def only_one(server: Server) -> Server | None:
    """The server with the only network that one may use; None: there are several.

    An unfinished copy is not one yet.
    """
    with networks_of(server) as networks:
        half = {each.id for each in unfinished(networks)}
        there = {id for (id,) in networks.select("SELECT progress.NETWORK FROM progress")} - half
    return Server(server.uri, there.pop(), server.here) if len(there) == 1 else None


def network_on(server: Server, text: str) -> Server:
    """The server with the network that somebody means, by an id or a name.

    An id is taken as it is; whether there is such a network shows when it is opened. Raises what
    `chosen` does, and `UnfinishedCopyOf` where only an unfinished copy is meant.
    """
    written = text.strip()
    if NETWORK_ID.fullmatch(written.lower()):
        return Server(server.uri, written.lower())
    with networks_of(server) as networks:
        away = {each.id for each in networks.elsewhere}
        half = [each for each in unfinished(networks) if each.id not in away]
        whole = [each for each in named(networks) if each not in half]
    try:
        return Server(server.uri, chosen(written, whole, str(server)))
    except UnknownNetwork:
        with suppress(UnknownNetwork):
            id = chosen(written, half, str(server))
            network = Named(id, dict(half)[id])
            raise UnfinishedCopyOf(network=str(network), path=str(server)) from None
        raise


def chosen(text: str, networks: Sequence[Named], path: str) -> str:
    """The id of the network that `text` means: an id, a whole name, or the beginning of either.

    Raises `UnknownNetwork`, `AmbiguousNetwork`.
    """
    folded = fold(text)
    ways: Iterable[Callable[[Named], bool]] = (
        lambda each: each.id == text.lower(),
        lambda each: fold(each.name) == folded,
        lambda each: fold(each.name).startswith(folded) or each.id.startswith(text.lower()),
    )
    for means in ways:
        found = [each for each in networks if means(each)]
        if len(found) == 1:
            return found[0].id
        if found:
            alike = len({fold(each.name) for each in found}) == 1
            raise (SameName if alike else AmbiguousNetwork)(name=text, candidates=_listed(found))
    if not networks:
        raise UnknownNetwork(name=text, path=path)
    raise NoSuchNetwork(name=text, path=path, candidates=_listed(networks))


def _listed(networks: Sequence[Named]) -> str:
    """Some networks in words."""
    some = sorted(networks, key=lambda each: (fold(each.name), each.id))[:_CANDIDATES]
    return ", ".join(map(str, some)) + (", …" if len(networks) > _CANDIDATES else "")
