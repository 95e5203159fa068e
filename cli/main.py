"""The command `natverk`: finds the command asked for, and tells what went wrong."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from cli import render, streams
from cli.arguments import TextNotUtf8
from cli.catalogue import COMMANDS
from cli.context import Session
from cli.language import _
from cli.options import ledger_option
from ledger.errors import LedgerError, NotALedger, Usage
from ledger.files import error_of
from ledger.refusals import UnknownId

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

INTERRUPTED = 130


class Catalogue(click.Group):
    """A group whose commands are imported when they are used: one file each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cli.{COMMANDS[cmd_name].module}").command
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with; a misspelt one is told what is near."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """The commands and options that begin like that, without importing any command."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - see run

        options = click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=_(entry.help))
            for name, entry in COMMANDS.items()
            if name.startswith(incomplete)
        ] + options

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by what they are for, without importing any."""
        by_purpose: dict[str, list[tuple[str, str]]] = {}
        for name, entry in COMMANDS.items():
            by_purpose.setdefault(_(entry.purpose), []).append((name, _(entry.help)))
        for purpose, rows in by_purpose.items():
            with formatter.section(purpose):
                formatter.write_dl(rows)


@click.group(cls=Catalogue, invoke_without_command=False)
@ledger_option
@click.version_option(package_name="natverk", message="natverk %(version)s")
def natverk() -> None:
    """The memory of an informal network: gives, asks, introductions, who is in.

    \b
    natverk init "Kvarteret Linden" --idea "Grannar som hjälps åt"
    natverk join "Åsa Öberg"
    natverk give Åsa Knut "mending a bicycle" --hours 2
    natverk balance
    """


def main(arguments: list[str] | None = None) -> None:
    """The command `natverk`; ends the process with the documented exit code."""
    code = run(sys.argv[1:] if arguments is None else arguments, Session())
    gc.freeze()  # a process that ends has no use for looking what in it could be cleared away
    sys.exit(code)


def run(arguments: list[str], session: Session) -> int:
    """Run one command line in a session; the exit code."""
    half_written = os.environ.get("_NATVERK_COMPLETE")
    if half_written is not None:
        from cli.completing import complete  # noqa: PLC0415 - only when the shell asks

        complete(natverk, session, half_written)
        return 0
    code = 0
    try:
        _check_encoding(arguments)
        with natverk.make_context("natverk", arguments, obj=session) as context:
            natverk.invoke(context)
    except click.exceptions.Exit as exit:
        code = exit.exit_code
    except click.ClickException as error:
        code = _tell_usage(error, arguments)
    except (click.Abort, KeyboardInterrupt):
        render.error(_("interrupted"), _(session.interrupted))
        code = INTERRUPTED
    except LedgerError as error:
        code = _tell(error, session, arguments)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # a page that a question came to
        code = _tell(error_of(error, str(session.place)), session, arguments)
    except OSError as error:
        if error.filename is not None:
            raise
        code = _tell_stopped(error, session, arguments)  # click prints help and version by itself
    finally:
        session.close()
    return code


def _check_encoding(arguments: list[str]) -> None:
    """Arguments that are not UTF-8 reach us with halves of characters in them."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise TextNotUtf8(source=_("an argument")) from None


def _tell(error: LedgerError, session: Session, arguments: list[str]) -> int:
    try:
        if isinstance(error, UnknownId):
            error = session.why_absent(error)
        elif type(error) is NotALedger:
            from ledger.salvage import better  # noqa: PLC0415 - hardly ever needed

            error = better(error)
        message, hint = session.told(error)
    except LedgerError:
        message, hint = str(error), error.hint
    if error.exit_code == Usage.exit_code:
        hint = hint or _see(_asked_for(arguments))
    render.error(message, hint)
    return error.exit_code


def _asked_for(arguments: list[str]) -> str:
    """The command that the arguments name, as it is typed: `natverk import gifts`."""
    path = "natverk"
    command: click.Group = natverk
    words = iter(arguments)
    for word in words:
        if word in ("--ledger", "--network"):
            next(words, None)
            continue
        found = command.get_command(click.Context(command), word)
        path += f" {word}" if found is not None else ""
        if isinstance(found, click.Group):
            command = found
        elif found is not None:
            break
    return path


def _see(command: str) -> str:
    return _("see {command} --help").format(command=command)


def _tell_stopped(error: OSError, session: Session, arguments: list[str]) -> int:
    try:
        streams.stopped(error)
    except LedgerError as stopped:
        return _tell(stopped, session, arguments)


def _tell_usage(error: click.ClickException, arguments: list[str]) -> int:
    context: Any = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        render.write(error.format_message() + "\n")
        return 0
    hint = _see(_asked_for(arguments) if context is None else context.command_path)
    if error.message.startswith("Got unexpected extra argument"):
        hint = _("a name or text of several words goes in quotes; {see}").format(see=hint)
    if isinstance(error, click.NoSuchOption) and not error.possibilities:
        hint += _("; what begins with - and is no option comes last, after --")
    message = " ".join(error.format_message().split()).rstrip(".")
    render.error(message[:1].lower() + message[1:], hint)
    return error.exit_code
