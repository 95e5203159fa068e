"""`natverk first`."""

from __future__ import annotations

import click

from cli import render
from cli.answers import Row, rounded, say_too_small, short
from cli.arguments import MEMBER
from cli.language import _
from cli.options import asks_past, session_of


@click.command("first", short_help=_("who gave first, and whether gifts are passed on"))
@click.argument("who", required=False, type=MEMBER)
@asks_past
@click.pass_context
def command(context: click.Context, who: str | None) -> None:
    """Who gave first, after how long something came back, and whether gifts are passed on.

    Of everyone: how many gave before they received anything. Of WHO: to how many of those with
    whom gifts went both ways they gave first. A gift is passed on when its receiver gives to
    somebody else than its giver within 30 days. Beside it stands how often that would be if the
    same gifts had been received at random times, from the receiver's first gift, given or
    received, to 30 days after their last; the lift is how many times as often it is. The random
    times follow from the last entry that counts: the same question has the same answer.

    \b
    natverk first
    natverk first Eva
    """
    from projections.first import first  # noqa: PLC0415 - not for --help

    session = session_of(context)
    member = None if who is None else session.member(who)
    row = first(session.view, session.asked, session.zone, member)
    if row["too_small"]:
        say_too_small(session, row["members"])
    if session.json:
        render.print_json([row])
    else:
        lines = [_gave_first(row), _came_back(row), _passed_on(row)]
        render.write("".join(f"{line}\n" for line in lines))


def _gave_first(row: Row) -> str:
    told = (
        _("gave before they received anything: {some} of {all} who did both ({share})")
        if row["id"] is None
        else _("{name} gave first: to {some} of {all} with whom gifts went both ways ({share})")
    )
    return told.format(
        name=row["name"],
        some=row["gave_first"],
        all=row["counted"],
        share=short(row["share_first"]),
    ) + _remark(row["counted"])


def _came_back(row: Row) -> str:
    if row["median_delay"] is None:
        told = _("from the first gift given to the first received: undefined")
    else:
        told = _(
            "from the first gift given to the first received: {days} days, median of {n}"
        ).format(days=rounded(row["median_delay"], 1), n=row["delays"])
        told += _remark(row["delays"])
    waiting = _("; gave without receiving: {n}").format(n=row["waiting"])
    return told + waiting if row["waiting"] else told


def _passed_on(row: Row) -> str:
    told = _("passed on within {days} days: {some} of {all} gifts received ({share})").format(
        days=row["within"],
        some=row["passed_on"],
        all=row["received"],
        share=short(row["share_passed_on"]),
    )
    told += _remark(row["received"])
    by_chance = _("; at random times {baseline}, lift {lift}").format(
        baseline=short(row["baseline"]), lift=short(row["lift"])
    )
    return told + by_chance if row["received"] else told


def _remark(counted: int) -> str:
    """That so few are counted in a line that it says nothing; none at all is undefined."""
    from projections.measures import FEWEST  # noqa: PLC0415 - not for --help

    return _(", too few to mean anything") if 0 < counted < FEWEST else ""
