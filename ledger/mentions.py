"""Which texts mention a name: compared folded, word by word, with a genitive's s or without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.database import Database
from ledger.erasure import names_once, texts_about
from ledger.state.members import MEMBERS
from ledger.values import fold

SHORTEST_PART = 3  # letters of a word of a name that is looked for alone
_WORD = re.compile(r"\w+")
_LETTERS = {code: fold(chr(code)) for code in range(0xC0, 0x250)}  # å to a, and so on
_EVERY_TEXT = "SELECT position, field, text FROM texts ORDER BY position, id"


class Mention(NamedTuple):
    """A text about others in which a name stands.

    `whole`: the whole name, and not one word of it alone, which may be another's. `kept`:
    it is itself the name of someone, who has to take another before it can go.
    """

    position: int
    field: str
    text: str
    whole: bool
    kept: bool


def mentions(database: Database, member: str) -> Iterator[Mention]:
    """The texts that mention a member and are not about them, in the order of the log."""
    names = names_once(database, member)
    if not names:
        return
    theirs = set(texts_about(database, member))
    wholes, parts = _looked_for(names)
    needles = parts | {words[0] for words in wholes}
    current = {row.name_at for row in database.find(MEMBERS) if row.exists and row.member != member}
    for position, field, text in database.stream(_EVERY_TEXT):
        if position in theirs or not _may_hold(text, needles):
            continue
        words = _WORD.findall(fold(text))
        whole = any(_stands_in(name, words) for name in wholes)
        if whole or any(_bare(word, parts) for word in words):
            yield Mention(position, field, text, whole, field == "name" and position in current)


def names_in(text: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands in a text as a whole."""
    words = _WORD.findall(fold(text))
    return any(_stands_in(name, words) for name in _looked_for(names)[0])


def _may_hold(text: str, needles: set[str]) -> bool:
    """Whether it is worth folding a text, which costs much more; false only if none is in it."""
    quick = text.translate(_LETTERS).lower()
    return not quick.isascii() or any(needle in quick for needle in needles)


def _looked_for(names: Iterable[str]) -> tuple[list[list[str]], set[str]]:
    """The words of each name, and the words that are looked for alone."""
    wholes = [words for name in names if (words := _WORD.findall(fold(name)))]
    parts = {word for words in wholes for word in words if len(word) >= SHORTEST_PART}
    return wholes, parts


def _stands_in(name: list[str], words: list[str]) -> bool:
    length = len(name)
    return any(
        words[start : start + length - 1] == name[:-1]
        and words[start + length - 1] in (name[-1], name[-1] + "s")
        for start in range(len(words) - length + 1)
    )


def _bare(word: str, parts: set[str]) -> bool:
    return word in parts or (word.endswith("s") and word[:-1] in parts)
