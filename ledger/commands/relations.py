"""What a network, or somebody in it, has to do with another network."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Word
from ledger.events.base import MemberId
from ledger.events.relations import NetworkId


@dataclass(frozen=True, slots=True, kw_only=True)
class Relate(Command):
    """Say that there is a relation with another network; see `events.NetworkRelated`."""

    other: NetworkId
    member: MemberId | None = None
    theirs: MemberId | None = None
    nature: Word | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrelate(Command):
    """Say that there is no longer one between those named. No nature: none at all."""

    other: NetworkId
    member: MemberId | None = None
    theirs: MemberId | None = None
    nature: Word | None = None
