"""The directory of a database: networks that are elsewhere, found all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from cli_world import Natverk
from moving import move_under_load
from servers import STORES, Cluster
from test_errors_golden import agrees
from test_errors_golden_servers import said

from ledger.database import Database
from ledger.places import Server

psycopg = pytest.importorskip("psycopg")

pytestmark = pytest.mark.server


@pytest.fixture
def other() -> Iterator[Cluster]:
    """Another server."""
    cluster = Cluster.started()
    yield cluster
    cluster.end()


def listed(place: Server, network: str, name: str, uri: str) -> None:
    """Let the owner of a database say where a network is."""
    row = f"('{network}', '{name}', '{uri}')"
    STORES.cluster.do_in(place.uri, f"INSERT INTO natverk.elsewhere VALUES {row}")


def moved(natverk: Natverk) -> tuple[str, Server]:
    """The network of a ledger moves to another database; its id, and where it is."""
    target = STORES.cluster.empty()
    [row] = natverk.rows("networks")
    natverk.does("copy", "--move", natverk.place.uri, target.uri)
    return row["id"], target


def test_nothing_is_lost_when_a_network_moves_to_another_server_under_load(other: Cluster) -> None:
    writers, _ = move_under_load(STORES.cluster, other, writers=2, before=15, after=10)
    assert [len(set(each.places)) for each in writers] == [2, 2, 1, 1]


def test_who_asks_in_the_old_place_is_sent_to_the_new_one(kvarteret: Natverk) -> None:
    # Given a network that has moved, and another that has stayed
    before = kvarteret.does("log")
    network, target = moved(kvarteret)
    kvarteret.does("init", "Skogen", "--idea", "x")
    # When the owner of the old place says where it is
    listed(kvarteret.place, network, "Linden", target.uri)
    # Then it is found by its name and its id, and is recorded in
    for called in ("Linden", network):
        assert kvarteret.does("--network", called, "log") == before
    [row] = kvarteret.rows("--network", "Linden", "give", "Eva", "Knut", "te")
    assert row["position"] == 10
    assert kvarteret.rows("--ledger", target.uri, "log", "-n", "1")[0]["position"] == 10
    # And it stands among the others, as it is where it is
    rows = {row["id"]: row["entries"] for row in kvarteret.rows("networks")}
    assert rows[network] == 10
    assert len(rows) == 2


def test_a_server_that_does_not_answer_hides_no_other_network(kvarteret: Natverk) -> None:
    # Given a directory that names a network on a server that is not there
    listed(kvarteret.place, "ab" * 16, "Linden", "postgresql://127.0.0.1:1/natverk")
    # Then the others are listed, and it is said what is not
    result = kvarteret("networks", "--json")
    assert result.code == 4
    assert [row["name"] for row in result.json()] == ["Kvarteret Linden"]
    agrees("servers/networks-not-listed", said(result.err))


def test_who_was_named_at_the_old_place_is_at_the_new_one(kvarteret: Natverk) -> None:
    network, target = moved(kvarteret)
    listed(kvarteret.place, network, "", target.uri.replace("natverk@", "", 1))
    with closing(Database.reading(Server(kvarteret.place.uri, network))) as there:
        assert there.path == Server(target.uri, network)


def test_a_network_that_comes_back_is_copied_into_the_old_place(kvarteret: Natverk) -> None:
    network, target = moved(kvarteret)
    listed(kvarteret.place, network, "Linden", target.uri)
    kvarteret.does("leave", "Eva")
    kvarteret.does("copy", "--move", target.uri, kvarteret.place.uri)
    STORES.cluster.do_in(kvarteret.place.uri, "DELETE FROM natverk.elsewhere")
    assert len(kvarteret.rows("log")) == 10
    assert kvarteret.rows("leave", "Knut")[0]["position"] == 11


def test_a_directory_that_does_not_know_that_a_network_came_home(kvarteret: Natverk) -> None:
    network, target = moved(kvarteret)
    listed(kvarteret.place, network, "Linden", target.uri)
    kvarteret.does("copy", "--move", target.uri, kvarteret.place.uri)
    told = re.sub(r"\?host=[^:]*", "", kvarteret.refuses("leave", "Eva"))
    agrees("servers/directory-behind", said(told))
    asked = kvarteret("log")
    assert asked.code == 0
    assert "natverk.elsewhere at" in asked.err


def test_a_network_is_not_copied_to_where_the_directory_finds_it(kvarteret: Natverk) -> None:
    network, target = moved(kvarteret)
    listed(kvarteret.place, network, "Linden", target.uri)
    assert "the ledger itself" in kvarteret.refuses("copy", kvarteret.place.uri, target.uri)


def test_directories_that_lead_in_a_circle(kvarteret: Natverk) -> None:
    network, _ = moved(kvarteret)
    listed(kvarteret.place, network, "Linden", kvarteret.place.uri)
    told = kvarteret.refuses("log").replace(network, "…")
    agrees("servers/directory-in-circles", said(told))


def test_a_directory_alone_asks_which_network_is_meant(natverk: Natverk) -> None:
    listed(natverk.place, "ab" * 16, "Linden", "postgresql://127.0.0.1:1/natverk")
    agrees("servers/directory-alone", said(natverk.refuses("log")))


@pytest.mark.parametrize("row", ["('x', '', 'postgresql:///a')", "('{id}', '', 'natverk.db')"])
def test_what_leads_nowhere_is_not_listed(row: str, natverk: Natverk) -> None:
    values = row.replace("{id}", "ab" * 16)
    with pytest.raises(psycopg.errors.CheckViolation):
        STORES.cluster.do_in(natverk.place.uri, f"INSERT INTO natverk.elsewhere VALUES {values}")
