"""`spread`: who told whom, and the same worked out naively from what stands."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from test_corrections_histories import live
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, play

from ledger.events import Event
from ledger.refusals import UnknownId
from projections.spread import spread

SOUP = "soup evenings"
ABOUT = ("--about", SOUP)


def started(natverk: Natverk) -> Natverk:
    natverk.does("join", "Omar", "--at", "2026-10-24T10:00")
    natverk.does("initiative", "start", "Åsa", SOUP, "--at", "2026-10-25")
    return natverk


def tells(natverk: Natverk, *who: str, on: str, heard_from: int | None = None) -> int:
    source = () if heard_from is None else ("--heard-from", str(heard_from))
    [row] = natverk.rows("tell", *who, *ABOUT, "--at", on, *source)
    return int(row["position"])


def tree(natverk: Natverk, *asked: str) -> list[tuple[str, int, str | None]]:
    rows = natverk.rows("spread", SOUP, *asked)[1:]
    return [(row["name"].split()[0], row["generation"], row["told_by"]) for row in rows]


def whole(natverk: Natverk, *asked: str) -> dict[str, Any]:
    return dict(natverk.rows("spread", SOUP, *asked)[0])


# Stories


def test_it_spreads_from_the_starter_generation_by_generation(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    tells(natverk, "Åsa", "Knut", "Eva", on="2026-10-26")
    tells(natverk, "Eva", "Omar", on="2026-10-28")
    tells(natverk, "Omar", "Café", on="2026-10-29")
    assert tree(natverk) == [
        ("Åsa", 0, None),
        ("Knut", 1, "m1"),
        ("Eva", 1, "m1"),
        ("Omar", 2, "m3"),
        ("Café", 3, "m5"),
    ]
    row = whole(natverk)
    assert (row["reach"], row["generations"], row["tellings"], row["tellers"]) == (4, 3, 3, 3)
    assert (row["per_teller"], row["silent"]) == ("1", 2)


def test_whoever_is_told_twice_counts_once_where_they_first_heard(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    tells(natverk, "Åsa", "Knut", "Eva", on="2026-10-26")
    tells(natverk, "Eva", "Knut", on="2026-10-27")
    tells(natverk, "Knut", "Åsa", on="2026-10-28")
    assert tree(natverk) == [("Åsa", 0, None), ("Knut", 1, "m1"), ("Eva", 1, "m1")]
    assert whole(natverk)["reach"] == 2


def test_where_they_say_they_heard_of_it_goes_before_where_they_first_did(
    kvarteret: Natverk,
) -> None:
    natverk = started(kvarteret)
    tells(natverk, "Åsa", "Knut", "Eva", on="2026-10-26")
    again = tells(natverk, "Eva", "Knut", on="2026-10-27")
    told = tells(natverk, "Knut", "Omar", on="2026-10-28", heard_from=again)
    assert tree(natverk)[1:] == [("Eva", 1, "m1"), ("Knut", 2, "m3"), ("Omar", 3, "m2")]
    natverk.does("reverse", str(told), "--reason", "it was somebody else")
    assert tree(natverk)[1:] == [("Knut", 1, "m1"), ("Eva", 1, "m1")]


def test_whoever_tells_before_being_told_knew_already(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    tells(natverk, "Eva", "Omar", on="2026-10-26")
    tells(natverk, "Åsa", "Eva", on="2026-10-27")
    assert tree(natverk) == [("Åsa", 0, None), ("Eva", 0, None), ("Omar", 1, "m3")]
    assert whole(natverk)["reach"] == 1


def test_a_late_telling_stands_where_it_occurred(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    tells(natverk, "Åsa", "Knut", "Eva", on="2026-10-28")
    tells(natverk, "Knut", "Eva", on="2026-10-26")
    assert tree(natverk) == [("Åsa", 0, None), ("Knut", 0, None), ("Eva", 1, "m2")]
    assert tree(natverk, "--as-of", "2026-10-25") == [("Åsa", 0, None)]


def test_a_branch_is_quiet_since_the_last_telling_in_it(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    tells(natverk, "Åsa", "Knut", "Eva", on="2026-10-26")
    tells(natverk, "Eva", "Omar", on="2026-10-28")
    rows = natverk.rows("spread", SOUP)[1:]
    assert [(row["name"].split()[0], row["quiet_since"][:10]) for row in rows] == [
        ("Åsa", "2026-10-28"),
        ("Knut", "2026-10-26"),
        ("Eva", "2026-10-28"),
        ("Omar", "2026-10-28"),
    ]


def test_people_see_a_tree_below_one_line_that_sums_it_up(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    tells(natverk, "Åsa", "Knut", "Eva", on="2026-10-26")
    tells(natverk, "Eva", "Omar", on="2026-10-28")
    first, _, *lines = natverk.does("spread", SOUP).splitlines()
    assert first == (
        "soup evenings (i1): 3 heard of it in 2 generations, by 2 tellings of 2 members;"
        " 2 of those who heard have told nobody"
    )
    assert [line[:17].rstrip() for line in lines] == [
        "Åsa Öberg",
        "├─ Knut Hansson",
        "└─ Eva Lind",
        "   └─ Omar",
    ]


def test_of_what_nobody_told_there_is_no_tree(kvarteret: Natverk) -> None:
    result = started(kvarteret)("spread", SOUP)
    assert (result.code, result.out) == (0, "")
    assert result.err == "nobody has been told of soup evenings yet\n"


# A second, naive implementation


def naive(initiative: str, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Everyone in the tree, sorted by member, and what sums them up."""
    standing: list[Any] = live(events)
    start = next(
        e for e in standing if e.type == "initiative-started" and e.initiative == initiative
    )
    told = [e for e in standing if e.type == "story-told" and e.initiative == initiative]
    told.sort(key=lambda e: (e.occurred, e.slot))
    people = {start.starter} | {each for e in told for each in (e.teller, *e.listeners)}
    sources = {who: source_of(who, start.starter, told) for who in people}

    def generation(who: str) -> int:
        source = sources[who]
        return 0 if source is None else 1 + generation(source.teller)

    def below(who: str) -> set[str]:
        own = {each for each, e in sources.items() if e is not None and e.teller == who}
        return {who}.union(*(below(each) for each in own))

    rows = []
    for who in sorted(people):
        source = sources[who]
        branch = [e for e in told if {e.teller, *e.listeners} & below(who)]
        rows.append(
            {
                "id": who,
                "generation": generation(who),
                "told_by": None if source is None else source.teller,
                "position": None if source is None else source.position,
                "tellings": sum(e.teller == who for e in told),
                "reached": sum(e is not None and e.teller == who for e in sources.values()),
                "quiet_since": branch[-1].occurred_at.isoformat() if branch else None,
            }
        )
    reached = [row for row in rows if row["told_by"] is not None]
    tellers = len({e.teller for e in told})
    whole = {
        "reach": len(reached),
        "generations": max([row["generation"] for row in rows]),
        "tellings": len(told),
        "tellers": tellers,
        "silent": sum(row["tellings"] == 0 for row in reached),
    }
    return [whole, *rows]


def source_of(who: str, starter: str, told: Sequence[Any]) -> Any:
    """The telling through which a member came to know; None: they knew already."""
    own = [e for e in told if e.teller == who]
    heard = [e for e in told if who in e.listeners]
    if own:
        heard = [e for e in heard if told.index(e) < told.index(own[0])]
    if who == starter or not heard:
        return None
    named = [e for e in heard if own and e.slot == own[0].heard_from]
    return (named or heard)[0]


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_the_answer_is_what_stands(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        events = play(ledger, moves)
        for id in ("i1", "i2", "i3"):
            try:
                whole, *members = spread(ledger.database, id)
            except UnknownId:
                continue
            wanted = naive(id, events)
            assert {name: whole[name] for name in wanted[0]} == wanted[0]
            per = Fraction(whole["per_teller"] or 0) * whole["tellers"]
            assert abs(per - whole["tellings"]) <= Fraction(whole["tellers"], 1000)
            members_by_id = sorted(members, key=lambda row: row["id"])
            names = list(wanted[1])
            assert [{n: row[n] for n in names} for row in members_by_id] == wanted[1:]
            seen: set[str | None] = {None}
            for row in members:
                assert row["told_by"] in seen
                seen.add(row["id"])
