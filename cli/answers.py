"""What the answers to several questions have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cli.language import _
from cli.render import Column
from ledger.values import microseconds

if TYPE_CHECKING:
    from cli.context import Session

Row = dict[str, Any]


def at(session: Session) -> int:
    """The time of this run in microseconds since 1970."""
    return microseconds(session.clock())


def answer(session: Session, rows: Sequence[Row], columns: Iterable[Column], none: str) -> None:
    """Print rows; a reader of tables is told, in the words `none`, when there are none."""
    if not rows and not session.json:
        session.note(none)
    session.show(rows, list(columns))


def day(iso: str) -> str:
    """The day of a time that an entry holds, which is in the network's zone."""
    return iso[:10]


def what(row: Row) -> Row:
    """A row whose `what` is never empty: the category stands for words that nobody wrote."""
    return {**row, "what": row["what"] or row["category"]}


def amount(quantity: str | None, unit: str | None) -> str:
    """`2.5 hour`, or nothing."""
    return "" if quantity is None else f"{quantity} {unit}"


def measured(side: str, units: dict[str, dict[str, str]]) -> str:
    """What of a standing was measured on one side, `given` or `received`: `2 hour, 30 cup`."""
    return ", ".join(f"{both[side]} {unit}" for unit, both in units.items() if both[side] != "0")


def openings(described: list[str]) -> str:
    """When something is open, in words."""
    return "; ".join(described) or _("always")
