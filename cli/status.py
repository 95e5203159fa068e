"""`natverk status`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.language import _, plural
from cli.options import asks_past, session_of
from cli.sentences import period_shown, when_shown
from ledger.state.network import NETWORK, WHOLE
from ledger.state.resources import BOOKINGS, LOANS
from ledger.values import moment_at
from projections.glance import glance

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.errors import LedgerError

Row = dict[str, Any]
SHOWN = 3  # of each thing that waits


@click.command("status", short_help=_("today at a glance and what to do next"))
@asks_past
@click.pass_context
def command(context: click.Context) -> None:
    """Show the network today at a glance, and what to do next.

    \b
    natverk status
    natverk status --json
    """
    session = session_of(context)
    row = glance(session.view, moment_at(session.asked).astimezone(session.zone))
    if not row["founded_at"]:
        raise _not_founded(session)
    steps = list(_steps(session, row))
    if session.json:
        render.print_json([{**row, "next": [command for command, _why in steps]}])
        return
    lines = [f"{row['name']}: {row['idea']}", "", *_lines(session, row)]
    if steps:
        width = max(len(command) for command, _why in steps)
        lines += ["", _("What to do next:")]
        lines += [f"  {command:<{width}}  {why}" for command, why in steps]
    render.write("".join(f"{' '.join(line.split(chr(10)))}\n" for line in lines))


def _not_founded(session: Session) -> LedgerError:
    from ledger.absent import NotFoundedThen  # noqa: PLC0415 - hardly ever needed

    founded_at = session.database.load(NETWORK, WHOLE).founded_at
    return NotFoundedThen(founded=datetime.fromisoformat(founded_at))


def _lines(session: Session, row: Row) -> Iterator[str]:
    members = plural("{n} member", "{n} members", row["members"]).format(n=row["members"])
    paused = plural("{n} has paused", "{n} have paused", row["paused"])
    left = plural("{n} has left", "{n} have left", row["left"])
    away = [(paused, row["paused"]), (left, row["left"])]
    yield ", ".join([members, *(words.format(n=n) for words, n in away if n)])
    gifts = plural("{n} gift", "{n} gifts", row["gifts_this_month"])
    yield _("{gifts} this month, {all} in all").format(
        gifts=gifts.format(n=row["gifts_this_month"]), all=row["gifts"]
    )
    open_asks = plural("{n} open ask", "{n} open asks", row["open_asks"])
    offers = plural("{n} live offer", "{n} live offers", row["offers"])
    yield f"{open_asks.format(n=row['open_asks'])}, {offers.format(n=row['offers'])}"
    yield from _waiting(session, row)
    if row["last_at"] is not None:
        yield _("the last entry is #{position}, recorded {when}").format(
            position=row["position"], when=when_shown(session, row["last_at"])
        )


def _waiting(session: Session, row: Row) -> Iterator[str]:
    """What is late or coming, the first few of each."""
    database = session.view
    for words, key in ((_("past its day"), "asks_past"), (_("needed soon"), "asks_near")):
        some = [session.with_id(ask) for ask in row[key][:SHOWN]]
        if some:
            yield f"{words}: {_listed(some, len(row[key]))}"
    loans = [database.load(LOANS, loan) for loan in row["overdue"][:SHOWN]]
    named = session.named([id for loan in loans for id in (loan.resource, loan.borrower)])
    if loans:
        some = [f"{named[loan.resource]} ({named[loan.borrower]})" for loan in loans]
        yield _("overdue: {loans}").format(loans=_listed(some, len(row["overdue"])))
    bookings = [database.load(BOOKINGS, booking) for booking in row["bookings"][:SHOWN]]
    named = session.named([id for each in bookings for id in (each.resource, each.booker)])
    for each in bookings:
        yield _("{resource} is booked by {booker}, {period} ({id})").format(
            resource=named[each.resource],
            booker=named[each.booker],
            period=period_shown(session, each.start_at, each.end_at),
            id=each.booking,
        )
    if len(row["bookings"]) > SHOWN:
        more = len(row["bookings"]) - SHOWN
        yield plural("{n} more booking", "{n} more bookings", more).format(n=more)


def _listed(some: list[str], count: int) -> str:
    more = count - len(some)
    rest = [plural("{n} more", "{n} more", more).format(n=more)] if more else []
    return ", ".join([*some, *rest])


def _anything_matches(session: Session) -> bool:
    from projections.matching import anything_matches  # noqa: PLC0415 - only of what is open

    return anything_matches(session.view, session.asked)


def _steps(session: Session, row: Row) -> Iterator[tuple[str, str]]:
    """Commands worth running now, each with why; about the past there is nothing to do."""
    if session.as_of or session.known_at:
        return
    if row["members"] == 0:
        yield "natverk join NAME", _("nobody is in the network yet")
        return
    if row["offers"] == 0:
        yield "natverk offer WHO WHAT --kind KIND", _("nobody offers anything now")
    if row["open_asks"] == 0:
        yield "natverk ask WHO WHAT --kind KIND", _("nobody asks for anything now")
    if row["gifts"] == 0:
        yield "natverk give GIVER RECEIVER WHAT", _("the first gift is still to be recorded")
    if row["open_asks"] and row["offers"] and _anything_matches(session):
        yield "natverk match", _("which offers could meet which asks")
    named = session.named([*row["asks_given"][:SHOWN], *row["asks_past"][:SHOWN]])
    for ask in row["asks_given"][:SHOWN]:
        yield f"natverk close {ask} --met", _("{ask} looks met").format(ask=named[ask])
    for ask in row["asks_past"][:SHOWN]:
        if ask not in row["asks_given"]:
            why = _("{ask} is past the day by which it was needed").format(ask=named[ask])
            yield f"natverk close {ask} --lapsed", why
    for position in row["unfollowed"][:SHOWN]:
        yield f"natverk follow-up {position} --met", _("did they meet?")
    for loan in row["overdue"][:SHOWN]:
        resource = session.view.load(LOANS, loan).resource
        yield f"natverk return {resource}", _("is it back yet?")
