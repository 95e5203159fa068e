"""Tables from elsewhere, read row by row for `natverk import`.

A table is text in UTF-8, perhaps compressed with gzip, one row a line but for
line breaks inside quotes. Memory is bounded whatever the file holds. A row that
cannot be read is rejected with its line and the reason, and the rest goes in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, tzinfo
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cli.arguments import standard_input
from cli.tables import errors
from cli.tables.columns import Fields, parse_constants, parse_spec, place
from cli.tables.lines import Faults, first_lines, plain_stream, text_lines
from cli.tables.records import Record, delimiter_named, guessed_delimiter, read_records
from ledger.errors import AmbiguousDate, LedgerError, TableUnreadable, TimeOutOfRange
from ledger.values import check_moment, moment_at

__all__ = ["Fields", "Rejected", "Row", "Table", "open_table", "parse_constants", "parse_time"]

_SECONDS = re.compile(r"-?[0-9]{6,}(?:\.[0-9]+)?")
_COMPACT_DATE = re.compile(r"(?:1[89]|2[01])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_UNCLEAR_DATE = re.compile(r"[0-9]{1,4}[/.][0-9]{1,2}(?:[/.][0-9]{1,4})?(?:[ T].*)?")


class Row(NamedTuple):
    """A row that begins on `line` (from 1): its fields that are not empty, stripped."""

    line: int
    values: dict[str, str]


class Rejected(NamedTuple):
    """A row that begins on `line` (from 1) and cannot be read, and why."""

    line: int
    error: LedgerError


class Table(NamedTuple):
    """An open table. `columns` says which column, from 0, each field comes from."""

    delimiter: str
    columns: dict[str, int]
    rows: Iterator[Row | Rejected]


@contextmanager
def open_table(
    path: str,
    fields: Fields,
    *,
    columns: str = "",
    constants: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Table]:
    """A table, open while the context lasts; `-` is standard input.

    `columns` is empty when the header row has the names of our fields. Else it
    names the fields in order, `-` for a column to skip, and there is no header
    row; or it has `field=header` for each wanted column. `constants` are fields
    that all rows share. What is wrong with the table as a whole is raised here;
    what is wrong with a row is among the rows.
    """
    names = parse_spec(columns)
    width = None if names is None or isinstance(names, dict) else len(names)
    given = delimiter_named(delimiter) if delimiter else None
    with _source(path, stdin) as stream:
        faults: Faults = {}
        lines = text_lines(plain_stream(path, stream), faults)
        sample = first_lines(lines)
        separator = given or guessed_delimiter(sample, width)
        records = read_records(chain(sample, lines), faults, separator, width)
        header = _header(path, records) if width is None else []
        wanted = place(names, header, constants or {}, fields)
        yield Table(separator, wanted, _rows(records, wanted, constants or {}, fields))


def _source(path: str, stdin: BinaryIO | None) -> AbstractContextManager[BinaryIO]:
    if path == "-":
        return nullcontext(stdin or standard_input())
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise TableUnreadable(path=path, reason=error.strerror) from error


def _header(path: str, records: Iterator[Record]) -> list[str]:
    for record in records:
        if isinstance(record.cells, LedgerError):
            raise record.cells
        return record.cells
    raise errors.EmptyTable(path=path)


def _rows(
    records: Iterator[Record], columns: dict[str, int], constants: Mapping[str, str], fields: Fields
) -> Iterator[Row | Rejected]:
    """The fields of each record; the loop that a million rows go through."""
    wanted = tuple(columns.items())
    everything = len(wanted)
    required = fields.required.difference(constants)
    for line, cells in records:
        if isinstance(cells, LedgerError):
            yield Rejected(line, cells)
            continue
        values = {field: value for field, at in wanted if (value := cells[at].strip())}
        if len(values) < everything:
            if not values and not any(cell.strip() for cell in cells):
                continue  # a row of delimiters alone is as good as blank
            missing = required.difference(values)
            if missing:
                yield Rejected(line, errors.MissingValues(names=", ".join(sorted(missing))))
                continue
        if constants:
            values.update(constants)
        yield Row(line, values)


def parse_time(text: str, zone: tzinfo) -> datetime:
    """The moment, in UTC, that a field of a table names.

    An ISO 8601 date or time, in `zone` unless it says another, a date being the
    start of its day; or Unix seconds, at least 6 digits. Raises NotATime,
    TimeOutOfRange or AmbiguousDate, the last one also for 20260311, which is
    a date to some and seconds to others.
    """
    if text[4:5] == "-" and text[10:11] in ("", "T", "t", " "):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise errors.NotATime(value=text[:60]) from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return check_moment(moment).astimezone(UTC)
    if _UNCLEAR_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text):
        raise AmbiguousDate(value=text[:60])
    if not _SECONDS.fullmatch(text):
        raise errors.NotATime(value=text[:60])
    whole, _, decimals = text.partition(".")
    microseconds = int(whole[:20] + (decimals + "000000")[:6])
    try:
        return check_moment(moment_at(microseconds))
    except OverflowError:
        raise TimeOutOfRange(value=text[:60]) from None
