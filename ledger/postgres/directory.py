"""The networks that are elsewhere: a table of a database that its owner edits, the way there."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ledger import errors
from ledger.networks import Elsewhere, UnknownNetwork
from ledger.places import Server
from ledger.postgres.dialect import SCHEMA, TEXT
from ledger.postgres.errors import NoRoleOfLedger, SeveralNetworks

STEPS = 4  # from one directory to the next, at most
DIRECTORY = (
    f"CREATE TABLE {SCHEMA}.elsewhere (network {TEXT} PRIMARY KEY,"
    f" name {TEXT} NOT NULL DEFAULT '', uri {TEXT} NOT NULL,"
    " CHECK (network ~ '^[0-9a-f]{32}$'), CHECK (uri ~ '^postgres(ql)?://'))"
)


def elsewhere(bare: psycopg.Connection[Any], server: Server) -> list[Elsewhere]:
    """All that the directory of a database has."""
    query = f"SELECT network, name, uri FROM {SCHEMA}.elsewhere ORDER BY network"
    found = bare.execute(query.encode()).fetchall()
    return [Elsewhere(id, name, way_to(uri, id, server)) for id, name, uri in map(tuple, found)]


def way_to(uri: str, network: str, server: Server) -> Server:
    """Where a network is, for whoever asked for it at a server: the same user, unless it says."""
    scheme, _, rest = uri.partition("://")
    user = conninfo_to_dict(server.uri).get("user")
    if user and "@" not in rest.partition("?")[0] and "user" not in conninfo_to_dict(uri):
        uri = f"{scheme}://{quote(str(user))}@{rest}"
    return Server(uri, network)


def nothing_for(bare: psycopg.Connection[Any], server: Server) -> errors.LedgerError:
    """Why no network was entered: there is none, or this user has the role of none."""
    found = bare.execute(f"SELECT network FROM {SCHEMA}.networks").fetchall()
    if not found and server.network is None and elsewhere(bare, server):
        return SeveralNetworks(path=str(server))
    if not found:
        return errors.LedgerMissing(path=str(server))
    if server.network is not None and (server.network,) not in map(tuple, found):
        return UnknownNetwork(name=server.network, path=str(server))
    return NoRoleOfLedger(path=str(server), user=bare.info.user)
