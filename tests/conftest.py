"""What every test may ask for: the command line, run in this process, at a time that stands still.

    def test_a_gift_is_in_the_log(natverk):
        natverk.does("init", "Linden", "--idea", "grannar som hjälps åt")
        natverk.does("join", "Åsa")
        natverk.does("join", "Knut")
        natverk.does("give", "Åsa", "Knut", "bröd")
        assert natverk.rows("log")[0]["what"] == "bröd"

`natverk` starts in an empty folder with no ledger; `kvarteret` is the same with a small
network founded in it. For annotations: `from cli_world import Natverk, Result`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from cli_world import Clock, Natverk
from hypothesis import settings
from postgres_world import user
from servers import STORES
from worlds import founded, people

from ledger import runs
from ledger.ledger import Ledger
from ledger.places import Server

# How long an example takes depends on what else the machine does, and on what it loads first.
settings.register_profile("natverk", settings.default, deadline=None)
settings.load_profile("natverk")

SETTINGS = (
    "NATVERK_LEDGER",
    "NATVERK_NETWORK",
    "LANGUAGE",
    "LC_ALL",
    "LC_MESSAGES",
    "LANG",
    "NO_COLOR",
    "COLUMNS",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--store`: where the ledgers of the tests lie."""
    parser.addoption(
        "--store",
        choices=("sqlite", "postgres"),
        default="sqlite",
        help="the ledgers of the tests: in files, or on a PostgreSQL server (see tests/servers.py)",
    )
    parser.addoption(
        "--few",
        action="store_true",
        help="an eighth of the examples of a property; so too on a server",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say where the ledgers lie, before anything is collected."""
    STORES.postgres = config.getoption("--store") == "postgres"


def pytest_unconfigure() -> None:
    """Stop the server that was started."""
    STORES.end()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server, leave out what is about files; in files, what is about a server."""
    other = "file" if STORES.postgres else "server"
    left = [item for item in items if item.get_closest_marker(other) is not None]
    if STORES.postgres or config.getoption("--few"):
        for item in items:
            _with_fewer_examples(getattr(item, "obj", None))
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


def _with_fewer_examples(test: Any) -> None:
    """An eighth of the random histories: each costs a database, and in files all are tried."""
    given: settings | None = getattr(test, "_hypothesis_internal_use_settings", None)
    if given is not None:
        fewer = settings(given, max_examples=max(given.max_examples // 8, 1))
        test._hypothesis_internal_use_settings = fewer


@pytest.fixture(autouse=True)
def _databases() -> Iterator[None]:
    """What a test has made on a server is gone after it."""
    yield
    STORES.clear()


@pytest.fixture
def natverk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Natverk:
    """The command line in an empty folder, with no ledger and no settings.

    Its clock stands at noon on Tuesday 2026-11-03 in Stockholm; `natverk.clock.advance`.
    """
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    world = Natverk(tmp_path, Clock(), monkeypatch)
    if STORES.postgres:
        monkeypatch.setenv("NATVERK_LEDGER", world.place.uri)
    return world


@pytest.fixture
def kvarteret(natverk: Natverk) -> Natverk:
    """A network founded ten days ago, with nine entries.

    #1 the founding; #2 to #5 the members Åsa Öberg (m1), Knut Hansson (m2), Eva Lind (m3)
    and the organisation Café Linden (m4); #6 a lastcykel (r1) of Åsa's, one at a time;
    #7 coffee (r2) from the café, 20 cups; #8 Knut's ask for painting (a1), 4 hours;
    #9 a gift of 2 hours from Eva to Knut.
    """
    known = STORES.snapshots.get("kvarteret")
    if known is not None:
        STORES.cluster.load(natverk.place, known)
        return natverk
    _found_kvarteret(natverk)
    if STORES.postgres:
        STORES.snapshots["kvarteret"] = STORES.cluster.snapshot(natverk.place)
    return natverk


def _found_kvarteret(natverk: Natverk) -> None:
    founded = ("--at", "2026-10-24T10:00")
    idea = "grannar som hjälps åt"
    natverk.does("init", "Kvarteret Linden", "--idea", idea, *founded)
    for name in ("Åsa Öberg", "Knut Hansson", "Eva Lind"):
        natverk.does("join", name, *founded)
    natverk.does("join", "Café Linden", "--organisation", *founded)
    offered = ("--at", "2026-10-25T09:00")
    natverk.does("offer", "Åsa", "lastcykel", "--kind", "equipment", "--capacity", "1", *offered)
    stock = ("--kind", "other", "--stock", "20", "--unit", "cup")
    natverk.does("offer", "Café", "coffee", *stock, *offered)
    hours = ("--kind", "service", "--quantity", "4", "--unit", "hour")
    natverk.does("ask", "Knut", "painting a fence", *hours, "--at", "2026-10-26T09:00")
    natverk.does("give", "Eva", "Knut", "bookkeeping", "--hours", "2", "--at", "2026-10-27T09:00")


@pytest.fixture
def busy(kvarteret: Natverk) -> Natverk:
    """The small network with a rename, keys, a checkpoint, a correction, and someone forgotten."""
    kvarteret.does("describe", "Eva", "--name", "Eva Lindgren")
    kvarteret.does("pause", "Eva", "--id", "k1")
    kvarteret.does("pause", "Eva", "--id", "k2")
    kvarteret.does("give", "Åsa", "Knut", "bröd", "--id", "k3")
    kvarteret.does("correct", "12", "--what", "rågbröd")
    kvarteret.does("checkpoint")
    kvarteret.does("join", "Per Ek")
    kvarteret.does("forget", "Per Ek", "--yes")
    kvarteret.does("checkpoint")
    return kvarteret


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two members, Ana and Bo, at position 3."""
    with founded(tmp_path, *people("Ana", "Bo")) as made:
        yield made


@pytest.fixture
def server(ledger: Ledger) -> Server:
    """Where that ledger is, on a server."""
    assert isinstance(ledger.database.path, Server)
    return ledger.database.path


@pytest.fixture(params=["owner", "granted"])
def attacker(server: Server, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Someone in the network with a connection of their own: its owner, or who has its role."""
    from ledger.postgres.connection import connect  # noqa: PLC0415 - a run on files needs none

    with ExitStack() as stack:
        place = server
        if request.param == "granted":
            place = stack.enter_context(user(server, "mallory"))
            STORES.cluster.do(f"GRANT natverk_{server.network} TO mallory")
        yield stack.enter_context(closing(connect(place))).bare


@pytest.fixture(scope="module")
def by_columns() -> Iterator[None]:
    """However few entries of a type are, an audit reads them by columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "FEWEST", 1)
        yield
