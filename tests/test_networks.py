"""`networks` and `--network`: several in one database, one in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from samples import NOW, ZONE
from servers import STORES
from test_errors_golden import agrees
from worlds import CORRECTED_MOVES, Move, founded, play

from ledger.commands import DescribeNetwork
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.networks import Named, OneNetwork, WhichNetwork, chosen, networks_of
from ledger.places import Server
from ledger.values import microseconds
from projections.glance import glance
from projections.networks import networks
from projections.registry import PROJECTIONS
from projections.vitality import vitality

LINDEN, SKOGEN, SKOGSBYN = (
    Named("aa" * 16, "Linden"),
    Named("ab" * 16, "Skogen"),
    Named("cd" * 16, "Skogsbyn"),
)


def called(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


# What is said of each


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=CORRECTED_MOVES)
def test_each_has_what_its_own_questions_say(
    tmp_path_factory: pytest.TempPathFactory, moves: list[Move]
) -> None:
    # Given a network with any history
    with founded(tmp_path_factory.mktemp("history")) as ledger:
        play(ledger, moves)
        at = microseconds(NOW)
        # When all networks of its place are asked
        with closing(Database.reading(ledger.database.path)) as database, ExitStack() as stack:
            place = database.path
            asked: Any = OneNetwork(database)
            if isinstance(place, Server):
                asked = stack.enter_context(networks_of(place))
            [row] = networks(asked, at)
            # Then it says the same as when it is asked alone
            alone, period = glance(database, NOW), vitality(database, at, ZONE)[-1]
            assert row["id"] == database.network
            assert [row[name] for name in ("name", "members", "entries")] == [
                alone[name] for name in ("name", "members", "position")
            ]
            assert [row[name] for name in ("month", "gifts", "active", "active_share")] == [
                period[name] for name in ("period", "gifts", "active", "active_share")
            ]
            assert row["last_at"] == alone["last_at"]


def test_a_file_has_one_network(kvarteret: Natverk) -> None:
    [row] = kvarteret.rows("networks")
    assert (row["name"], row["members"], row["entries"]) == ("Kvarteret Linden", 4, 9)
    told = kvarteret.does("networks").splitlines()
    assert re.split("  +", told[1])[1:4] == ["Kvarteret Linden", "4", "9"]
    # And it may be named, as for a database of several
    assert kvarteret.rows("--network", "kvarteret", "members") == kvarteret.rows("members")
    assert kvarteret.rows("networks", "--network", row["id"]) == [row]


@pytest.mark.file
def test_in_a_file_no_other_can_be_meant(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kvarteret.rows("log")
    for command in (("members",), ("networks",), ("join", "Nils")):
        told = kvarteret.refuses("--network", "Skogen", *command)
        agrees("other-network", re.sub("[0-9a-f]{32}", "5f1c0b7e", told))
    monkeypatch.setenv("NATVERK_NETWORK", "Skogen")
    told = kvarteret.refuses("join", "Nils")
    agrees("other-network-by-variable", re.sub("[0-9a-f]{32}", "5f1c0b7e", told))
    # But a network that is founded is another
    kvarteret.does("--ledger", "eken.db", "init", "Eken", "--idea", "x")
    monkeypatch.delenv("NATVERK_NETWORK")
    (kvarteret.folder / "natverk.toml").write_text('network = "Skogen"\n', encoding="utf-8")
    assert "natverk.toml says “Skogen”" in kvarteret.refuses("join", "Nils")
    (kvarteret.folder / "natverk.toml").unlink()
    assert kvarteret.rows("log") == before


def test_a_network_has_to_be_named_in_words(kvarteret: Natverk) -> None:
    for nothing in ("", " "):
        assert "--network may not be empty" in kvarteret.refuses("members", "--network", nothing)


# Which is meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Skogen", SKOGEN),
        ("skogen", SKOGEN),
        ("skogs", SKOGSBYN),
        ("lin", LINDEN),
        ("aa", LINDEN),
        (SKOGEN.id.upper(), SKOGEN),
    ],
)
def test_a_name_or_an_id_may_be_cut_short(text: str, meant: Named) -> None:
    assert chosen(text, [LINDEN, SKOGEN, SKOGSBYN], "here") == meant.id


@pytest.mark.parametrize("text", ["skog", "a", "", "Norrby", "ff" * 16])
def test_nothing_is_guessed(text: str) -> None:
    with pytest.raises(WhichNetwork):
        chosen(text, [LINDEN, SKOGEN, SKOGSBYN], "here")


# Several in one database


@pytest.fixture
def two(kvarteret: Natverk) -> Natverk:
    """Kvarteret Linden, and beside it Skogen with one member."""
    kvarteret.does("init", "Skogen", "--idea", "vi som bor vid skogen")
    kvarteret.does("--network", "Skogen", "join", "Ingrid")
    return kvarteret


@pytest.mark.server
def test_another_is_founded_beside_the_first(two: Natverk) -> None:
    rows = two.rows("networks")
    assert [(row["name"], row["members"], row["entries"]) for row in rows] == [
        ("Kvarteret Linden", 4, 9),
        ("Skogen", 1, 2),
    ]
    assert [row["name"] for row in two.rows("--network", "skogen", "members")] == ["Ingrid"]
    assert [row["name"] for row in two.rows("--network", rows[1]["id"], "members")] == ["Ingrid"]
    assert len(two.rows("--network", "Kvarteret", "members")) == 4
    for row in rows:
        two.does("--network", row["id"], "verify")


@pytest.mark.server
def test_who_founds_another_is_told_how_to_go_on_in_it(natverk: Natverk) -> None:
    place = STORES.cluster.empty().uri
    first = natverk("--ledger", place, "init", "Eken", "--idea", "x")
    assert first.err.endswith(" (with the same --ledger PATH)\n")
    second = natverk("--ledger", place, "init", "Norra Skogen", "--idea", "x")
    assert second.err.endswith(" (with the same --ledger PATH and --network 'Norra Skogen')\n")


@pytest.mark.server
def test_a_network_that_is_there_already_is_refused_whatever_the_variable_says(
    two: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NATVERK_NETWORK", "Norrby")
    assert "already a network “Skogen”" in two.refuses("init", "Skogen", "--idea", "x")


@pytest.mark.server
def test_which_is_said_by_the_environment_or_the_settings(
    two: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NATVERK_NETWORK", "Skogen")
    assert called(two.rows("members")) == ["Ingrid"]
    assert called(two.rows("networks")) == ["Kvarteret Linden", "Skogen"]
    two.does("me", "Ingrid")
    monkeypatch.delenv("NATVERK_NETWORK")
    # From now on it is the one in which she records
    assert called(two.rows("members")) == ["Ingrid"]
    two.does("note", "2", "hej")
    assert two.rows("show", "3")[0]["actor"] == "m1"
    linden, skogen = (row["id"] for row in two.rows("networks"))
    told = two.refuses("--network", "Kvarteret", "me", "Åsa")
    assert re.search(rf"go to \S+ \({skogen}\) unless .* not to \S+ \({linden}\)", told)
    # And in the other nobody is said to record
    assert two.rows("--network", "Kvarteret", "me") == []
    assert two.rows("--network", "Kvarteret", "note", "2", "hej")[0]["actor"] is None


@pytest.mark.server
def test_who_records_is_stored_with_the_network_where_there_are_several_by_now(
    kvarteret: Natverk,
) -> None:
    # Given settings from when there was one network, in a database that has another by now
    settings = kvarteret.folder / "natverk.toml"
    settings.write_text(f'me = "m2"\nledger = "{kvarteret.place.uri}"\n', encoding="utf-8")
    assert kvarteret.rows("--network", "Kvarteret", "note", "1", "hej")[0]["actor"] == "m2"
    kvarteret.does("init", "Skogen", "--idea", "x")
    kvarteret.does("--network", "Skogen", "join", "Ingrid")
    skogen = kvarteret.rows("networks")[1]["id"]
    # When somebody records in one of them, then it is said that nobody is said to
    told = kvarteret("--network", "Skogen", "note", "1", "hej")
    assert told.err == f"me in {settings} was not used, as it is for another ledger or network\n"
    by_option = kvarteret("--network", "Skogen", "note", "1", "hej", "--recorded-by", "Ingrid")
    assert by_option.err == ""
    # And when they say who they are there, then commands go there
    told = kvarteret("--network", "Skogen", "me", "Ingrid")
    assert re.search(rf"go to \S+ \({skogen}\) from now on", told.err)
    assert f'network = "{skogen}"' in settings.read_text(encoding="utf-8")
    recorded = kvarteret("note", "1", "hej", "--json")
    assert (recorded.err, recorded.json()[0]["actor"]) == ("", "m1")


@pytest.mark.server
def test_the_settings_may_call_a_network_by_its_name(two: Natverk) -> None:
    # Given settings that name a network
    settings = two.folder / "natverk.toml"
    named = f'ledger = "{two.place.uri}"\nnetwork = "Skogen"\n'
    settings.write_text(named, encoding="utf-8")
    linden, skogen = (row["id"] for row in two.rows("networks"))
    # When somebody says who they are, by whatever name of it
    for more in ((), ("--network", "skog"), ("--network", skogen)):
        told = two(*more, "me", "Ingrid")
        # Then it is stored, and used
        assert (told.code, told.err) == (0, "")
        assert settings.read_text(encoding="utf-8") == f'me = "m1"\n{named}'
        assert two.rows(*more, "note", "1", "hej")[0]["actor"] == "m1"
    # And another network is another
    assert f"({skogen}) unless" in two.refuses("--network", linden, "me", "Åsa")


@pytest.mark.server
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("several-networks", ("members",)),
        ("no-such-network", ("--network", "Norrby", "members")),
        ("no-network-of-that-id", ("--network", "5f" * 16, "members")),
        ("ambiguous-network", ("--network", "S", "members")),
    ],
)
def test_what_is_not_clear_is_said(name: str, arguments: tuple[str, ...], two: Natverk) -> None:
    two.does("init", "Söderby", "--idea", "x")
    result = two(*arguments)
    assert result.out == ""
    assert result.code == 3
    told = re.sub(r"\(([0-9a-f]{32})\)", "(5f1c0b7e)", result.err)
    agrees(f"servers/{name}", re.sub(r"natverk_test_\d+_\d+", "natverk", told))


@pytest.fixture
def half(kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch) -> Natverk:
    """Kvarteret Linden, and beside it a copy of Skogen that was broken off."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    kvarteret.does("--ledger", "skogen.db", "init", "Skogen", "--idea", "x")
    with monkeypatch.context() as patch:
        patch.setattr("ledger.copying.take_keys", interrupt)
        patch.setattr("ledger.copying._check", interrupt)
        assert kvarteret("copy", "skogen.db", kvarteret.place.uri).code == 130
    return kvarteret


