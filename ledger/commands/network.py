"""The network itself."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.commands.base import Command, Name, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Command):
    """Found the network. `time_zone` is an IANA name."""

    name: Name
    idea: Text
    time_zone: str = "Europe/Stockholm"


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeNetwork(Command):
    """Give the network another name or idea."""

    name: Name | None = None
    idea: Text | None = None
