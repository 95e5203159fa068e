"""What goes when someone is forgotten, said before it goes; and letting it go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.language import _, plural
from cli.recording import say, shown_rows
from ledger.commands import Forget, validated
from ledger.erasure import texts_about, texts_at
from ledger.forgetting import AlreadyForgotten, NothingThere
from ledger.mentions import Mention, mentions
from ledger.refusals import UnknownId
from ledger.state.ids import IDS
from ledger.state.members import MEMBERS, Member

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.database import Database


def preview(session: Session, member: str, also: Sequence[int], *, redact: bool) -> None:
    """Say which texts go, and which others mention the name.

    Raises `UnknownId`, `AlreadyForgotten`, `NothingThere`.
    """
    database = session.database
    row: Member = database.load(MEMBERS, member)
    if not row.exists and int(member[1:]) > database.load(IDS, "m").used:
        raise UnknownId(what="member", id=member)
    if row.forgotten_at and not any(texts_at(database, also)):
        raise AlreadyForgotten(member=member, entries=[row.forgotten_at])
    for position in also:
        if not list(texts_at(database, [position])):
            raise NothingThere(entries=[position])
    own = len(list(texts_at(database, texts_about(database, member))))
    session.note(
        plural(
            "{n} text about {who} goes, and the name with it",
            "{n} texts about {who} go, the name among them",
            own,
        ).format(n=own, who=session.with_id(member))
    )
    for mention in mentions(database, member):
        session.note(_said(mention, redact, set(also)))


def forget(session: Session, member: str, also: list[int], *, redact: bool) -> None:
    """Record the forgetting, which erases, and say what ended, what is left and what to do."""
    from cli.ending import ended_by_leaving, say_ended  # noqa: PLC0415 - after what is refused

    ended = ended_by_leaving(session, member)
    rows = None
    with session.ledger.transaction(dry_run=session.dry_run) as transaction:
        database = session.ledger.database
        redacted = {*also, *(_redacted(database, member) if redact else ())}
        before = _texts(database)
        command = Forget(member=member, redacted=tuple(sorted(redacted)), actor=session.actor)
        recorded = transaction.record(validated(command))
        gone = before - _texts(database)
        if session.dry_run:
            rows = shown_rows(session, recorded)
    say(session, recorded, rows)
    if session.dry_run:
        return
    say_ended(session, ended)
    _say_what_is_left(session, member, gone)


def _redacted(database: Database, member: str) -> list[int]:
    """Read under the lock: what has been recorded since the preview mentions the name as well."""
    found = list(mentions(database, member))
    kept = {each.position for each in found if each.kept}
    return [each.position for each in found if each.whole and each.position not in kept]


def _texts(database: Database) -> int:
    count: int = database.select("SELECT count(*) FROM texts")[0][0]
    return count


def _said(mention: Mention, redact: bool, also: set[int]) -> str:
    if mention.position in also or (redact and mention.whole and not mention.kept):
        template = _("#{position} mentions the name, and goes too: “{text}”")
    elif mention.kept:
        template = _("#{position} is the name of someone else, and stays: “{text}”")
    elif mention.whole:
        template = _("#{position} mentions the name, and stays without --redact: “{text}”")
    else:
        template = _("#{position} may mean them, and stays without --also {position}: “{text}”")
    text = " ".join(mention.text.split())
    return template.format(position=mention.position, text=text)


def _say_what_is_left(session: Session, member: str, gone: int) -> None:
    query = "SELECT count(DISTINCT position) FROM subjects WHERE subject = ?"
    left = session.database.select(query, member)[0][0]
    session.note(plural("{n} text was erased", "{n} texts were erased", gone).format(n=gone))
    session.note(
        plural(
            "{id} still stands in {n} entry, without words: that is pseudonymous, not anonymous",
            "{id} still stands in {n} entries, without words: that is pseudonymous, not anonymous",
            left,
        ).format(id=member, n=left)
    )
    session.note(
        _(
            "backups, exports and copies made before still hold the texts: "
            "natverk forgotten export FILE makes a list for them"
        )
    )
    if session.settings.me == member:
        session.note(_("they were who records here: say who does now with natverk me WHO"))
