"""The rules of ties, initiatives and what comes of them, as stories."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import samples as s
from samples import ANA, BO, CAFE, CIA, JOIN, day
from stories import given

from ledger import commands as c
from ledger import refusals as r
from ledger import revisions as v
from ledger import undertakings as u


def on(number: int, command: c.Command) -> Any:
    return replace(command, occurred_at=day(number))


PEOPLE = (
    *(on(1, replace(JOIN, name=name)) for name in ("Ana", "Bo", "Cia")),
    on(1, c.Join(name="Kaféet", kind="organisation")),
)
STARTED = (*PEOPLE, on(5, s.START_INITIATIVE))  # entry 5
JOINED = (*STARTED, on(8, s.JOIN_INITIATIVE))  # entry 6
FOR_IT = replace(s.ASK, initiative="i1")
TOLD = (*STARTED, on(6, replace(s.TELL, listeners=(BO,))))  # entry 6
RETELL = c.Tell(teller=BO, listeners=(CIA,), initiative="i1", heard_from=6)
RETOLD = (*TOLD, on(7, RETELL))  # entry 7


# Ties and affiliations


def test_a_person_acts_for_an_organisation() -> None:
    given(*PEOPLE).when(s.AFFILIATE).then(s.AFFILIATION_DECLARED)


def test_only_a_person_acts_and_only_for_an_organisation() -> None:
    for_bo = replace(s.AFFILIATE, organisation=BO)
    given(*PEOPLE).when(for_bo).rejects(u.NotAnOrganisation, organisation=BO)
    by_cafe = replace(s.AFFILIATE, person=CAFE)
    given(*PEOPLE).when(by_cafe).rejects(u.NotAPerson, person=CAFE)


def test_one_may_have_several_roles_but_each_once() -> None:
    baker = (*PEOPLE, on(2, s.AFFILIATE))
    given(*baker).when(replace(s.AFFILIATE, role="Baker")).records_nothing()
    given(*baker).when(replace(s.AFFILIATE, role=None)).records_nothing()
    given(*baker).when(replace(s.AFFILIATE, role="treasurer")).then_something()


def test_an_affiliation_ends_as_a_whole_or_by_role() -> None:
    baker = (*PEOPLE, on(2, s.AFFILIATE))
    given(*baker).when(s.DISAFFILIATE).then(s.AFFILIATION_ENDED)
    given(*baker).when(replace(s.DISAFFILIATE, role="treasurer")).records_nothing()
    given(*baker, on(3, s.DISAFFILIATE)).when(s.DISAFFILIATE).records_nothing()
    given(*baker, on(3, s.DISAFFILIATE)).when(s.AFFILIATE).then_something()


def test_a_tie_has_no_direction() -> None:
    given(*PEOPLE).when(s.TIE).then(s.TIE_DECLARED)
    other_way = replace(s.TIE, first=BO, second=ANA)
    given(*PEOPLE, on(2, s.TIE)).when(other_way).records_nothing()
    given(*PEOPLE, on(2, other_way)).when(s.UNTIE).then(s.TIE_DISSOLVED)


def test_a_tie_is_between_two() -> None:
    given(*PEOPLE).when(replace(s.TIE, second=ANA)).rejects(u.TiedToSelf)
    given(*PEOPLE).when(replace(s.UNTIE, second=ANA)).rejects(u.TiedToSelf)


def test_who_left_declares_no_tie_but_one_is_dissolved() -> None:
    left = (*PEOPLE, on(2, s.TIE), on(3, replace(s.LEAVE, member=BO)))
    given(*left).when(replace(s.TIE, nature="friend")).rejects(r.HasLeft, member=BO)
    given(*left).when(s.UNTIE).then_something()


def test_whoever_acts_for_others_does_not_become_an_organisation() -> None:
    becomes = c.Correct(target=1, changes={"kind": "organisation"})
    acts = (*PEOPLE, on(2, s.AFFILIATE))
    given(*acts).when(becomes).rejects(v.CorrectionInTheWay, others=["#5"])


# Initiatives


def test_an_initiative_is_started_and_its_starter_is_in_it() -> None:
    given(*PEOPLE).when(s.START_INITIATIVE).then(s.INITIATIVE_STARTED)
    given(*STARTED).when(replace(s.JOIN_INITIATIVE, participant=ANA)).records_nothing()


def test_an_initiative_says_what_it_is() -> None:
    given(*PEOPLE).when(replace(s.START_INITIATIVE, what=None)).rejects(r.NothingSaid)


def test_joining_and_leaving_an_initiative() -> None:
    given(*STARTED).when(s.JOIN_INITIATIVE).then(s.INITIATIVE_JOINED)
    given(*STARTED).when(s.LEAVE_INITIATIVE).records_nothing()
    given(*JOINED).when(s.JOIN_INITIATIVE).records_nothing()
    given(*JOINED).when(s.LEAVE_INITIATIVE).then(s.INITIATIVE_LEFT)


def test_leaving_the_network_is_leaving_its_initiatives_and_coming_back_revives_nothing() -> None:
    gone = (*JOINED, on(9, replace(s.LEAVE, member=BO)))
    back = (*gone, on(10, replace(s.RETURN, member=BO)))
    given(*back).when(s.LEAVE_INITIATIVE).records_nothing()
    given(*back).when(s.JOIN_INITIATIVE).then_something()
    given(*back, on(11, s.JOIN_INITIATIVE)).when(s.JOIN_INITIATIVE).records_nothing()


def test_nothing_is_joined_before_it_began() -> None:
    given(*STARTED).when(on(4, s.JOIN_INITIATIVE)).rejects(r.BeforeItBegan, what="i1")
    given(*STARTED).when(on(4, s.ENDORSE)).rejects(r.BeforeItBegan, what="i1")
    given(*STARTED).when(on(4, s.CONCLUDE)).rejects(r.BeforeItBegan, what="i1")


@pytest.mark.parametrize(
    "command", [s.JOIN_INITIATIVE, s.ENDORSE, FOR_IT, replace(s.GIVE, initiative="i1")]
)
def test_nothing_is_done_in_or_for_what_is_over(command: c.Command) -> None:
    over = (*STARTED, on(8, s.CONCLUDE))
    given(*over).when(command).rejects(u.InitiativeOver, initiative="i1", concluded_at=day(8))
    given(*over).when(on(8, command)).then_something()
    given(*STARTED, on(8, command)).when(on(7, s.CONCLUDE)).rejects(r.AfterConcluding, entries=[6])


def test_a_story_goes_on_when_it_is_over() -> None:
    given(*STARTED, on(8, s.CONCLUDE)).when(s.TELL).then_something()


def test_an_initiative_is_concluded_once() -> None:
    given(*STARTED).when(s.CONCLUDE).then(s.INITIATIVE_CONCLUDED)
    over = (*STARTED, on(8, s.CONCLUDE))
    given(*over).when(on(9, s.CONCLUDE)).records_nothing()
    given(*over).when(on(7, s.CONCLUDE)).rejects(u.ConcludedAlready, initiative="i1")


def test_an_end_is_not_moved_before_what_was_done() -> None:
    moved = c.Correct(target=7, changes={"occurred_at": day(7)})
    over = (*JOINED, on(9, s.CONCLUDE))
    given(*over).when(moved).rejects(r.AfterConcluding, entries=[6])


def test_an_initiative_that_others_are_in_is_not_taken_back() -> None:
    start = replace(s.REVERSE, target=5)
    given(*JOINED).when(start).rejects(v.CorrectionInTheWay, others=["#6"])
    given(*STARTED).when(start).then_something()


def test_others_vouch_for_an_initiative() -> None:
    given(*STARTED).when(s.ENDORSE).then(s.INITIATIVE_ENDORSED)
    own = replace(s.ENDORSE, endorser=ANA)
    given(*STARTED).when(own).rejects(u.EndorsesTheirOwn, endorser=ANA, initiative="i1")
    endorsed = (*STARTED, on(6, s.ENDORSE))
    given(*endorsed).when(s.ENDORSE).records_nothing()
    given(*endorsed).when(s.UNENDORSE).then(s.ENDORSEMENT_WITHDRAWN)
    given(*STARTED).when(s.UNENDORSE).records_nothing()


def test_whoever_vouches_for_it_did_not_start_it() -> None:
    by_cia = c.Correct(target=5, changes={"starter": CIA})
    endorsed = (*STARTED, on(6, s.ENDORSE))
    given(*endorsed).when(by_cia).rejects(v.CorrectionInTheWay, others=["#6"])


def test_an_initiative_is_nobody_s_own() -> None:
    note = replace(s.NOTE, target=6)
    given(*STARTED, on(6, s.CONCLUDE)).when(note).then(replace(s.NOTE_ADDED, target=6))


# What it needs and gets


def test_a_gift_is_for_what_its_ask_is_for() -> None:
    needed = (*STARTED, on(6, FOR_IT))
    towards = replace(s.GIVE, ask="a1")
    expected = replace(s.GIFT_GIVEN, kind="service", ask="a1", initiative="i1")
    given(*needed).when(towards).then(expected)
    to_it = replace(expected, receiver="i1", initiative=None)
    given(*needed).when(replace(towards, receiver="i1")).then(to_it)
    given(*needed).when(replace(towards, receiver="i1", initiative="i1")).then(to_it)


def test_a_gift_is_for_one_initiative() -> None:
    two = (*STARTED, on(5, s.START_INITIATIVE), on(6, FOR_IT))
    facts = {"ask": "a1", "initiative": "i1", "other": "i2"}
    given(*two).when(replace(s.GIVE, ask="a1", initiative="i2")).rejects(
        u.ForAnotherInitiative, **facts
    )
    both = replace(s.GIVE, receiver="i1", initiative="i2")
    given(*two).when(both).rejects(u.ForTwoInitiatives)
    unknown = replace(s.GIVE, receiver="i3")
    given(*two).when(unknown).rejects(r.UnknownId, what="initiative", id="i3")


def test_an_ask_with_gifts_stays_with_its_initiative() -> None:
    two = (*STARTED, on(5, s.START_INITIATIVE), on(6, FOR_IT), on(7, replace(s.GIVE, ask="a1")))
    moved = c.Correct(target=7, changes={"initiative": "i2"})
    given(*two).when(moved).rejects(v.CorrectionInTheWay, others=["#8"])


# Stories


def test_a_story_is_told_to_others() -> None:
    given(*STARTED).when(s.TELL).then(s.STORY_TOLD)
    given(*STARTED).when(replace(s.TELL, listeners=(BO, CIA, BO))).then(s.STORY_TOLD)


@pytest.mark.parametrize("listeners", [(), (ANA,), (BO, ANA)])
def test_nobody_tells_themselves(listeners: tuple[str, ...]) -> None:
    told = replace(s.TELL, listeners=listeners)
    given(*STARTED).when(told).rejects(u.ToldThemselves, teller=ANA)


def test_a_story_comes_from_where_its_teller_heard_it() -> None:
    expected = replace(s.STORY_TOLD, teller=BO, listeners=(CIA,), heard_from=6)
    given(*TOLD).when(RETELL).then(expected)
    by_cia = replace(RETELL, teller=CIA, listeners=(BO,))
    given(*TOLD).when(by_cia).rejects(u.HeardElsewhere, teller=CIA, position=6)
    given(*TOLD).when(on(5, RETELL)).rejects(r.BeforeItBegan, what="#6")
    of_the_start = replace(RETELL, heard_from=5)
    given(*TOLD).when(of_the_start).rejects(r.NotSuchAnEntry, position=5)


@pytest.mark.parametrize(
    "correction",
    [
        c.Reverse(target=6),
        c.Correct(target=6, changes={"listeners": (CIA,)}),
        c.Correct(target=6, changes={"occurred_at": day(8)}),
    ],
)
def test_a_story_that_was_retold_stays_where_it_was_heard(correction: c.Command) -> None:
    given(*RETOLD).when(correction).rejects(v.CorrectionInTheWay, others=["#7"])


def test_a_note_on_a_story_is_about_those_in_it_and_not_in_the_one_before() -> None:
    note = replace(s.NOTE_ADDED, target=7, members=(BO, CIA))
    given(*RETOLD).when(replace(s.NOTE, target=7)).then(note)


# Gatherings, opportunities and nominations


def test_a_gathering_takes_two() -> None:
    given(*PEOPLE).when(s.GATHER).then(s.GATHERING_HELD)
    alone = replace(s.GATHER, participants=(ANA, ANA))
    given(*PEOPLE).when(alone).rejects(u.GatheredAlone)


def test_who_left_is_at_no_gathering() -> None:
    leaves = replace(s.LEAVE, member=BO)
    given(*PEOPLE, on(2, leaves)).when(s.GATHER).rejects(r.HasLeft, member=BO)
    given(*PEOPLE, on(3, s.GATHER)).when(on(2, leaves)).rejects(r.AfterLeaving, entries=[5])


def test_an_opportunity_came_of_something() -> None:
    given(*PEOPLE).when(s.REALISE).then(s.OPPORTUNITY_REALISED)
    given(*PEOPLE).when(replace(s.REALISE, because_of=())).rejects(u.NothingBehindIt)
    given(*PEOPLE).when(replace(s.REALISE, because_of=(9,))).rejects(r.LaterCause, position=9)


def test_a_giver_is_named_once_a_survey_and_by_others() -> None:
    given(*PEOPLE).when(s.NOMINATE).then(s.GIVER_NOMINATED)
    own = replace(s.NOMINATE, nominee=BO)
    given(*PEOPLE).when(own).rejects(u.NominatesThemselves, nominator=BO)
    named = (*PEOPLE, on(2, s.NOMINATE))
    given(*named).when(replace(s.NOMINATE, survey="Autumn-2026")).records_nothing()
    given(*named).when(replace(s.NOMINATE, survey="spring-2027")).then_something()
    given(*named).when(replace(s.NOMINATE, nominee=CIA)).then_something()


@pytest.mark.parametrize("command", [s.JOIN_INITIATIVE, s.ENDORSE, s.CONCLUDE, s.TELL, FOR_IT])
def test_an_initiative_exists(command: c.Command) -> None:
    given(*PEOPLE).when(command).rejects(r.UnknownId, what="initiative", id="i1")
