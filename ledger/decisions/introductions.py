"""Who introduced whom, and what came of it."""

from __future__ import annotations

from ledger import commands as c
from ledger import events as e
from ledger.decisions.recording import Recording, acting, nothing_before, open_ask, standing
from ledger.refusals import IntroducesThemselves, NotSuchAnEntry
from ledger.state.lookup import State


def introduce(command: c.Introduce, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """One member brings two others together."""
    at = recording.at(command)
    three = (command.introducer, command.first, command.second)
    if len(set(three)) < len(three):
        raise IntroducesThemselves()
    for member in three:
        acting(state, member, at)
    if command.ask is not None:
        open_ask(state, command.ask, at)
    return (
        e.IntroductionMade(
            introducer=command.introducer,
            first=command.first,
            second=command.second,
            about=command.about,
            ask=command.ask,
            **recording.envelope(command),
        ),
    )


def follow_up(command: c.FollowUp, state: State, recording: Recording) -> tuple[e.Event, ...]:
    """What came of an introduction; nothing when that is what was said last."""
    introduction = standing(state, command.introduction)
    if not isinstance(introduction, e.IntroductionMade):
        raise NotSuchAnEntry(position=command.introduction, what="an introduction")
    slot = introduction.slot
    nothing_before(f"#{slot}", introduction.occurred, recording.at(command), state)
    said = state.entries(f"#{slot}", {e.IntroductionFollowedUp.type})
    last = said[-1] if said else None
    if isinstance(last, e.IntroductionFollowedUp) and last.outcome == command.outcome:
        return ()
    return (
        e.IntroductionFollowedUp(
            introduction=slot, outcome=command.outcome, **recording.envelope(command)
        ),
    )
