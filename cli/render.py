"""All that natverk prints: tables for people, JSON and CSV for machines, notes, errors.

Data goes to stdout, all else to stderr. No control, bidi or zero-width character
reaches a terminal from here: texts come from people who may not wish us well.

When whoever reads stdout has gone (`natverk log | head -1`), the process ends at
once, quietly and with exit code 0. So print only what is already recorded. When
stdout cannot be written for another reason, such as a full disk, it is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple

from cli import streams
from cli.language import _

ELLIPSIS = "\u2026"
GAP = "  "  # between columns
_FIRST_COMBINING = "\u0300"  # all safe characters before it are one column wide
_CHUNK = 500  # rows written at a time
_UNDERLINED, _PLAIN = "\x1b[4m", "\x1b[0m"
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"  # compiled when used: most questions need no CSV
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # and their full-width forms

Row = Mapping[str, Any]


class Column(NamedTuple):
    """What a table shows of each row.

    `key` is the row's key; a row without it shows nothing. `title` is marked with
    `N_` and translated when shown. `show`, if any, makes the value readable, and is
    not asked about None.
    """

    key: str
    title: str
    align: Literal["left", "right"] = "left"
    show: Callable[[Any], object] | None = None


# Texts


def safe(text: str, *, lines: bool = False) -> str:
    r"""`text` with each control, bidi, zero-width or unassigned character as `\x1b`, `\u202e`.

    `lines` lets line breaks and tabs pass. A backslash stays as it is.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if _unsafe(c) and not (lines and c in "\n\t") else c for c in text)


def width(text: str) -> int:
    """The columns that a safe text takes on a terminal: wide characters 2, combining ones 0."""
    if text.isascii() or max(text) < _FIRST_COMBINING:
        return len(text)
    return sum(map(_columns, text))


