"""What is offered, booked, lent and used up: stories of the rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given as over
from hypothesis import strategies as st
from samples import (
    ANA,
    BO,
    BOOK,
    BOOKING_RELEASED,
    CIA,
    GIFT_GIVEN,
    GIVE,
    JOIN,
    LEAVE,
    LEND,
    NOW,
    OFFER,
    RELEASE,
    RESOURCE_BOOKED,
    RESOURCE_LENT,
    RESOURCE_OFFERED,
    RESOURCE_RETURNED,
    RESOURCE_WITHDRAWN,
    RETURN_RESOURCE,
    WITHDRAW,
    day,
)
from stories import World, given

from ledger import commands as c
from ledger import errors
from ledger import refusals as r
from ledger.commands import Command

PEOPLE = tuple(replace(JOIN, name=name, occurred_at=day(1)) for name in ("Ana", "Bo", "Cia"))
WEEKDAYS = "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0/PT8H"
COFFEE = c.Offer(owner=ANA, kind="other", what="kaffe", stock=Decimal(20), unit="cup")


def on(number: int, command: Command) -> Command:
    return replace(command, occurred_at=day(number))


BIKE = (*PEOPLE, on(2, OFFER))  # entry 4
TWO_BIKES = (*PEOPLE, on(2, replace(OFFER, capacity=2)))
STOCK = (*PEOPLE, on(2, COFFEE))


def booked(start: int, end: int, **more: object) -> c.Book:
    return replace(BOOK, start=day(start), end=day(end), **more)


def cups(quantity: str, **more: object) -> c.Give:
    return replace(GIVE, resource="r1", quantity=Decimal(quantity), unit="cup", **more)


# Offers


def test_something_is_offered() -> None:
    given(PEOPLE[0]).when(OFFER).then(RESOURCE_OFFERED)


def test_an_offer_says_what_it_is() -> None:
    given(*PEOPLE).when(replace(OFFER, what=None, category=None)).rejects(r.NothingSaid)
    given(*PEOPLE).when(replace(OFFER, what=None)).then_something()


def test_an_offer_comes_back_or_is_used_up() -> None:
    both = replace(OFFER, stock=Decimal(2), unit="cup")
    given(*PEOPLE).when(both).rejects(r.CapacityAndStock)


def test_a_stock_has_a_unit() -> None:
    given(*PEOPLE).when(replace(COFFEE, unit=None)).rejects(errors.QuantityWithoutUnit)
    given(*PEOPLE).when(replace(OFFER, unit="cup")).rejects(errors.UnitWithoutQuantity)


def test_an_offer_ends() -> None:
    given(*BIKE).when(WITHDRAW).then(RESOURCE_WITHDRAWN)


def test_withdrawing_twice_is_withdrawing_once() -> None:
    given(*BIKE, on(3, WITHDRAW)).when(WITHDRAW).records_nothing()
    given(*BIKE, on(3, LEAVE)).when(WITHDRAW).records_nothing()


def test_an_offer_does_not_end_before_it_began() -> None:
    given(*BIKE).when(on(1, WITHDRAW)).rejects(r.BeforeItBegan, what="r1", began_at=day(2))


def test_an_offer_that_has_ended_does_not_end_earlier() -> None:
    given(*BIKE, on(5, WITHDRAW)).when(on(4, WITHDRAW)).rejects(r.ResourceGone, ended_at=day(5))


def test_a_late_withdrawal_names_later_uses() -> None:
    given(*TWO_BIKES, on(5, LEND), on(6, booked(40, 41))).when(on(4, WITHDRAW)).rejects(
        r.AfterWithdrawing, entries=[5, 6], what="r1"
    )


def test_what_was_never_offered_is_unknown() -> None:
    given(*PEOPLE).when(WITHDRAW).rejects(r.UnknownId, what="resource", id="r1")
    given(*PEOPLE).when(LEND).rejects(r.UnknownId, what="resource", id="r1")
    given(*PEOPLE).when(BOOK).rejects(r.UnknownId, what="resource", id="r1")


# Bookings


def test_a_resource_is_booked() -> None:
    given(*BIKE).when(BOOK).then(RESOURCE_BOOKED)


def test_a_clash_names_the_booking() -> None:
    given(*BIKE, on(3, booked(40, 42))).when(booked(41, 43)).rejects(
        r.Clash, resource="r1", holders=["b1"], free=0, capacity=1
    )


def test_one_booking_may_begin_when_another_ends() -> None:
    given(*BIKE, on(3, booked(40, 42))).when(booked(42, 43)).then_something()
    given(*BIKE, on(3, booked(40, 42))).when(booked(38, 40)).then_something()


def test_a_booking_around_another_clashes_with_it() -> None:
    given(*BIKE, on(3, booked(40, 42))).when(booked(39, 43)).rejects(r.Clash, holders=["b1"])


def test_what_counts_is_the_busiest_moment() -> None:
    one_after_the_other = (on(3, booked(40, 41)), on(3, booked(41, 42)))
    given(*TWO_BIKES, *one_after_the_other).when(booked(39, 43)).then_something()
    given(*TWO_BIKES, *one_after_the_other, on(3, booked(39, 43))).when(booked(39, 43)).rejects(
        r.Clash, free=0, capacity=2
    )


def test_no_more_can_be_booked_than_there_is() -> None:
    given(*BIKE).when(replace(BOOK, count=2)).rejects(r.MoreThanThereIs, capacity=1)
    given(*TWO_BIKES, on(3, BOOK)).when(replace(BOOK, count=2)).rejects(
        r.Clash, holders=["b1"], free=1, capacity=2
    )


def test_a_standing_offer_is_booked_by_any_number() -> None:
    standing = on(2, replace(OFFER, capacity=None))
    given(*PEOPLE, standing, on(3, BOOK), on(3, BOOK)).when(
        replace(BOOK, count=99)
    ).then_something()


def test_a_late_booking_is_judged_on_what_was_booked_since() -> None:
    given(*BIKE, on(5, booked(40, 42))).when(on(3, booked(41, 43))).rejects(r.Clash, holders=["b1"])


@over(
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(3, 12), st.integers(1, 5), st.integers(1, 3)), max_size=8),
)
def test_capacity_is_never_exceeded_at_any_moment(
    capacity: int, wishes: list[tuple[int, int, int]]
) -> None:
    world = World()
    for thing in (*PEOPLE, on(2, replace(OFFER, capacity=capacity))):
        world.take(thing)
    kept: list[tuple[int, int, int]] = []
    for start, length, count in wishes:
        taken = {
            hour: sum(n for s, e, n in kept if s <= hour < e)
            for hour in range(start, start + length)
        }
        fits = max(taken.values()) + count <= capacity
        try:
            world.take(booked(start, start + length, count=count))
        except (r.Clash, r.MoreThanThereIs):
            assert not fits
        else:
            assert fits
            kept.append((start, start + length, count))


def test_a_booking_ends_after_it_starts() -> None:
    given(*BIKE).when(booked(40, 40)).rejects(r.EndBeforeStart, start=day(40), end=day(40))
    given(*BIKE).when(booked(41, 40)).rejects(r.EndBeforeStart)


def test_a_booking_lies_within_the_open_hours() -> None:
    weekdays = on(2, replace(OFFER, open=(WEEKDAYS,)))
    monday, tuesday, sunday = 37, 38, 36  # 6 April 2026 is a Monday

    def hours(number: int, start: int, end: int) -> c.Book:
        return replace(BOOK, start=day(number, start), end=day(number, end))

    given(*PEOPLE, weekdays).when(hours(monday, 9, 17)).then_something()
    given(*PEOPLE, weekdays).when(hours(monday, 8, 10)).rejects(r.OutsideTheOffer, resource="r1")
    given(*PEOPLE, weekdays).when(hours(sunday, 10, 11)).rejects(r.OutsideTheOffer)
    over_night = replace(BOOK, start=day(monday, 16), end=day(tuesday, 10))
    given(*PEOPLE, weekdays).when(over_night).rejects(r.OutsideTheOffer)


def test_a_booking_lies_within_the_offer() -> None:
    given(*BIKE).when(booked(1, 3)).rejects(r.OutsideTheOffer)
    given(*BIKE, on(20, WITHDRAW)).when(on(10, booked(19, 21))).rejects(r.OutsideTheOffer)
    given(*BIKE, on(20, WITHDRAW)).when(on(10, booked(19, 20))).then_something()


def test_nothing_is_booked_after_the_offer_ended() -> None:
    given(*BIKE, on(5, WITHDRAW)).when(BOOK).rejects(r.ResourceGone, ended_at=day(5))
    given(*BIKE, on(5, LEAVE)).when(BOOK).rejects(r.ResourceGone, ended_at=day(5))


def test_what_is_used_up_is_not_booked_or_lent() -> None:
    given(*STOCK).when(BOOK).rejects(r.NotReusable, resource="r1")
    given(*STOCK).when(LEND).rejects(r.NotReusable, resource="r1")


def test_a_booker_who_left_has_no_booking() -> None:
    gone = on(5, replace(LEAVE, member=BO))
    given(*BIKE, on(3, BOOK), gone).when(replace(BOOK, booker=CIA)).then_something()
    given(*BIKE, gone).when(BOOK).rejects(r.HasLeft, member=BO)


def test_a_booking_is_released() -> None:
    given(*BIKE, on(3, BOOK)).when(RELEASE).then(BOOKING_RELEASED)


def test_what_was_released_is_free() -> None:
    given(*BIKE, on(3, BOOK), on(4, RELEASE)).when(BOOK).then_something()


def test_a_booking_released_half_way_held_the_first_half() -> None:
    history = (*BIKE, on(3, booked(10, 20)), on(15, RELEASE))
    given(*history).when(on(4, booked(14, 16))).rejects(r.Clash, holders=["b1"])
    given(*history).when(on(4, booked(15, 16))).then_something()


def test_a_booking_is_released_once() -> None:
    given(*BIKE, on(3, BOOK), on(4, RELEASE)).when(RELEASE).rejects(
        r.AlreadyReleased, booking="b1", released_at=day(4)
    )


def test_a_booking_that_is_over_is_not_released() -> None:
    given(*BIKE, on(3, booked(5, 6))).when(RELEASE).rejects(r.BookingOver, end=day(6))
    given(*BIKE, on(3, booked(5, 6))).when(on(6, RELEASE)).rejects(r.BookingOver)


def test_a_booking_is_not_released_before_it_was_made() -> None:
    given(*BIKE, on(3, BOOK)).when(on(2, RELEASE)).rejects(r.BeforeItBegan, what="b1")


def test_what_was_never_booked_is_unknown() -> None:
    given(*BIKE).when(RELEASE).rejects(r.UnknownId, what="booking", id="b1")


# Loans


def test_a_resource_is_lent() -> None:
    given(*BIKE).when(LEND).then(RESOURCE_LENT)


def test_what_is_lent_is_not_lent_again() -> None:
    given(*BIKE, on(3, LEND)).when(replace(LEND, borrower=CIA)).rejects(r.Clash, holders=["#5"])


def test_what_is_overdue_is_not_lent_again() -> None:
    given(*BIKE, on(3, replace(LEND, due=day(5)))).when(replace(LEND, borrower=CIA)).rejects(
        r.Clash, holders=["#5"]
    )


def test_what_came_back_late_was_not_there_in_between() -> None:
    history = (*BIKE, on(3, replace(LEND, due=day(5))), on(10, RETURN_RESOURCE))
    again = replace(LEND, borrower=CIA, occurred_at=day(7), due=day(8))
    given(*history).when(again).rejects(r.Clash, holders=["#5"])
    given(*history).when(replace(again, occurred_at=day(10), due=day(12))).then_something()


def test_what_is_overdue_can_be_booked_for_later() -> None:
    given(*BIKE, on(3, replace(LEND, due=day(5)))).when(BOOK).then_something()


def test_what_is_lent_without_an_end_is_not_booked() -> None:
    given(*BIKE, on(3, LEND)).when(BOOK).rejects(r.Clash, holders=["#5"])


def test_what_is_booked_for_later_is_lent_until_then() -> None:
    given(*BIKE, on(3, BOOK)).when(replace(LEND, due=day(40))).then_something()
    late = replace(LEND, due=day(41))
    given(*BIKE, on(3, BOOK)).when(late).rejects(r.OwnBooking, holders=["b1"], booking="b1")
    given(*BIKE, on(3, BOOK)).when(replace(late, borrower=CIA)).rejects(r.Clash, holders=["b1"])
    given(*BIKE, on(3, BOOK)).when(LEND).rejects(r.OwnBooking, holders=["b1"])


def test_a_loan_is_due_after_it_began() -> None:
    given(*BIKE).when(replace(LEND, due=NOW)).rejects(r.EndBeforeStart, end=NOW)


def test_nothing_is_lent_before_it_was_offered() -> None:
    given(*BIKE).when(on(1, LEND)).rejects(r.BeforeItBegan, what="r1")


def test_nothing_is_lent_after_the_offer_ended() -> None:
    given(*BIKE, on(3, WITHDRAW)).when(LEND).rejects(r.ResourceGone, ended_at=day(3))


def test_who_left_borrows_nothing() -> None:
    given(*BIKE, on(3, replace(LEAVE, member=BO))).when(LEND).rejects(r.HasLeft, member=BO)


def test_a_loan_comes_back() -> None:
    given(*BIKE, on(3, LEND)).when(RETURN_RESOURCE).then(replace(RESOURCE_RETURNED, loan=5))


def test_what_came_back_can_be_lent() -> None:
    given(*BIKE, on(3, LEND), on(4, RETURN_RESOURCE)).when(LEND).then_something()


def test_a_loan_comes_back_from_one_who_left_and_after_a_withdrawal() -> None:
    gone = (on(5, replace(LEAVE, member=BO)), on(6, WITHDRAW))
    given(*BIKE, on(3, LEND), *gone).when(RETURN_RESOURCE).then_something()


def test_what_is_not_lent_does_not_come_back() -> None:
    given(*BIKE).when(RETURN_RESOURCE).rejects(r.NotLent, resource="r1")
    given(*BIKE, on(3, LEND), on(4, RETURN_RESOURCE)).when(RETURN_RESOURCE).rejects(r.NotLent)
    given(*BIKE, on(3, LEND)).when(replace(RETURN_RESOURCE, borrower=CIA)).rejects(
        r.LentToOthers, borrowers=[BO], member=CIA
    )


def test_a_loan_does_not_come_back_before_it_went() -> None:
    given(*BIKE, on(3, LEND)).when(on(2, RETURN_RESOURCE)).rejects(r.BeforeItBegan, what="#5")


def test_of_several_loans_it_is_said_whose_comes_back() -> None:
    lent = (on(3, LEND), on(4, replace(LEND, borrower=CIA)))
    given(*TWO_BIKES, *lent).when(RETURN_RESOURCE).rejects(r.SeveralLoans, borrowers=[BO, CIA])
    given(*TWO_BIKES, *lent).when(replace(RETURN_RESOURCE, borrower=CIA)).then(
        replace(RESOURCE_RETURNED, loan=6, borrower=CIA)
    )


def test_of_two_loans_to_one_the_older_comes_back() -> None:
    given(*TWO_BIKES, on(4, LEND), on(3, LEND)).when(RETURN_RESOURCE).then(
        replace(RESOURCE_RETURNED, loan=6)
    )


# Stock


def test_a_gift_takes_from_a_stock() -> None:
    given(*STOCK, cups("18")).when(cups("2")).then(
        replace(GIFT_GIVEN, resource="r1", thousandths=2000, unit="cup")
    )


def test_no_more_is_given_than_is_left() -> None:
    given(*STOCK, cups("18.5")).when(cups("1.501")).rejects(
        r.StockExceeded, resource="r1", left="1.5", unit="cup"
    )


def test_a_late_gift_takes_from_the_same_stock() -> None:
    given(*STOCK, cups("20")).when(cups("0.001", occurred_at=day(3))).rejects(
        r.StockExceeded, left="0"
    )


def test_a_stock_is_given_in_its_own_unit() -> None:
    given(*STOCK).when(replace(cups("1"), unit="litre")).rejects(
        r.OtherUnit, unit="cup", given="litre"
    )


def test_a_unit_is_the_same_in_capitals() -> None:
    given(*STOCK).when(replace(cups("1"), unit="CUP")).then_something()


def test_a_gift_that_nobody_measured_takes_nothing_known() -> None:
    given(*STOCK, cups("20")).when(replace(GIVE, resource="r1")).then_something()


def test_nothing_is_given_from_an_offer_that_ended() -> None:
    given(*STOCK, on(3, WITHDRAW)).when(cups("1")).rejects(r.ResourceGone, ended_at=day(3))
    given(*STOCK, on(5, WITHDRAW)).when(cups("1", occurred_at=day(4))).then_something()
