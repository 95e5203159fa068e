"""Who acts for whom, and which two have a relation that they declare."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Word
from ledger.events.base import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliate(Command):
    """Say that a person acts for an organisation."""

    person: MemberId
    organisation: MemberId
    role: Word | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaffiliate(Command):
    """Say that a person no longer acts for an organisation. No role: in none."""

    person: MemberId
    organisation: MemberId
    role: Word | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie(Command):
    """Say that two members have a relation."""

    first: MemberId
    second: MemberId
    nature: Word | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Untie(Command):
    """Say that two members no longer have a relation. No nature: of none."""

    first: MemberId
    second: MemberId
    nature: Word | None = None
