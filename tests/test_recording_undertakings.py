"""Ties, initiatives and what comes of them, as people record and read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_world import Natverk

from ledger.database import Database

SOUP = "soup evenings"


def said(natverk: Natverk, *line: str) -> str:
    """What a command says was recorded, without its position and time."""
    return natverk.does(*line).splitlines()[0].split("  ", 2)[2]


@pytest.fixture
def soup(kvarteret: Natverk) -> Natverk:
    """#10 an initiative (i1) of Åsa's; #11 she tells Knut of it."""
    kvarteret.does("initiative", "start", "Åsa", SOUP)
    kvarteret.does("tell", "Åsa", "Knut", "--about", SOUP)
    return kvarteret


SENTENCES = [
    (
        ("affiliate", "Knut", "Café", "--role", "Baker"),
        "Knut Hansson acts for Café Linden as baker",
    ),
    (("affiliate", "Knut", "Café"), "Knut Hansson acts for Café Linden"),
    (
        ("tie", "Eva", "Åsa", "--nature", "neighbour"),
        "Eva Lind and Åsa Öberg have a tie: neighbour",
    ),
    (("tie", "Eva", "Café"), "Eva Lind and Café Linden have a tie"),
    (("initiative", "start", "Eva", "a tool library"), "Eva Lind started a tool library (i2)"),
    (("initiative", "join", "Knut", SOUP), "Knut Hansson joined soup evenings"),
    (("initiative", "leave", "Åsa", "i1"), "Åsa Öberg left soup evenings"),
    (("initiative", "conclude", SOUP), "soup evenings was concluded"),
    (("endorse", "Café", SOUP), "Café Linden endorses soup evenings"),
    (
        ("tell", "Knut", "Eva", "Café", "--about", SOUP, "--heard-from", "11"),
        "Knut Hansson told Eva Lind and Café Linden about soup evenings, heard of in #11",
    ),
    (
        ("gather", "first soup", "--with", "Åsa", "--with", "Knut", "--with", "Eva"),
        "Åsa Öberg, Knut Hansson and Eva Lind gathered: first soup",
    ),
    (
        ("gather", "first soup", "--with", "Åsa", "--with", "Knut", "--for", SOUP),
        "Åsa Öberg and Knut Hansson gathered: first soup, for soup evenings",
    ),
    (
        ("opportunity", "Knut", "a soup van", "--kind", "way-of-working", "--because", "11"),
        "Knut Hansson realised an opportunity, a way of working: a soup van",
    ),
    (
        ("nominate", "Knut", "Eva", "--survey", "autumn-2026"),
        "Knut Hansson named Eva Lind as giving most, in autumn-2026",
    ),
    (
        ("ask", "Åsa", "a kitchen", "--kind", "premises", "--for", SOUP, "--by", "2026-12-01"),
        "Åsa Öberg asks for a kitchen (a2), for soup evenings, needed by 2026-12-01",
    ),
    (("give", "Eva", SOUP, "pots"), "Eva Lind gave soup evenings pots"),
    (
        ("give", "Eva", "Åsa", "pots", "--for", SOUP),
        "Eva Lind gave Åsa Öberg pots, for soup evenings",
    ),
]


@pytest.mark.parametrize(("line", "told"), SENTENCES, ids=[" ".join(x) for x, _ in SENTENCES])
def test_what_is_recorded_is_said_and_stays_so(
    soup: Natverk, line: tuple[str, ...], told: str
) -> None:
    # When something is recorded, then it is said, and the log says the same
    assert said(soup, *line) == told
    assert told in soup.does("log", "-n", "1")
    # And taken back, and put there again, everything adds up
    position = str(soup.rows("log", "-n", "1")[0]["position"])
    soup.does("undo", position)
    soup.does("undo")
    soup.does("replay", "--compare")
    soup.does("verify")


ENDS = [
    (("affiliate", "Knut", "Café"), ("disaffiliate", "Knut", "Café"), "no longer acts for"),
    (("tie", "Eva", "Åsa"), ("untie", "Åsa", "Eva"), "no longer have a tie"),
    (("endorse", "Eva", SOUP), ("unendorse", "Eva", SOUP), "no longer endorses"),
    (("initiative", "join", "Eva", SOUP), ("initiative", "leave", "Eva", SOUP), "left"),
]


