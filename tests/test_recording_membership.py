"""Founding a network, and coming and going in it, by the command line."""

from __future__ import annotations

import re
import stat

import pytest
from cli_world import Natverk
from servers import STORES
from test_errors_golden import agrees

# Founding


def test_a_network_is_founded_in_a_file_of_ones_own(natverk: Natverk) -> None:
    result = natverk("init", "Linden", "--idea", "grannar")

    assert result.code == 0
    assert "Linden was founded: grannar" in result.out
    assert str(natverk.path) in result.err
    assert "natverk join" in result.err
    assert stat.S_IMODE(natverk.path.stat().st_mode) == 0o600


def test_a_network_may_have_been_founded_earlier_and_elsewhere(natverk: Natverk) -> None:
    zone = ("--time-zone", "America/New_York")
    (row,) = natverk.rows("init", "Elm", "--idea", "neighbours", *zone, "--at", "2026-01-05")

    assert row["position"] == 1
    assert row["type"] == "network-founded"
    assert row["occurred_at"] == "2026-01-05T00:00:00-05:00"
    assert row["time_zone"] == "America/New_York"


def test_a_dry_run_founds_nothing(natverk: Natverk) -> None:
    result = natverk("init", "Linden", "--idea", "grannar", "--dry-run")

    assert result.code == 0
    assert "nothing was recorded" in result.err
    assert list(natverk.folder.iterdir()) == []


def test_a_founding_that_is_refused_leaves_no_file(natverk: Natverk) -> None:
    natverk.refuses("init", "Linden", "--idea", "grannar", "--at", "2027-01-01")

    assert list(natverk.folder.iterdir()) == []


@pytest.mark.file
def test_a_dry_run_sees_the_ledger_that_is_there(kvarteret: Natverk) -> None:
    assert "already a file" in kvarteret.refuses("init", "L", "--idea", "x", "--dry-run")


def test_the_network_is_described_anew(kvarteret: Natverk) -> None:
    (row,) = kvarteret.rows("describe-network", "--idea", "-", stdin="dela\r\npå allt\n")

    assert row["idea"] == "dela\npå allt"
    assert "name" not in row


# Who records


def test_me_is_the_actor_of_what_is_recorded(kvarteret: Natverk) -> None:
    assert "nobody" in kvarteret("me").err
    kvarteret.does("me", "Åsa")

    assert "Åsa Öberg (m1)" in kvarteret.does("me")
    assert kvarteret.rows("me")[0]["id"] == "m1"
    assert kvarteret.rows("pause", "Knut")[0]["actor"] == "m1"
    assert kvarteret.rows("resume", "Knut", "--recorded-by", "eva")[0]["actor"] == "m3"


def test_me_of_one_ledger_is_nobody_in_another(kvarteret: Natverk) -> None:
    kvarteret.does("me", "Åsa")
    other = ("--ledger", "other.db")
    kvarteret.does("init", "Boken", "--idea", "x", *other)

    joined = kvarteret("join", "Ida", *other, "--json")

    assert joined.json()[0]["actor"] is None
    settings = kvarteret.folder / "natverk.toml"
    told = f"me in {settings} was not used, as it is for another ledger or network\n"
    assert joined.err == told
    assert kvarteret("join", "Kim", *other, "--recorded-by", "Ida").err == ""
    settings.unlink()
    assert kvarteret("join", "Bo", *other).err == ""


