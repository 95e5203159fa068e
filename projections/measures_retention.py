"""How many of those who joined in a period are still members some time after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from projections.ratio import Ratio

if TYPE_CHECKING:
    from ledger.state.members import Member

By = Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who first joined in a period: 2026-11, 2026-Q4 or 2026, by the network's calendar.

    `observed` of the `joined` have been followed for the whole window, and `retained` of those
    were members at its end, whether or not they had been away meanwhile.
    """

    period: str
    joined: int
    observed: int
    retained: int

    @property
    def retention(self) -> Ratio:
        """The share of the observed who were retained."""
        return Ratio(self.retained, self.observed)


def retention(rows: Iterable[Member], window: int, at: int, by: By = "month") -> list[Cohort]:
    """The cohorts in the order of time, as known at `at`; window and time in microseconds.

    Who paused is a member. Who joined less than the window before `at` is not observed yet;
    who joined after it is of no cohort.
    """
    counts: dict[str, list[int]] = {}
    for row in rows:
        start = row.spans[0][0] if row.exists and row.spans else None
        if start is None or start > at:
            continue
        count = counts.setdefault(_period(row.joined_at, by), [0, 0, 0])
        end = start + window
        observed = end <= at
        count[0] += 1
        count[1] += observed
        count[2] += observed and row.present(end)
    return [Cohort(period, *count) for period, count in sorted(counts.items())]


def _period(joined_at: str, by: By) -> str:
    year, month = joined_at[:4], joined_at[5:7]
    if by == "year":
        return year
    return f"{year}-{month}" if by == "month" else f"{year}-Q{(int(month) + 2) // 3}"
