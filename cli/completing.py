"""What the shell offers when a command line is half written.

Completion never prints an error, never changes anything and never asks the
ledger to be brought up to date: where something is wrong it offers nothing.
"""

from __future__ import annotations

import os
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

from cli import render
from ledger.database import Database
from ledger.names import names_like, names_of
from ledger.values import EVERYONE, fold

if TYPE_CHECKING:
    from cli.context import Session

PROGRAM = "natverk"
VARIABLE = "_NATVERK_COMPLETE"
OFFERED = 100  # names at most

_BASH = """\
%(complete_func)s() {
    local word
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(NATVERK_LINE="${COMP_LINE:0:$COMP_POINT}" %(complete_var)s=bash_complete \
"$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    """As click's, but names with spaces, quotes and colons come out as one word.

    The line up to the cursor is in NATVERK_LINE.
    """

    source_template = _BASH

    def source(self) -> str:
        """The script that makes bash ask us."""
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor's word, and that word."""
        line = os.environ.get("NATVERK_LINE", "")
        words = split_arg_string(line)[1:]
        if not words or _ended(line):
            return words, ""
        return words[:-1], words[-1]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """The value as it must stand on the command line."""
        return quoted(item.value, os.environ.get("NATVERK_LINE", ""))


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": ZshComplete, "fish": FishComplete}


def script(shell: str) -> str:
    """What a shell has to read so that it asks us."""
    return SHELLS[shell](click.Group(PROGRAM), {}, PROGRAM, VARIABLE).source()


def complete(group: click.Group, session: Session, instruction: str) -> None:
    """Print what fits the half-written command line in the environment."""
    try:
        shell = SHELLS[instruction.partition("_")[0]]
        answer = shell(group, {"obj": session}, PROGRAM, VARIABLE).complete()
    except Exception:  # someone is typing: whatever is wrong is told later
        return
    if answer:
        render.write(answer + "\n")


def member_names(context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Members whose names begin like that."""
    return _names(context, "m", incomplete)


def receiver_names(context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Members and initiatives whose names begin like that, and everyone."""
    found = _names(context, "m", incomplete) + _names(context, "i", incomplete)
    if EVERYONE.startswith(fold(incomplete)):
        found.append(CompletionItem(EVERYONE))
    return found


def resource_names(context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Resources whose names begin like that."""
    return _names(context, "r", incomplete)


def ask_names(context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Asks whose words begin like that."""
    return _names(context, "a", incomplete)


def initiative_names(context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Initiatives whose words begin like that."""
    return _names(context, "i", incomplete)


def _names(context: click.Context, letter: str, incomplete: str) -> list[CompletionItem[str]]:
    session: Session = context.find_root().obj
    try:
        with closing(Database.reading(session.place)) as database:
            ids = names_like(database, letter, incomplete, OFFERED)
            names = names_of(database, ids)
    except Exception:  # as in `complete`
        return []
    words = [names.get(id, id) for id in ids]
    return [
        # A word that several things have would not say which of them is meant.
        CompletionItem(word if words.count(word) == 1 else id, help=id if word != id else None)
        for id, word in zip(ids, words, strict=True)
    ]


def quoted(value: str, line: str) -> str:
    """`value` so that bash reads it as one word at the end of `line`."""
    mark = _open_quote(line)
    if mark == "'":
        return value.replace("'", "'\\''")
    if mark == '"':
        return re.sub(r'(["\\$`])', r"\\\1", value)
    return re.sub(r"([^\w./,:+-])", r"\\\1", value)


def _open_quote(line: str) -> str:
    """The quotation mark that is open at the end of a line, or nothing."""
    mark, escaped = "", False
    for c in line:
        if escaped:
            escaped = False
        elif c == "\\" and mark != "'":
            escaped = True
        elif c == mark:
            mark = ""
        elif c in "'\"" and not mark:
            mark = c
    return mark


def _ended(line: str) -> bool:
    """Whether the last word of a line is over, so that a new one begins."""
    return line[-1:].isspace() and not _open_quote(line) and not line.endswith("\\ ")
