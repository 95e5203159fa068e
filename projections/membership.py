"""Who is a member, and what the standing of a member means for what they offer and ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ledger.names import all_member_names, names_of
from ledger.refusals import UnknownId
from ledger.rows import table_of
from ledger.state.members import MEMBERS, Member
from ledger.values import EVERYONE, FORGOTTEN, fold

if TYPE_CHECKING:
    from ledger.database import Database

AWAY = (
    "SELECT * FROM members WHERE left_at IS NOT NULL OR pauses <> '[]'"
    " OR json_array_length(spans) > 1"
)


def members(database: Database, at: int) -> list[dict[str, Any]]:
    """Everyone who is or was a member, by name: `id, name, kind, status, joined_at, left_at`.

    `status` is `present`, `paused`, `left` or `forgotten` at `at`, microseconds since 1970.
    """
    names = all_member_names(database)
    rows = [row for row in database.find(MEMBERS) if row.exists]
    return sorted((member_row(row, names, at) for row in rows), key=by_name)


def member_row(row: Member, names: dict[str, str], at: int) -> dict[str, Any]:
    """What is shown of one member."""
    return {
        "id": row.member,
        "name": names.get(row.member, FORGOTTEN),
        "kind": row.kind,
        "status": status_of(row, at),
        "joined_at": row.joined_at,
        "left_at": row.left_at,
    }


def status_of(row: Member, at: int) -> str:
    """As `Member.status`, but `forgotten` when that is how they left."""
    return "forgotten" if row.forgotten_at and not row.present(at) else row.status(at)


def known(database: Database, member: str) -> Member:
    """A member's row. Raises `UnknownId`."""
    row: Member = database.load(MEMBERS, member)
    if not row.exists:
        raise UnknownId(what="member", id=member)
    return row


def by_name(row: dict[str, Any]) -> tuple[str, int]:
    """What rows with `name` and a member's `id` are sorted by."""
    return fold(row["name"]), int(row["id"][1:])


def called(database: Database, ids: Iterable[str]) -> dict[str, str]:
    """What to call members by id, `[forgotten]` where the name is erased."""
    wanted = set(ids)
    names = names_of(database, wanted)
    names[EVERYONE] = EVERYONE
    return {id: names.get(id, FORGOTTEN) for id in wanted}


class Presence:
    """Whether members are there, told from the rows of those who ever left or paused.

    A member without such a row has been there all along.
    """

    def __init__(self, away: Iterable[Member]) -> None:
        self._away = {row.member: row for row in away}

    @classmethod
    def of(cls, database: Database) -> Presence:
        """Of everyone."""
        table = table_of(MEMBERS)
        return cls(table.row(values) for values in database.select(AWAY))

    def member(self, member: str) -> Member:
        """A row that knows when they left and paused, if ever."""
        return self._away.get(member) or Member(member)

    def count(self, status: str, at: int) -> int:
        """How many are `paused` or `left` at a time."""
        return sum(row.status(at) == status for row in self._away.values() if row.exists)

    def here(self, member: str, at: int) -> bool:
        """Whether a member has neither left nor paused at a time."""
        row = self._away.get(member)
        return row is None or row.status(at) == "present"

    def hidden(self, member: str, since: int, at: int) -> bool:
        """Whether what they began at `since` is over at `at`, or rests: they left or paused."""
        row = self._away.get(member)
        if row is None:
            return False
        left = row.left_after(since)
        return (left is not None and left <= at) or row.paused(at)
