"""What the tests about a ledger on a server share, beside the fixtures in conftest."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from samples import GIVE
from servers import STORES
from worlds import FOUNDED, Clock, people

from ledger.database import Database
from ledger.ledger import Ledger
from ledger.places import Server
from ledger.state import FOLDS
from ledger.verify import Verification
from projections.registry import PROJECTIONS

TWO = people("Ana", "Bo")


def second_network(server: Server, network: str = "ab" * 16) -> Ledger:
    """Another network in the same database, with three members and a gift."""
    from ledger.postgres.connection import open_bare  # noqa: PLC0415 - a run on files needs none
    from ledger.postgres.networks import add_network  # noqa: PLC0415

    with closing(open_bare(server)) as bare, bare.transaction():
        add_network(bare, network, b"s" * 32)
    ledger = Ledger(Server(server.uri, network), PROJECTIONS, Clock())
    for command in (FOUNDED, *people("Cy", "Di", "Eo"), GIVE):
        ledger.record(command)
    return ledger


def found_in(server: Server) -> list[str]:
    """What `verify` finds wrong."""
    with closing(Database.reading(server)) as database:
        findings = Verification(database, (*FOLDS, *PROJECTIONS)).findings()
        return [type(finding.error).__name__ for finding in findings]


def cut(database: Database) -> None:
    """End a connection from the server's side."""
    connection: Any = database.connection
    STORES.cluster.do(f"SELECT pg_terminate_backend({connection.bare.info.backend_pid}, 1000)")


class user:
    """A user who may log in, and where they find the ledger."""

    def __init__(self, server: Server, name: str) -> None:
        self._server, self._name = server, name

    def __enter__(self) -> Server:
        STORES.cluster.do(f"DROP ROLE IF EXISTS {self._name}", f"CREATE ROLE {self._name} LOGIN")
        return Server(f"{self._server.uri}&user={self._name}".replace("natverk@", "", 1))

    def __exit__(self, *_: object) -> None:
        STORES.cluster.do(f"DROP ROLE {self._name}")
