"""Which ledger a run of the command line is about, and which network in it."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from cli.settings import Settings, find_settings
from ledger.errors import EmptyText, NotInAFile
from ledger.places import Server, is_same, place_of

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.database import Database

DEFAULT_LEDGER = "natverk.db"
NETWORK_VARIABLE = "NATVERK_NETWORK"


class Where:
    """What the options, the environment and natverk.toml say of the ledger."""

    def __init__(self) -> None:
        self.ledger_option: str | None = None
        self.network_option: str | None = None

    @cached_property
    def settings(self) -> Settings:
        """What `natverk.toml`, found upward from here, says."""
        return find_settings(os.curdir)

    @property
    def file(self) -> str:
        """The ledger's file, or its server's address, as it was written.

        In `--ledger`, NATVERK_LEDGER, natverk.toml; else ./natverk.db.
        """
        if self.ledger_option == "":  # a script's variable that is not set
            raise EmptyText(what="--ledger")
        return self.ledger_option or os.environ.get("NATVERK_LEDGER") or self.usual_file

    @property
    def usual_file(self) -> str:
        """The ledger's file when neither an option nor the environment says otherwise."""
        return self.settings.ledger or DEFAULT_LEDGER

    @property
    def usual(self) -> bool:
        """Whether the ledger is the one that the settings are about."""
        if not is_same(place_of(self.usual_file), place_of(self.file)):
            return False
        place = self.place
        if not isinstance(place, Server) or self.network == self.settings.network:
            return True
        return place.network == self.usual_network

    @cached_property
    def usual_network(self) -> str | None:
        """The id of the network that the settings are about, in a database.

        Where they name none it is the only one; None: there are several, or none that they name.
        """
        from ledger.closed import UnfinishedCopyOf  # noqa: PLC0415 - hardly ever
        from ledger.networks import WhichNetwork, network_on, only_one  # noqa: PLC0415

        place, network = place_of(self.usual_file), self.settings.network
        if not isinstance(place, Server):
            return None
        try:
            found = only_one(place) if network is None else network_on(place, network)
        except (WhichNetwork, UnfinishedCopyOf):
            return None
        return None if found is None else found.network

    @property
    def network(self) -> str | None:
        """What was written for the network: `--network`, NATVERK_NETWORK or natverk.toml."""
        if self.network_option is not None and not self.network_option.strip():
            raise EmptyText(what="--network")
        said = self.network_option or os.environ.get(NETWORK_VARIABLE)
        usual = is_same(place_of(self.usual_file), place_of(self.file))
        return said or (self.settings.network if usual else None)

    @property
    def network_source(self) -> str | None:
        """What says which network, unless the option does: a variable, or the settings' file."""
        if self.network_option is not None or self.network is None:
            return None
        return NETWORK_VARIABLE if os.environ.get(NETWORK_VARIABLE) else self.settings.path

    @cached_property
    def place(self) -> str | Server:
        """Where the ledger is: in a file, or on a server."""
        place = place_of(self.file)
        if not isinstance(place, Server) or self.network is None:
            return place
        from ledger.networks import network_on  # noqa: PLC0415 - only where there are several

        return network_on(place, self.network)

    @property
    def path(self) -> Path:
        """The ledger's file as a path. Raises `NotInAFile`."""
        from pathlib import Path  # noqa: PLC0415 - a question needs none, and it is slow to import

        if isinstance(self.place, Server):
            raise NotInAFile(path=str(self.place))
        return Path(self.file)

    def check_network(self, database: Database) -> None:
        """In a file is one network: another cannot be meant. Raises `UnknownNetwork`."""
        if self.network is None or isinstance(self.place, Server):
            return
        from ledger.networks import OneNetwork, chosen, named  # noqa: PLC0415 - hardly ever

        chosen(self.network, named(OneNetwork(database)), self.place)
