"""Who comes in, goes, rests and is described: stories of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from samples import (
    ANA,
    ASK,
    BO,
    BOOK,
    CIA,
    DESCRIBE,
    GIVE,
    INTRODUCE,
    JOIN,
    LEAVE,
    LEND,
    MEMBER_DESCRIBED,
    MEMBER_JOINED,
    MEMBER_LEFT,
    MEMBER_PAUSED,
    MEMBER_RESUMED,
    MEMBER_RETURNED,
    NOW,
    OFFER,
    PAUSE,
    RESUME,
    RETURN,
    day,
)
from stories import given

from ledger import errors
from ledger import refusals as r
from ledger.commands import Command

ANA_JOINS = replace(JOIN, occurred_at=day(1))
BO_JOINS = replace(JOIN, name="Bo", occurred_at=day(1))
CIA_JOINS = replace(JOIN, name="Cia", occurred_at=day(1))
TWO = (ANA_JOINS, BO_JOINS)


def on(number: int, command: Command) -> Command:
    return replace(command, occurred_at=day(number))


# Joining


def test_the_first_to_join_is_m1() -> None:
    given().when(JOIN).then(MEMBER_JOINED)


def test_ids_count_on() -> None:
    given(ANA_JOINS).when(replace(JOIN, name="Bo")).then(
        replace(MEMBER_JOINED, member=BO, name="Bo")
    )


def test_an_id_is_not_used_again_after_someone_left() -> None:
    given(ANA_JOINS, on(2, LEAVE)).when(replace(JOIN, name="Bo")).then(
        replace(MEMBER_JOINED, member=BO, name="Bo")
    )


def test_a_name_is_taken_however_it_is_cased() -> None:
    given(ANA_JOINS).when(replace(JOIN, name="ANÁ")).rejects(r.NameTaken, member=ANA)


def test_the_name_of_someone_who_left_is_not_for_another() -> None:
    given(ANA_JOINS, on(2, LEAVE)).when(JOIN).rejects(r.NameOfSomeoneWhoLeft, member=ANA)


def test_a_name_that_was_given_up_is_free() -> None:
    given(ANA_JOINS, on(2, replace(DESCRIBE, name="Anna"))).when(JOIN).then(
        replace(MEMBER_JOINED, member=BO)
    )


def test_an_inviter_must_exist() -> None:
    given().when(replace(JOIN, invited_by=CIA)).rejects(r.UnknownId, id=CIA)


def test_an_inviter_who_had_left_invites_nobody() -> None:
    given(ANA_JOINS, on(2, LEAVE)).when(replace(JOIN, name="Bo", invited_by=ANA)).rejects(
        r.HasLeft, member=ANA, left_at=day(2)
    )


def test_an_inviter_who_left_later_did_invite() -> None:
    given(ANA_JOINS, on(5, LEAVE)).when(
        replace(JOIN, name="Bo", invited_by=ANA, occurred_at=day(4))
    ).then(replace(MEMBER_JOINED, member=BO, name="Bo", invited_by=ANA, occurred_at=day(4)))


# Leaving


def test_a_member_leaves() -> None:
    given(ANA_JOINS).when(LEAVE).then(MEMBER_LEFT)


def test_leaving_twice_is_leaving_once() -> None:
    given(ANA_JOINS, on(2, LEAVE)).when(LEAVE).records_nothing()


def test_nobody_leaves_before_they_joined() -> None:
    given(on(5, JOIN)).when(on(4, LEAVE)).rejects(r.NotYetJoined, member=ANA)


def test_who_never_joined_does_not_leave() -> None:
    given().when(LEAVE).rejects(r.UnknownId, id=ANA)


def test_a_late_leaving_is_fine_when_nothing_came_after() -> None:
    given(*TWO, on(3, GIVE)).when(on(4, LEAVE)).then(replace(MEMBER_LEFT, occurred_at=day(4)))


def test_a_late_leaving_with_later_gifts_names_them() -> None:
    given(*TWO, on(5, GIVE), on(6, GIVE), on(2, GIVE)).when(on(4, LEAVE)).rejects(
        r.AfterLeaving, entries=[3, 4], what=ANA
    )


def test_a_late_leaving_names_gifts_received() -> None:
    given(*TWO, on(5, GIVE)).when(on(4, replace(LEAVE, member=BO))).rejects(
        r.AfterLeaving, entries=[3]
    )


def test_a_late_leaving_names_who_was_invited_later() -> None:
    given(ANA_JOINS, replace(BO_JOINS, invited_by=ANA, occurred_at=day(5))).when(
        on(4, LEAVE)
    ).rejects(r.AfterLeaving, entries=[2])


def test_a_late_leaving_names_a_later_introduction() -> None:
    given(*TWO, CIA_JOINS, on(5, INTRODUCE)).when(on(4, replace(LEAVE, member=CIA))).rejects(
        r.AfterLeaving, entries=[4]
    )


def test_a_late_leaving_names_what_others_did_with_their_offer() -> None:
    given(*TWO, on(2, replace(OFFER, capacity=2)), on(5, LEND), on(6, BOOK)).when(
        on(4, LEAVE)
    ).rejects(r.AfterLeaving, entries=[4, 5])


def test_a_late_leaving_names_gifts_towards_their_ask() -> None:
    for_the_ask = replace(GIVE, giver=CIA, receiver=ANA, ask="a1")
    given(*TWO, CIA_JOINS, on(2, ASK), on(5, for_the_ask)).when(
        on(4, replace(LEAVE, member=BO))
    ).rejects(r.AfterLeaving, entries=[5])


def test_a_late_leaving_names_their_own_later_pause() -> None:
    given(ANA_JOINS, on(5, PAUSE)).when(on(4, LEAVE)).rejects(r.AfterLeaving, entries=[2])


def test_a_late_leaving_before_another_leaving_is_refused() -> None:
    given(ANA_JOINS, on(5, LEAVE), on(7, RETURN)).when(on(3, LEAVE)).rejects(
        r.LaterMembership, entries=[2, 3]
    )


def test_a_name_changed_after_leaving_is_in_nobodys_way() -> None:
    given(ANA_JOINS, on(5, DESCRIBE)).when(on(4, LEAVE)).then(
        replace(MEMBER_LEFT, occurred_at=day(4))
    )


# Returning


def test_who_left_comes_back_under_the_same_id() -> None:
    given(ANA_JOINS, on(2, LEAVE)).when(RETURN).then(MEMBER_RETURNED)


def test_who_is_here_cannot_come_back() -> None:
    given(ANA_JOINS).when(RETURN).records_nothing()


def test_who_was_here_then_did_not_come_back_then() -> None:
    given(ANA_JOINS, on(5, LEAVE)).when(on(4, RETURN)).records_nothing()


def test_nobody_returns_before_they_first_joined() -> None:
    given(on(5, JOIN)).when(on(4, RETURN)).rejects(r.NotYetJoined, member=ANA)


def test_a_late_return_before_another_return_is_refused() -> None:
    given(ANA_JOINS, on(3, LEAVE), on(7, RETURN)).when(on(5, RETURN)).rejects(
        r.LaterMembership, entries=[3]
    )


def test_leaving_and_returning_on_one_day_is_returning() -> None:
    given(*TWO, on(5, LEAVE), on(5, RETURN)).when(GIVE).then_something()


def test_coming_back_does_not_revive_an_offer() -> None:
    given(*TWO, on(2, OFFER), on(3, LEAVE), on(4, RETURN)).when(LEND).rejects(
        r.ResourceGone, resource="r1", ended_at=day(3)
    )


def test_coming_back_does_not_revive_an_ask() -> None:
    bo = {"member": BO}
    given(*TWO, on(2, ASK), on(3, replace(LEAVE, **bo)), on(4, replace(RETURN, **bo))).when(
        replace(GIVE, ask="a1")
    ).rejects(r.AskEnded, ask="a1", ended_at=day(3))


def test_an_offer_of_the_day_one_left_is_over_that_day() -> None:
    given(*TWO, on(3, OFFER), on(3, LEAVE)).when(LEND).rejects(
        r.ResourceGone, resource="r1", ended_at=day(3)
    )


def test_an_ask_of_the_day_one_left_is_over_that_day() -> None:
    given(*TWO, on(3, ASK), on(3, replace(LEAVE, member=BO))).when(
        replace(GIVE, giver=ANA, receiver=ANA, ask="a1")
    ).rejects(r.GiftToSelf)
    given(*TWO, CIA_JOINS, on(3, ASK), on(3, replace(LEAVE, member=BO))).when(
        replace(GIVE, receiver=CIA, ask="a1")
    ).rejects(r.AskEnded, ended_at=day(3))


def test_an_offer_of_the_day_one_came_back_stands() -> None:
    given(*TWO, on(3, LEAVE), on(3, RETURN), on(3, OFFER)).when(LEND).then_something()


# Acting


def test_people_give_before_they_join() -> None:
    given(*TWO).when(on(-5, GIVE)).then_something()


def test_nobody_gives_after_they_left() -> None:
    given(*TWO, on(3, LEAVE)).when(GIVE).rejects(r.HasLeft, member=ANA, left_at=day(3))


def test_nobody_receives_after_they_left() -> None:
    given(*TWO, on(3, replace(LEAVE, member=BO))).when(GIVE).rejects(r.HasLeft, member=BO)


def test_a_late_gift_from_before_they_left_is_fine() -> None:
    given(*TWO, on(5, LEAVE)).when(on(4, GIVE)).then_something()


def test_a_gift_in_the_very_moment_of_leaving_is_fine() -> None:
    given(*TWO, on(5, LEAVE)).when(on(5, GIVE)).then_something()


def test_a_gift_right_after_leaving_is_refused() -> None:
    later = day(5) + timedelta(microseconds=1)
    given(*TWO, on(5, LEAVE)).when(replace(GIVE, occurred_at=later)).rejects(r.HasLeft)


def test_a_gift_while_away_between_two_memberships_is_refused() -> None:
    given(*TWO, on(3, LEAVE), on(7, RETURN)).when(on(5, GIVE)).rejects(
        r.HasLeft, member=ANA, left_at=day(3)
    )


def test_the_refusal_tells_the_latest_leaving_before_it() -> None:
    given(*TWO, on(3, LEAVE), on(7, RETURN), on(9, LEAVE)).when(GIVE).rejects(
        r.HasLeft, left_at=day(9)
    )


def test_who_came_back_gives_again() -> None:
    given(*TWO, on(3, LEAVE), on(7, RETURN)).when(GIVE).then_something()


def test_nobody_offers_or_asks_after_they_left() -> None:
    given(*TWO, on(3, LEAVE)).when(OFFER).rejects(r.HasLeft, member=ANA)
    given(*TWO, on(3, replace(LEAVE, member=BO))).when(ASK).rejects(r.HasLeft, member=BO)


# Pausing


def test_a_member_rests_and_resumes() -> None:
    given(ANA_JOINS).when(PAUSE).then(MEMBER_PAUSED)
    given(ANA_JOINS, on(2, PAUSE)).when(RESUME).then(MEMBER_RESUMED)


def test_resting_twice_is_resting_once() -> None:
    given(ANA_JOINS, on(2, PAUSE)).when(PAUSE).records_nothing()
    given(ANA_JOINS).when(RESUME).records_nothing()


def test_who_rests_may_give() -> None:
    given(*TWO, on(2, PAUSE)).when(GIVE).then_something()


def test_nobody_rests_before_joining_or_after_leaving() -> None:
    given(on(5, JOIN)).when(on(4, PAUSE)).rejects(r.NotYetJoined)
    given(ANA_JOINS, on(2, LEAVE)).when(PAUSE).rejects(r.HasLeft)
    given(ANA_JOINS, on(2, LEAVE)).when(on(2, PAUSE)).rejects(r.HasLeft, left_at=day(2))


def test_leaving_ends_a_rest() -> None:
    given(ANA_JOINS, on(2, PAUSE), on(3, LEAVE), on(4, RETURN)).when(RESUME).records_nothing()


def test_a_late_pause_before_one_that_is_known_begins_there() -> None:
    given(ANA_JOINS, on(5, PAUSE), on(3, PAUSE)).when(on(4, RESUME)).then(
        replace(MEMBER_RESUMED, occurred_at=day(4))
    )


# Describing


def test_a_member_is_described() -> None:
    given(ANA_JOINS).when(DESCRIBE).then(MEMBER_DESCRIBED)


def test_a_description_that_changes_nothing_is_refused() -> None:
    given(ANA_JOINS).when(replace(DESCRIBE, contact=None)).rejects(r.NothingToChange)


def test_nobody_takes_the_name_of_another() -> None:
    given(*TWO).when(replace(DESCRIBE, name="bo")).rejects(r.NameTaken, member=BO)


def test_ones_own_name_can_be_spelt_anew() -> None:
    given(ANA_JOINS).when(replace(DESCRIBE, name="ANA", contact=None)).then(
        replace(MEMBER_DESCRIBED, name="ANA", contact=None)
    )


# What every command shares


def test_the_future_is_not_recorded() -> None:
    soon = NOW + timedelta(seconds=1)
    given(*TWO).when(replace(GIVE, occurred_at=soon)).rejects(r.InTheFuture, occurred_at=soon)


def test_this_very_moment_is_not_the_future() -> None:
    given(*TWO).when(replace(GIVE, occurred_at=NOW)).then_something()


def test_whoever_records_must_exist() -> None:
    given(*TWO).when(replace(GIVE, actor="m9")).rejects(r.NobodyRecords, actor="m9")


def test_whoever_records_may_have_left() -> None:
    given(*TWO, CIA_JOINS, on(3, LEAVE)).when(
        replace(GIVE, giver=CIA, receiver=BO, actor=ANA)
    ).then_something()


def test_an_entry_comes_only_of_entries_before_it() -> None:
    given(*TWO).when(replace(GIVE, because_of=(3,))).rejects(r.LaterCause, position=3)
    given(*TWO).when(replace(GIVE, because_of=(1_000_000,))).rejects(r.LaterCause)


def test_causes_are_kept_in_order_and_once() -> None:
    [gift] = given(*TWO).when(replace(GIVE, because_of=(2, 1, 2))).events()
    assert gift.because_of == (1, 2)


def test_position_zero_is_no_cause() -> None:
    given(*TWO).when(replace(GIVE, because_of=(0,))).rejects(errors.InvalidField)