@pytest.mark.server
def test_a_copy_that_is_not_finished_does_not_count(half: Natverk) -> None:
    # Given a network and the half of another
    # When nothing says which is meant
    [row] = half.rows("leave", "Eva")
    # Then it is the one that there is
    assert row["position"] == 10
    result = half("networks")
    assert "Skogen" not in result.out
    assert re.match(r"a copy of Skogen \([0-9a-f]{32}\) is not finished: nobody", result.err)
    assert called(half.rows("networks")) == ["Kvarteret Linden"]
    # And once the other is whole, which is meant has to be said
    half.does("copy", "skogen.db", half.place.uri)
    assert "several networks" in half.refuses("members")
    assert half("networks").err == ""


@pytest.mark.server
def test_who_asks_for_a_copy_that_is_not_finished_reads_how_to_finish_it(half: Natverk) -> None:
    [id] = [row["id"] for row in half.rows("--ledger", "skogen.db", "networks")]
    for called in ("Skogen", "skog", id[:12]):
        refused = half("--network", called, "members")
        assert refused.code == 4
        told = refused.err.replace(id, "5f1c0b7e")
        agrees("servers/network-unfinished", re.sub(r"natverk_test_\d+_\d+", "natverk", told))
    assert "copy FROM TO, as it was given" in half.refuses("--network", id, "members")
    assert "there is no network" in half.refuses("--network", "Eken", "members")


