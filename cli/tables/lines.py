"""From the bytes of a table to its lines, in bounded memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from cli.tables import errors
from ledger.errors import LedgerError, TableUnreadable

LINE = 2**20  # bytes of the longest line
BLOCK = 2**18  # bytes read at a time
SAMPLE = 20  # lines to find the delimiter in
SAMPLE_SIZE = 2**16  # characters of them

Faults = dict[int, LedgerError]  # line, from 1, and what is wrong with it
Read = Callable[[int], bytes]

_NOT_PLAIN = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"\xd0\xcf\x11\xe0": "a spreadsheet",
}
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


class _Again:
    """A stream whose first four bytes have been looked at, to be read from its start."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self.head = b""
        while len(self.head) < 4 and (more := read(4 - len(self.head))):
            self.head += more

    def read(self, size: int) -> bytes:
        data, self.head = self.head[:size], self.head[size:]
        return data or self._read(size)

    def seek(self, to: int) -> int:
        raise io.UnsupportedOperation(f"seek to {to}")


def plain_stream(path: str, stream: BinaryIO) -> Read:
    """What reads the UTF-8 of a file, decompressed, after its byte order mark.

    Raises NotPlainText, TableUnreadable, or TableBreaksOff for a gzip that begins wrongly.
    """
    try:
        again = _Again(stream.read)
        if again.head.startswith(_GZIP):
            again = _Again(gzip.GzipFile(fileobj=again, mode="rb").read1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise errors.TableBreaksOff() from error
    except OSError as error:
        raise TableUnreadable(path=path, reason=error.strerror) from error
    for magic, what in _NOT_PLAIN.items():
        if again.head.startswith(magic):
            raise errors.NotPlainText(path=path, what=what)
    again.head = again.head.removeprefix(_BOM)
    return again.read


def text_lines(read: Read, faults: Faults) -> Iterator[str]:
    """Each line with its line feed; one that cannot be read comes blank, and is in `faults`."""
    number, rest, skipping = 1, b"", False
    while True:
        try:
            chunk = read(BLOCK)
        except (EOFError, zlib.error, OSError):
            faults[number] = errors.TableBreaksOff()  # and a part of a line is not a line
            yield "\n"
            return
        if not chunk:
            break
        if skipping:  # a line that is too long, until its end
            end = chunk.find(b"\n")
            if end < 0:
                continue
            chunk, skipping = chunk[end:], False
        block = rest + chunk
        cut = block.rfind(b"\n") + 1
        block, rest = block[:cut], block[cut:]
        yield from _decoded(block, number, faults)
        number += block.count(b"\n")
        if len(rest) > LINE:
            faults[number] = errors.LineTooLong(most=LINE)
            rest, skipping = b"", True
    if rest or skipping:
        yield from _decoded(rest + b"\n", number, faults)


def _decoded(block: bytes, number: int, faults: Faults) -> Iterator[str]:
    """The lines of a block of whole lines, the first being line `number`."""
    if len(block) <= LINE and b"\0" not in block:
        try:
            text = block.decode()
        except UnicodeDecodeError:
            pass
        else:
            yield from io.StringIO(text, newline="\n")
            return
    for place, line in enumerate(io.BytesIO(block), number):
        try:
            if len(line) > LINE:
                faults[place] = errors.LineTooLong(most=LINE)
            elif b"\0" in line:
                faults[place] = errors.NulInRow()
            else:
                yield line.decode()
                continue
        except UnicodeDecodeError:
            faults[place] = errors.NotUtf8()
        yield "\n"


def first_lines(lines: Iterator[str]) -> list[str]:
    """A few lines to look at, taken from `lines`."""
    sample: list[str] = []
    size = 0
    for line in lines:
        sample.append(line)
        size += len(line)
        if len(sample) == SAMPLE or size > SAMPLE_SIZE:
            break
    return sample
