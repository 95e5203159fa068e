"""`natverk initiative`."""

from __future__ import annotations

import click

from cli.arguments import CATEGORY_HELP, INITIATIVE, MEMBER, text_argument
from cli.context import Session
from cli.language import _
from cli.options import asks_past, how_many, records, session_of


@click.group("initiative", short_help=_("start, join, leave, conclude or look at an initiative"))
def command() -> None:
    """What people gather around: an idea that some begin and others join.

    What it needs are asks for it: natverk ask --for INITIATIVE.

    \b
    natverk initiative start Åsa "soup evenings"
    natverk initiative join Knut "soup evenings"
    natverk initiative show "soup evenings"
    """


@command.command("start", short_help=_("begin something to gather around"))
@click.argument("starter", metavar="WHO", type=MEMBER)
@click.argument("what", required=False, callback=text_argument)
@click.option("--category", metavar="C", help=CATEGORY_HELP)
@records
def start(session: Session, starter: str, what: str | None, category: str | None) -> None:
    """Record that WHO starts WHAT, and is in it. WHAT may be left out when a category says it.

    \b
    natverk initiative start Åsa "soup evenings"
    natverk initiative start Åsa "soup evenings" --category food
    """
    from ledger.commands import StartInitiative  # noqa: PLC0415 - not for --help

    session.record(StartInitiative, starter=session.member(starter), what=what, category=category)


@command.command("join", short_help=_("be in an initiative from now on"))
@click.argument("participant", metavar="WHO", type=MEMBER)
@click.argument("initiative", type=INITIATIVE)
@records
def join(session: Session, participant: str, initiative: str) -> None:
    """Record that WHO joins INITIATIVE.

    \b
    natverk initiative join Knut "soup evenings"
    """
    from ledger.commands import JoinInitiative  # noqa: PLC0415 - not for --help

    session.record(
        JoinInitiative,
        participant=session.member(participant),
        initiative=session.initiative(initiative),
    )


@command.command("leave", short_help=_("be in an initiative no longer"))
@click.argument("participant", metavar="WHO", type=MEMBER)
@click.argument("initiative", type=INITIATIVE)
@records
def leave(session: Session, participant: str, initiative: str) -> None:
    """Record that WHO leaves INITIATIVE.

    \b
    natverk initiative leave Knut "soup evenings"
    """
    from ledger.commands import LeaveInitiative  # noqa: PLC0415 - not for --help

    session.record(
        LeaveInitiative,
        participant=session.member(participant),
        initiative=session.initiative(initiative),
    )


@command.command("conclude", short_help=_("end an initiative"))
@click.argument("initiative", type=INITIATIVE)
@records
def conclude(session: Session, initiative: str) -> None:
    """Record that INITIATIVE is over; what is still asked for it stays open until it is closed.

    \b
    natverk initiative conclude "soup evenings"
    """
    from cli.initiatives import say_needs  # noqa: PLC0415 - after recording only
    from ledger.commands import Conclude  # noqa: PLC0415 - not for --help

    id = session.initiative(initiative)
    if session.record(Conclude, initiative=id).events:
        say_needs(session, id)


@command.command("list", short_help=_("what people gather around"))
@asks_past
@click.pass_context
def show_all(context: click.Context) -> None:
    """Every initiative, as natverk initiatives shows them.

    \b
    natverk initiative list
    """
    from cli.initiatives import print_all  # noqa: PLC0415 - not for --help

    print_all(session_of(context))


@command.command("show", short_help=_("one initiative, with what it needs and has got"))
@click.argument("initiative", type=INITIATIVE)
@how_many(_("At most so many gifts, the newest; 0: all."))
@asks_past
@click.pass_context
def show(context: click.Context, initiative: str, most: int) -> None:
    """Who gathers around INITIATIVE and vouches for it, what it needs, and what it has got.

    \b
    natverk initiative show "soup evenings"
    natverk initiative show i1 --as-of 2026-10-31
    """
    from cli.initiatives import print_one  # noqa: PLC0415 - not for --help

    session = session_of(context)
    print_one(session, session.initiative(initiative), most or None)