@pytest.mark.server
def test_a_network_does_not_come_where_another_has_its_name(kvarteret: Natverk) -> None:
    # Given another network of the same name
    there = kvarteret.place.uri
    kvarteret.does("--ledger", "other.db", "init", "Kvarteret linden", "--idea", "x")
    # When it is copied there
    told = kvarteret.refuses("copy", "other.db", there)
    # Then it is refused, and nothing of it is there
    agrees("servers/name-taken", re.sub(r"natverk_test_\d+_\d+", "natverk", told))
    assert len(kvarteret.rows("networks")) == 1
    assert len(kvarteret.rows("members")) == 4
    # And by another name it comes; a program may give it that name
    kvarteret.does("--ledger", "other.db", "describe-network", "--name", "Linden")
    kvarteret.does("copy", "other.db", there)
    linden = Server(there, kvarteret.rows("networks")[1]["id"])
    with Ledger(linden, PROJECTIONS, kvarteret.clock) as ledger:
        ledger.record(DescribeNetwork(name="Kvarteret Linden"))
    told = kvarteret.refuses("--network", "kvarteret", "members")
    agrees("servers/same-name", re.sub("[0-9a-f]{32}", "5f1c0b7e", told))


@pytest.mark.server
@pytest.mark.parametrize("command", ["describe-network", "correct 1"])
def test_a_network_does_not_take_the_name_or_the_id_of_another(two: Natverk, command: str) -> None:
    # Given two networks
    linden, skogen = (row["id"] for row in two.rows("networks"))
    changes = ("--network", skogen, *command.split(), "--name")
    for taken in ("kvarteret linden", linden, linden.upper()):
        # When one would be called as the other
        told = two.refuses(*changes, taken)
        # Then it is refused as when one is founded, and when it is only tried
        assert told == two.refuses("init", taken, "--idea", "x")
        assert told == two.refuses(*changes, taken, "--dry-run")
        assert f"already a network “{taken}”" in told
    # And its own name it may write otherwise
    two.does(*changes, "SKOGEN")
    assert called(two.rows("networks")) == ["Kvarteret Linden", "SKOGEN"]


