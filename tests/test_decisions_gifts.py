"""Asks, gifts, introductions, notes and the network itself: stories of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from samples import (
    ANA,
    ASK,
    ASK_CLOSED,
    ASK_MADE,
    BO,
    BOOK,
    CIA,
    CLOSE,
    CONFIRM,
    CORRECT,
    DESCRIBE_NETWORK,
    DISPUTE,
    FOLLOW_UP,
    FOUND,
    GIFT_CONFIRMED,
    GIFT_DISPUTED,
    GIFT_GIVEN,
    GIVE,
    INTRODUCE,
    INTRODUCTION_FOLLOWED_UP,
    INTRODUCTION_MADE,
    JOIN,
    LEAVE,
    NETWORK_DESCRIBED,
    NETWORK_FOUNDED,
    NOTE,
    NOTE_ADDED,
    OFFER,
    day,
)
from stories import given

from ledger import errors
from ledger import refusals as r
from ledger import revisions as v
from ledger.commands import Command

PEOPLE = tuple(replace(JOIN, name=name, occurred_at=day(1)) for name in ("Ana", "Bo", "Cia"))


def on(number: int, command: Command) -> Command:
    return replace(command, occurred_at=day(number))


ASKED = (*PEOPLE, on(2, ASK))
TOWARDS = replace(GIVE, ask="a1")
GIVEN = (*PEOPLE, on(3, GIVE))  # entry 4
CONFIRMS = replace(CONFIRM, gift=4)
DISPUTES = replace(DISPUTE, gift=4)
INTRODUCED = (*PEOPLE, on(3, INTRODUCE))  # entry 4
FOLLOWS_UP = replace(FOLLOW_UP, introduction=4)


# Asks


def test_a_member_asks() -> None:
    given(*PEOPLE).when(ASK).then(ASK_MADE)


def test_an_ask_says_for_what() -> None:
    given(*PEOPLE).when(replace(ASK, what=None)).rejects(r.NothingSaid)
    given(*PEOPLE).when(replace(ASK, what=None, category="målning")).then_something()


def test_an_ask_need_not_be_measured_but_then_has_no_unit() -> None:
    given(*PEOPLE).when(replace(ASK, quantity=None, unit=None)).then_something()
    given(*PEOPLE).when(replace(ASK, quantity=None)).rejects(errors.UnitWithoutQuantity)
    given(*PEOPLE).when(replace(ASK, unit=None)).rejects(errors.QuantityWithoutUnit)


def test_nothing_is_needed_before_it_is_asked_for() -> None:
    asked = on(10, replace(ASK, needed_by=date(2026, 3, 9)))
    given(*PEOPLE).when(asked).rejects(r.NeededBeforeAsked)
    given(*PEOPLE).when(replace(asked, needed_by=date(2026, 3, 10))).then_something()


def test_an_ask_ends() -> None:
    given(*ASKED).when(CLOSE).then(ASK_CLOSED)


def test_closing_twice_is_closing_once() -> None:
    given(*ASKED, on(3, CLOSE)).when(CLOSE).records_nothing()


def test_an_ask_does_not_end_otherwise_than_it_ended() -> None:
    given(*ASKED, on(3, CLOSE)).when(replace(CLOSE, outcome="lapsed")).rejects(
        r.AskEndedAlready, ask="a1", ended_at=day(3)
    )
    given(*ASKED, on(3, CLOSE)).when(on(2, CLOSE)).rejects(r.AskEndedAlready)


def test_an_ask_ends_with_the_asker_leaving() -> None:
    gone = (*ASKED, on(3, replace(LEAVE, member=BO)))
    given(*gone).when(replace(CLOSE, outcome="withdrawn")).records_nothing()
    given(*gone).when(CLOSE).rejects(r.AskEndedAlready, ended_at=day(3))


def test_an_ask_does_not_end_before_it_was_made() -> None:
    given(*ASKED).when(on(1, CLOSE)).rejects(r.BeforeItBegan, what="a1", began_at=day(2))


def test_a_late_closing_names_later_gifts_and_introductions() -> None:
    about_it = replace(INTRODUCE, ask="a1")
    given(*ASKED, on(5, TOWARDS), on(6, about_it)).when(on(4, CLOSE)).rejects(
        r.AfterClosing, entries=[5, 6], what="a1"
    )


def test_what_was_never_asked_is_unknown() -> None:
    given(*PEOPLE).when(CLOSE).rejects(r.UnknownId, what="ask", id="a1")
    given(*PEOPLE).when(TOWARDS).rejects(r.UnknownId, what="ask", id="a1")


# Gifts


def test_a_gift() -> None:
    given(*PEOPLE).when(GIVE).then(GIFT_GIVEN)


def test_a_gift_to_oneself_is_refused() -> None:
    given(*PEOPLE).when(replace(GIVE, receiver=ANA)).rejects(r.GiftToSelf, giver=ANA)


def test_a_gift_to_everyone() -> None:
    given(*PEOPLE).when(replace(GIVE, receiver="everyone")).then(
        replace(GIFT_GIVEN, receiver="everyone")
    )


def test_giver_and_receiver_exist() -> None:
    given(*PEOPLE).when(replace(GIVE, giver="m9")).rejects(r.UnknownId, id="m9")
    given(*PEOPLE).when(replace(GIVE, receiver="m9")).rejects(r.UnknownId, id="m9")


def test_a_quantity_has_a_unit() -> None:
    given(*PEOPLE).when(replace(GIVE, quantity=Decimal(2))).rejects(errors.QuantityWithoutUnit)
    given(*PEOPLE).when(replace(GIVE, unit="hour")).rejects(errors.UnitWithoutQuantity)


def test_a_quantity_is_kept_in_thousandths() -> None:
    given(*PEOPLE).when(replace(GIVE, quantity=Decimal("0.125"), unit="hour")).then(
        replace(GIFT_GIVEN, thousandths=125, unit="hour")
    )


@pytest.mark.parametrize(
    ("quantity", "error"),
    [
        ("0", errors.ZeroQuantity),
        ("-1", errors.NegativeQuantity),
        ("NaN", errors.NotAQuantity),
        ("Infinity", errors.NotAQuantity),
        ("0.0001", errors.QuantityTooPrecise),
        ("1e15", errors.QuantityTooLarge),
    ],
)
def test_a_quantity_is_a_number_that_can_be_counted(
    quantity: str, error: type[errors.LedgerError]
) -> None:
    wrong = replace(GIVE, quantity=Decimal(quantity), unit="hour")
    given(*PEOPLE).when(wrong).rejects(error)


def test_a_float_is_no_quantity() -> None:
    given(*PEOPLE).when(replace(GIVE, quantity=1.5, unit="hour")).rejects(errors.NotAQuantity)


def test_the_largest_quantity_fits() -> None:
    largest = replace(GIVE, quantity=Decimal("999999999999999.999"), unit="hour")
    [gift] = given(*PEOPLE).when(largest).events()
    assert gift == replace(GIFT_GIVEN, thousandths=10**18 - 1, unit="hour")


def test_the_kind_is_that_of_the_ask() -> None:
    given(*ASKED).when(TOWARDS).then(replace(GIFT_GIVEN, kind="service", ask="a1"))


def test_the_kind_is_that_of_the_resource() -> None:
    given(*PEOPLE, on(2, OFFER)).when(replace(GIVE, resource="r1")).then(
        replace(GIFT_GIVEN, kind="equipment", resource="r1")
    )


def test_what_is_reusable_has_no_unit_and_a_gift_of_it_may_have_any() -> None:
    for unit in ("hour", "cup"):
        measured = replace(GIVE, resource="r1", quantity=Decimal(2), unit=unit)
        of_it = replace(GIFT_GIVEN, kind="equipment", resource="r1", thousandths=2000, unit=unit)
        given(*PEOPLE, on(2, OFFER)).when(measured).then(of_it)


def test_the_kind_that_is_said_counts() -> None:
    given(*ASKED).when(replace(TOWARDS, kind="time")).then(
        replace(GIFT_GIVEN, kind="time", ask="a1")
    )


def test_nothing_is_given_towards_an_ask_that_ended() -> None:
    given(*ASKED, on(3, CLOSE)).when(TOWARDS).rejects(r.AskEnded, ask="a1", ended_at=day(3))
    given(*ASKED, on(3, CLOSE)).when(on(3, TOWARDS)).then_something()


def test_an_ask_that_is_met_takes_more() -> None:
    four = replace(TOWARDS, quantity=Decimal(4), unit="hour")
    given(*ASKED, on(3, four)).when(four).then_something()


# What others say of a gift


def test_a_gift_is_confirmed_or_disputed() -> None:
    given(*GIVEN).when(CONFIRMS).then(replace(GIFT_CONFIRMED, gift=4))
    given(*GIVEN).when(DISPUTES).then(replace(GIFT_DISPUTED, gift=4))


def test_confirming_twice_is_confirming_once() -> None:
    given(*GIVEN, on(5, CONFIRMS)).when(CONFIRMS).records_nothing()
    given(*GIVEN, on(5, DISPUTES)).when(DISPUTES).records_nothing()


def test_one_may_change_ones_mind() -> None:
    given(*GIVEN, on(5, CONFIRMS)).when(DISPUTES).then_something()
    given(*GIVEN, on(5, CONFIRMS), on(6, DISPUTES)).when(CONFIRMS).then_something()


def test_others_speak_for_themselves() -> None:
    given(*GIVEN, on(5, CONFIRMS)).when(replace(CONFIRMS, actor=ANA)).then_something()


def test_the_counterparty_answers() -> None:
    given(*GIVEN).when(replace(CONFIRMS, actor=None)).rejects(v.NobodyAnswers, position=4)
    given(*GIVEN).when(replace(DISPUTES, actor=CIA)).rejects(v.NoParty, member=CIA, position=4)
    by_bo = (*PEOPLE, replace(on(3, GIVE), actor=BO))
    given(*by_bo).when(CONFIRMS).rejects(v.OwnRecord, member=BO, position=4)
    given(*by_bo).when(replace(CONFIRMS, actor=ANA)).then_something()


def test_of_a_gift_to_everyone_anybody_answers_but_who_recorded_it() -> None:
    shared = (*PEOPLE, replace(on(3, GIVE), receiver="everyone", actor=ANA))
    given(*shared).when(replace(CONFIRMS, actor=CIA)).then_something()
    given(*shared).when(replace(CONFIRMS, actor=ANA)).rejects(v.OwnRecord)


def test_parties_are_those_of_the_gift_as_it_stands() -> None:
    corrected = (*GIVEN, replace(CORRECT, target=4))  # it was Cia who received
    given(*corrected).when(CONFIRMS).rejects(v.NoParty, member=BO)
    confirmed = replace(GIFT_CONFIRMED, gift=4, receiver=CIA, actor=CIA)
    given(*corrected).when(replace(CONFIRMS, actor=CIA)).then(confirmed)


def test_only_a_gift_is_confirmed() -> None:
    given(*PEOPLE).when(CONFIRM).rejects(r.NotSuchAnEntry, position=1)
    given(*PEOPLE).when(replace(DISPUTE, gift=9)).rejects(r.UnknownId, what="entry", id="#9")


def test_a_gift_is_not_confirmed_before_it_was_given() -> None:
    given(*GIVEN).when(on(2, CONFIRMS)).rejects(r.BeforeItBegan, what="#4", began_at=day(3))


# Introductions


def test_an_introduction() -> None:
    given(*PEOPLE).when(INTRODUCE).then(INTRODUCTION_MADE)


@pytest.mark.parametrize("field", ["introducer", "first"])
def test_an_introduction_takes_three(field: str) -> None:
    given(*PEOPLE).when(replace(INTRODUCE, **{field: CIA})).rejects(r.IntroducesThemselves)


def test_who_left_is_not_introduced() -> None:
    given(*PEOPLE, on(2, replace(LEAVE, member=CIA))).when(INTRODUCE).rejects(r.HasLeft, member=CIA)


def test_no_introduction_for_an_ask_that_ended() -> None:
    given(*ASKED, on(3, CLOSE)).when(replace(INTRODUCE, ask="a1")).rejects(r.AskEnded)


def test_an_introduction_is_followed_up() -> None:
    given(*INTRODUCED).when(FOLLOWS_UP).then(replace(INTRODUCTION_FOLLOWED_UP, introduction=4))


def test_the_same_outcome_is_not_recorded_again() -> None:
    given(*INTRODUCED, on(5, FOLLOWS_UP)).when(FOLLOWS_UP).records_nothing()
    collaborated = replace(FOLLOWS_UP, outcome="collaborated")
    given(*INTRODUCED, on(5, FOLLOWS_UP)).when(collaborated).then_something()
    given(*INTRODUCED, on(5, FOLLOWS_UP), on(6, collaborated)).when(FOLLOWS_UP).then_something()


def test_nothing_comes_of_an_introduction_before_it() -> None:
    given(*INTRODUCED).when(on(2, FOLLOWS_UP)).rejects(r.BeforeItBegan, what="#4")


def test_only_an_introduction_is_followed_up() -> None:
    given(*GIVEN).when(FOLLOWS_UP).rejects(r.NotSuchAnEntry, position=4)


# Notes


def test_a_note_is_about_those_whom_the_entry_is_about() -> None:
    given(*GIVEN).when(replace(NOTE, target=4)).then(
        replace(NOTE_ADDED, target=4, members=(ANA, BO))
    )


def test_a_note_on_a_note_is_about_the_same_people() -> None:
    given(*GIVEN, on(5, replace(NOTE, target=4))).when(replace(NOTE, target=5)).then(
        replace(NOTE_ADDED, target=5, members=(ANA, BO))
    )


def test_a_note_is_about_those_behind_an_ask_a_resource_or_a_booking() -> None:
    given(*ASKED, on(5, TOWARDS), on(6, replace(CLOSE))).when(replace(NOTE, target=6)).then(
        replace(NOTE_ADDED, target=6, members=(BO,))
    )
    booking = (*PEOPLE, on(2, OFFER), on(3, replace(BOOK, booker=CIA)))
    given(*booking).when(replace(NOTE, target=5)).then(
        replace(NOTE_ADDED, target=5, members=(CIA, ANA))
    )


def test_a_note_is_about_an_entry_that_exists() -> None:
    given(*PEOPLE).when(replace(NOTE, target=4)).rejects(r.UnknownId, what="entry", id="#4")


# The network


def test_a_network_is_founded_once() -> None:
    given().when(FOUND).then(NETWORK_FOUNDED)
    given(FOUND).when(FOUND).rejects(r.AlreadyFounded)


def test_a_network_takes_another_name() -> None:
    given(FOUND).when(DESCRIBE_NETWORK).then(NETWORK_DESCRIBED)
    given(FOUND).when(replace(DESCRIBE_NETWORK, name=None)).rejects(r.NothingToChange)
