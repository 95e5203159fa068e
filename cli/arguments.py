"""Arguments and options that mean the same in many commands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from cli.language import _
from ledger.errors import EmptyText, TableUnreadable, TextTooLong, Usage
from ledger.values import KINDS, OPPORTUNITY_KINDS, TEXT_LENGTH

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

KIND = click.Choice(KINDS)
OPPORTUNITY_KIND = click.Choice(OPPORTUNITY_KINDS)
ANY_KIND = click.Choice(list(dict.fromkeys((*KINDS, *OPPORTUNITY_KINDS))))


class Named(click.ParamType[str]):
    """A name or id that the shell can complete; what it means is found out later."""

    def __init__(self, name: str, completer: str) -> None:
        self.name = name
        self._completer = completer

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The names that begin like that."""
        from cli import completing  # noqa: PLC0415 - only when the shell asks

        found: list[CompletionItem[str]] = getattr(completing, self._completer)(ctx, incomplete)
        return found


MEMBER = Named("member", "member_names")
RECEIVER = Named("receiver", "receiver_names")
RESOURCE = Named("resource", "resource_names")
ASK = Named("ask", "ask_names")
INITIATIVE = Named("initiative", "initiative_names")
FOR_HELP = _("The initiative that it is for.")
CATEGORY_HELP = _("A word of your own, such as bike-repair; it is in the log for good.")
_MOST_BYTES = 4 * TEXT_LENGTH + 100  # UTF-8 takes at most four a character; some for line ends
_MOST = 10**9


class TextNotUtf8(Usage):
    """An argument, a file or standard input is not text in UTF-8."""

    message = "{source} is not text in UTF-8"
    hint = "write or save it in UTF-8"


class NotAWholeNumber(Usage):
    """What is counted in whole ones is counted in something else."""

    message = "{option} takes a whole number from {least} to {most}, not “{value}”"


class HoursAndQuantity(Usage):
    """`--hours` is short for a quantity, so it does not go with one."""

    message = "--hours is short for --quantity with --unit hour; give one of them"


class ExactlyOne(Usage):
    """Of several options, one has to be given and only one."""

    message = "give exactly one of {options}"


class AtMostOne(Usage):
    """Of several options, more than one was given."""

    message = "{options} do not go together; give one of them, or none"


def standard_input() -> BinaryIO:
    """What is piped in. Raises `TableUnreadable` when whoever started us closed it."""
    if sys.stdin is None:
        raise TableUnreadable(path="-", reason=_("standard input is closed"))
    return sys.stdin.buffer


def text_argument(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """A text as given, `-` for standard input, `@FILE` for a file's content."""
    if context.resilient_parsing:  # the shell completes a line that is not finished
        return value
    if value == "-":
        return _read(standard_input(), _("standard input"))
    if value is None or not value.startswith("@") or value == "@":
        return value
    try:
        with open(value[1:], "rb") as file:
            return _read(file, value[1:])
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise TableUnreadable(path=value[1:], reason=reason) from None


def count_option(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> int | None:
    """A whole number from 1 to 1,000,000,000."""
    return None if value is None else whole_number(parameter.opts[0], value)


def limit_option(context: click.Context, parameter: click.Parameter, value: str) -> int:
    """As `count_option`, or 0 where that is no limit."""
    return whole_number(parameter.opts[0], value, least=0)


def whole_number(option: str, value: str, least: int = 1) -> int:
    """What is written in an option that counts. Raises `NotAWholeNumber`."""
    plain = value.strip()
    number = int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 10 else -1
    if not least <= number <= _MOST:
        shown = value if len(value) <= 60 else value[:57] + "..."
        raise NotAWholeNumber(option=option, least=least, most=_MOST, value=shown)
    return number


def in_hours(
    quantity: str | None, unit: str | None, hours: str | None
) -> tuple[str | None, str | None]:
    """Quantity and unit, also when they are given as hours. Raises `HoursAndQuantity`."""
    if hours is None:
        return quantity, unit
    if quantity is not None or unit is not None:
        raise HoursAndQuantity()
    return hours, "hour"


def only_one(**chosen: bool) -> str:
    """The name of the one flag that was given. Raises `ExactlyOne`."""
    given = [name for name, was_given in chosen.items() if was_given]
    if len(given) != 1:
        raise ExactlyOne(options=[f"--{name}" for name in chosen])
    return given[0]


def at_most_one(**chosen: bool) -> str | None:
    """The name of the one flag that was given, None: none was. Raises `AtMostOne`."""
    given = [name for name, was_given in chosen.items() if was_given]
    if len(given) > 1:
        raise AtMostOne(options=[f"--{name}" for name in given])
    return given[0] if given else None


def _read(file: BinaryIO, source: str) -> str:
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        length = _("more than {most}").format(most=TEXT_LENGTH)
        raise TextTooLong(what="a text", length=length, most=TEXT_LENGTH)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TextNotUtf8(source=source) from None
    if not text.strip():
        raise EmptyText(what="a text")
    return text.replace("\r\n", "\n")
