"""What a network, or somebody in it, has to do with another network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ledger.events.base import Event, MemberId, Slug
from ledger.values import Pattern

NetworkId = Annotated[str, Pattern("[0-9a-f]{32}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRelated(Event):
    """There is a relation with another network, of which this says nothing more than its id.

    `member` None: it is of this network as a whole. `theirs`: whom it is with, by the id
    there; None: with that network as a whole. `nature` None: nobody said of which kind;
    `same`: the two are one and the same, who is a member of both.
    """

    type: ClassVar[str] = "network-related"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)
    THINGS: ClassVar[tuple[str, ...]] = ("other",)

    other: NetworkId
    member: MemberId | None = None
    theirs: MemberId | None = None
    nature: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkUnrelated(Event):
    """There is no longer a relation between those named, of a nature; None: of any."""

    type: ClassVar[str] = "network-unrelated"
    MEMBERS: ClassVar[tuple[str, ...]] = ("member",)
    THINGS: ClassVar[tuple[str, ...]] = ("other",)
    ACTS: ClassVar[bool] = False

    other: NetworkId
    member: MemberId | None = None
    theirs: MemberId | None = None
    nature: Slug | None = None