def csv_cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula: such text gets an apostrophe.

    None is an empty cell. Numbers stay numbers, also negative ones and those in text.
    """
    text = _text(value)
    if text.startswith(_FORMULA) and not re.fullmatch(_NUMBER, text):
        text = "'" + text
    return safe(text, lines=True)


# Tables


def table(
    rows: Iterable[Row],
    columns: Sequence[Column],
    *,
    width: int | None = None,
    colour: bool = False,
) -> list[str]:
    """The lines of a table, the header first; no lines at all when there are no rows.

    `width` is how wide it may be, in columns of a terminal; the widest texts are
    cut with an ellipsis until it fits. None cuts nothing.
    """
    cells = [[_cell(column, row) for column in columns] for row in rows]
    if not cells or not columns:
        return []
    cells.insert(0, [safe(_(column.title)) for column in columns])
    widths = [max(map(_width, texts)) for texts in zip(*cells, strict=True)]
    if width is not None:
        widths = _shrunk(widths, width - len(GAP) * (len(columns) - 1))
    lines = [_line(texts, columns, widths) for texts in cells]
    if width is not None:
        lines = [_cut(line, width) for line in lines]
    if colour:
        lines[0] = f"{_UNDERLINED}{lines[0]}{_PLAIN}"
    return lines


def print_table(rows: Iterable[Row], columns: Sequence[Column]) -> None:
    """A table on stdout, as wide as the terminal at most and as it is into a pipe.

    Prints nothing when there are no rows: the caller notes that.
    """
    lines = table(rows, columns, width=streams.terminal_width(), colour=streams.coloured())
    if lines:
        streams.put("\n".join(lines) + "\n")
        streams.flush()


# JSON


def json_text(rows: Iterable[Row]) -> Iterator[str]:
    """A JSON array of the rows, in pieces of a row each; `[]` when there are none.

    Rows hold plain values: texts, whole numbers of any size, booleans, None, lists
    and dicts; decimals and times are texts. What could disturb a terminal is escaped.
    Raises TypeError for anything else.
    """
    before = "["
    for row in rows:
        yield before + _json(row)
        before = ",\n"
    yield "[]\n" if before == "[" else "]\n"


def print_json(rows: Iterable[Row]) -> None:
    """A JSON array on stdout, in UTF-8 whatever the terminal says, written as the rows come."""
    pieces = json_text(rows)
    while some := "".join(islice(pieces, _CHUNK)):
        streams.put_bytes(some)
    streams.flush()


def print_object(row: Row) -> None:
    """One JSON object on stdout, with values as in `json_text`."""
    print_objects([row])


def print_objects(rows: Iterable[Row]) -> None:
    """One JSON object a line on stdout, with values as in `json_text`."""
    print_lines(f"{_json(row)}\n" for row in rows)


def print_lines(lines: Iterable[str]) -> None:
    """Lines that are safe already on stdout, in UTF-8 whatever the terminal says."""
    pieces = iter(lines)
    while some := "".join(islice(pieces, _CHUNK)):
        streams.put_bytes(some)
    streams.flush()


# Sentences


def write(text: str) -> None:
    """A text of one or more lines on stdout, made safe; it brings its own line breaks."""
    streams.put(safe(text, lines=True))
    streams.flush()


def note(text: str) -> None:
    """A remark about the answer, one line on stderr."""
    streams.say(safe(text))


def error(text: str, hint: str = "") -> None:
    """What went wrong and, if it is known, what to do: a line each on stderr."""
    streams.say(f"natverk: {_('error')}: {safe(text)}")
    if hint:
        streams.say(f"natverk: {_('hint')}: {safe(hint)}")


# How a cell is made


def _cell(column: Column, row: Row) -> str:
    value = row.get(column.key)
    if value is not None and column.show is not None:
        value = column.show(value)
    if isinstance(value, bool | list | tuple):
        value = _text(value, _("yes"), _("no"))
    text = "" if value is None else str(value)
    return safe(text if text.isprintable() else re.sub(r"\r\n|[\r\n\t]", " ", text))


def _text(value: object, yes: str = "true", no: str = "false") -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes if value else no
    if isinstance(value, list | tuple):
        return ", ".join(_text(each, yes, no) for each in value)
    return str(value)


def _line(texts: list[str], columns: Sequence[Column], widths: list[int]) -> str:
    parts = []
    for text, column, most in zip(texts, columns, widths, strict=True):
        cut, used = text, _width(text)
        if used > most:
            cut = _cut(text, most)
            used = _width(cut)
        room = " " * (most - used)
        parts.append(room + cut if column.align == "right" else cut + room)
    return GAP.join(parts).rstrip(" ")


def _shrunk(widths: list[int], room: int) -> list[int]:
    """The widths with the widest made narrower, down to 1, until all fit in `room`."""
    if sum(widths) <= room:
        return widths
    cap, left = 1, room
    for at, each in enumerate(sorted(widths)):
        share = max(left, 0) // (len(widths) - at)  # for each of this and the wider ones
        if each > share:
            cap = max(share, 1)
            break
        left -= each
    return [min(each, cap) for each in widths]


def _cut(text: str, most: int) -> str:
    if _width(text) <= most:
        return text
    taken, used = [], 0
    for c in text:
        used += _columns(c)
        if used >= most:
            break
        taken.append(c)
    return "".join(taken) + ELLIPSIS if most > 0 else ""


_width = width  # where an argument has that name


def _columns(c: str) -> int:
    if unicodedata.category(c) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1


def _unsafe(c: str) -> bool:
    # What is not printable is a space (which is harmless) or one of Cc Cf Cs Co Cn Zl Zp.
    return not c.isprintable() and unicodedata.category(c) != "Zs"


def _escaped(c: str) -> str:
    number = ord(c)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def _json(row: Row) -> str:
    import orjson  # noqa: PLC0415  # tables do without

    try:
        text = orjson.dumps(row).decode()
    except TypeError:  # a number past 64 bits, or half a character
        import json  # noqa: PLC0415  # hardly ever needed

        text = json.dumps(row, separators=(",", ":"), allow_nan=False)
    if text.isprintable():
        return text
    return "".join(_json_escaped(c) if _unsafe(c) else c for c in text)


def _json_escaped(c: str) -> str:
    units = c.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
