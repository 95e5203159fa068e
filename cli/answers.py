"""What the answers to several questions have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cli.language import N_, _, plural
from cli.render import Column

if TYPE_CHECKING:
    from cli.context import Session

Row = dict[str, Any]
DECIMALS = 4  # of what is measured
DIGITS = 3  # of what is told in a sentence

UNITS = {  # units are the network's own words; these few have a plural that we know
    "hour": (N_("{n} hour"), N_("{n} hours")),
    "day": (N_("{n} day"), N_("{n} days")),
    "piece": (N_("{n} piece"), N_("{n} pieces")),
    "cup": (N_("{n} cup"), N_("{n} cups")),
}


def answer(session: Session, rows: Sequence[Row], columns: Iterable[Column], none: str) -> None:
    """Print rows; a reader of tables is told, in the words `none`, when there are none."""
    if not rows and not session.json:
        session.note(none)
    session.show(rows, list(columns))


def by_section(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by their `section`, in the order in which the sections come."""
    sections: dict[str, list[Row]] = {}
    for row in rows:
        sections.setdefault(row["section"], []).append(row)
    return sections


def say_too_small(session: Session, members: int) -> None:
    """Note that numbers about so few members mean nothing."""
    told = plural(
        "{n} member: too small for these numbers to mean anything",
        "{n} members: too small for these numbers to mean anything",
        members,
    )
    session.note(told.format(n=members))


def day(iso: str) -> str:
    """The day of a time that an entry holds, which is in the network's zone."""
    return iso[:10]


def what(row: Row) -> Row:
    """A row whose `what` is never empty: the category stands for words that nobody wrote."""
    return {**row, "what": row["what"] or row["category"]}


def amount(quantity: str | None, unit: str | None) -> str:
    """`2.5 hours`, or nothing."""
    if quantity is None or unit is None:
        return quantity or ""
    if unit not in UNITS:
        return f"{quantity} {unit}"
    return plural(*UNITS[unit], 1 if quantity == "1" else 2).format(n=quantity)


def part(some: str, all: str, unit: str | None) -> str:
    """`4 of 10 kg`."""
    return _("{some} of {amount}").format(some=some, amount=amount(all, unit))


def rounded(decimal: str | None, decimals: int = DECIMALS) -> str:
    """What is measured, a decimal in text, for people; `undefined` where there is none."""
    if decimal is None:
        return _("undefined")
    number = round(float(decimal), decimals)
    return str(int(number)) if number == int(number) else str(number)


def short(decimal: str | None) -> str:
    """As `rounded`, with no more decimals than make three digits."""
    whole = "" if decimal is None else decimal.partition(".")[0].lstrip("-0")
    return rounded(decimal, max(DIGITS - len(whole), 0))


def status(status: str) -> str:
    """How an ask or an offer stands, for people: `partly met`."""
    return _(status.replace("-", " "))


STATUSES = (N_("open"), N_("partly met"), N_("offered"), N_("paused"), N_("ended"), N_("used up"))


def measured(side: str, units: dict[str, dict[str, str]]) -> str:
    """What of a standing was measured on one side, `given` or `received`: `2 hours, 30 cups`."""
    return ", ".join(amount(both[side], unit) for unit, both in units.items() if both[side] != "0")


def openings(described: list[str]) -> str:
    """When something is open, in words."""
    return "; ".join(described) or _("always")
