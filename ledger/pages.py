"""The rows of tables, read from the pages of an SQLite file without any of its indexes.

For a file whose way to its pages is lost. Every page that looks like a leaf of a table
is read, in use or not, and each row in it for itself; what makes no sense is passed
over. The form is that of https://www.sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"SQLite format 3\x00"
PAGE = 4096  # that of our files, when the header does not say
LEAF = 0x0D  # of a table
HEADER = 100  # bytes before the first page's own
MOST = 2**24  # bytes of one row; ours are far smaller

Values = tuple[Any, ...]


class _Broken(ValueError):
    """What was read is no row."""


def table_rows(path: str | os.PathLike[str], columns: int) -> Iterator[Values]:
    """The rows with so many columns that are found in any page, each with its row id first.

    Values are None, whole numbers, floats, or bytes, for texts too.
    """
    with Path(path).open("rb") as file:
        size = _page_size(file.read(HEADER))
        number = 0
        while True:
            file.seek(number * size)
            page = file.read(size)
            if not page:
                return
            start = HEADER if number == 0 else 0
            number += 1
            if len(page) > start + 8 and page[start] == LEAF:
                yield from _rows(file, page, start, size, columns)


def _page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18], "big")
    size = 65536 if size == 1 else size
    sensible = header.startswith(MAGIC) and size >= 512 and not size & (size - 1)
    return size if sensible else PAGE


def _rows(file: BinaryIO, page: bytes, start: int, size: int, columns: int) -> Iterator[Values]:
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    for cell in range(min(cells, size // 4)):
        at = start + 8 + 2 * cell
        try:
            rowid, payload = _cell(file, page, int.from_bytes(page[at : at + 2], "big"), size)
            values = _record(payload, columns)
        except (_Broken, IndexError):
            continue
        yield (rowid, *values)


def _cell(file: BinaryIO, page: bytes, at: int, size: int) -> tuple[int, bytes]:
    """Row id and payload of a cell, with what of it lies on pages of its own."""
    length, at = _varint(page, at)
    rowid, at = _varint(page, at)
    most = size - 35
    if length <= most:
        payload = page[at : at + length]
        if len(payload) != length:
            raise _Broken
        return rowid, payload
    if length > MOST:
        raise _Broken
    least = (size - 12) * 32 // 255 - 23
    here = least + (length - least) % (size - 4)
    here = here if here <= most else least
    payload = page[at : at + here]
    following = int.from_bytes(page[at + here : at + here + 4], "big")
    while len(payload) < length:
        if not following:
            raise _Broken
        file.seek((following - 1) * size)
        more = file.read(size)
        if len(more) != size:
            raise _Broken
        following = int.from_bytes(more[:4], "big")
        payload += more[4 : 4 + length - len(payload)]
    return rowid, payload


def _record(payload: bytes, columns: int) -> list[Any]:
    """The values of a record with so many columns."""
    end, at = _varint(payload, 0)
    kinds: list[int] = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != end or len(kinds) != columns:
        raise _Broken
    values: list[Any] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise _Broken
    return values


def _value(payload: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (0, 8, 9):
        return {0: None, 8: 0, 9: 1}[kind], at
    if kind >= 12:
        length = (kind - 12) // 2
    elif kind <= 7:
        length = (0, 1, 2, 3, 4, 6, 8, 8)[kind]
    else:
        raise _Broken
    value = payload[at : at + length]
    if len(value) != length:
        raise _Broken
    if kind >= 12 or kind == 7:
        return value, at + length
    return int.from_bytes(value, "big", signed=True), at + length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and the place after it."""
    number = 0
    for place in range(8):
        byte = data[at + place]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, at + place + 1
    return number << 8 | data[at + 8], at + 9
