"""Many networks in one database: what all of them cost at a glance, and one of them to open.

Some networks are recorded; the others are the same rows under ids of their own, so that any of
them can be verified. Who asks is no superuser, for whom the server looks at no roles.
"""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

import psycopg
import pytest
import worlds
from conftest import Figures, of_the_tests, running, timed

from ledger import commands as c
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.places import Server
from ledger.postgres.networks import role_of
from ledger.postgres.rights import APPLICATION
from ledger.state import FOLDS
from ledger.verify import Verification
from projections.reciprocity import balance_rows
from projections.registry import PROJECTIONS

EVENTS, MEMBERS = 100, 12
RECORDED = 10  # networks; the others are like one of these
FEW, MANY = 10, 10_000
SETTINGS = {"autovacuum": "on", "shared_buffers": "256MB"}
USERS = ("owner", "member")  # who founds them all, and who has the role of one

_TABLES = (
    "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
    " WHERE relnamespace = 'natverk'::regnamespace AND relkind = 'r'"
    " AND attname = 'originator_id' AND relname <> 'settings'"
)
_COLUMNS = (
    "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
    " WHERE attrelid = ('natverk.' || %s)::regclass AND attnum > 0 AND NOT attisdropped"
    " AND attidentity = '' AND attname NOT IN ('originator_id', 'notification_id')"
)


class Place(NamedTuple):
    """A database of networks: its address for each of `USERS`, and the id of one of them."""

    address: dict[str, str]
    network: str


@pytest.fixture(scope="module")
def databases() -> Iterator[dict[int, Place]]:
    """By how many networks there are."""
    cluster = of_the_tests("servers").Cluster.started(**SETTINGS)
    try:
        cluster.do("CREATE ROLE owner LOGIN CREATEROLE", "CREATE ROLE member LOGIN")
        yield {count: _made(cluster, count) for count in (FEW, MANY)}
    finally:  # also when one could not be made
        cluster.end()


def _made(cluster: Any, count: int) -> Place:
    server = cluster.empty()
    address = {user: server.uri.replace("natverk@", f"{user}@", 1) for user in USERS}
    name = server.uri.partition("?")[0].rpartition("/")[2]
    cluster.do(f"ALTER DATABASE {name} OWNER TO owner")
    recorded = [_recorded(Server(address["owner"]), seed) for seed in range(RECORDED)]
    with psycopg.connect(server.uri, autocommit=True) as bare:
        for number, network in enumerate(recorded):
            _multiply(bare, network, (count - RECORDED) // RECORDED, f"{number:x}")
        bare.execute("VACUUM ANALYZE")
        bare.execute(f"GRANT {role_of(recorded[0])} TO member")
    return Place(address, recorded[0])


def _recorded(server: Server, seed: int) -> str:
    founding = c.Found(name=f"Network {seed}", idea="-", occurred_at=worlds.FOUNDED)
    with Ledger.found(server, founding, PROJECTIONS, lambda: datetime.now(UTC)) as ledger:
        with ledger.transaction() as transaction:
            for command in islice(_commands(seed), EVENTS - 1):
                transaction.record(command)
        return ledger.database.network


def _multiply(bare: Any, network: str, times: int, start: str) -> None:
    """Make so many networks with the rows of one, each with its role."""
    if not times:
        return
    ids = (
        f"SELECT '{start}' || substr(md5('{start}' || n), 2) AS fresh"
        f" FROM generate_series(1, {times}) AS n"
    )
    bare.execute(f"INSERT INTO natverk.networks {ids}")
    bare.execute(
        f"DO $$ DECLARE fresh text; BEGIN FOR fresh IN {ids} LOOP"
        f" EXECUTE 'CREATE ROLE natverk_' || fresh || ' NOLOGIN IN ROLE {APPLICATION}';"
        " END LOOP; END $$"
    )
    bare.execute(
        "INSERT INTO natverk.settings (name, value, originator_id) SELECT name,"
        " CASE name WHEN 'network' THEN to_json(fresh)::text ELSE value END, fresh"
        f" FROM natverk.settings, ({ids}) AS made WHERE originator_id = '{network}'"
    )
    for (table,) in bare.execute(_TABLES).fetchall():
        [columns] = bare.execute(_COLUMNS, (table,)).fetchone()
        bare.execute(
            f"INSERT INTO natverk.{table} ({columns}, originator_id) SELECT {columns}, fresh"
            f" FROM natverk.{table}, ({ids}) AS made WHERE originator_id = '{network}'"
        )


def _commands(seed: int) -> Iterator[c.Command]:
    """Twelve members, an offer and an ask of each, and gifts until today; one has left."""
    chance, now = random.Random(seed), datetime.now(UTC)
    start = now - timedelta(days=365)
    for number in range(1, MEMBERS + 1):
        yield c.Join(name=f"Medlem {number}", occurred_at=start)
    for number in range(1, MEMBERS + 1):
        yield c.Offer(owner=f"m{number}", kind="equipment", category="borr", occurred_at=start)
        yield c.Ask(asker=f"m{number}", kind="service", category="hjälp", occurred_at=start)
    yield c.Leave(member=f"m{MEMBERS}", occurred_at=start + timedelta(days=1))
    gifts = EVENTS - 2 - 3 * MEMBERS
    for number in range(gifts):
        at = start + timedelta(days=2) + number * timedelta(days=363) / gifts
        yield worlds.gift(chance, at, MEMBERS - 1)


def opens(place: Place, user: str, network: str | None) -> Callable[[], None]:
    """What `natverk balance` does beside being started."""

    def ask() -> None:
        with closing(Database.reading(Server(place.address[user], network))) as database:
            assert len(balance_rows(database)) == MEMBERS

    return ask


def test_all_at_a_glance(databases: dict[int, Place], figures: Figures) -> None:
    place = databases[MANY]
    asks = running(sys.executable, "-m", "cli", "--ledger", place.address["owner"], "networks")
    asks()
    seconds = statistics.median(timed(asks) for _ in range(5))
    figures.at_most(f"networks, {MANY} of {EVENTS} events, whole process", seconds, 1, "s")


@pytest.mark.parametrize("user", USERS)
def test_one_opened_among_many(
    race: Any, databases: dict[int, Place], figures: Figures, user: str
) -> None:
    few, many = (opens(databases[count], user, databases[count].network) for count in (FEW, MANY))
    ratio = race(few, many, rounds=25)
    figures.at_most(f"one of {MANY} opened and asked by its {user}, against {FEW}", ratio, 1.3)


def test_the_only_one_that_a_member_may_use(
    race: Any, databases: dict[int, Place], figures: Figures
) -> None:
    few, many = (opens(databases[count], "member", None) for count in (FEW, MANY))
    ratio = race(few, many, rounds=25)
    figures.at_most(f"the one that a member may use of {MANY}, unnamed, against {FEW}", ratio, 2)


def test_any_of_them_is_whole(databases: dict[int, Place]) -> None:
    with psycopg.connect(databases[MANY].address["owner"]) as bare:
        some = bare.execute("SELECT network FROM natverk.networks ORDER BY network").fetchall()
    for (network,) in some[:: MANY // 20]:
        with closing(Database.reading(Server(databases[MANY].address["owner"], network))) as one:
            assert one.head() == EVENTS
            assert list(Verification(one, (*FOLDS, *PROJECTIONS)).findings()) == []
