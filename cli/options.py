"""Options that many commands share; they are kept in the session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from cli.arguments import MEMBER, limit_option
from cli.context import Session
from cli.language import _
from ledger.values import one_unit

F = TypeVar("F", bound=Callable[..., Any])
Command = Callable[..., None]
SHOWN = 20  # entries, unless -n says otherwise


def session_of(context: click.Context) -> Session:
    """The session of this run of the command line."""
    session: Session = context.find_root().obj
    return session


def ledger_option(command: F) -> F:
    """`--ledger PATH`, and `--network NAME|ID` in a database that has several."""
    says = _(
        "The ledger's file, or postgresql://HOST/DATABASE;"
        " else NATVERK_LEDGER, natverk.toml or ./natverk.db."
    )
    path = _shared("--ledger", "ledger_option", metavar="PATH", help=says)
    return path(network_option(command))


def network_option(command: F) -> F:
    """`--network NAME|ID`."""
    says = _("Which network, in a database of several; else NATVERK_NETWORK or natverk.toml.")
    return _shared("--network", "network_option", metavar="NAME|ID", help=says)(command)


def json_option(command: F) -> F:
    """`--json`."""
    return _flag("--json", "json", help=_("Print JSON instead of a table."))(command)


def at_option(command: F) -> F:
    """`--at WHEN`."""
    says = _("When it happened: 2026-11-03, 2026-11-03T14:30, yesterday, friday …")
    return _shared("--at", "at", metavar="WHEN", help=says)(command)


def dry_run_option(command: F) -> F:
    """`--dry-run`."""
    return _flag("--dry-run", "dry_run", help=_("Check everything, record nothing."))(command)


def unit_option(command: F) -> F:
    """`--unit U`, in the singular."""
    return click.option(
        "--unit",
        metavar="U",
        callback=lambda _context, _option, unit: None if unit is None else one_unit(unit),
        help=_("Of what: hour, kg, piece …"),
    )(command)


def recorded_by_option(command: F) -> F:
    """`--recorded-by WHO`."""
    says = _("Who records it, instead of the one that `natverk me` stored.")
    return _shared("--recorded-by", "recorded_by", metavar="WHO", type=MEMBER, help=says)(command)


def because_option(command: F) -> F:
    """`--because POS`."""
    says = _("An entry that led to it; may be given several times.")
    return _shared("--because", "because", metavar="POS", multiple=True, help=says)(command)


def asks(command: F) -> F:
    """The options of every question: `--ledger`, `--json`."""
    return ledger_option(json_option(command))


def asks_past(command: F) -> F:
    """The options of every question that can be asked about the past."""
    as_of = _('Count what had occurred by then: 2026-10-31, "friday 14:00" …')
    known_at = _("As was known then: a time, or the position of the last entry to know of.")
    for option in (
        _shared("--known-at", "known_at", metavar="WHEN|POS", help=known_at),
        _shared("--as-of", "as_of", metavar="WHEN", help=as_of),
    ):
        command = option(command)
    return asks(command)


def how_many(says: str, shown: int = SHOWN) -> Callable[[F], F]:
    """`-n N`, for an answer that may be long, handed to the command as `most`; 0 is all."""
    return click.option(
        "-n",
        "most",
        metavar="N",
        default=str(shown),
        callback=limit_option,
        show_default=True,
        help=says,
    )


def records(command: Command) -> Command:
    """The options of every command that records; it is called with the session first.

    It is not called at all when the same request was recorded before under its `--id`.
    """
    return _recording(command, because_option, at_option)


def records_now(command: Command) -> Command:
    """As `records`, without `--at`: the entry occurs when it is recorded."""
    return _recording(command, because_option)


def corrects(command: Command) -> Command:
    """As `records_now`, without `--because`: that is what the corrected entry says."""
    return _recording(command)


def _recording(command: Command, *more: Callable[[Any], Any]) -> Command:
    @wraps(command)
    def run(**given: Any) -> None:
        context = click.get_current_context()
        session = session_of(context)
        name = context.command_path.partition(" ")[2]
        if not session.recorded_before(name, given):
            command(session, **given)

    decorated: Command = run
    for option in (
        dry_run_option,
        _shared(
            "--id",
            "key",
            metavar="KEY",
            help=_("A key of your own: the same request with it is recorded once."),
        ),
        recorded_by_option,
        *more,
    ):
        decorated = option(decorated)
    return asks(decorated)


def _shared(option: str, name: str, **how: Any) -> Callable[[F], F]:
    """An option whose value the session keeps, instead of handing it to the command."""

    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        if value not in (None, False, ()):
            setattr(session_of(context), name, value)
        return value

    return click.option(option, name, expose_value=False, callback=keep, **how)


def _flag(option: str, name: str, **how: Any) -> Callable[[F], F]:
    return _shared(option, name, is_flag=True, **how)
