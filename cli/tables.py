"""Tables from elsewhere, read row by row for `natverk import`.

A table is text in UTF-8, perhaps compressed with gzip, one row a line but for
line breaks inside quotes. Memory is bounded whatever the file holds: lines and
rows have a largest length, and one that is over it is rejected with its line
number, like any other row that cannot be read, and the rest goes in.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import shlex
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import chain
from typing import BinaryIO, NamedTuple

from ledger import errors
from ledger.errors import LedgerError
from ledger.values import EPOCH, check_moment, fold, moment_at

LINE = 2**20  # bytes of a line, and characters of a row of many lines
BLOCK = 2**18  # bytes read at a time
SAMPLE = 20  # lines from which the delimiter is found
SAMPLE_SIZE = 2**16  # characters of them
DELIMITERS = {"tab": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}
SKIPPED = "-"  # names a column that is not wanted

_SECONDS = re.compile(r"-?[0-9]{6,}(?:\.[0-9]+)?")
_COMPACT_DATE = re.compile(r"(?:1[89]|2[01])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_UNCLEAR_DATE = re.compile(r"[0-9]{1,4}[/.][0-9]{1,2}(?:[/.][0-9]{1,4})?(?:[ T].*)?")
_LAST_SECOND = 10**12  # any Unix time beyond it is after the year 9998
_CSV_ERRORS = (  # how the csv module puts it, and what that is here
    ("unexpected end", errors.UnclosedQuote),
    ("expected after", errors.StrayQuote),
    ("new-line", errors.LoneCarriageReturn),
    ("field larger", errors.CellTooLong),
)


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the fields that a row must have, and of those that it may have."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()


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
    that all rows share. What is wrong with the file as a whole is raised here
    as an error; what is wrong with a row is among the rows.
    """
    try:
        source = nullcontext(stdin or sys.stdin.buffer) if path == "-" else open(path, "rb")
    except OSError as error:
        raise errors.TableUnreadable(path=path, reason=error.strerror) from error
    with source as stream:
        faults: dict[int, LedgerError] = {}
        lines = _lines(_reading(path, stream), faults)
        sample = list(_first(lines))
        names = _named(columns)
        ordered = names and names[0][1] is None
        width = len(names) if ordered else None
        delimiter = _delimiter(delimiter) if delimiter else _guessed(sample, width)
        records = _records(chain(sample, lines), faults, delimiter, width)
        if ordered:
            wanted = [(name, at) for at, (name, _) in enumerate(names) if name != SKIPPED]
        else:
            wanted = _found(names, _header(path, records), fields)
        _check(wanted, constants or {}, fields)
        rows = _rows(records, wanted, constants or {}, fields.required)
        yield Table(delimiter, dict(wanted), rows)


def parse_constants(settings: Iterable[str]) -> dict[str, str]:
    """The fields of every `--set field=value`. Raises NotColumns or FieldTwice."""
    constants: dict[str, str] = {}
    for setting in settings:
        name, _, value = (part.strip() for part in setting.partition("="))
        if not name or not value:
            raise errors.NotColumns(value=setting)
        if _field(name) in constants:
            raise errors.FieldTwice(names=name)
        constants[_field(name)] = value
    return constants


def parse_time(text: str, zone: tzinfo) -> datetime:
    """The moment, in UTC, that a field of a table names.

    An ISO 8601 date or time, in `zone` unless it says another, a date being the
    start of its day; or Unix seconds of at least 6 digits. Raises NotATime,
    TimeOutOfRange or AmbiguousDate; eight digits that look like a date are that.
    """
    try:
        if text[4:5] == "-" and text[10:11] in ("", "T", "t", " "):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=zone)
            return check_moment(moment).astimezone(UTC)
    except ValueError:
        raise errors.NotATime(value=text[:60]) from None
    if _UNCLEAR_DATE.fullmatch(text) and not _SECONDS.fullmatch(text):
        raise errors.AmbiguousDate(value=text[:60])
    if _COMPACT_DATE.fullmatch(text):
        raise errors.AmbiguousDate(value=text)
    if not _SECONDS.fullmatch(text):
        raise errors.NotATime(value=text[:60])
    whole, _, decimals = text.partition(".")
    if len(whole) > 12:
        raise errors.TimeOutOfRange(value=text[:60])
    microseconds = int((decimals + "000000")[:6])
    return check_moment(
        moment_at(int(whole) * 1_000_000 + (-microseconds if whole[0] == "-" else microseconds))
    )
