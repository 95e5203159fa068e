"""Tables from elsewhere as commands: which fields there are, and what their values mean."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.language import _
from cli.tables import Fields, Rejected, Row, open_table, parse_time
from ledger import commands as c
from ledger.bulk import Bulk
from ledger.errors import LedgerError, NotAQuantity, Usage
from ledger.values import ID, local, one_unit

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.ledger import Transaction

ROWS_AT_ONCE = 10_000  # recorded in one transaction
PEOPLE = frozenset({"giver", "receiver", "asker", "owner", "invited_by"})


class QuantityAndHours(Usage):
    """A row has hours beside a quantity or a unit."""

    message = "hours are short for a quantity with the unit hour; there can be only one of them"


class NotAnId(Usage):
    """A row names an ask or a resource otherwise than by its id."""

    message = "“{value}” is not the id of the {what}"
    hint = "write it as natverk shows it, such as a4 or r9"


class Kind(NamedTuple):
    """What the rows of a table are.

    `quantity` is the command's field for it, `defaults` its fields that a row may leave out.
    """

    command: type[c.Command]
    fields: Fields
    quantity: str = "quantity"
    defaults: Mapping[str, Any] = {}


def _fields(required: str, optional: str) -> Fields:
    return Fields(frozenset(required.split()), frozenset(optional.split()))


KINDS = {
    "gifts": Kind(
        c.Give,
        _fields("giver receiver", "at what kind category quantity unit hours ask resource id"),
    ),
    "asks": Kind(
        c.Ask,
        _fields("asker", "at what kind category quantity unit by id"),
        defaults={"kind": "other"},
    ),
    "offers": Kind(
        c.Offer,
        _fields("owner", "at what kind category quantity unit capacity id"),
        quantity="stock",
        defaults={"kind": "other"},
    ),
    "members": Kind(c.Join, _fields("name", "kind invited_by at id")),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said about an import."""

    path: str
    columns: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    join_unknown: bool = False
    strict: bool = False
    source: str | None = None


@dataclass(slots=True)
class Outcome:
    """What came of an import: counts of rows and members, and why rows were rejected.

    `errors` are lines of the table, from 1, each with a reason in words.
    """

    new: int = 0
    joined: int = 0
    seen: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """As it is printed for programs."""
        return {
            "new": self.new,
            "joined": self.joined,
            "seen": self.seen,
            "rejected": len(self.errors),
            "errors": [{"line": line, "reason": reason} for line, reason in self.errors],
        }


class _Undone(Exception):
    """Some row was rejected, so that none is to be recorded."""


def import_table(session: Session, table: str, options: Options) -> Outcome:
    """Record the rows of a table, where `table` is one of `KINDS`; tell what came of it.

    One transaction for some thousand rows; with `strict` one for all of them, and
    nothing is recorded when any is rejected. Raises what is wrong with the table
    as a whole.
    """
    kind = KINDS[table]
    source = options.source or table
    bulk = Bulk(session.ledger, table, kind.command, source, join=options.join_unknown)
    reader = _Reader(session, kind, options.constants)
    outcome = Outcome()
    with (
        _rarely_collected(),
        open_table(
            options.path,
            kind.fields,
            columns=options.columns,
            constants=options.constants,
            delimiter=options.delimiter,
        ) as opened,
    ):
        batches = _batches(opened.rows)
        try:
            if options.strict or session.dry_run:
                with bulk.transaction(dry_run=session.dry_run) as transaction:
                    for batch in batches:
                        _take(transaction, bulk, reader, batch, outcome)
                    if options.strict and outcome.errors:
                        raise _Undone
            else:
                for batch in batches:
                    with bulk.transaction() as transaction:
                        _take(transaction, bulk, reader, batch, outcome)
        except _Undone:
            outcome.seen = bulk.seen
            return outcome
    outcome.new, outcome.joined, outcome.seen = bulk.new, bulk.joined, bulk.seen
    return outcome


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Look for cyclic garbage less often: rows leave none, and a refusal only a little."""
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _batches(rows: Iterator[Row | Rejected]) -> Iterator[list[Row | Rejected]]:
    """The rows in lots, read before the ledger is locked; says on a terminal how far it is."""
    done = 0
    shown = sys.stderr is not None and sys.stderr.isatty()
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch
        done += len(batch)
        if shown:
            print("\r" + _("{n} rows").format(n=f"{done:,}"), end="", file=sys.stderr, flush=True)
    if shown and done:
        print(file=sys.stderr)


def _take(
    transaction: Transaction,
    bulk: Bulk,
    reader: _Reader,
    rows: Iterable[Row | Rejected],
    outcome: Outcome,
) -> None:
    for row in rows:
        try:
            if isinstance(row, Rejected):
                raise row.error
            given, names = reader.read(row.values)
            bulk.take(transaction, given, names, row.values.get("id"))
        except LedgerError as error:
            if error.exit_code == 4:  # not the row's fault
                raise
            outcome.errors.append((row.line, reader.session.told(error)[0]))


class _Reader:
    """From the texts of a row to the fields of a command, and the names in it."""

    def __init__(self, session: Session, kind: Kind, constants: Mapping[str, str]) -> None:
        self.session = session
        self._zone = session.ledger.zone
        self._quantity = kind.quantity
        self._unit_for_all = "unit" in constants
        self._given = {**kind.defaults, "actor": session.actor}
        self._how: dict[str, tuple[str, Callable[[str], Any]]] = {
            "at": ("occurred_at", self._moment),
            "by": ("needed_by", lambda text: self._moment(text).date()),
            "kind": ("kind", str.lower),
            "unit": ("unit", one_unit),
            "quantity": (kind.quantity, str),
            "capacity": ("capacity", _count),
            "ask": ("ask", lambda text: _id(text, "ask")),
            "resource": ("resource", lambda text: _id(text, "resource")),
        }

    def read(self, values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """The fields of the command, and the names of members by field."""
        given, names = self._given.copy(), {}
        for name, text in values.items():
            if name in PEOPLE:
                names[name] = text
            elif name in self._how:
                called, convert = self._how[name]
                given[called] = convert(text)
            elif name != "id":
                given[name] = text
        if "hours" in given:
            self._hours(given)
        elif self._unit_for_all and self._quantity not in given:
            del given["unit"]
        return given, names

    def _hours(self, given: dict[str, Any]) -> None:
        if "quantity" in given or "unit" in given:
            raise QuantityAndHours()
        given["quantity"], given["unit"] = given.pop("hours"), "hour"

    def _moment(self, text: str) -> datetime:
        return local(parse_time(text, self._zone), self._zone)


def _count(text: str) -> int:
    """A whole number, also as spreadsheets write it: `2.0`."""
    whole, _point, decimals = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 12) or decimals.strip("0"):
        raise NotAQuantity(value=text[:60])
    return int(whole)


def _id(text: str, what: str) -> str:
    if not ID.fullmatch(text.lower()) or text[0].lower() != what[0]:
        raise NotAnId(value=text[:60], what=what)
    return text.lower()
