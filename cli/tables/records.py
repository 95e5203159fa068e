"""From the lines of a table to its records, and what separates their cells."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cli.tables import errors
from cli.tables.lines import Faults
from ledger.errors import LedgerError

RECORD = 2**20  # characters of the longest record of several lines
DELIMITERS = ("\t", ";", "|", ",", " ")  # in the order in which they are tried
WORDS = {"tab": "\t", "\\t": "\t", "semicolon": ";", "pipe": "|", "comma": ",", "space": " "}

_PROBLEMS: tuple[tuple[str, type[LedgerError]], ...] = (  # as the csv module puts them
    ("unexpected end", errors.UnclosedQuote),
    ("expected after", errors.StrayQuote),
    ("new-line", errors.LoneCarriageReturn),
    ("field larger", errors.CellTooLong),
)


class Record(NamedTuple):
    """What begins on `line`: its cells, or why there are none."""

    line: int
    cells: list[str] | LedgerError


def delimiter_named(text: str) -> str:
    """A delimiter as written on the command line: itself or its name; else NotADelimiter."""
    delimiter = WORDS.get(text.strip().lower(), text)
    if delimiter not in DELIMITERS:
        raise errors.NotADelimiter(value=text)
    return delimiter


def guessed_delimiter(sample: Iterable[str], width: int | None) -> str:
    """What separates most of the lines into `width` cells, or as many as the first one.

    Spaces count only if nothing else does: there are spaces inside names and times.
    """
    lines = [line.strip("\r\n ").replace("\r", "") for line in sample]
    lines = [line for line in lines if 0 < len(line) < csv.field_size_limit()]
    best, best_share = ",", 0
    for delimiter in DELIMITERS:
        reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == " ")
        try:
            widths = [len(cells) for cells in reader]
        except csv.Error:
            continue
        expected = width or (widths[0] if widths else 1)
        share = widths.count(expected) if expected > 1 else 0
        if share > best_share and (delimiter != " " or not best_share):
            best, best_share = delimiter, share
    return best


def read_records(
    lines: Iterable[str], faults: Faults, delimiter: str, width: int | None
) -> Iterator[Record]:
    """Every record that is not blank; without a `width` the first one sets it.

    A quote that is never closed must not take the rows after it along: when a
    record of several lines cannot be right, only its first line is rejected,
    and the lines after it are read again, each by itself.
    """
    source = iter(lines)
    line = 1
    taken: list[str] = []  # the lines of the record at hand
    more = True
    while more:
        problem: LedgerError | None = None
        try:
            for cells in _reader(_remembered(source, taken), delimiter):
                if len(cells) == width and len(taken) == 1 and not faults:
                    yield Record(line, cells)  # nearly always
                else:
                    for record in _judged(Record(line, cells), taken, faults, delimiter, width):
                        if width is None and isinstance(record.cells, list):
                            width = len(record.cells)
                        yield record
                line += len(taken)
                taken.clear()
            more = False
        except csv.Error as error:
            problem = _problem(error)
        if problem:
            yield from _judged(Record(line, problem), taken, faults, delimiter, width)
            line += len(taken)
            taken.clear()


def _reader(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)


def _remembered(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines, each also put in `taken`; an error if that grows larger than a record can be."""
    size = 0
    for line in lines:
        size = size + len(line) if taken else 0
        taken.append(line)
        if size > RECORD:
            raise csv.Error("unexpected end: no quote where there should be one")
        yield line


def _judged(
    record: Record, taken: list[str], faults: Faults, delimiter: str, width: int | None
) -> Iterator[Record]:
    """What comes of a record that was read from the lines in `taken`: none if it is blank."""
    line, cells = record
    last = line + len(taken) - 1
    if isinstance(cells, LedgerError):
        yield record
        for place, text in enumerate(taken[1:], line + 1):
            again = Record(place, _alone(text, delimiter))
            yield from _judged(again, [text], faults, delimiter, width)
        return
    broken = [faults.pop(place) for place in range(line, last + 1) if place in faults]
    if delimiter == " " and cells and not cells[-1]:
        cells.pop()
    count = len(cells)
    if broken:
        yield Record(line, broken[0])
    elif not any(cell.strip() for cell in cells):
        return
    elif width in (None, count):
        yield record
    elif last == line:
        yield Record(line, errors.WrongNumberOfFields(count=count, expected=width))
    else:
        error = errors.WrongNumberOfFieldsInLines(count=count, expected=width, last=last)
        yield Record(line, error)


def _alone(text: str, delimiter: str) -> list[str] | LedgerError:
    try:
        return next(_reader([text], delimiter), [])
    except csv.Error as error:
        return _problem(error)


def _problem(error: csv.Error) -> LedgerError:
    for words, problem in _PROBLEMS:
        if words in str(error):
            return problem()
    return errors.UnclosedQuote()
