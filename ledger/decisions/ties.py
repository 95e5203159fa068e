"""Who acts for whom, and which two have a relation that they declare."""

from __future__ import annotations

from typing import Any

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import Recording, acting
from ledger.decisions.rules_of_undertakings import between_kinds, of_two
from ledger.state.lookup import State
from ledger.state.ties import AFFILIATIONS, TIES, Affiliation, Tie, in_order


def affiliate(command: c.Affiliate, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """A person acts for an organisation; nothing when they do already, in that role.

    Raises `NotAPerson`, `NotAnOrganisation`.
    """
    at = recording.at(command)
    between_kinds(acting(state, command.person, at), acting(state, command.organisation, at))
    if _holds(_affiliation(command, state).at(at), command.role):
        return ()
    return (e.AffiliationDeclared(**_of(command), **recording.envelope(command)),)


def disaffiliate(
    command: c.Disaffiliate, state: State, recording: Recording
) -> tuple[e.Event, ...]:
    """A person no longer acts for an organisation; nothing when they did not."""
    state.member(command.person)
    state.member(command.organisation)
    if not _holds(_affiliation(command, state).at(recording.at(command)), command.role):
        return ()
    return (e.AffiliationEnded(**_of(command), **recording.envelope(command)),)


def tie(command: c.Tie, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """Two members have a relation; nothing when they have already, of that nature.

    Raises `TiedToSelf`.
    """
    at = recording.at(command)
    of_two(command.first, command.second)
    acting(state, command.first, at)
    acting(state, command.second, at)
    if _holds(_tie(command, state).at(at), command.nature):
        return ()
    return (e.TieDeclared(**_between(command), **recording.envelope(command)),)


def untie(command: c.Untie, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """Two members no longer have a relation; nothing when they had none. Raises `TiedToSelf`."""
    of_two(command.first, command.second)
    state.member(command.first)
    state.member(command.second)
    if not _holds(_tie(command, state).at(recording.at(command)), command.nature):
        return ()
    return (e.TieDissolved(**_between(command), **recording.envelope(command)),)


def _holds(words: list[str], word: str | None) -> bool:
    """Whether a role or nature is among those that hold; None: whether any does."""
    return bool(words) if word is None else word in words


def _affiliation(command: c.Affiliate | c.Disaffiliate, state: State) -> Affiliation:
    row: Affiliation = state.tables.get(AFFILIATIONS, command.person, command.organisation)
    return row


def _tie(command: c.Tie | c.Untie, state: State) -> Tie:
    row: Tie = state.tables.get(TIES, *in_order(command.first, command.second))
    return row


def _of(command: c.Affiliate | c.Disaffiliate) -> dict[str, Any]:
    return {
        "person": command.person,
        "organisation": command.organisation,
        "role": command.role,
    }


def _between(command: c.Tie | c.Untie) -> dict[str, Any]:
    return {"first": command.first, "second": command.second, "nature": command.nature}
