"""The network itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.events.base import Event, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFounded(Event):
    """The network began: its name and idea in words, its time zone for good."""

    type: ClassVar[str] = "network-founded"
    TEXTS: ClassVar[tuple[str, ...]] = ("name", "idea")

    name: Text
    idea: Text
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDescribed(Event):
    """The network took another name or idea; what is None stays."""

    type: ClassVar[str] = "network-described"
    TEXTS: ClassVar[tuple[str, ...]] = ("name", "idea")

    name: Text | None = None
    idea: Text | None = None