@pytest.mark.server
def test_whom_one_does_not_see_does_not_stand_in_the_way(two: Natverk, anna: str) -> None:
    two.does("--ledger", anna, "describe-network", "--name", "Kvarteret Linden")
    assert called(two.rows("networks")) == ["Kvarteret Linden", "Kvarteret Linden"]


def test_a_network_that_has_moved_is_said_to(kvarteret: Natverk) -> None:
    source = getattr(kvarteret.place, "uri", "natverk.db")
    assert kvarteret.rows("networks")[0]["moved_to"] is None
    kvarteret.does("copy", "--move", source, "new.db")
    result = kvarteret("networks")
    there = str(kvarteret.folder / "new.db")
    assert result.err == f"Kvarteret Linden has moved to {there}: this is how it was\n"
    assert kvarteret.rows("networks")[0]["moved_to"] == there


@pytest.fixture
def anna(two: Natverk) -> Iterator[str]:
    """The address for someone who has the role of Skogen alone."""
    [skogen] = two.rows("networks", "--network", "Skogen")
    STORES.cluster.do(
        "DROP ROLE IF EXISTS anna",
        "CREATE ROLE anna LOGIN",
        f"GRANT natverk_{skogen['id']} TO anna",
    )
    yield two.place.uri.replace("natverk@", "anna@", 1)
    STORES.cluster.do("DROP ROLE anna")


@pytest.mark.server
def test_who_has_the_role_of_one_sees_that_one(two: Natverk, anna: str) -> None:
    assert called(two.rows("--ledger", anna, "networks")) == ["Skogen"]
    assert called(two.rows("--ledger", anna, "members")) == ["Ingrid"]
    assert "no network “Kvarteret”" in two.refuses(
        "--ledger", anna, "--network", "Kvarteret", "members"
    )
    linden = two.rows("networks", "--network", "Kvarteret")[0]["id"]
    told = two.refuses("--ledger", anna, "--network", linden, "members")
    assert "anna may not use" in told


