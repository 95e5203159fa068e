"""What may be corrected is written as on the command that recorded it, for every such command."""

from __future__ import annotations

import click
import pytest
from cli_world import Natverk

from cli.catalogue import COMMANDS
from cli.correct import options_of
from cli.main import natverk as natverk_group

SHARED = {"--recorded-by", "--id", "--dry-run", "--ledger", "--network", "--json", "--help"}
NOT_OF_THE_ENTRY = {"--back"}  # which entry it is, not what it says
PUT_RIGHT_OTHERWISE = {"correct", "reverse", "undo", "forget"}


def parameters(name: str) -> list[click.Parameter]:
    with click.Context(natverk_group) as context:
        first, _, part = name.partition(" ")
        command = natverk_group.get_command(context, first)
        if part and isinstance(command, click.Group):
            command = command.get_command(context, part)
    assert command is not None
    return command.params


def options(name: str) -> set[str]:
    return {option for each in parameters(name) for option in each.opts if option[:1] == "-"}


TYPES = {  # what each records
    "init": "network-founded",
    "describe-network": "network-described",
    "join": "member-joined",
    "leave": "member-left",
    "pause": "member-paused",
    "resume": "member-resumed",
    "describe": "member-described",
    "offer": "resource-offered",
    "withdraw": "resource-withdrawn",
    "book": "resource-booked",
    "release": "booking-released",
    "lend": "resource-lent",
    "return": "resource-returned",
    "ask": "ask-made",
    "close": "ask-closed",
    "give": "gift-given",
    "confirm": "gift-confirmed",
    "dispute": "gift-disputed",
    "introduce": "introduction-made",
    "follow-up": "introduction-followed-up",
    "affiliate": "affiliation-declared",
    "disaffiliate": "affiliation-ended",
    "tie": "tie-declared",
    "untie": "tie-dissolved",
    "relate": "network-related",
    "unrelate": "network-unrelated",
    "initiative start": "initiative-started",
    "initiative join": "initiative-joined",
    "initiative leave": "initiative-left",
    "initiative conclude": "initiative-concluded",
    "endorse": "initiative-endorsed",
    "unendorse": "endorsement-withdrawn",
    "tell": "story-told",
    "gather": "gathering-held",
    "opportunity": "opportunity-realised",
    "nominate": "giver-nominated",
    "note": "note-added",
}
PARTS = [name for name in TYPES if " " in name]
RECORDING = [name for name in (*COMMANDS, *PARTS) if "--recorded-by" in options(name)]
# By what is recorded: the places in which a correction may say something else.
PLACES = {
    "join": {"name"},
    "offer": {"owner", "what"},
    "book": {"resource", "booker"},
    "lend": {"resource", "borrower"},
    "return": {"borrower"},
    "ask": {"asker", "what"},
    "give": {"giver", "receiver", "what"},
    "introduce": {"introducer", "first", "second"},
    "tie": {"first", "second"},
    "untie": {"first", "second"},
    "initiative start": {"starter", "what"},
    "initiative join": {"participant"},
    "initiative leave": {"participant"},
    "endorse": {"endorser"},
    "unendorse": {"endorser"},
    "tell": {"teller", "listener"},
    "gather": {"what"},
    "opportunity": {"realiser", "what"},
    "nominate": {"nominator", "nominee"},
    "note": {"text"},
}


@pytest.mark.parametrize("name", sorted({*RECORDING, "init"} - PUT_RIGHT_OTHERWISE))
def test_every_option_of_a_recording_command_is_one_of_correct(name: str) -> None:
    own = options(name) - SHARED - NOT_OF_THE_ENTRY - {"--time-zone"}  # which is for good
    assert own - options("correct") == set()
    places = {f"--{place}" for place in PLACES.get(name, ())}
    known = {*options_of(TYPES[name]), *(("--hours",) if "--quantity" in own else ())}
    assert own | places <= known <= options("correct")


@pytest.mark.parametrize("name", PLACES)
def test_every_place_of_a_recording_command_has_its_name_in_correct(name: str) -> None:
    assert PLACES[name] <= {each.name for each in parameters(name)}


def test_a_member_is_made_an_organisation_as_when_joining(kvarteret: Natverk) -> None:
    kvarteret.does("correct", "3", "--organisation")
    assert [row["kind"] for row in kvarteret.rows("members") if row["id"] == "m2"] == [
        "organisation"
    ]


def test_a_person_s_kind_is_no_kind_of_thing(kvarteret: Natverk) -> None:
    assert kvarteret("correct", "3", "--kind", "organisation").code == 2
