"""What many entries of one type say, by columns: read by one search, and summed without a loop.

Only what is written in its one form (`forms`) is read; whatever else is left to the codec.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ledger.forms import TIME, TIMES, shape_of
from ledger.values import MICROSECOND

if TYPE_CHECKING:
    from datetime import timedelta

Numbers = np.ndarray[Any, np.dtype[Any]]  # of integers

DAY = 86_400 * 1_000_000  # microseconds
_OFFSET = 6  # characters of it at the end of a time
_START = datetime(1970, 1, 1)  # noqa: DTZ001 - of a clock whose offset is counted by itself
_YEAR_ONE = (datetime.min - _START) // MICROSECOND  # noqa: DTZ901


class Codes(dict[str, int]):
    """A number for each id, from 0 in the order of their coming; `words`: so by field."""

    def __init__(self) -> None:
        super().__init__()
        self.words: defaultdict[str, Codes] = defaultdict(Codes)

    def __missing__(self, text: str) -> int:
        code = self[text] = len(self)
        return code

    def of(self, texts: Sequence[str]) -> Numbers:
        """The numbers of texts."""
        return np.fromiter(map(self.__getitem__, texts), np.int32, len(texts))


@dataclass(slots=True)
class Columns:
    """What entries of one type say, by field.

    `texts` are as they are written, empty for what an entry does not say; `numbers` then 0.
    `occurred` and `recorded` are microseconds since 1970; `days` are those of the calendar
    on which they occurred, counted from 1970 too. `codes` are the same for all of a ledger.
    """

    texts: dict[str, Sequence[str]]
    numbers: dict[str, Numbers]
    occurred: Numbers
    recorded: Numbers
    days: Numbers
    codes: Codes
    _coded: dict[str, Numbers] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.occurred)

    def __getitem__(self, part: slice) -> Columns:
        texts = {name: column[part] for name, column in self.texts.items()}
        numbers = {name: column[part] for name, column in self.numbers.items()}
        times = (self.occurred[part], self.recorded[part], self.days[part])
        return Columns(texts, numbers, *times, self.codes)

    def coded(self, name: str) -> Numbers:
        """The codes of the ids in a field."""
        return self._once(name, self.codes)

    def worded(self, name: str) -> Numbers:
        """The codes of the words in a field."""
        return self._once(name, self.codes.words[name])

    def _once(self, name: str, codes: Codes) -> Numbers:
        if name not in self._coded:
            self._coded[name] = codes.of(self.texts[name])
        return self._coded[name]


def read(topic: str, states: Sequence[bytes], codes: Codes) -> Iterator[Columns | int]:
    """Entries of a type in parts: by columns, or the number of those of which it cannot tell.

    `states` are their bytes. Raises `LookupError` for a type with other times than all have.
    """
    names, numbered, find = _search(topic)
    try:
        found = find(b"\n".join(states).decode())
    except (ValueError, TypeError):  # no text, or no bytes
        found = []
    if len(found) != len(states):
        yield len(states)
        return
    place = names.index(TIMES[0])
    for told, part in groupby(found, lambda each: each[place] != ""):
        lines = list(part)
        columns = _columns(names, numbered, lines, codes) if told else None
        yield len(lines) if columns is None else columns


def _columns(
    names: list[str], numbered: list[str], lines: list[tuple[str, ...]], codes: Codes
) -> Columns | None:
    """The lines by columns; None where there is no such time."""
    texts: dict[str, Sequence[str]] = dict(zip(names, zip(*lines, strict=True), strict=True))
    try:
        (occurred, shown), (recorded, _) = (_ticks(texts[name]) for name in TIMES)
    except ValueError:
        return None
    numbers = {name: np.array([int(each or 0) for each in texts.pop(name)]) for name in numbered}
    return Columns(texts, numbers, occurred, recorded, shown // DAY, codes)


def _ticks(times: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Times as microseconds since 1970, and as what clocks showed then. Raises ValueError."""
    shown = np.array([time[:-_OFFSET] for time in times], "M8[us]").astype(np.int64)
    if shown.min() < _YEAR_ONE:
        raise ValueError("there was no year 0")
    return shown - np.array([_ahead(time[-_OFFSET:]) for time in times]), shown


@cache
def _ahead(offset: str) -> int:
    """How far a clock is ahead of UTC, in microseconds, by its offset as it is written."""
    ahead = datetime.fromisoformat(f"{_START.isoformat()}{offset}").utcoffset()
    return cast("timedelta", ahead) // MICROSECOND


@cache
def _search(topic: str) -> tuple[list[str], list[str], Callable[[str], list[tuple[str, ...]]]]:
    """The fields of a type, those that are numbers, and what finds them in lines of entries.

    A line that is written otherwise has nothing in any field.
    """
    shape = shape_of(topic)
    if shape is None or [form.pattern for form in shape[0].values()].count(TIME) != len(TIMES):
        raise LookupError(topic)
    forms, written = shape
    numbered = [name for name, form in forms.items() if not form.quoted]
    return list(forms), numbered, re.compile(f"(?m)^(?:{written}|.*)$").findall
