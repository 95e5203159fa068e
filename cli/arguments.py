"""Arguments that many commands share."""

from __future__ import annotations

import sys

import click

from ledger.errors import EmptyText, NotUtf8, TextTooLong
from ledger.values import KINDS, TEXT_LENGTH

KIND = click.Choice(KINDS)
_MOST_BYTES = 4 * TEXT_LENGTH  # UTF-8 takes at most four bytes a character


def text_argument(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """A text as given, `-` for standard input, `@FILE` for a file's content."""
    if value is None or not value.startswith(("-", "@")) or len(value) == 1 and value == "@":
        return value
    if value == "-":
        data = sys.stdin.buffer.read(_MOST_BYTES + 1)
    elif value.startswith("@"):
        try:
            with open(value[1:], "rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except OSError as error:
            raise click.BadParameter(f"{value[1:]}: {error.strerror}") from None
    else:
        return value
    if len(data) > _MOST_BYTES:
        raise TextTooLong(what="a text", length=f"more than {TEXT_LENGTH}", most=TEXT_LENGTH)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUtf8() from None
    if not text.strip():
        raise EmptyText(what="a text")
    return text
