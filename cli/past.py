"""What `--as-of` and `--known-at` mean: which past is asked about, and what that leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.language import _, plural
from cli.periods import before, since
from cli.when import shown, shown_end
from ledger.errors import Usage
from ledger.past import NothingKnown, Past, position_at, recorded_at
from ledger.refusals import UnknownId
from ledger.values import ENTRY, microseconds, moment_at

if TYPE_CHECKING:
    from cli.context import Session


class AskedOfTheFuture(Usage):
    """A question about what will have been."""

    message = "{end} is in the future: what will have happened by then is not known"
    hint = "write now to ask about now"


class AsOfAnEntry(Usage):
    """`--as-of` takes a time, and was given a position."""

    message = "--as-of takes a time, not the position {position}"
    hint = "--known-at {position} asks as was known at entry #{position}"


def past(session: Session) -> Past:
    """The ledger as the two options say, which are echoed with what is not counted."""
    view = past_of(session, session.as_of, session.known_at)
    session.note(echoed(session, view))
    return view


def past_of(session: Session, as_of: str | None, known_at: str | None) -> Past:
    """The ledger as of a time that was written, as was known at a time or position."""
    entry = None if session.as_of is None else ENTRY.fullmatch(session.as_of.strip())
    if entry is not None:
        raise AsOfAnEntry(position=entry[1])
    position, known_before = _known_at(session, known_at)
    if as_of is not None:
        until = _not_coming(session, as_of)
    elif known_before is not None:
        until = known_before
    else:
        until = recorded_at(session.database, position) + 1
    return Past.of(session.place, session.folds, until, position)


def echoed(session: Session, view: Past) -> str:
    """Which past it is, and what it does not count."""
    return _("as of {time}, known at #{position}{not_counted}").format(
        time=_shown(session, view.before), position=view.known_at, not_counted=_not_counted(view)
    )


def as_it_was(session: Session, before: int) -> Past:
    """The ledger as of what had occurred before a moment, as is known now; nothing is echoed."""
    session.view = Past.of(session.place, session.folds, before, session.database.head())
    return session.view


def _known_at(session: Session, known_at: str | None) -> tuple[int, int | None]:
    """The position known at, and the first moment not known any more if a time was given."""
    head = session.database.head()
    if known_at is None:
        return head, None
    match = ENTRY.fullmatch(known_at.strip())
    if match is not None:
        position = int(match[1])
        if position > head:
            raise UnknownId(what="entry", id=f"#{position}")
        return position, None
    until = _not_coming(session, known_at)
    position = position_at(session.database, until - 1)
    if position == 0:
        first = moment_at(recorded_at(session.database, 1))
        raise NothingKnown(end=moment_at(until), first=first)
    return position, until


def _not_coming(session: Session, text: str) -> int:
    """The first moment after what was written; of today, after now."""
    now = microseconds(session.now)
    if since(session, text) > now:
        raise AskedOfTheFuture(end=moment_at(before(session, text)))
    return min(before(session, text), now + 1)


def _shown(session: Session, until: int) -> str:
    """The end of what is counted, for people: the last minute, or a midnight as `24:00`."""
    end = shown_end(moment_at(until), session.zone)
    return end if end.endswith("24:00") else shown(moment_at(until - 1), session.zone)


def _not_counted(view: Past) -> str:
    left_out = []
    if view.later:
        left_out.append(
            plural("{n} later entry", "{n} later entries", view.later).format(n=view.later)
        )
    since = view.corrections_since
    if since:
        left_out.append(
            plural("{n} correction since", "{n} corrections since", since).format(n=since)
        )
    return _("; not counted: {what}").format(what=", ".join(left_out)) if left_out else ""
