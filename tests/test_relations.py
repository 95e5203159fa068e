"""What networks, and those in them, have to do with each other, and what of it is mutual."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import samples as s
from cli_world import Natverk
from postgres_world import user
from samples import ANA, SKOGEN
from servers import STORES
from stories import given
from test_decisions_undertakings import PEOPLE, on
from test_errors_golden import GOLDEN, agrees

from ledger import refusals as r
from ledger import undertakings as u
from ledger.state.relations import Relation, Relations

OURS = replace(s.RELATE, member=None, theirs=None, nature="sister")
REFUSED = {  # by the golden file's name: the exit code, and what is refused
    "same-as-nobody": (1, ("relate", SKOGEN, "Åsa", "--nature", "same")),
    "nature-not-a-word": (2, ("relate", SKOGEN, "--nature", "sister of")),
    "unknown-name": (3, ("relate", "Skogen")),
    "unknown-name-there": (3, ("relate", SKOGEN, "Åsa", "Ingrid")),
    "itself": (3, ("relate", "{own}")),
    "other-empty": (2, ("relate", " ")),
    "theirs-empty": (2, ("relate", SKOGEN, "Åsa", "")),
}


# The rules


def test_a_network_or_somebody_in_it_is_related_to_another() -> None:
    given(*PEOPLE).when(s.RELATE).then(s.NETWORK_RELATED)
    given(*PEOPLE).when(OURS).then_something()
    given(*PEOPLE, on(2, OURS)).when(replace(OURS, nature="Sister")).records_nothing()
    given(*PEOPLE, on(2, OURS)).when(replace(OURS, nature=None)).records_nothing()
    given(*PEOPLE, on(2, OURS)).when(replace(OURS, nature="friend")).then_something()
    given(*PEOPLE, on(2, OURS)).when(s.RELATE).then_something()


def test_a_relation_ends_as_it_was_said() -> None:
    both = (*PEOPLE, on(2, OURS), on(2, s.RELATE))
    given(*both).when(s.UNRELATE).then(s.NETWORK_UNRELATED)
    given(*both).when(replace(s.UNRELATE, nature="friend")).records_nothing()
    given(*both).when(replace(s.UNRELATE, member=ANA)).records_nothing()
    given(*both, on(3, s.UNRELATE)).when(s.UNRELATE).records_nothing()
    given(*both, on(3, s.UNRELATE)).when(s.RELATE).records_nothing()
    given(*both, on(3, s.UNRELATE)).when(OURS).then_something()


def test_it_is_said_whose_a_relation_is() -> None:
    given(*PEOPLE).when(replace(s.RELATE, member=None)).rejects(u.OfNobodyHere, theirs="m3")
    given(*PEOPLE).when(replace(s.RELATE, theirs=None)).rejects(u.SameAsNobody)
    given(*PEOPLE).when(replace(OURS, nature="same")).rejects(u.SameAsNobody)
    given(*PEOPLE).when(replace(s.RELATE, member="m9")).rejects(r.UnknownId, id="m9")


def test_who_left_is_related_no_more_but_a_relation_is_ended() -> None:
    left = (*PEOPLE, on(2, s.RELATE), on(3, replace(s.LEAVE, member=ANA)))
    given(*left).when(replace(s.RELATE, nature="friend")).rejects(r.HasLeft, member=ANA)
    given(*left).when(replace(s.UNRELATE, member=ANA, theirs="m3")).then_something()


def test_relations_are_as_they_were_at_a_time() -> None:
    row = Relations(SKOGEN, {"m1 m3 same": [[5, 9]], "  ": [[7, None]]})
    both = [Relation(None, None, None), Relation("m1", "m3", "same")]
    assert [row.at(at) for at in (4, 5, 8, 9)] == [[], both[1:], both, both[:1]]


# As people record and read them


def said(natverk: Natverk, *line: str) -> str:
    return natverk.does(*line).splitlines()[0].split("  ", 2)[2]


def relations(natverk: Natverk) -> list[dict[str, Any]]:
    [row] = natverk.rows("networks", "--network", "Kvarteret")
    found: list[dict[str, Any]] = row["relations"]
    return found


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ((SKOGEN,), f"this network has a relation with the network {SKOGEN}"),
        (
            (SKOGEN, "--nature", "Sister"),
            f"this network has a relation with the network {SKOGEN}: sister",
        ),
        ((SKOGEN, "Café"), f"Café Linden has a relation with the network {SKOGEN}"),
        (
            (SKOGEN, "Café", "m3"),
            f"Café Linden has a relation with m3 of the network {SKOGEN}",
        ),
        (
            (SKOGEN.upper(), "Åsa", "M3", "--nature", "same"),
            f"Åsa Öberg has a relation with m3 of the network {SKOGEN}: same",
        ),
    ],
)
def test_each_is_a_sentence_until_it_is_no_more(
    line: tuple[str, ...], sentence: str, kvarteret: Natverk
) -> None:
    assert said(kvarteret, "relate", *line) == sentence
    [row] = relations(kvarteret)
    assert (row["network"], row["mutual"]) == (SKOGEN, False)
    assert said(kvarteret, "unrelate", *line) == sentence.replace("has a", "no longer has a")
    assert relations(kvarteret) == []
    kvarteret.does("verify")


def test_one_that_is_taken_back_or_put_right_is_not_shown(kvarteret: Natverk) -> None:
    kvarteret.does("relate", SKOGEN, "--nature", "sister")
    kvarteret.does("correct", "10", "--nature", "friend")
    assert [row["nature"] for row in relations(kvarteret)] == ["friend"]
    kvarteret.does("reverse", "11", "--reason", "no")
    assert relations(kvarteret) == []


def test_of_who_is_forgotten_the_relation_is_all_that_is_left(kvarteret: Natverk) -> None:
    kvarteret.does("relate", SKOGEN, "Eva", "m3", "--nature", "same")
    kvarteret.does("forget", "Eva", "--yes")
    assert "[forgotten] (m3) has a relation" in kvarteret.does("log", "-n", "2")
    kvarteret.does("verify")


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.file
def test_what_is_refused_says_why(name: str, kvarteret: Natverk) -> None:
    code, line = REFUSED[name]
    [network] = kvarteret.rows("networks")
    result = kvarteret(*(part.format(own=network["id"]) for part in line))
    assert (result.code, result.out) == (code, "")
    assert kvarteret.rows("status")[0]["position"] == 9
    agrees(f"relations/{name}", result.err.replace(network["id"], "5f1c0b7e"))


@pytest.mark.file
def test_no_golden_file_is_left_over() -> None:
    there = {path.stem for path in (GOLDEN / "relations").glob("*.txt")}
    assert there == {*REFUSED, "id-of-nobody-there"}


# Between networks of one database


@pytest.fixture
def two(kvarteret: Natverk) -> Natverk:
    """Kvarteret Linden, and beside it Skogen with Ingrid (m1) and an Åsa (m2)."""
    kvarteret.does("init", "Skogen", "--idea", "vi som bor vid skogen")
    for name in ("Ingrid", "Åsa Ö"):
        kvarteret.does("--network", "Skogen", "join", name)
    return kvarteret


@pytest.mark.server
def test_it_is_mutual_when_both_have_said_it(two: Natverk) -> None:
    # Given Åsa, who is a member of both, and one of them that says so
    linden, skogen = (row["id"] for row in two.rows("networks"))
    same = ("--nature", "same")
    two.does("--network", "Kvarteret", "relate", "Skogen", "Åsa", "Åsa Ö", *same)
    said = {"network": skogen, "member": "m1", "theirs": "m2", "nature": "same"}
    assert relations(two) == [said | {"mutual": False}]
    words = "Åsa Öberg – Åsa Ö (Skogen): same"
    assert two.does("networks").splitlines()[1].endswith(words)
    # When the other says it too, of another or with another word, it is not the same
    two.does("--network", "Skogen", "relate", "Kvarteret", "Ingrid", "Åsa Öberg", *same)
    two.does("--network", "Skogen", "relate", "Kvarteret", "Åsa Ö", "Åsa Öberg")
    assert relations(two) == [said | {"mutual": False}]
    # Then it is mutual when it is the same that it says
    two.does("--network", "Skogen", "relate", linden, "m2", "m1", *same)
    assert relations(two) == [said | {"mutual": True}]
    two.does("--network", "Kvarteret", "relate", "Skogen", "--nature", "sister")
    told = two.does("networks").splitlines()
    assert told[1].endswith(f"  Skogen: sister; {words} (mutual)")
    assert "Ingrid – Åsa Öberg (Kvarteret Linden): same; Åsa Ö – Åsa" in told[2]
    two.does("--network", "Kvarteret", "unrelate", "Skogen", "--nature", "sister")
    # And no more when one of them says so no more
    two.does("--network", "Skogen", "unrelate", "Kvarteret", "Åsa Ö", "Åsa Öberg")
    assert relations(two) == [said | {"mutual": False}]


@pytest.mark.server
def test_only_one_of_the_same_database_has_a_name(two: Natverk) -> None:
    told = two.refuses("--network", "Kvarteret", "relate", "Norrby")
    assert "there is no network “Norrby”" in told
    told = two.refuses("--network", "Kvarteret", "relate", "Skogen", "Åsa", "Nils")
    assert "there is no member “Nils”" in told
    told = two.refuses("--network", "Kvarteret", "relate", "Kvarteret")
    assert "is this network" in told


@pytest.mark.server
def test_an_id_of_nobody_is_refused_where_that_can_be_seen(two: Natverk) -> None:
    [_, skogen] = two.rows("networks")
    result = two("--network", "Kvarteret", "relate", skogen["id"], "Åsa", "m99")
    assert (result.code, result.out) == (3, "")
    agrees("relations/id-of-nobody-there", result.err.replace(skogen["id"], "5f1c0b7e"))
    # And not of a network that nobody here knows
    two.does("--network", "Kvarteret", "relate", SKOGEN, "Åsa", "m99")


@pytest.mark.server
def test_who_may_not_look_a_member_up_writes_the_id(two: Natverk) -> None:
    linden, skogen = (row["id"] for row in two.rows("networks"))
    with user(two.place, "bo") as place:
        STORES.cluster.do(f"GRANT natverk_{linden} TO bo")
        bo = ("--ledger", place.uri, "relate", skogen, "Åsa")
        told = two.refuses(*bo, "Ingrid")
        assert "“Ingrid” is no id" in told
        assert "a member one like m3" in told
        two.does(*bo, "m1")


def test_who_ends_a_relation_that_is_none_is_told_which_there_are(kvarteret: Natverk) -> None:
    kvarteret.does("relate", SKOGEN, "Knut", "m3", "--nature", "same")
    kvarteret.does("relate", SKOGEN, "--nature", "sister")
    for line, told in (
        ((SKOGEN, "Knut"), f"Knut Hansson – m3 ({SKOGEN}): same"),
        ((SKOGEN, "--nature", "friend"), f"{SKOGEN}: sister"),
        ((SKOGEN, "Eva"), f"{SKOGEN}: sister; Knut Hansson – m3 ({SKOGEN}): same"),
    ):
        result = kvarteret("unrelate", *line)
        assert result.err == f"already so; nothing was recorded\nwhat there is: {told}\n"
    assert kvarteret("unrelate", "ab" * 16).err == "already so; nothing was recorded\n"
