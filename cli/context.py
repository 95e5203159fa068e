"""One run of the command line: where the ledger is, who records, what time it is.

The only clock and the only source of random ids are here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cli import render
from cli.language import N_, _
from cli.when import parse_moment, shown, shown_end
from cli.where import Where
from ledger.database import Database
from ledger.errors import LedgerDamaged, LedgerError
from ledger.names import entry_position, names_of, resolve, resolve_receiver
from ledger.places import Server
from ledger.refusals import NotFounded, UnknownId
from ledger.values import END_OF_TIME, EVERYONE, FORGOTTEN, ID, microseconds
from projections.versions import VERSIONS

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.commands import Command, Found
    from ledger.folds import Fold
    from ledger.ledger import Ledger
    from ledger.personal import Key
    from ledger.writer import Recorded

_AS_WRITTEN = frozenset({"id", "key", "name", "value", "text", "path"})


class Session(Where):
    """What the shared options said, and what they lead to."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__()
        self._clock = clock
        self.json = False
        self.dry_run = False
        self.key: str | None = None
        self.recorded_by: str | None = None
        self.at: str | None = None
        self.because: tuple[str, ...] = ()
        self.as_of: str | None = None
        self.known_at: str | None = None
        self.request: Key | None = None
        self.interrupted = N_("nothing more was recorded")  # the hint after Ctrl-C
        self.tells_moved = True  # whether a question says that the network has moved
        self._ledger: Ledger | None = None

    # Who

    @cached_property
    def actor(self) -> str | None:
        """The id of whoever records: `--recorded-by`, else `me` of the ledger's settings."""
        if self.recorded_by is not None:
            return self.member(self.recorded_by)
        if self.settings.me is None or self.usual:
            return self.settings.me
        words = _("me in {path} was not used, as it is for another ledger or network")
        self.note(words.format(path=self.settings.path))
        return None

    # Opening

    @cached_property
    def database(self) -> Database:
        """The ledger, open for questions; the recording connection when there is one."""
        if self._ledger is not None:
            return self._ledger.database
        database = Database.reading(self.place)
        try:
            outdated = database.versions() != VERSIONS
        except BaseException:
            database.close()
            raise
        if outdated:
            database.close()
            self.ledger.close()
            self._ledger = None
            database = Database.reading(self.place)
        try:
            if database.head() == 0:
                raise nothing_in(database)
            self.check_network(database)
        except BaseException:
            database.close()
            raise
        self.tell_moved(database)
        return database

    def tell_moved(self, database: Database) -> None:
        """Say that the network of a ledger is elsewhere now, if it is."""
        if database.moved is None or not self.tells_moved:
            return
        words = _("the network has moved to {to}: this is how it was when it did")
        self.note(words.format(to=database.moved))
        if database.directory is not None:
            words = _("natverk.elsewhere at {directory} led to where it was")
            self.note(words.format(directory=database.directory))

    @cached_property
    def view(self) -> Database:
        """The ledger as a question is about it: as it is, or as it was; see `cli.past`."""
        if self.as_of is None and self.known_at is None:
            return self.database
        from cli.past import past  # noqa: PLC0415 - most questions are about now

        return past(self)

    @property
    def asked(self) -> int:
        """The time that a question is about, in microseconds since 1970."""
        past: int | None = getattr(self.view, "before", None)
        return microseconds(self.clock()) if past is None else past - 1

    @property
    def folds(self) -> Sequence[Fold]:
        """Every fold that a ledger keeps."""
        from ledger.state import FOLDS  # noqa: PLC0415 - a cheap question needs only its own
        from projections.registry import PROJECTIONS  # noqa: PLC0415

        return (*FOLDS, *PROJECTIONS)

    @property
    def ledger(self) -> Ledger:
        """The ledger, open for recording."""
        if self._ledger is None:
            from ledger.ledger import Ledger  # noqa: PLC0415 - costs what a question need not pay
            from projections.registry import PROJECTIONS  # noqa: PLC0415

            # A connection that only reads would not see what is recorded.
            self._stop_reading()
            place = self.place if isinstance(self.place, Server) else self.path
            self._ledger = Ledger(place, PROJECTIONS, self.clock, os.urandom)
            self.check_network(self._ledger.database)
            if self._ledger.erasing:
                self.note(
                    _("erased texts leave traces while another process reads the older state")
                )
        return self._ledger

    # Time

    def clock(self) -> datetime:
        """The time now, or what the session was told that it is."""
        return clock() if self._clock is None else self._clock()

    def random(self, count: int) -> bytes:
        """So many random bytes."""
        return os.urandom(count)

    @cached_property
    def zone(self) -> tzinfo:
        """The network's time zone."""
        from ledger.zones import zone_of  # noqa: PLC0415 - reads the zone's file

        return zone_of(self.database)

    @cached_property
    def now(self) -> datetime:
        """The time of this run, in the network's time zone."""
        return self.clock().astimezone(self.zone)

    def moment(self, text: str, **how: Any) -> datetime:
        """The moment that `text` means in the network's time zone; see `when.parse_moment`."""
        return parse_moment(text, self.now, self.zone, **how)

    # Names

    def member(self, text: str, *, gone: bool = False) -> str:
        """The id of the member that `text` means; with `gone`, rather one who has left."""
        return resolve(self.database, text, "member", gone=gone)

    def receiver(self, text: str) -> str:
        """The id of the member or initiative that `text` means, or `everyone`."""
        return resolve_receiver(self.database, text)

    def resource(self, text: str) -> str:
        """The id of the resource that `text` means."""
        return resolve(self.database, text, "resource")

    def ask(self, text: str) -> str:
        """The id of the ask that `text` means."""
        return resolve(self.database, text, "ask")

    def initiative(self, text: str) -> str:
        """The id of the initiative that `text` means."""
        return resolve(self.database, text, "initiative")

    def booking(self, text: str) -> str:
        """The id of the booking that `text` means."""
        return resolve(self.database, text, "booking")

    def position(self, text: str) -> int:
        """The position that `text` means."""
        return entry_position(text)

    def named(self, ids: Iterable[str]) -> dict[str, str]:
        """What to call members and things, by id; `[forgotten] (m1)` where erased."""
        wanted = list(ids)
        names = names_of(self.view, wanted)
        return {id: names.get(id) or _called(id) for id in wanted}

    def with_id(self, id: str) -> str:
        """What to call a member or thing, with its id: `Åsa Öberg (m1)`, `[forgotten] (m1)`."""
        name = names_of(self.view, [id]).get(id)
        return f"{name} ({id})" if name else _called(id)

    # Recording

    def found(self, place: Path | Server, command: Found) -> None:
        """Found a network in a new ledger, and go on with that one."""
        from ledger.ledger import Ledger  # noqa: PLC0415 - see `ledger`
        from projections.registry import PROJECTIONS  # noqa: PLC0415

        self._ledger = Ledger.found(place, command, PROJECTIONS, self.clock, os.urandom)
        if isinstance(place, Server):
            self.place = Server(place.uri, self._ledger.database.network)

    def recorded_before(self, command: str, given: dict[str, Any]) -> bool:
        """Whether the same request with the same `--id` was recorded before; says so if it was.

        Asked before names are looked up: what was recorded then may have changed them.
        Opens the ledger for recording.
        """
        from cli.recording import request_of, say  # noqa: PLC0415 - only a process that records

        ledger = self.ledger
        self.request = request_of(self, command, given)
        repeated = None if self.request is None else ledger.repeated(self.request)
        if repeated is not None:
            say(self, repeated)
        return repeated is not None

    def record(self, kind: type[Command], /, **fields: Any) -> Recorded:
        """Record a command with the shared options, and say what was recorded."""
        from cli.recording import record  # noqa: PLC0415 - only a process that records

        return record(self, kind, fields)

    # Answers

    def show(self, rows: Iterable[dict[str, Any]], columns: Sequence[render.Column]) -> None:
        """Print rows as a JSON array, or as a table of some of their columns."""
        if self.json:
            render.print_json(rows)
        else:
            render.print_table(list(rows), columns)

    def note(self, text: str) -> None:
        """Say something about an answer, on stderr."""
        render.note(text)

    def why_absent(self, error: UnknownId) -> LedgerError:
        """Rather than that there is no such thing: since when there is, or that there was."""
        from ledger.absent import absent  # noqa: PLC0415 - hardly ever needed

        what, id = str(error.facts["what"]), str(error.facts["id"])
        if what == "entry":
            return error
        known_at = getattr(self.view, "known_at", END_OF_TIME)
        return absent(self.database, what, id, known_at) or error

    def told(self, error: LedgerError) -> tuple[str, str]:
        """An error and its hint in words, with names in place of ids."""
        facts = {name: self._fact(name, value) for name, value in error.facts.items()}
        if "said_by" in facts and error.facts["name"] == self.network and self.network_source:
            said = _("; {what} says “{name}”")
            facts["said_by"] = said.format(what=self.network_source, name=self.network)
        hint = _(error.hint).format(**facts) if error.hint else ""
        return _(error.message).format(**facts), hint

    def close(self) -> None:
        """Close the ledger."""
        if self._ledger is not None:
            self.__dict__.pop("database", None)
        self._stop_reading()
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    def _stop_reading(self) -> None:
        """Close what was opened for questions."""
        reading = {self.__dict__.pop(name, None) for name in ("view", "database")}
        for database in reading - {None}:
            if self._ledger is None or database is not self._ledger.database:
                database.close()

    def _fact(self, name: str, value: object) -> object:
        """A fact of an error in words: positions, ids and times are facts of certain names."""
        if isinstance(value, list | tuple):
            parts = ", ".join(str(self._fact(name, part)) for part in value)
            return parts or _("one that recorded nothing")
        if isinstance(value, LedgerError):
            return self.told(value)[0]
        if isinstance(value, datetime):
            return (shown_end if name == "end" else shown)(value, self.zone)
        if name == "entries":
            return f"#{value}"
        if name == "what":
            value = _(str(value))
        if isinstance(value, str) and name not in _AS_WRITTEN and ID.fullmatch(value):
            called = names_of(self.database, [value]).get(value)
            return f"{called} ({value})" if called else value
        return str(value)


def clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def nothing_in(database: Database) -> LedgerError:
    """Why a ledger has no entries of its network: none was founded, or which it is is lost."""
    if database.select("SELECT 1 FROM stored_events LIMIT 1") or database.progress()[0]:
        return LedgerDamaged(path=str(database.path), reason="whose entries it has is lost")
    return NotFounded()


def _called(id: str) -> str:
    return _("everyone") if id == EVERYONE else f"{FORGOTTEN} ({id})"
