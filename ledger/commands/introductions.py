"""Who introduced whom, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Text
from ledger.events.base import AskId, IntroductionOutcome, MemberId, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduce(Command):
    """Bring two members together."""

    introducer: MemberId
    first: MemberId
    second: MemberId
    about: Text | None = None
    ask: AskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Command):
    """Say what came of an introduction."""

    introduction: Position
    outcome: IntroductionOutcome