@pytest.mark.file
@pytest.mark.parametrize("by", ["option", "environment"])
def test_me_leaves_the_ledger_that_the_settings_name_alone(
    by: str, kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id of another ledger would be somebody else's in that one."""
    settings = kvarteret.folder / "natverk.toml"
    settings.write_text('ledger = "linden.db"\nme = "m2"\n', encoding="utf-8")
    option = ("--ledger", "natverk.db") if by == "option" else ()
    if by == "environment":
        monkeypatch.setenv("NATVERK_LEDGER", "natverk.db")
    before = settings.read_bytes()

    refused = kvarteret(*option, "me", "Åsa")

    assert (refused.code, refused.out) == (1, "")
    agrees("me-elsewhere", refused.err.replace(str(kvarteret.folder), "…"))
    assert settings.read_bytes() == before


@pytest.mark.file
def test_me_leaves_the_usual_ledger_of_a_folder_alone(kvarteret: Natverk) -> None:
    kvarteret.does("--ledger", "other.db", "init", "Boken", "--idea", "x")
    kvarteret.does("--ledger", "other.db", "join", "Anna")
    assert "and not to other.db" in kvarteret.refuses("--ledger", "other.db", "me", "Anna")
    assert not (kvarteret.folder / "natverk.toml").exists()


def test_me_follows_a_network_that_has_moved(kvarteret: Natverk) -> None:
    # Given settings that name a ledger which the network has left, and an older copy
    source = getattr(kvarteret.place, "uri", "natverk.db")
    settings = kvarteret.folder / "natverk.toml"
    settings.write_text(f'colour = "green"\nledger = "{source}"\nme = "m2"\n', encoding="utf-8")
    kvarteret.does("copy", source, "older.db")
    kvarteret.does("copy", "--move", source, "new.db")
    before = settings.read_bytes()
    # When it is said who records in the copy, the settings stay
    assert "and not to older.db" in kvarteret.refuses("--ledger", "older.db", "me", "Åsa")
    assert settings.read_bytes() == before
    # When it is said where the network is now, they name that place
    said = kvarteret("--ledger", "new.db", "me", "Åsa")
    assert said.code == 0
    assert said.err == f"commands here go to new.db from now on, says {settings}\n"
    assert settings.read_text("utf-8") == 'me = "m1"\nledger = "new.db"\ncolour = "green"\n'
    assert kvarteret.rows("--ledger", "new.db", "pause", "Knut")[0]["actor"] == "m1"


@pytest.mark.server
def test_me_follows_a_network_to_a_server(kvarteret: Natverk) -> None:
    # Given a folder with a ledger in a file, from which the network has moved to a server
    target = STORES.cluster.empty().uri
    kvarteret.does("copy", kvarteret.place.uri, "natverk.db")
    kvarteret.does("--ledger", "natverk.db", "me", "Knut")
    kvarteret.does("copy", "--move", "natverk.db", target)
    # When another network is there, too
    kvarteret.does("--ledger", target, "init", "Skogen", "--idea", "x")
    kvarteret.does("--ledger", target, "--network", "Skogen", "join", "Ingrid")
    # Then who records there is not stored
    told = kvarteret.refuses("--ledger", target, "--network", "Skogen", "me", "Ingrid")
    assert "commands here go to" in told
    # But who records in the one that moved
    kvarteret.does("--ledger", target, "--network", "Kvarteret", "me", "Åsa")
    stored = (kvarteret.folder / "natverk.toml").read_text("utf-8")
    assert re.fullmatch(r'me = "m1"\nledger = "postgresql:.*"\nnetwork = "[0-9a-f]{32}"\n', stored)


def test_me_keeps_how_the_settings_name_the_ledger(kvarteret: Natverk) -> None:
    settings = kvarteret.folder / "natverk.toml"
    settings.write_text('ledger = "./natverk.db"  # ours\n', encoding="utf-8")
    kvarteret.does("--ledger", str(kvarteret.path), "me", "Åsa")
    assert settings.read_text(encoding="utf-8") == 'me = "m1"\nledger = "./natverk.db"  # ours\n'


@pytest.mark.file
def test_me_says_which_ledger_it_is_stored_for_where_there_was_none(natverk: Natverk) -> None:
    other = ("--ledger", "other.db")
    natverk.does(*other, "init", "Boken", "--idea", "x")
    natverk.does(*other, "join", "Anna")

    said = natverk(*other, "me", "Anna")

    assert said.code == 0
    assert said.err == "commands here go to other.db from now on, says ./natverk.toml\n"
    assert natverk.rows("pause", "Anna")[0]["actor"] == "m1"


def test_nobody_who_does_not_exist_becomes_me(kvarteret: Natverk) -> None:
    assert kvarteret("me", "m99").code == 3
    assert kvarteret("me", "Örjan").code == 3
    assert not (kvarteret.folder / "natverk.toml").exists()


def test_settings_of_other_programs_are_kept(kvarteret: Natverk) -> None:
    settings = kvarteret.folder / "natverk.toml"
    settings.write_text('colour = "green"\nme = "m2"\n')
    kvarteret.does("me", "Åsa")

    assert "green" in settings.read_text()
    assert "m2" not in settings.read_text()


# Joining


def test_people_and_organisations_join_by_invitation(kvarteret: Natverk) -> None:
    (row,) = kvarteret.rows("join", "Cykelköket", "--organisation", "--invited-by", "asa")

    assert row["type"] == "member-joined"
    assert (row["member"], row["kind"], row["name"]) == ("m5", "organisation", "Cykelköket")
    assert row["invited_by"] == "m1"


def test_a_name_that_looks_like_an_option_comes_last(kvarteret: Natverk) -> None:
    (row,) = kvarteret("join", "--json", "--", "-1").json()

    assert row["name"] == "-1"


def test_who_left_comes_back_under_the_old_id(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Eva", "--at", "2026-11-01")
    kvarteret.does("join", "Eva Holm")
    (row,) = kvarteret.rows("join", "eva", "--back", "--invited-by", "Åsa")

    assert (row["type"], row["member"], row["invited_by"]) == ("member-returned", "m3", "m1")


def test_coming_back_twice_records_nothing_more(kvarteret: Natverk) -> None:
    result = kvarteret("join", "Eva", "--back", "--json")

    assert (result.code, result.json()) == (0, [])
    assert "already so" in result.err


# Leaving and resting


def test_leaving_tells_what_ends_and_what_is_still_out(kvarteret: Natverk) -> None:
    kvarteret.does("offer", "Knut", "borr", "--kind", "equipment")
    kvarteret.does("lend", "borr", "Eva")
    kvarteret.does("book", "borr", "Åsa", "--from", "2026-12-01", "--to", "2026-12-02")
    kvarteret.does("book", "lastcykel", "Knut", "--from", "2026-12-05", "--to", "2026-12-06")

    said = kvarteret("leave", "Knut").err

    assert "booking b1 ends with it: borr, Åsa Öberg, from 2026-12-01 00:00" in said
    assert "booking b2 ends with it: lastcykel, Knut Hansson" in said
    assert "still lent out: borr (r3), to Eva Lind" in said


def test_leaving_says_nothing_of_what_had_ended_before(kvarteret: Natverk) -> None:
    kvarteret.does("book", "lastcykel", "Knut", "--from", "2026-12-05", "--to", "2026-12-06")
    kvarteret.does("release", "b1")
    kvarteret.does("book", "lastcykel", "Knut", "--from", "2026-12-05", "--to", "2026-12-06")
    kvarteret.clock.advance(minutes=1)
    kvarteret.does("withdraw", "lastcykel")
    kvarteret.clock.advance(minutes=1)

    assert kvarteret("leave", "Knut").err == ""


def test_leaving_twice_records_nothing_more(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Knut")
    result = kvarteret("leave", "Knut")

    assert (result.code, result.out) == (0, "")
    assert "already so" in result.err


def test_a_late_entry_from_before_leaving_is_taken(kvarteret: Natverk) -> None:
    kvarteret.does("leave", "Eva", "--at", "2026-11-01")

    kvarteret.does("give", "Eva", "Åsa", "bullar", "--at", "2026-10-31")


def test_a_pause_begins_and_ends(kvarteret: Natverk) -> None:
    assert kvarteret.rows("pause", "Eva")[0]["type"] == "member-paused"
    assert kvarteret.rows("pause", "Eva") == []
    assert kvarteret.rows("resume", "Eva")[0]["type"] == "member-resumed"
    assert kvarteret.rows("resume", "Eva") == []


def test_a_member_is_found_under_a_new_name(kvarteret: Natverk) -> None:
    told = ("--name", "Eva Holm", "--contact", "070-123", "--about", "odlar")
    (row,) = kvarteret.rows("describe", "Eva", *told)

    assert (row["name"], row["contact"], row["about"]) == ("Eva Holm", "070-123", "odlar")
    assert kvarteret.rows("pause", "eva h")[0]["member"] == "m3"
    assert kvarteret("pause", "Eva Lind").code == 3


def test_a_folder_that_is_not_there_is_said_by_a_dry_run_too(natverk: Natverk) -> None:
    founding = ("init", "Linden", "--idea", "x", "--ledger", "no/such/natverk.db")

    assert natverk(*founding).code == natverk(*founding, "--dry-run").code == 4
    assert natverk.refuses(*founding) == natverk.refuses(*founding, "--dry-run")
