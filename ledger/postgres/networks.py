"""A network in the schema: its role, and the rows without which it is none."""

from __future__ import annotations

from typing import Any

import psycopg

from ledger.closed import CLOSED
from ledger.database import INDEX_VERSION
from ledger.postgres.dialect import NETWORK, POSTGRES, ROLE, SCHEMA
from ledger.postgres.rights import APPLICATION
from ledger.values import START_OF_TIME


def role_of(network: str) -> str:
    """The role of a network, by its id in hex."""
    return f"{ROLE}{bytes.fromhex(network).hex()}"


def add_network(
    bare: psycopg.Connection[Any], network: str, secret: bytes, closed: str = ""
) -> None:
    """Make an empty network with its role, in the open transaction.

    `network` is its id in hex, `secret` the key of its fingerprints; `closed`: why nobody
    records in it yet.
    """
    role = role_of(network)
    # Another database of the server may have the same network, which then has the same role.
    bare.execute(
        f"DO $$ BEGIN IF to_regrole('{role}') IS NULL THEN"
        f" CREATE ROLE {role} NOLOGIN IN ROLE {APPLICATION}; END IF; END $$".encode()
    )
    bare.execute(f"INSERT INTO {SCHEMA}.networks VALUES (%s)".encode(), (network,))
    settings = {"network": network, "secret": secret, "index": INDEX_VERSION, CLOSED: closed}
    for name, value in settings.items():
        bare.execute(
            f"INSERT INTO {SCHEMA}.settings VALUES (%s, %s, %s)".encode(),
            (name, POSTGRES.to_setting(value), network),
        )
    bare.execute(
        f"INSERT INTO {SCHEMA}.progress VALUES (1, 0, %s, %s, %s, %s)".encode(),
        (START_OF_TIME, START_OF_TIME, b"", network),
    )


def remove_network(bare: psycopg.Connection[Any], network: str) -> None:
    """Take away a network if nothing was recorded in it, in the open transaction, by its owner.

    Its role stays, as another database may have the same network; it may do nothing here.
    """
    entries = f"SELECT FROM {SCHEMA}.stored_events WHERE {NETWORK} = %s LIMIT 1"
    if bare.execute(entries.encode(), (network,)).fetchone() is not None:
        return
    for name in ("settings", "progress", "folds"):
        bare.execute(f"DELETE FROM {SCHEMA}.{name} WHERE {NETWORK} = %s".encode(), (network,))
    bare.execute(f"DELETE FROM {SCHEMA}.networks WHERE network = %s".encode(), (network,))