@pytest.mark.server
@pytest.mark.parametrize("role", ["", "SET ROLE natverk_{own}; "])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM natverk.texts WHERE originator_id = '{other}'",
        "SELECT * FROM natverk.members WHERE originator_id = '{other}'",
        "SELECT * FROM natverk.progress WHERE originator_id = '{other}'",
        "SELECT natverk.erase(2, '{{2}}')",
        "INSERT INTO natverk.names (thing, folded) VALUES ('m9', 'x') RETURNING originator_id",
        "INSERT INTO natverk.names (thing, folded, originator_id) VALUES ('m9', 'x', '{other}')",
        "SET ROLE natverk_{other}; SELECT 1",
        "DO $$ BEGIN EXECUTE 'SET ROLE ' || (SELECT every FROM natverk.form); END $$; SELECT 1",
        "SET row_security = off; SELECT * FROM natverk.texts",
        "CREATE TEMP TABLE form AS SELECT 8 AS version, session_user::text AS every;"
        " SET search_path = pg_temp, natverk; SELECT natverk.erase(2, '{{2}}')",
    ],
)
def test_nobody_gets_at_another_by_setting_it(
    two: Natverk, anna: str, role: str, statement: str
) -> None:
    import psycopg  # noqa: PLC0415 - only where there is a server

    own, other = (
        two.rows("networks", "--network", name)[0]["id"] for name in ("Skogen", "Kvarteret")
    )
    found: list[Any] = []
    with psycopg.connect(anna, autocommit=True) as mallory:
        mallory.execute(f"SET natverk.network = '{other}'")
        try:
            ran = mallory.execute((role + statement).format(own=own, other=other).encode())
            while ran.nextset():
                pass
            found = ran.fetchall()
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException):
            found = []
        except psycopg.errors.NotNullViolation:  # by whom no network's role was taken
            assert role == ""
    # What she may add is her own network's
    assert found in ([], [(own,)])
    two.does("--network", "Kvarteret", "verify")


@pytest.mark.server
def test_whom_the_owner_lets_into_every_network_sees_them_all(two: Natverk) -> None:
    import psycopg  # noqa: PLC0415 - only where there is a server

    with psycopg.connect(two.place.uri, autocommit=True) as owner:
        [every] = owner.execute("SELECT every FROM natverk.form").fetchone() or ("",)
    STORES.cluster.do("DROP ROLE IF EXISTS olga", "CREATE ROLE olga LOGIN")
    STORES.cluster.do(f"GRANT {every} TO olga")
    olga = two.place.uri.replace("natverk@", "olga@", 1)
    assert two.rows("--ledger", olga, "networks") == two.rows("networks")
    two.does("--ledger", olga, "--network", "Skogen", "join", "Olga")
    assert called(two.rows("--network", "Skogen", "members")) == ["Ingrid", "Olga"]
    STORES.cluster.do("DROP ROLE olga")


@pytest.mark.server
def test_however_many_there_are_each_table_is_asked_once(two: Natverk) -> None:
    def asked() -> int:
        with networks_of(Server(two.place.uri)) as many:
            count = 0
            select = many.select

            def counted(query: str, *values: Any) -> list[tuple[Any, ...]]:
                nonlocal count
                count += 1
                return select(query, *values)

            many.select = counted  # type: ignore[method-assign]
            networks(many, microseconds(two.clock()))
            return count

    before = asked()
    for number in range(5):
        two.does("init", f"Nätverk {number}", "--idea", "x")
    assert asked() == before


@pytest.mark.server
def test_rows_of_another_version_are_not_shown(two: Natverk) -> None:
    import psycopg  # noqa: PLC0415 - only where there is a server

    [skogen] = two.rows("networks", "--network", "Skogen")
    with psycopg.connect(two.place.uri, autocommit=True) as owner:
        owner.execute(
            "UPDATE natverk.folds SET version = 0 WHERE name = 'members' AND originator_id = %s",
            (skogen["id"],),
        )
    [_, row] = two.rows("networks")
    assert (row["members"], row["gifts"], row["entries"]) == (None, None, 2)
    two.does("--network", "Skogen", "members")
    assert two.rows("networks")[1] == skogen


@pytest.mark.server
def test_an_export_of_another_comes_in_beside_the_first(two: Natverk, tmp_path: Path) -> None:
    place = STORES.cluster.empty()
    two.does("--network", "Skogen", "export", "--ndjson", "skogen.ndjson")
    two.does("--ledger", place.uri, "init", "Norrby", "--idea", "x")
    two.does("--ledger", place.uri, "import", "events", "skogen.ndjson")
    assert called(two.rows("--ledger", place.uri, "networks")) == ["Norrby", "Skogen"]
    two.does("--ledger", place.uri, "--network", "Skogen", "verify")
