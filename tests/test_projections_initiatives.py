"""`initiatives`: the answer, and the same worked out naively from what stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from samples import NOW
from test_corrections_histories import live
from worlds import CORRECTED_MOVES, HISTORIES, Move, founded, play

from ledger.events import Event
from ledger.values import decimal_text, microseconds
from projections.initiatives import initiatives

SOUP = "soup evenings"


def one(natverk: Natverk, *asked: str) -> dict[str, Any]:
    [row] = natverk.rows("initiatives", *asked)
    return dict(row)


def counts(natverk: Natverk, *asked: str) -> tuple[int, int, int]:
    row = one(natverk, *asked)
    return row["endorsers"], row["organisations"], row["independent"]


def started(natverk: Natverk) -> Natverk:
    natverk.does("join", "Omar", "--at", "2026-10-24T10:00")
    natverk.does("initiative", "start", "Omar", SOUP, "--at", "2026-10-28")
    for who in ("Åsa", "Knut", "Eva", "Café"):
        natverk.does("endorse", who, SOUP, "--at", "2026-10-29")
    return natverk


# Legitimacy


def test_endorsers_whom_nothing_links_are_independent(kvarteret: Natverk) -> None:
    assert counts(started(kvarteret)) == (4, 1, 4)


def test_a_tie_makes_two_endorsers_one_while_it_lasts(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    natverk.does("tie", "Eva", "Åsa", "--nature", "sister", "--at", "2026-10-30")
    assert counts(natverk) == (4, 1, 3)
    assert counts(natverk, "--as-of", "2026-10-29") == (4, 1, 4)
    natverk.does("untie", "Åsa", "Eva")
    assert counts(natverk) == (4, 1, 4)


def test_ties_to_someone_who_does_not_endorse_link_nobody(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    natverk.does("tie", "Eva", "Omar")
    natverk.does("tie", "Åsa", "Omar")
    assert counts(natverk) == (4, 1, 4)


def test_who_acts_for_an_endorser_or_for_the_same_is_linked(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    natverk.does("affiliate", "Knut", "Café", "--role", "baker")
    assert counts(natverk) == (4, 1, 3)
    natverk.does("affiliate", "Eva", "Café")
    assert counts(natverk) == (4, 1, 2)
    natverk.does("unendorse", "Café", SOUP)
    assert counts(natverk) == (3, 0, 2)


def test_a_shared_introducer_links_those_introduced(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    natverk.does("introduce", "Omar", "Eva", "Knut")
    assert counts(natverk) == (4, 1, 3)
    natverk.does("undo")
    natverk.does("join", "Nils")
    natverk.does("introduce", "Omar", "Eva", "Nils")
    assert counts(natverk) == (4, 1, 4)
    natverk.does("introduce", "Omar", "Nils", "Åsa")
    assert counts(natverk) == (4, 1, 3)


# What it needs, what it has got, and who is in it


def test_needs_are_asks_and_what_it_got_is_gifts_to_it_and_for_it(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    natverk.does("ask", "Omar", "a kitchen", "--kind", "premises", "--for", SOUP)
    natverk.does("ask", "Omar", "hands", "--kind", "time", "--for", SOUP)
    natverk.does("give", "Café", SOUP, "the kitchen", "--ask", "a2", "--hours", "3")
    natverk.does("give", "Eva", "Omar", "an evening", "--ask", "a3", "--hours", "2.5")
    natverk.does("give", "Åsa", "Omar", "pots", "--for", SOUP)
    natverk.does("close", "a2", "--met")
    row = one(natverk)
    assert (row["needs_met"], row["needs_open"], row["gifts"]) == (1, 1, 3)
    assert row["kinds"] == {"other": 1, "premises": 1, "time": 1}
    assert row["given"] == {"hour": "5.5"}
    assert "says that already" in natverk.refuses("correct", "19", "--without", "for")
    natverk.does("undo", "19")
    assert one(natverk)["gifts"] == 2


def test_who_left_the_network_is_in_it_no_more_but_goes_on_vouching(kvarteret: Natverk) -> None:
    natverk = started(kvarteret)
    natverk.does("initiative", "join", "Eva", SOUP)
    assert one(natverk)["participants"] == 2
    natverk.clock.advance(days=1)
    natverk.does("leave", "Eva")
    natverk.clock.advance(days=1)
    assert one(natverk)["participants"] == 1
    natverk.does("join", "Eva Lind", "--back")
    assert one(natverk)["participants"] == 1
    assert one(natverk)["endorsers"] == 4


def test_it_is_known_by_its_name_and_by_its_category(kvarteret: Natverk) -> None:
    kvarteret.does("initiative", "start", "Eva", "--category", "tool-library")
    assert "tool-library (i1): open" in kvarteret.does("initiative", "show", "tool")
    assert "tool-library" in kvarteret.does("initiative", "list")


# A second, naive implementation


def naive(events: Sequence[Event]) -> list[dict[str, Any]]:
    """What the questions should answer, from what stands in the order of time."""
    standing: list[Any] = live(events)
    kinds = {e.member: e.kind for e in standing if e.type == "member-joined"}
    started = [e for e in standing if e.type == "initiative-started"]
    made = sorted(started, key=lambda e: (e.occurred, e.position))
    return [naively(each, standing, kinds) for each in made]


def naively(start: Any, standing: Sequence[Any], kinds: dict[str, str]) -> dict[str, Any]:
    id = start.initiative
    inside: dict[str, int] = {}  # since when
    endorsers: set[str] = set()
    gifts = []
    over = False
    for event in standing:
        about = getattr(event, "initiative", None) == id
        if event.type == "gift-given" and (about or event.receiver == id):
            gifts.append(event)
        elif not about:
            continue
        elif event.type == "initiative-started":
            inside[event.starter] = event.occurred
        elif event.type == "initiative-joined":
            inside[event.participant] = event.occurred
        elif event.type == "initiative-left":
            inside.pop(event.participant, None)
        elif event.type == "initiative-endorsed":
            endorsers.add(event.endorser)
        elif event.type == "endorsement-withdrawn":
            endorsers.discard(event.endorser)
        elif event.type == "initiative-concluded":
            over = True
    given: Counter[str] = Counter()
    for gift in gifts:
        if gift.unit is not None:
            given[gift.unit] += gift.thousandths
    return {
        "id": id,
        "status": "concluded" if over else "open",
        "participants": sum(not gone(*each, standing) for each in inside.items()),
        "gifts": len(gifts),
        "kinds": dict(Counter(gift.kind for gift in gifts)),
        "given": {unit: decimal_text(total) for unit, total in given.items()},
        "endorsers": len(endorsers),
        "organisations": sum(kinds.get(each) == "organisation" for each in endorsers),
        "independent": len(apart(endorsers, standing)),
    }


def gone(member: str, since: int, standing: Sequence[Any]) -> bool:
    """Whether a member left the network after a time, or at it without being back at once."""
    own = [e for e in standing if getattr(e, "member", None) == member]
    left = [e.occurred for e in own if e.type in ("member-left", "member-forgotten")]
    back = [e.occurred for e in own if e.type == "member-returned"]
    return any(at > since or (at == since and since not in back) for at in left)


def apart(members: set[str], standing: Sequence[Any]) -> list[set[str]]:
    """Groups of members, merged pair by pair until no link leads from one to another."""
    ties: set[tuple[str, str, str]] = set()
    acts: set[tuple[str, str, str]] = set()
    introduced: set[tuple[str, str]] = set()
    for event in standing:
        if event.type == "tie-declared":
            ties.add((*sorted((event.first, event.second)), event.nature or ""))  # type: ignore[arg-type]
        elif event.type == "tie-dissolved":
            both = tuple(sorted((event.first, event.second)))
            ties = {t for t in ties if t[:2] != both or event.nature not in (None, t[2])}
        elif event.type == "affiliation-declared":
            acts.add((event.person, event.organisation, event.role or ""))
        elif event.type == "affiliation-ended":
            both = (event.person, event.organisation)
            acts = {a for a in acts if a[:2] != both or event.role not in (None, a[2])}
        elif event.type == "introduction-made":
            introduced |= {(event.introducer, event.first), (event.introducer, event.second)}

    def linked(one: str, other: str) -> bool:
        near = [
            {who} | {b for a, b, _ in acts if a == who} | {a for a, b, _ in acts if b == who}
            for who in (one, other)
        ]
        by = [{a for a, b in introduced if b == who} for who in (one, other)]
        tied = any({one, other} == {a, b} for a, b, _ in ties)
        return tied or bool(near[0] & near[1]) or bool(by[0] & by[1])

    groups = [{member} for member in members]
    while near := [
        pair
        for pair in combinations(groups, 2)
        if any(linked(a, b) for a in pair[0] for b in pair[1])
    ]:
        one, other = near[0]
        groups.remove(other)
        one |= other
    return groups


@settings(
    max_examples=HISTORIES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_the_answer_is_what_stands(tmp_path: Path, moves: list[Move]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with founded(folder) as ledger:
        wanted = {row["id"]: row for row in naive(play(ledger, moves))}
        found = initiatives(ledger.database, microseconds(NOW) + 1)
    assert [row["id"] for row in found] == list(wanted)
    for row in found:
        assert {name: row[name] for name in wanted[row["id"]]} == wanted[row["id"]]
