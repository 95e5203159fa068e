"""Rows from elsewhere, each recorded once however often it comes.

A row is known again by an id that its source gave it, or else by its content
and by how often the same content came before it in the same run. So a table
that is brought in again, or has grown since, adds exactly the new rows. What
is remembered of a row is a keyed hash, written in the transaction that records
it; it begins with the row's time, so that rows in the order of time are
remembered side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from operator import attrgetter
from typing import Any

import orjson

from ledger.commands import Command, Join, checked
from ledger.errors import KeyReused, LedgerError, NameForEveryone
from ledger.forgetting import Forgotten
from ledger.ledger import Ledger, Transaction
from ledger.personal import IMPORTED_NAMES, Key, mac, secret_of
from ledger.quantities import thousandths
from ledger.refusals import Refused
from ledger.state import IDS, MEMBERS
from ledger.state.members import Member
from ledger.values import (
    EVERYONE,
    ID,
    START_OF_TIME,
    WORDS_FOR_EVERYONE,
    fold,
    microseconds,
)

_NOT_CONTENT = frozenset({"occurred_at", "actor", "because_of"})


class NotAMember(LedgerError):
    """A row names someone who is not a member."""

    exit_code = 3
    message = "there is no member “{name}”"
    hint = "add --join-unknown to let everyone named join"


class IdOfAnotherRow(Refused):
    """A row has the id of an earlier one, and says something else."""

    message = "the id “{key}” was that of another row, {entries}"


class Bulk:
    """The rows of one table on their way into a ledger.

    `table` says what the rows are, each of them a command of one `kind`, `source`
    where they come from: rows of different tables or sources are never the same. With `join` those
    who are named and unknown join. `new`, `joined` and `seen` count the rows
    recorded, the members made for them, and the rows that were there already.
    """

    def __init__(
        self, ledger: Ledger, table: str, kind: type[Command], source: str, *, join: bool
    ) -> None:
        self._ledger = ledger
        self._table = table
        self._kind = kind
        self._content = _content(kind)
        self._namespace = f"import:{source}"
        self._join = join
        self._secret = secret_of(ledger.database)
        self._members: dict[str, str] = {}  # by name as written
        self._come = _Contents()
        self._again: dict[bytes, int] = {}  # how often content came, where more than once
        self._left_at: int | None = None
        self._fresh = False  # nothing of this source was recorded before this run
        self.new = self.joined = self.seen = 0

    @contextmanager
    def transaction(self, *, dry_run: bool = False) -> Iterator[Transaction]:
        """Record the rows taken meanwhile, all at once; a dry run records nothing."""
        with self._ledger.transaction(dry_run=dry_run) as transaction:
            if transaction.writer.position != self._left_at:  # at first, and after other writers
                self._members.clear()
                self._fresh = not transaction.writer.keys.any(self._namespace)
            yield transaction
            self._left_at = transaction.writer.position

    def take(
        self,
        transaction: Transaction,
        given: dict[str, Any],
        names: dict[str, str],
        id: str | None = None,
    ) -> None:
        """Record a row: a command with the fields `given` and members by their `names`.

        What it says of when it occurred is by the network's clocks; see `values.local`.

        Raises what `commands.checked` and `decisions.decide` raise, `NotAMember`
        and `IdOfAnotherRow`; then nothing is recorded and nobody joins.
        """
        joining: dict[str, tuple[str, Command]] = {}
        for field, name in names.items():
            member = self._members.get(name) or self._member(transaction, name)
            if member is None:
                member = self._newcomer(transaction, name, given, joining)
            elif member == EVERYONE and field != "receiver":
                raise NameForEveryone(name=name)
            given[field] = member
        command = checked(self._kind, given)
        key = self._key(command, id)
        if (id is not None or not self._fresh) and self._repeated(transaction, key, id):
            self.seen += 1
            return
        requests: list[tuple[Command, tuple[Key, ...]]] = [
            (join, (self._name_key(folded),)) for folded, (_, join) in joining.items()
        ]
        if isinstance(command, Join):
            self._check_remembered(transaction, command.name)
            requests.append((command, (key, self._name_key(fold(command.name)))))
        else:
            requests.append((command, (key,)))
        transaction.add(requests)
        self.new += 1
        self.joined += len(joining)

    def _member(self, transaction: Transaction, name: str) -> str | None:
        """The member whose whole name or id this is, also one who has been renamed since."""
        if ID.fullmatch(name.lower()) and name[0] in "mM":
            return name.lower()
        folded = fold(name)
        member = EVERYONE if folded in WORDS_FOR_EVERYONE else transaction.writer.holder(folded)
        if member is None:
            once = transaction.writer.repeated(self._name_key(folded))
            entry = once and once.position and transaction.writer.entry(once.position)
            member = getattr(entry, "member", None)
        if member is not None:
            self._members[name] = member
        return member

    def _check_remembered(self, transaction: Transaction, name: str) -> None:
        """A table does not bring back who is forgotten. Raises `Forgotten`."""
        member = self._member(transaction, name)
        if member not in (None, EVERYONE):
            row: Member = transaction.writer.tables.get(MEMBERS, member)
            if row.forgotten_at:
                raise Forgotten(member=member)

    def _newcomer(
        self,
        transaction: Transaction,
        name: str,
        given: dict[str, Any],
        joining: dict[str, tuple[str, Command]],
    ) -> str:
        """The id that someone gets who joins with this row."""
        if not self._join:
            raise NotAMember(name=name)
        folded = fold(name)
        if folded not in joining:
            used: int = transaction.writer.tables.get(IDS, "m").used
            said = {"occurred_at": given.get("occurred_at"), "actor": given.get("actor")}
            join = checked(Join, {"name": name, **said})
            joining[folded] = f"m{used + len(joining) + 1}", join
        return joining[folded][0]

    def _repeated(self, transaction: Transaction, key: Key, id: str | None) -> bool:
        try:
            return transaction.writer.repeated(key) is not None
        except KeyReused as reused:
            raise IdOfAnotherRow(key=id, entries=reused.facts["entries"]) from None

    def _key(self, command: Command, id: str | None) -> Key:
        at = command.occurred_at
        time = 0 if at is None else microseconds(at) - START_OF_TIME
        said = (self._table, time, *self._content(command))
        content = mac(self._secret, orjson.dumps(said, default=thousandths))
        if id is not None:
            return Key(self._namespace, self._mac("id", id), content)
        if not self._come.add(content):
            occurrence = self._again[content] = self._again.get(content, 1) + 1
            content = self._mac("again", content.hex(), occurrence)
        return Key(self._namespace, time.to_bytes(8, "big") + content, b"")

    def _name_key(self, folded: str) -> Key:
        return Key(IMPORTED_NAMES, mac(self._secret, folded.encode()), b"")

    def _mac(self, *parts: object) -> bytes:
        return mac(self._secret, orjson.dumps((self._table, *parts)))


class _Contents:
    """What has come, as keyed hashes: 64 bits of each, in some ten bytes of memory.

    A set of a million numbers would take as much as all the rest of an import.
    """

    def __init__(self) -> None:
        self._rest_by_start = [b""] * 2**16

    def add(self, content: bytes) -> bool:
        """Whether this comes for the first time."""
        start, rest = content[0] << 8 | content[1], content[2:8]
        known = self._rest_by_start[start]
        at = known.find(rest)
        while at % 6 and at > 0:  # across two of them
            at = known.find(rest, at + 1)
        if at >= 0:
            return False
        self._rest_by_start[start] = known + rest
        return True


def _content(kind: type[Command]) -> Callable[[Command], tuple[Any, ...]]:
    """What reads all that a command says but when, and who records it."""
    return attrgetter(*(field.name for field in fields(kind) if field.name not in _NOT_CONTENT))
