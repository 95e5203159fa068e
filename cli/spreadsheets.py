"""Tables for spreadsheets: what the questions answer, a file each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cli.render import csv_cell
from ledger.areas import EVERY_TYPE, GIFTS
from projections.answers import Counts, answers
from projections.asks import asks
from projections.entries import TEXT_FIELDS, entry_rows, standing_rows
from projections.initiatives import initiatives
from projections.introductions import introductions
from projections.membership import called, members
from projections.offers import resources
from projections.reciprocity import balances, units_shown

if TYPE_CHECKING:
    from cli.context import Session

Row = dict[str, Any]
_ENVELOPE = ("position", "type", "occurred_at", "recorded_at", "actor")


def spreadsheets(session: Session, *, personal: bool) -> Iterator[tuple[str, Iterator[str]]]:
    """The name of each file, and its lines: comma-separated values, the header first.

    Without the personal part there are neither names nor other free text.
    """
    for name, columns, rows in _tables(session):
        kept = [column for column in columns if personal or not _is_personal(column)]
        yield f"{name}.csv", _lines(kept, rows())


def _tables(
    session: Session,
) -> Iterator[tuple[str, Sequence[str], Callable[[], Iterable[Row]]]]:
    database, now = session.database, session.asked
    for name, rows in (
        ("members", members(database, now)),
        ("resources", resources(database, now)),
        ("asks", asks(database, now)),
        ("introductions", introductions(database)),
        ("initiatives", initiatives(database, now)),
    ):
        left_out = _BY_WORD if name == "initiatives" else ()
        columns = [each for each in rows[0] if each not in left_out] if rows else ["id"]
        yield name, columns, rows.__iter__
    yield "balances", _BALANCE, lambda: _balances(session)
    yield "gifts", _GIFT, lambda: _gifts(session)
    yield "entries", _entry_columns(), lambda: map(_flat, entry_rows(database, _positions(session)))


_BY_WORD = ("kinds", "given")  # of an initiative: objects, which the gifts tell one by one
_BALANCE = ("id", "name", "unit", "given", "received", "confirmed", "disputed")
_GIFT = (
    *("position", "occurred_at", "recorded_at", "actor", "giver", "giver_name", "receiver"),
    *("receiver_name", "kind", "category", "what", "quantity", "unit", "ask", "resource"),
    "initiative",
    *("because_of", "corrects"),
)


def _balances(session: Session) -> Iterator[Row]:
    """A row for the number of gifts (no unit), and one for each unit they were measured in."""
    found, said = balances(session.database), answers(session.database)
    names = called(session.database, found)
    for member, row in sorted(found.items(), key=lambda pair: (len(pair[0]), pair[0])):
        base = {"id": member, "name": names[member]}
        counts = said.get(member, Counts())._asdict()
        yield {**base, "unit": None, "given": row.given, "received": row.received, **counts}
        for unit, both in units_shown(row.units).items():
            yield {**base, "unit": unit, **both}


def _gifts(session: Session) -> Iterator[Row]:
    database = session.database
    for row in standing_rows(database, database.positions(types=GIFTS, live=True)):
        names = called(database, (row["giver"], row["receiver"]))
        yield {
            **row,
            "giver_name": names[row["giver"]],
            "receiver_name": names[row["receiver"]],
        }


def _positions(session: Session) -> range:
    return range(1, session.database.head() + 1)


def _flat(row: Row) -> Row:
    """An entry with what a correction puts in place beside its own fields, not inside one."""
    new = row.get("replacement")
    return row if new is None else {**new, **row, "replacement": new["type"]}


def _entry_columns() -> list[str]:
    """The envelope, then every field that an entry of any type has."""
    from dataclasses import fields  # noqa: PLC0415 - only here

    from ledger.events import class_of  # noqa: PLC0415
    from projections.entries import shown_as  # noqa: PLC0415

    names = [
        shown_as(field.name) for kind in sorted(EVERY_TYPE) for field in fields(class_of(kind))
    ]
    return [*_ENVELOPE, *(name for name in dict.fromkeys(names) if name not in _ENVELOPE)]


def _is_personal(column: str) -> bool:
    return column in TEXT_FIELDS or column.endswith("_name")


def _lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield _line(columns)
    for row in rows:
        yield _line([csv_cell(row.get(column)) for column in columns])


def _line(cells: Sequence[str]) -> str:
    return ",".join(map(_quoted, cells)) + "\r\n"


def _quoted(cell: str) -> str:
    if any(c in cell for c in '",\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
