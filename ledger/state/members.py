"""Who is a member, since when, and with which pauses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger import areas
from ledger.folds import Fold
from ledger.state.spans import Span, begin, finish, within
from ledger.values import START_OF_TIME

if TYPE_CHECKING:
    from ledger import events


@dataclass(slots=True)
class Member:
    """A person or organisation.

    `position` is the entry of the first joining, `joined_at` its time and
    `left_at` that of the latest leaving, None while present (both ISO).
    `spans` are the periods of membership, `pauses` those of rest. `name_at`,
    `contact_at` and `about_at` are the entries that hold these texts now;
    `forgotten_at` is the first entry that erased them, 0: none did.
    """

    member: str
    kind: str = ""
    position: int = 0
    invited_by: str | None = None
    joined_at: str = ""
    left_at: str | None = None
    spans: list[Span] = field(default_factory=list)
    pauses: list[Span] = field(default_factory=list)
    name_at: int = 0
    contact_at: int = 0
    about_at: int = 0
    forgotten_at: int = 0
    last: int = START_OF_TIME

    @property
    def exists(self) -> bool:
        """Whether anyone ever joined under this id."""
        return self.position > 0

    def may_act(self, at: int) -> bool:
        """Whether they can do something at `at`: before first joining, or until they leave."""
        for start, end in self.spans:
            if start is not None and start <= at and (end is None or at <= end):
                return True
        return at < (self.spans[0][0] or 0)

    def present(self, at: int) -> bool:
        """Whether they are a member at `at`."""
        return within(self.spans, at)

    def paused(self, at: int) -> bool:
        """Whether they rest at `at`."""
        return within(self.pauses, at)

    def left_after(self, at: int) -> int | None:
        """When what they began at `at` ended by their leaving; None: it has not.

        What began in the moment of leaving ended with it.
        """
        ends = [end for _, end in self.spans if end is not None and end >= at]
        if ends and ends[0] == at and self.present(at):
            del ends[0]
        return ends[0] if ends else None

    def status(self, at: int) -> str:
        """`present`, `paused` or `left`."""
        if not self.present(at):
            return "left"
        return "paused" if self.paused(at) else "present"


def _joined(row: Member, event: events.MemberJoined, sign: int) -> None:
    row.kind = event.kind
    row.position = row.name_at = event.position
    row.invited_by = event.invited_by
    row.joined_at = event.occurred_at.isoformat()
    begin(row.spans, event.occurred)


def _left(row: Member, event: events.MemberLeft | events.MemberForgotten, sign: int) -> None:
    row.left_at = event.occurred_at.isoformat()
    finish(row.spans, event.occurred)
    finish(row.pauses, event.occurred)


def _forgotten(row: Member, event: events.MemberForgotten, sign: int) -> None:
    row.forgotten_at = row.forgotten_at or event.position
    if row.left_at is None:
        _left(row, event, sign)


def _returned(row: Member, event: events.MemberReturned, sign: int) -> None:
    row.left_at = None
    begin(row.spans, event.occurred)


def _paused(row: Member, event: events.MemberPaused, sign: int) -> None:
    begin(row.pauses, event.occurred)


def _resumed(row: Member, event: events.MemberResumed, sign: int) -> None:
    finish(row.pauses, event.occurred)


def _described(row: Member, event: events.MemberDescribed, sign: int) -> None:
    if event.name is not None:
        row.name_at = event.position
    if event.contact is not None:
        row.contact_at = event.position
    if event.about is not None:
        row.about_at = event.position


def _key(event: events.MemberLeft) -> tuple[tuple[str], ...]:
    return ((event.member,),)


MEMBERS = Fold(
    name="members",
    version=2,
    row=Member,
    key_length=1,
    timed=True,
    on={
        "member-joined": (_key, _joined),
        "member-left": (_key, _left),
        "member-returned": (_key, _returned),
        "member-paused": (_key, _paused),
        "member-resumed": (_key, _resumed),
        "member-described": (_key, _described),
        "member-forgotten": (_key, _forgotten),
    },
    ignored=areas.EVERY_TYPE - areas.MEMBERSHIP - areas.PRIVACY,
)
