"""Taking in an export: into a new ledger, or on from where the same one stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from ledger.database import Database
from ledger.founding import SECRET_BYTES
from ledger.incoming import BATCH, NOT_A_TEXT, EntryDiffers, Unfit, take_entry, take_keys
from ledger.ledger import Ledger, Transaction
from ledger.personal import REQUESTS, SALT_BYTES, TextRow, mac
from ledger.transfer import (
    FORMAT,
    BreaksOff,
    BrokenLine,
    Diverges,
    ExportFromTheFuture,
    Header,
    NotAnExport,
    OtherNetwork,
    OtherTexts,
    StartLost,
)

_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_NETWORK = re.compile(r"[0-9a-f]{32}")

Lines = Iterator[tuple[int, str]]  # number of the line, from 1, and the line


@dataclass(slots=True)
class Taken:
    """How many entries were `new`, and how many the ledger had already `seen`.

    `left` are those after the first that is lost: they cannot be taken in without it.
    """

    new: int = 0
    seen: int = 0
    keys: int = 0
    left: int = 0

    @property
    def entries(self) -> int:
        """All entries of the export so far."""
        return self.new + self.seen


def read_header(lines: Lines) -> Header:
    """The header of an export. Raises `NotAnExport`, `ExportFromTheFuture`."""
    number, line = next(lines, (0, ""))
    if number == 0:
        raise NotAnExport(reason="it is empty")
    try:
        read = _object(number, line)
    except BrokenLine as broken:
        raise NotAnExport(reason=broken.facts["reason"]) from None
    version = read.get("natverk")
    if type(version) is not int or version < 1:
        raise NotAnExport(reason="the first line does not say so")
    if version > FORMAT:
        raise ExportFromTheFuture(version=version, known=FORMAT)
    network, position, personal = (read.get(name) for name in ("network", "position", "personal"))
    secret = read.get("secret")
    if not (isinstance(network, str) and _NETWORK.fullmatch(network)):
        raise NotAnExport(reason="it does not say of which network")
    if type(position) is not int or position < 1 or personal not in (True, False):
        raise NotAnExport(reason="the first line lacks something")
    lost = _first_lost(read.get("lost"))
    if not personal and secret is None:
        return Header(network, position, None, lost)
    if not personal or not _is_hex(secret, SECRET_BYTES):
        raise NotAnExport(reason="the secret of the ledger is missing or broken")
    return Header(network, position, bytes.fromhex(secret), lost)


def _first_lost(lost: Any) -> int | None:
    """The first position that an export of a damaged ledger lacks. Raises `StartLost`."""
    if lost is None:
        return None
    try:
        first = min(first for first, _ in lost)
    except (TypeError, ValueError):
        first = 0
    if type(first) is not int or first < 1:
        raise NotAnExport(reason="it does not say what it lacks")
    if first == 1:
        raise StartLost()
    return first


def take_in(
    ledger: Ledger, header: Header, lines: Lines, tell: Callable[[Taken], None] = lambda taken: None
) -> Taken:
    """Append the entries that the ledger does not have yet, some thousands a transaction.

    When it is interrupted, or a line is wrong, the entries of the transactions
    before that stay, and the same export can be taken in again. `tell` is
    called after each. Raises `OtherNetwork`, `OtherTexts`, `Diverges`,
    `BrokenLine`, `BreaksOff`, `ClockBehind`.
    """
    _check_same(ledger.database, header)
    intake = _Intake(header, lines)
    while not intake.done:
        with ledger.transaction() as transaction:
            intake.some(transaction)
        tell(intake.taken)
    return intake.taken


def _check_same(database: Database, header: Header) -> None:
    if database.network != header.network:
        raise OtherNetwork(path=str(database.path))
    if header.secret is None:
        same = not database.select("SELECT 1 FROM texts LIMIT 1")
    else:
        same = database.setting("secret") == header.secret
    if not same:
        raise OtherTexts()


class _Intake:
    def __init__(self, header: Header, lines: Lines) -> None:
        self.taken = Taken()
        self.done = False
        self._header = header
        self._lines = lines
        self._number = 1

    def some(self, transaction: Transaction) -> None:
        """Take in the next lines."""
        if not self._header.personal:
            transaction.writer.database.set("personal", 0)
        for _ in range(BATCH):
            number, line = next(self._lines, (0, ""))
            if number == 0:
                raise BreaksOff(line=self._number)
            self._number = number
            read = _object(number, line)
            if "end" in read:
                self._end(read)
                return
            if "key" in read:
                self._key(transaction, read)
            else:
                self._entry(transaction, read)

    def _entry(self, transaction: Transaction, read: dict[str, Any]) -> None:
        position, topic, state = read.get("position"), read.get("type"), read.get("state")
        if set(read) - {"texts"} != {"position", "type", "state"} or type(position) is not int:
            raise self._broken("this is not an entry")
        lost = self._header.lost
        if lost is not None and position > lost and self.taken.entries + 1 == lost:
            self.taken.left += 1
            return
        if position != self.taken.entries + 1 or self.taken.keys:
            raise self._broken(f"entry {position} stands where {self.taken.entries + 1} should")
        if not isinstance(topic, str) or not isinstance(state, str):
            raise self._broken("this is not an entry")
        stored = _bytes(self._number, state)
        texts = self._texts(position, read.get("texts", []))
        try:
            if take_entry(transaction, position, topic, stored, texts):
                self.taken.new += 1
            else:
                self.taken.seen += 1
        except EntryDiffers:
            raise Diverges(position=position) from None
        except Unfit as unfit:
            raise self._broken(unfit.reason) from None

    def _texts(self, position: int, read: Any) -> list[TextRow]:
        if not isinstance(read, list) or (read and not self._header.personal):
            raise self._broken("there are texts where none should be")
        texts: list[TextRow] = []
        for each in read:
            if not isinstance(each, dict) or set(each) != {"field", "salt", "text"}:
                raise self._broken(NOT_A_TEXT)
            field, salt, text = each["field"], each["salt"], each["text"]
            if not isinstance(field, str) or not isinstance(text, str):
                raise self._broken(NOT_A_TEXT)
            _bytes(self._number, text)
            if not _is_hex(salt, SALT_BYTES):
                raise self._broken(f"the text “{field}” is not the one that was recorded")
            texts.append((position, field, bytes.fromhex(salt), text))
        return texts

    def _key(self, transaction: Transaction, read: dict[str, Any]) -> None:
        key = read["key"]
        if not self._header.personal or not isinstance(key, dict):
            raise self._broken("there is a key where none should be")
        namespace, name, mark, at = (
            key.get(field) for field in ("namespace", "key", "fingerprint", "positions")
        )
        if (
            not isinstance(namespace, str)
            or not _is_hex(name)
            or not (mark is None or _is_hex(mark))
        ):
            raise self._broken("a key is not written as one")
        if not isinstance(at, list) or any(
            type(each) is not int or not 0 < each <= self._header.position for each in at
        ):
            raise self._broken("a key is of entries that are not there")
        named = bytes.fromhex(name)
        if namespace == "request":  # of before such keys were hashed
            namespace, named = REQUESTS, mac(self._header.secret or b"", named)
        self.taken.keys += 1
        if any(each > self.taken.entries for each in at):
            if self._header.lost is None:
                raise self._broken("a key is of entries that are not there")
            return
        fingerprint = None if mark is None else bytes.fromhex(mark)
        take_keys(transaction.writer.database, [(namespace, named, fingerprint, str(at))])

    def _end(self, read: dict[str, Any]) -> None:
        counted = {"entries": self.taken.entries + self.taken.left, "keys": self.taken.keys}
        lost = self._header.lost
        last = self._header.position if lost is None else lost - 1
        if read["end"] != counted or self.taken.entries != last:
            raise self._broken("the export does not have as many lines as it says")
        if next(self._lines, None) is not None:
            raise BrokenLine(line=self._number + 1, reason="the export goes on after its end")
        self.done = True

    def _broken(self, reason: str) -> BrokenLine:
        return BrokenLine(line=self._number, reason=reason)


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        read = json.loads(line, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = error.args[0] if isinstance(error, _Refused) else "this is not JSON"
        raise BrokenLine(line=number, reason=reason) from None
    if not isinstance(read, dict):
        raise BrokenLine(line=number, reason="this is not an object in JSON")
    return read


class _Refused(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _Refused("a key stands twice in it")
    return read


def _no_constant(name: str) -> None:
    raise _Refused(f"{name} is not a value")


def _bytes(number: int, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise BrokenLine(line=number, reason="half a character stands in it") from None


def _is_hex(value: Any, length: int | None = None) -> TypeGuard[str]:
    """Whether a value is bytes in hex, `length` of them or any number."""
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        return False
    return length is None or len(value) == 2 * length
