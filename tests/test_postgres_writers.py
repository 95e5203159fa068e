"""Who waits for whom on a server: several who found or record at once, and other versions."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import Any

import pytest
from postgres_world import found_in, second_network, user
from samples import GIVE
from servers import STORES
from worlds import FOUNDED, Clock, differences, opened

from ledger import errors
from ledger import ledger as shell
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.places import Server
from projections.reciprocity import balance
from projections.registry import PROJECTIONS

psycopg = pytest.importorskip("psycopg")

from ledger.postgres.connection import open_bare  # noqa: E402
from ledger.postgres.errors import OwnerNeeded  # noqa: E402

pytestmark = pytest.mark.server

# Founding


@pytest.mark.parametrize("step", ["_current_store", "Writer"])
def test_a_founding_that_breaks_off_leaves_no_network(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    server = STORES.cluster.empty()
    with monkeypatch.context() as patch:
        patch.setattr(shell, step, breaks)
        with pytest.raises(KeyboardInterrupt):
            Ledger.found(server, FOUNDED, PROJECTIONS, Clock())
    with pytest.raises(errors.LedgerMissing):
        Database.reading(server)
    with Ledger.found(server, FOUNDED, PROJECTIONS, Clock()) as ledger:
        assert ledger.database.head() == 1


def test_several_who_found_at_once_found_one_network() -> None:
    server, founded_by, told = STORES.cluster.empty(), [], []

    def found() -> None:
        try:
            Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
            founded_by.append(threading.current_thread())
        except errors.LedgerExists as error:
            told.append(error)

    founders = [threading.Thread(target=found) for _ in range(6)]
    for each in founders:
        each.start()
    for each in founders:
        each.join()
    assert (len(founded_by), len(told)) == (1, 5)
    with closing(Database.reading(server)) as reading:
        assert reading.head() == 1


# Recording


def test_two_networks_never_wait_for_each_other(ledger: Ledger, server: Server) -> None:
    with closing(second_network(server)) as other, ledger.transaction() as transaction:
        transaction.record(GIVE)
        other.database.connection.execute("SET lock_timeout = '1ms'")
        assert other.record(GIVE).position == 6


def test_who_records_in_the_same_network_waits(ledger: Ledger, server: Server) -> None:
    with opened(server) as other:
        other.database.connection.execute("SET lock_timeout = '50ms'")
        with ledger.transaction() as transaction:
            transaction.record(GIVE)
            with pytest.raises(errors.LedgerLocked):
                other.record(GIVE)
        assert other.record(GIVE).position == 5


def test_eight_who_record_at_once_leave_no_gap(ledger: Ledger, server: Server) -> None:
    each, failed = 25, []

    def record() -> None:
        try:
            with opened(server) as mine:
                for _ in range(each):
                    mine.record(GIVE)
        except BaseException as error:  # told below
            failed.append(error)

    writers = [threading.Thread(target=record) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    with opened(server) as after:
        positions = [position for position, _, _ in after.database.entries()]
        assert positions == list(range(1, 3 + 8 * each + 1))
        assert differences(after) == []


# Another version of natverk


def test_the_owner_brings_tables_up_to_date_and_each_network_its_rows() -> None:
    server = STORES.cluster.fresh()
    Ledger.found(server, FOUNDED, PROJECTIONS, Clock()).close()
    with closing(open_bare(server)) as owner:
        [(network,)] = owner.execute("SELECT network FROM natverk.networks").fetchall()
        with closing(second_network(server)) as other:
            assert balance(other.database, "m1").given == 1
        older(owner)
        with user(server, "anna") as anna:
            owner.execute(f"GRANT natverk_{network} TO anna")
            with pytest.raises(OwnerNeeded):
                opened(anna)
        for each in (network, "ab" * 16):
            with opened(Server(server.uri, each)) as ledger:
                assert differences(ledger) == []
                assert found_in(Server(server.uri, each)) == []


def older(owner: Any) -> None:
    """As an earlier version would have left a table."""
    owner.execute("ALTER TABLE natverk.pairs DROP COLUMN gifts")
    owner.execute("UPDATE natverk.folds SET version = 0 WHERE name = 'pairs'")


def test_rows_of_another_version_are_made_anew_by_whoever_comes(
    ledger: Ledger, server: Server
) -> None:
    ledger.record(GIVE)
    ledger.close()
    with closing(open_bare(server)) as owner:
        owner.execute("UPDATE natverk.folds SET version = 0; DELETE FROM natverk.pairs")
    with opened(server) as again:
        assert differences(again) == []
