"""Options that many commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli.context import Session
from cli.language import _

F = TypeVar("F", bound=Callable[..., Any])


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that keeps a shared option in the session instead of handing it on."""

    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        if value not in (None, False):
            setattr(session_of(context), name, value)
        return value

    return keep


def session_of(context: click.Context) -> Session:
    """The session of this run of the command line."""
    session: Session = context.find_root().obj
    return session


def ledger_option(command: F) -> F:
    """`--ledger PATH`."""
    return click.option(
        "--ledger",
        metavar="PATH",
        expose_value=False,
        callback=_remember("ledger_option"),
        help=_("The ledger's file; else NATVERK_LEDGER, natverk.toml or ./natverk.db."),
    )(command)


def asks(command: F) -> F:
    """The options of every question: `--ledger`, `--json`."""
    json = click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_remember("json"),
        help=_("Print a JSON array instead of a table."),
    )
    return ledger_option(json(command))


def records(command: F) -> F:
    """The options of every command that records; it is handed a `Session` that knows them."""
    for option in (
        click.option(
            "--dry-run",
            is_flag=True,
            expose_value=False,
            callback=_remember("dry_run"),
            help=_("Check everything, record nothing."),
        ),
        click.option(
            "--id",
            "key",
            metavar="KEY",
            expose_value=False,
            callback=_remember("key"),
            help=_("A key of your own: the same request with it is recorded once."),
        ),
        click.option(
            "--recorded-by",
            metavar="WHO",
            expose_value=False,
            callback=_remember("recorded_by"),
            help=_("Who records it, instead of the one that `natverk me` stored."),
        ),
        click.option(
            "--at",
            metavar="WHEN",
            expose_value=False,
            callback=_remember("at"),
            help=_("When it happened: 2026-11-03, 2026-11-03T14:30, yesterday, friday …"),
        ),
    ):
        command = option(command)
    return asks(command)
