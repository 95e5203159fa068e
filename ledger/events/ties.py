"""Who acts for whom, and which two have a relation that they declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import Event, MemberId, Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class AffiliationDeclared(Event):
    """A person acts for an organisation; `role` None: nobody said in which."""

    type: ClassVar[str] = "affiliation-declared"
    MEMBERS: ClassVar[tuple[str, ...]] = ("person", "organisation")

    person: MemberId
    organisation: MemberId
    role: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AffiliationEnded(Event):
    """A person no longer acts for an organisation in a role; None: in any."""

    type: ClassVar[str] = "affiliation-ended"
    MEMBERS: ClassVar[tuple[str, ...]] = ("person", "organisation")
    ACTS: ClassVar[bool] = False

    person: MemberId
    organisation: MemberId
    role: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TieDeclared(Event):
    """Two members have a relation; `nature` None: nobody said of which kind.

    It has no direction: `first` and `second` may be the other way round.
    """

    type: ClassVar[str] = "tie-declared"
    MEMBERS: ClassVar[tuple[str, ...]] = ("first", "second")

    first: MemberId
    second: MemberId
    nature: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TieDissolved(Event):
    """Two members no longer have a relation of a nature; None: of any."""

    type: ClassVar[str] = "tie-dissolved"
    MEMBERS: ClassVar[tuple[str, ...]] = ("first", "second")
    ACTS: ClassVar[bool] = False

    first: MemberId
    second: MemberId
    nature: Slug | None = None
