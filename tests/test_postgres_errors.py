"""A ledger on a server that is not as it should be."""

from __future__ import annotations

from contextlib import closing

import pytest
from cli_world import Natverk
from postgres_world import TWO
from samples import GIVE
from servers import STORES
from worlds import FOUNDED, Clock, differences, opened

from ledger import errors
from ledger.database import Database
from ledger.ledger import Ledger
from projections.registry import PROJECTIONS

psycopg = pytest.importorskip("psycopg")

from ledger.postgres.connection import open_bare  # noqa: E402
from ledger.postgres.errors import RightsChanged  # noqa: E402
from ledger.postgres.schema import every_of  # noqa: E402

pytestmark = pytest.mark.server


def test_a_ledger_of_a_later_version_is_left_alone() -> None:
    server = STORES.cluster.fresh()
    Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
    with closing(open_bare(server)) as owner:
        owner.execute("UPDATE natverk.form SET version = version + 1")
    for opens in (opened, Database.reading):
        with pytest.raises(errors.LedgerFromTheFuture):
            opens(server)


def test_what_fails_at_the_end_of_a_write_leaves_nothing() -> None:
    server = STORES.cluster.fresh()
    made = Ledger.found(server, FOUNDED, PROJECTIONS, Clock())
    with closing(open_bare(server)) as owner, made as ledger:
        ledger.record(TWO[0])
        ledger.record(TWO[1])
        roles = f"natverk_app, {every_of(owner)}"
        owner.execute(f"REVOKE UPDATE ON natverk.progress FROM {roles}")
        with pytest.raises(RightsChanged):
            ledger.record(GIVE)
        owner.execute(f"GRANT UPDATE ON natverk.progress TO {roles}")
        owner.execute(f"REVOKE INSERT ON natverk.pairs FROM {roles}")
        with pytest.raises(RightsChanged):
            ledger.record(GIVE)
        assert ledger.database.head() == 3
        owner.execute(f"GRANT INSERT ON natverk.pairs TO {roles}")
        assert ledger.record(GIVE).position == 4
        assert differences(ledger) == []


def test_a_table_that_is_gone_is_damage() -> None:
    server = STORES.cluster.fresh()
    Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
    with closing(open_bare(server)) as owner:
        owner.execute("DROP TABLE natverk.pairs")
    with opened(server) as ledger, pytest.raises(errors.LedgerDamaged):
        differences(ledger)


def test_a_ledger_on_a_server_that_cannot_be_read_is_damaged(natverk: Natverk) -> None:
    server = STORES.cluster.fresh()
    natverk.does("--ledger", server.uri, "init", "Linden", "--idea", "dela")
    natverk.does("--ledger", server.uri, "verify")
    with closing(open_bare(server)) as owner:
        owner.execute("DROP TABLE natverk.keys")
    for command in (
        ("verify",),
        ("join", "Åsa", "--id", "x"),
        ("export", "--ndjson", "out.ndjson"),
    ):
        refused = natverk("--ledger", server.uri, *command)
        assert refused.code == 4
        assert "is damaged: " in refused.err