@pytest.mark.parametrize(("begins", "ends", "told"), ENDS, ids=[x[0] for x, _, _ in ENDS])
def test_what_began_ends_once(
    soup: Natverk, begins: tuple[str, ...], ends: tuple[str, ...], told: str
) -> None:
    assert soup(*ends).err == "already so; nothing was recorded\n"
    soup.does(*begins)
    assert soup(*begins).err == "already so; nothing was recorded\n"
    soup.clock.advance(days=1)
    assert told in said(soup, *ends)
    assert soup(*ends).err == "already so; nothing was recorded\n"


CORRECTIONS = [
    (("affiliate", "Knut", "Café"), ("--who-acts", "Eva", "--role", "baker"), "Eva Lind acts for"),
    (("tie", "Eva", "Åsa"), ("--second", "Knut"), "Eva Lind and Knut Hansson have a tie"),
    (("endorse", "Café", SOUP), ("--endorser", "Eva"), "Eva Lind endorses"),
    (("initiative", "join", "Knut", SOUP), ("--participant", "Eva"), "Eva Lind joined"),
    (("initiative", "start", "Eva", "tools"), ("--what", "a tool library"), "a tool library (i2)"),
    (("tell", "Knut", "Eva", "--about", SOUP), ("--listener", "Café"), "told Café Linden about"),
    (("tell", "Knut", "Eva", "--about", SOUP), ("--heard-from", "11"), "heard of in #11"),
    (("gather", "soup", "--with", "Eva", "--with", "Åsa"), ("--for", SOUP), "for soup evenings"),
    (("nominate", "Knut", "Eva"), ("--nominee", "Åsa"), "named Åsa Öberg"),
    (("give", "Eva", "Åsa", "pots", "--for", SOUP), ("--without", "for"), "gave Åsa Öberg pots"),
    (("give", "Eva", "Åsa", "pots"), ("--receiver", SOUP), "gave soup evenings pots"),
    (
        ("opportunity", "Knut", "a van", "--kind", "product", "--because", "11"),
        ("--kind", "funding", "--because", "10"),
        "an opportunity, funding: a van",
    ),
]


@pytest.mark.parametrize(("line", "change", "told"), CORRECTIONS)
def test_each_is_put_right(
    soup: Natverk, line: tuple[str, ...], change: tuple[str, ...], told: str
) -> None:
    soup.does(*line)
    position = soup.rows("log", "-n", "1")[0]["position"]
    assert told in said(soup, "correct", str(position), *change)
    soup.does("verify")


def test_an_initiative_is_told_about_by_another_name_of_the_option(soup: Natverk) -> None:
    soup.does("initiative", "start", "Eva", "a tool library")
    assert "told Knut Hansson about a tool library" in soup.does(
        "correct", "11", "--about", "a tool"
    )


# With everything that is recorded


def test_anything_recorded_may_say_what_led_to_it(soup: Natverk) -> None:
    soup.does("initiative", "join", "Knut", SOUP, "--because", "11", "--because", "10")
    row, *others = soup.rows("show", "12")
    assert row["because_of"] == [10, 11]
    assert [each["relation"] for each in others] == ["because", "because"]
    assert [each["relation"] for each in soup.rows("show", "11")[1:]] == ["led-to"]
    assert "no entry #99" in soup.refuses("tie", "Eva", "Knut", "--because", "99")


def test_a_retelling_is_shown_with_what_it_retells(soup: Natverk) -> None:
    soup.does("tell", "Knut", "Eva", "--about", SOUP, "--heard-from", "11")
    assert "retold:\n" in soup.does("show", "11")
    shown = soup.does("show", "12")
    assert "listeners     Eva Lind (m3)\n" in shown
    assert "heard_from    #11\n" in shown
    assert "about:\n  #11" in shown


def test_a_key_of_a_part_of_a_command_is_its_own(soup: Natverk) -> None:
    join = ("initiative", "join", "Knut", SOUP, "--id", "k1")
    soup.does(*join)
    assert "already recorded as #12" in soup(*join).err
    leaves = ("initiative", "leave", "Knut", SOUP, "--id", "k1")
    assert "another request" in soup.refuses(*leaves)


def test_causes_are_part_of_a_request(soup: Natverk) -> None:
    tie = ("tie", "Eva", "Knut", "--id", "k2")
    soup.does(*tie, "--because", "11")
    assert "already recorded" in soup(*tie, "--because", "11").err
    assert "another request" in soup.refuses(*tie)


def test_concluding_says_what_is_still_asked_for(soup: Natverk) -> None:
    soup.does("ask", "Åsa", "a kitchen", "--kind", "premises", "--for", SOUP)
    assert soup("initiative", "conclude", SOUP).err == (
        "still asked for: a kitchen (a2); natverk close a2 ends it\n"
    )


