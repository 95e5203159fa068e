"""The networks of a database that its user may see, each asked the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import psycopg

from ledger import errors
from ledger.networks import Elsewhere
from ledger.places import Server
from ledger.postgres.connection import (
    ALLOWED,
    SAFE,
    TAKE,
    Connection,
    as_kept,
    open_bare,
)
from ledger.postgres.cursor import Cursor
from ledger.postgres.dialect import NETWORK, POSTGRES, SCHEMA
from ledger.postgres.directory import elsewhere
from ledger.postgres.errors import NoRoleOfLedger


class Many:
    """Questions to all of them as they are at one moment.

    Whom row-level security does not concern, as the owner of the tables, asks once for all
    networks, and can only read; others ask in the role of each of theirs, in one exchange.
    """

    dialect = POSTGRES

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection = Connection(open_bare(server), server)
        try:
            self._begin()
            self.elsewhere: Sequence[Elsewhere] = elsewhere(self._connection.bare, server)
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        try:
            self._connection.bare.execute(f"SELECT FROM {SCHEMA}.form".encode())
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            raise errors.LedgerMissing(path=str(self._server)) from None
        except psycopg.errors.InsufficientPrivilege:
            user = self._connection.bare.info.user
            raise NoRoleOfLedger(path=str(self._server), user=user) from None
        with self._connection.failing():
            self._connection.bare.execute(SAFE.encode())
            as_kept(self._connection.bare)
            self._connection.execute(POSTGRES.start_reading)

    @cached_property
    def _one_by_one(self) -> list[str] | None:
        """The networks to ask in, each in its role; None where one asks in all at once."""
        active = f"SELECT row_security_active('{SCHEMA}.stored_events')"
        if not self._connection.execute(active).fetchone()[0]:
            return None
        allowed = f"SELECT network FROM {ALLOWED} ORDER BY network"
        return [network for (network,) in self._connection.execute(allowed)]

    def select(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query answers for all of them; the network comes first in each row."""
        sql = re.sub(r"\b(\w+)\.NETWORK\b", rf"\1.{NETWORK}", query)
        if self._one_by_one is None:
            return self._connection.execute(sql, values).fetchall()
        with self._connection.together():
            answers = [self._asked(network, sql, values) for network in self._one_by_one]
            return [row for answer in answers for row in answer]

    def _asked(self, network: str, sql: str, values: tuple[Any, ...]) -> Cursor:
        self._connection.execute("RESET ROLE")
        self._connection.execute(TAKE.replace("{only}", "WHERE network = ?"), (network,))
        return self._connection.execute(sql, values)

    def close(self) -> None:
        """End it."""
        self._connection.close()
