"""What to say after a gift: the members' new standing, and which ask now looks met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli import render
from cli.answers import amount
from cli.language import _, plural
from ledger.state.asks import ASKS
from ledger.values import decimal_text
from projections.answers import answers_of
from projections.reciprocity import Balance, balance

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.database import Database


def say_standing(session: Session, members: Sequence[str], ask: str | None) -> None:
    """Print the standing of members, and whether an ask looks met; with `--json`, on stderr."""
    lines = []
    named = session.named(members)
    for member in members:
        if member[0] == "m":
            lines.append(standing(session.database, member, named[member]))
    if ask is not None:
        row = session.database.load(ASKS, ask)
        met = row.status == "met" or (row.quantity is None and row.status == "open")
        if met and row.outcome is None:
            what = session.named([ask])[ask]
            lines.append(
                _("ask {ask} ({what}) now looks met: natverk close {ask} --met").format(
                    ask=ask, what=what
                )
            )
    for line in lines:
        if session.json:
            session.note(line)
        else:
            render.write(line + "\n")


def standing(database: Database, member: str, name: str) -> str:
    """`Knut has given 3 gifts (2 hours) and received 1; 2 confirmed, 1 disputed`."""
    row, answered = balance(database, member), answers_of(database, member)
    given = plural("{n} gift", "{n} gifts", row.given).format(n=row.given)
    words = _("{name} has given {given}{measured} and received {received}{counted}").format(
        name=name,
        given=given,
        measured=_measured(row, 0),
        received=row.received,
        counted=_measured(row, 1),
    )
    said = []
    if answered.confirmed:
        said.append(_("{n} confirmed").format(n=answered.confirmed))
    if answered.disputed:
        said.append(_("{n} disputed").format(n=answered.disputed))
    return f"{words}; {', '.join(said)}" if said else words


def _measured(row: Balance, side: int) -> str:
    totals = [
        amount(decimal_text(both[side]), unit)
        for unit, both in sorted(row.units.items())
        if both[side]
    ]
    return f" ({', '.join(totals)})" if totals else ""
