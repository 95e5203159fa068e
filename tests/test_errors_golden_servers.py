"""What is said when a server does not do what is asked; see test_errors_golden.py."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from cli_world import Natverk
from servers import STORES
from test_errors_golden import GOLDEN, agrees

from ledger.database import Database
from ledger.places import Server

pytestmark = pytest.mark.server

SOCKET = "/tmp/natverk-no-server"
ASKS = ("balance",)
FOUNDS = ("init", "Kvarteret linden", "--idea", "x")
# By the name of the file: the address, what is done first, and the command.
ADDRESSES = {
    "no-server": (f"postgresql://natverk@/natverk?host={SOCKET}", ASKS),
    "refused": ("postgresql://natverk@127.0.0.1:1/natverk", ASKS),
    "no-such-host": ("postgresql://natverk@no-such-host.invalid/natverk", ASKS),
    "not-a-port": ("postgresql://asa@localhost:port/natverk", ASKS),
    "not-an-address": ("postgresql://natverk@localhost/natverk?nonsense=1", ASKS),
}
ABOUT_FILES = {
    "backup": ("backup", "copy.db"),
    "restore": ("restore", "copy.db"),
    "doctor": ("doctor",),
}
OTHERS = {"no-such-database", "wrong-password", "no-password", "no-ledger", "not-granted"}
OTHERS |= {"directory-in-circles", "directory-alone", "networks-not-listed", "directory-behind"}
OTHERS |= {"name-taken", "same-name", "network-unfinished"}
OTHERS |= {"may-not-found", "there-already", "lost", "no-driver"}
OTHERS |= {"several-networks", "no-such-network", "no-network-of-that-id", "ambiguous-network"}


def said(result: str) -> str:
    """An error without where the test's own server is."""
    return re.sub(r"natverk_test_\d+_\d+", "natverk", result)


def database_of(natverk: Natverk) -> str:
    uri: str = natverk.place.uri
    return uri


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_at_which_nobody_answers(name: str, natverk: Natverk) -> None:
    address, command = ADDRESSES[name]
    result = natverk("--ledger", address, *command)
    assert result.code in (2, 4)
    told = re.sub(r"(resolve host '.*'): .*", r"\1: …", result.err)  # in the words of the system
    agrees(f"servers/{name}", said(told))


@pytest.mark.parametrize("name", ABOUT_FILES)
def test_what_is_about_a_file_is_not_about_a_server(name: str, kvarteret: Natverk) -> None:
    result = kvarteret(*ABOUT_FILES[name])
    assert result.code == 4
    agrees(f"servers/{name}", said(result.err))


def test_a_database_that_is_not_there(natverk: Natverk) -> None:
    address = re.sub(r"natverk_test_\d+_\d+", "none", database_of(natverk))
    agrees("servers/no-such-database", natverk.refuses("--ledger", address, *ASKS))


@pytest.mark.parametrize(("name", "password"), [("wrong-password", ":wrong"), ("no-password", "")])
def test_a_server_that_lets_nobody_in(name: str, password: str, natverk: Natverk) -> None:
    if STORES.cluster.folder is None:
        pytest.skip("a server of our own asks for a password")
    address = database_of(natverk).replace("natverk@", f"locked{password}@", 1)
    STORES.cluster.do("DROP ROLE IF EXISTS locked", "CREATE ROLE locked LOGIN PASSWORD 'right'")
    told = natverk.refuses("--ledger", address, *ASKS)
    STORES.cluster.do("DROP ROLE locked")
    assert "wrong@" not in told
    agrees(f"servers/{name}", said(told))


def test_a_database_without_a_ledger(natverk: Natverk) -> None:
    empty = STORES.cluster.empty()
    agrees("servers/no-ledger", said(natverk.refuses("--ledger", empty.uri, *ASKS)))


def test_a_network_is_founded_once(kvarteret: Natverk) -> None:
    agrees("servers/there-already", said(kvarteret.refuses(*FOUNDS)))
    assert said(kvarteret.refuses(*FOUNDS, "--dry-run")) == said(kvarteret.refuses(*FOUNDS))


@pytest.mark.parametrize(("name", "command"), [("not-granted", ASKS), ("may-not-found", FOUNDS)])
def test_a_user_who_may_not(name: str, command: tuple[str, ...], kvarteret: Natverk) -> None:
    place = STORES.cluster.empty() if name == "may-not-found" else kvarteret.place
    STORES.cluster.do("DROP ROLE IF EXISTS anna", "CREATE ROLE anna LOGIN")
    address = place.uri.replace("natverk@", "anna@", 1)
    told = kvarteret.refuses("--ledger", address, *command)
    STORES.cluster.do("DROP ROLE anna")
    agrees(f"servers/{name}", said(told))


def test_a_connection_that_is_lost(kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch) -> None:
    head = Database.head

    def lost(database: Any) -> int:
        pid = database.connection.bare.info.backend_pid
        STORES.cluster.do(f"SELECT pg_terminate_backend({pid}, 1000)")
        return head(database)

    monkeypatch.setattr(Database, "head", lost)
    result = kvarteret(*ASKS)
    assert result.code == 4
    agrees("servers/lost", said(result.err))


def test_a_driver_that_is_not_installed(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("ledger.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg_pool", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    result = kvarteret(*ASKS)
    assert result.code == 4
    agrees("servers/no-driver", said(result.err))


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("postgresql://one:5432,two:x/natverk", "“x” is not a port number"),
        ("postgresql://localhost:123456/natverk", "“123456” is not a port number"),
        ("postgresql://localhost/natverk?port=x", "what stands for the port is not"),
        ("postgresql://asa:secret/x@localhost/natverk", "what stands for the port is not"),
        ("postgresql://asa:x@y:secret@localhost/natverk", "what stands for the port is not"),
    ],
)
def test_what_stands_for_a_port_is_told_unless_it_may_be_a_password(
    uri: str, said: str, natverk: Natverk
) -> None:
    result = natverk("--ledger", uri, *ASKS)
    assert result.code == 2
    assert said in result.err
    assert "secret" not in result.err


def test_a_password_is_never_shown() -> None:
    for uri, shown in (
        ("postgresql://a:secret@h:1/d", "postgresql://a@h:1/d"),
        ("postgres://h/d?user=a&password=secret&x=1", "postgres://h/d?user=a&x=1"),
        ("postgresql://a:sec?ret@h/d?x=1", "postgresql://a@h/d?x=1"),
        ("postgresql://a:sec/ret@h/d", "postgresql://a@h/d"),
        ("postgresql://h/d?options=a@b", "postgresql://h/d?options=a@b"),
    ):
        assert Server(uri).without_password == shown
        assert str(Server(uri)) == shown.partition("?")[0]


def test_no_golden_file_is_left_over() -> None:
    cases = {*ADDRESSES, *ABOUT_FILES, *OTHERS}
    assert {path.stem for path in (GOLDEN / "servers").glob("*.txt")} == cases
