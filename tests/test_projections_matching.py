"""Which offers could meet which asks: the pure matching, and what the ledger makes of it."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy

from cli_world import Natverk
from hypothesis import given
from hypothesis import strategies as st

from ledger.database import Database
from ledger.values import microseconds
from projections.matching import match
from projections.pairing import SUGGESTIONS, Offered, Wanted, matches, words_of

WORDS = st.frozensets(st.sampled_from(["bread", "bicycle", "paint"]), max_size=2)
CATEGORIES = st.sampled_from([None, "mask", "gown"])
KINDS = st.sampled_from(["service", "equipment"])
PEOPLE = st.sampled_from(["m1", "m2", "m3"])
UNITS = st.sampled_from(["piece", "kg"])
AMOUNTS = st.none() | st.integers(1, 9)


@st.composite
def wants(draw: st.DrawFn) -> list[Wanted]:
    return [
        Wanted(
            ask=f"a{number}",
            asker=draw(PEOPLE),
            kind=draw(KINDS),
            word=draw(CATEGORIES),
            words=draw(WORDS),
            missing=draw(AMOUNTS),
            unit=draw(UNITS),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


@st.composite
def offers(draw: st.DrawFn) -> list[Offered]:
    return [
        Offered(
            age=age,
            resource=f"r{age}",
            owner=draw(PEOPLE),
            kind=draw(KINDS),
            word=draw(CATEGORIES),
            words=draw(WORDS),
            left=draw(AMOUNTS),
            unit=draw(UNITS),
        )
        for age in range(draw(st.integers(0, 12)))
    ]


def alike(wanted: Wanted, offered: Offered) -> bool:
    same = wanted.word is not None and wanted.word == offered.word
    return same or (wanted.kind == offered.kind and bool(wanted.words & offered.words))


@given(wants(), offers())
def test_a_stock_is_never_handed_out_twice_nor_an_ask_given_too_much(
    asked: list[Wanted], offered: list[Offered]
) -> None:
    stocks = {offer.resource: offer.left for offer in offered}
    taken: Counter[str] = Counter()
    got: Counter[str] = Counter()
    for pair in matches(asked, deepcopy(offered)):
        assert pair.wanted.asker != pair.offered.owner
        assert alike(pair.wanted, pair.offered)
        if pair.thousandths is not None:
            assert pair.thousandths > 0
            assert pair.wanted.unit == pair.offered.unit
            taken[pair.offered.resource] += pair.thousandths
            got[pair.wanted.ask] += pair.thousandths
    assert all(total <= (stocks[resource] or 0) for resource, total in taken.items())
    assert all(got[wanted.ask] <= (wanted.missing or 0) for wanted in asked)


@given(wants(), offers())
def test_the_same_rows_match_alike_in_whatever_order_the_offers_come(
    asked: list[Wanted], offered: list[Offered]
) -> None:
    forth = [
        (p.wanted.ask, p.offered.resource, p.thousandths) for p in matches(asked, deepcopy(offered))
    ]
    back = [
        (p.wanted.ask, p.offered.resource, p.thousandths)
        for p in matches(asked, deepcopy(offered[::-1]))
    ]
    assert forth == back


@given(wants(), offers())
def test_whoever_goes_without_leaves_nothing_alike_behind(
    asked: list[Wanted], offered: list[Offered]
) -> None:
    """Beside a naive matching: each tier in turn, the oldest ask and the oldest offer first."""
    left = {offer.resource: offer.left for offer in offered}
    expected: list[tuple[str, str, int]] = []
    for wanted in asked:
        missing = wanted.missing or 0
        tiers = (
            [o for o in offered if wanted.word is not None and o.word == wanted.word],
            [o for o in offered if o.kind == wanted.kind and o.words & wanted.words],
        )
        for offer in (offer for tier in tiers for offer in tier):
            stock = left[offer.resource]
            if offer.owner != wanted.asker and offer.unit == wanted.unit and stock and missing:
                took = min(stock, missing)
                expected.append((wanted.ask, offer.resource, took))
                left[offer.resource] = stock - took
                missing -= took
    found = [
        (pair.wanted.ask, pair.offered.resource, pair.thousandths)
        for pair in matches(asked, deepcopy(offered))
        if pair.thousandths is not None
    ]
    assert found == expected


def test_an_ask_is_shown_a_few_of_many_offers_that_are_not_used_up() -> None:
    many = [
        Offered(age, f"r{age}", "m1", "service", "bread", frozenset(), None, None)
        for age in range(3 * SUGGESTIONS)
    ]
    wanted = Wanted("a1", "m2", "service", "bread", frozenset(), None, None)
    assert [pair.offered.age for pair in matches([wanted], many)] == list(range(SUGGESTIONS))


def test_words_of_a_text_are_folded_and_those_that_say_nothing_left_out() -> None:
    assert words_of("Hjälp med min CYKEL, någon?") == {"cykel"}


def rows_of(natverk: Natverk, ask: str | None = None) -> list[tuple[str, str, str | None]]:
    database = Database.reading(natverk.place)
    found = match(database, microseconds(natverk.clock()), ask)
    database.close()
    return [(row["ask"], row["resource"], row["quantity"]) for row in found]


def with_bread(natverk: Natverk) -> None:
    """The café has 20 loaves; Åsa asked for 15 first, then Knut for 15 and Eva for some."""
    stock = ("--category", "bread", "--stock", "20", "--unit", "piece", "--kind", "other")
    natverk.does("offer", "Café", "bread", *stock)
    wish = ("--category", "Bread", "--kind", "other")
    natverk.does("ask", "Åsa", *wish, "--quantity", "15", "--unit", "piece", "--at", "2026-11-01")
    natverk.does("ask", "Knut", *wish, "--quantity", "15", "--unit", "piece", "--at", "2026-11-02")
    natverk.does("ask", "Eva", *wish, "--at", "2026-10-30")


def test_the_oldest_ask_is_served_first_and_the_next_gets_what_is_left(kvarteret: Natverk) -> None:
    with_bread(kvarteret)
    assert rows_of(kvarteret) == [("a4", "r3", None), ("a2", "r3", "15"), ("a3", "r3", "5")]


def test_one_ask_has_the_rows_that_it_has_among_all(kvarteret: Natverk) -> None:
    with_bread(kvarteret)
    everything = rows_of(kvarteret)
    for ask in ("a1", "a2", "a3", "a4"):
        assert rows_of(kvarteret, ask) == [row for row in everything if row[0] == ask]


def test_what_was_given_towards_an_ask_is_not_handed_out_again(kvarteret: Natverk) -> None:
    with_bread(kvarteret)
    measured = ("--quantity", "10", "--unit", "piece", "--ask", "a2", "--resource", "r3")
    kvarteret.does("give", "Café", "Åsa", *measured)
    assert rows_of(kvarteret, "a2") == [("a2", "r3", "5")]
    assert rows_of(kvarteret, "a3") == [("a3", "r3", "5")]


def test_offers_and_asks_of_those_who_rest_or_left_do_not_match(kvarteret: Natverk) -> None:
    with_bread(kvarteret)
    kvarteret.does("pause", "Åsa")
    kvarteret.does("leave", "Knut")
    assert rows_of(kvarteret) == [("a4", "r3", None)]
    kvarteret.does("pause", "Café")
    assert rows_of(kvarteret) == []


def test_an_unknown_ask_is_told_of(kvarteret: Natverk) -> None:
    result = kvarteret("match", "a99")
    assert result.code == 3
    assert "a99" in result.err


def test_a_match_says_why(kvarteret: Natverk) -> None:
    with_bread(kvarteret)
    kvarteret.does("offer", "Eva", "painting fences", "--kind", "service")
    rows = kvarteret.rows("match")
    assert [list(row)[:5] for row in rows] == [["ask", "resource", "owner", "asker", "reason"]] * 4
    assert [row["reason"] for row in rows] == [
        "same kind, both say painting",
        "same category bread",
        "15 of 15 pieces, same category bread",
        "5 of 15 pieces, same category bread",
    ]
    assert rows[0]["owner"] == "m3"
    assert rows[0]["asker"] == "m2"