def test_who_reported_it_is_said_of_others(soup: Natverk) -> None:
    soup.does("tie", "Eva", "Åsa", "--recorded-by", "Åsa")
    soup.does("gather", "soup", "--with", "Eva", "--with", "Åsa", "--recorded-by", "Knut")
    first, second = soup.does("log", "-n", "2").splitlines()
    assert first.endswith("gathered: soup (reported by Knut Hansson)")
    assert second.endswith("have a tie")


# Forgetting, and copies


def texts(natverk: Natverk) -> set[str]:
    database = Database.reading(natverk.place)
    found = {text for (text,) in database.select("SELECT text FROM texts")}
    database.close()
    return found


def test_forgetting_takes_the_words_of_what_someone_was_in(soup: Natverk) -> None:
    # Given words of an initiative, of gatherings and of an opportunity
    soup.does("gather", "soup at home", "--with", "Åsa", "--with", "Knut", "--for", SOUP)
    soup.does("gather", "cards", "--with", "Eva", "--with", "Knut")
    soup.does("opportunity", "Åsa", "a soup van", "--kind", "product", "--because", "11")
    soup.does("endorse", "Knut", SOUP)
    before = soup.rows("initiatives")[0]
    # When whoever started it is forgotten
    soup.does("forget", "Åsa", "--yes")
    # Then what is about them is gone, what is about others is there, and counts are as before
    assert {SOUP, "soup at home", "a soup van"}.isdisjoint(texts(soup))
    assert "cards" in texts(soup)
    after = soup.rows("initiatives")[0]
    assert (after["what"], after["starter_name"]) == ("[forgotten]", "[forgotten]")
    assert (after["endorsers"], before["participants"] - after["participants"]) == (1, 1)
    assert "[forgotten]" in soup.does("log", "-n", "0")
    soup.does("verify")
    assert "has been forgotten" in soup.refuses("tie", "m1", "Eva")
    assert "no initiative “soup" in soup.refuses("initiative", "show", "soup")


def test_all_of_it_goes_along_with_an_export(soup: Natverk, tmp_path: Path) -> None:
    for line, _ in SENTENCES:
        if line[1] != "conclude":
            soup.does(*line)
    soup.does("export", "--ndjson", "all.ndjson")
    soup.does("import", "events", "all.ndjson", "--ledger", "copy.db")
    everything = ("log", "-n", "0")
    assert soup.rows(*everything, "--ledger", "copy.db") == soup.rows(*everything)
    shown = ("initiative", "show", SOUP)
    assert soup.rows(*shown, "--ledger", "copy.db") == soup.rows(*shown)
    soup.does("verify", "--ledger", "copy.db")
    soup.does("export", "--csv", "tables")
    initiatives = Path("tables/initiatives.csv").read_text(encoding="utf-8-sig")
    assert initiatives.splitlines()[1].startswith("i1,m1,,open,10,Åsa Öberg,soup evenings,")
    gifts = Path("tables/gifts.csv").read_text(encoding="utf-8-sig")
    assert "initiative" in gifts.splitlines()[0]


def test_what_changed_of_an_initiative_is_told(soup: Natverk) -> None:
    soup.clock.advance(days=1)
    soup.does("initiative", "join", "Eva", SOUP)
    changes = soup.rows("diff", "--from", "2026-11-03", "--to", "2026-11-04")
    assert {row["field"]: row["after"] for row in changes if row["section"] == "initiatives"} == {
        "participants": 2
    }


def test_a_statement_has_what_a_member_is_in(soup: Natverk) -> None:
    soup.does("tie", "Eva", "Knut", "--nature", "neighbour")
    soup.does("affiliate", "Knut", "Café", "--role", "baker")
    soup.does("initiative", "join", "Knut", SOUP)
    soup.does("endorse", "Knut", SOUP)
    rows = {row["section"]: row for row in soup.rows("statement", "Knut")}
    assert (rows["tie"]["id"], rows["tie"]["words"]) == ("m3", ["neighbour"])
    assert (rows["affiliation"]["id"], rows["affiliation"]["words"]) == ("m4", ["baker"])
    assert (rows["initiative"]["id"], rows["endorsement"]["id"]) == ("i1", "i1")
    [acted_for] = [r for r in soup.rows("statement", "Café") if r["section"] == "affiliation"]
    assert (acted_for["id"], acted_for["name"]) == ("m2", "Knut Hansson")
    assert "neighbour" in soup.does("statement", "Knut")
