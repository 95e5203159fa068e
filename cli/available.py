"""`natverk available`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answers import Row, amount, answer, openings, part, what
from cli.arguments import KIND
from cli.language import N_, _
from cli.options import asks_past, session_of
from cli.render import Column
from ledger.errors import Usage
from ledger.values import microseconds

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.database import Database
    from projections.availability import Period

COLUMNS = (
    Column("id", N_("id")),
    Column("owner_name", N_("owner")),
    Column("what", N_("what")),
    Column("kind", N_("kind"), show=_),
    Column("category", N_("category")),
    Column("amount", N_("free")),
    Column("open", N_("open"), show=openings),
)


class AtOrPeriod(Usage):
    """A moment and a period were given, or half a period."""

    message = "give either --at, or both --from and --to"


@click.command("available", short_help=_("what is free now or at a time"))
@click.option("--kind", type=KIND, help=_("Only this kind of thing."))
@click.option("--at", "moment", metavar="WHEN", help=_("At this time; else now."))
@click.option("--from", "start", metavar="WHEN", help=_("All the time from then, or that day."))
@click.option("--to", "end", metavar="WHEN", help=_("Until then, or with that day."))
@asks_past
@click.pass_context
def command(
    context: click.Context,
    kind: str | None,
    moment: str | None,
    start: str | None,
    end: str | None,
) -> None:
    """What is offered and free: now, at a time, or all the time of a period.

    What is booked, lent, used up or closed then is left out, and so are the offers of
    those who have paused. A time that is over is answered as of then.

    \b
    natverk available
    natverk available --kind premises --at "friday 18:00"
    natverk available --from 2026-12-01 --to 2026-12-03
    """
    from projections.availability import available  # noqa: PLC0415 - not for --help

    session = session_of(context)
    period = _period(session, moment, start, end)
    rows = available(_view(session, period), period, session.asked, session.zone, kind)
    if not session.json:
        rows = [_told(row) for row in rows]
    answer(session, rows, COLUMNS, _none(session, period))


def _view(session: Session, period: Period) -> Database:
    """The ledger as the options say, and of a time that is over as of then."""
    if session.as_of or session.known_at or period.end > microseconds(session.now):
        return session.view
    from cli.past import as_it_was  # noqa: PLC0415 - most questions are about now

    return as_it_was(session, period.end)


def _period(session: Session, moment: str | None, start: str | None, end: str | None) -> Period:
    """The period meant, echoed when it was not simply now."""
    from cli.when import shown  # noqa: PLC0415 - not for --help
    from ledger.refusals import EndBeforeStart  # noqa: PLC0415
    from projections.availability import Period  # noqa: PLC0415

    if (start is None) != (end is None) or (moment is not None and start is not None):
        raise AtOrPeriod()
    if start is not None and end is not None:
        first = session.moment(start, future=True)
        last = session.moment(end, end=True, future=True, today_is_now=False)
        if last <= first:
            raise EndBeforeStart(start=first, end=last)
        said = [shown(each, session.zone) for each in (first, last)]
        session.note(_("free from {start} to {end}").format(start=said[0], end=said[1]))
        return Period(microseconds(first), microseconds(last))
    if moment is None:
        return Period.moment(session.asked)
    at = session.moment(moment, future=True)
    session.note(_("free at {time}").format(time=shown(at, session.zone)))
    return Period.moment(microseconds(at))


def _none(session: Session, period: Period) -> str:
    """That nothing is free, now or at the time that was asked about."""
    now = period.start == session.asked
    return _("nothing is free") if now else _("nothing is free then")


def _told(row: Row) -> Row:
    free = row["free"]
    if free is None:
        shown = _("not counted")
    elif row["unit"] is not None:
        shown = amount(free, row["unit"])
    else:
        shown = part(free, row["capacity"], None)
    return {**what(row), "amount": shown}
