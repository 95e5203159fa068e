"""An entry as a plain sentence, for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cli.answers import amount
from cli.language import N_, _
from cli.when import shown, shown_end
from ledger.areas import RELATIONS
from ledger.values import OPPORTUNITY_KINDS
from projections.entries import standing_rows, unreadable

if TYPE_CHECKING:
    from cli.context import Session

Row = dict[str, Any]
TIMES = ("occurred_at", "recorded_at", "start")  # fields of entries
ENDS = ("end", "due")  # those that say when something is over

SENTENCES = {
    "network-founded": N_("{name} was founded: {idea}"),
    "network-described": N_("the network is now described as {texts}"),
    "member-joined": N_("{name} ({member}) joined{invited}"),
    "member-left": N_("{member} left"),
    "member-returned": N_("{member} came back{invited}"),
    "member-paused": N_("{member} paused"),
    "member-resumed": N_("{member} resumed"),
    "member-described": N_("{member} is now described as {texts}"),
    "resource-offered": N_("{owner} offers {subject} ({resource}){amount}"),
    "resource-withdrawn": N_("{resource} was withdrawn"),
    "resource-booked": N_("{booker} booked {resource} ({booking}), {period}"),
    "booking-released": N_("booking {booking} was released"),
    "resource-lent": N_("{borrower} borrowed {resource}{due}"),
    "resource-returned": N_("{borrower} returned {resource}"),
    "ask-made": N_("{asker} asks for {subject} ({ask}){amount}{for_it}{due}"),
    "ask-closed": N_("the ask for {ask} ({ask_id}) was closed: {outcome}"),
    "gift-given": N_("{giver} gave {receiver} {subject}{towards}{for_it}"),
    "gift-confirmed": N_("gift #{gift} was confirmed"),
    "gift-disputed": N_("gift #{gift} was disputed"),
    "introduction-made": N_("{introducer} introduced {first} and {second}{about}"),
    "introduction-followed-up": N_("introduction #{introduction}: {outcome}"),
    "affiliation-declared": N_("{person} acts for {organisation}{role}"),
    "affiliation-ended": N_("{person} no longer acts for {organisation}{role}"),
    "tie-declared": N_("{first} and {second} have a tie{nature}"),
    "tie-dissolved": N_("{first} and {second} no longer have a tie{nature}"),
    "network-related": N_("{here} has a relation with {there}{nature}"),
    "network-unrelated": N_("{here} no longer has a relation with {there}{nature}"),
    "initiative-started": N_("{starter} started {subject} ({initiative})"),
    "initiative-joined": N_("{participant} joined {initiative}"),
    "initiative-left": N_("{participant} left {initiative}"),
    "initiative-concluded": N_("{initiative} was concluded"),
    "initiative-endorsed": N_("{endorser} endorses {initiative}"),
    "endorsement-withdrawn": N_("{endorser} no longer endorses {initiative}"),
    "story-told": N_("{teller} told {listeners} about {initiative}{heard}"),
    "gathering-held": N_("{participants} gathered: {subject}{for_it}"),
    "opportunity-realised": N_("{realiser} realised an opportunity, {kind}: {subject}"),
    "giver-nominated": N_("{nominator} named {nominee} as giving most{survey}"),
    "note-added": N_("note on #{target}: {text}"),
    "member-forgotten": N_("{member} was forgotten{redacted}"),
    "entry-corrected": N_("corrected #{target}: {said}{moved}"),
    "entry-reversed": N_("took back #{target}{reason}"),
}
BY_SOMEONE = {  # those whose doer is whoever recorded them, if that was said
    "gift-confirmed": N_("{actor} confirmed gift #{gift}"),
    "gift-disputed": N_("{actor} disputed gift #{gift}"),
    "introduction-followed-up": N_("introduction #{introduction}: {outcome}, says {actor}"),
    "note-added": N_("note on #{target} by {actor}: {text}"),
    "entry-corrected": N_("{actor} corrected #{target}: {said}{moved}"),
    "entry-reversed": N_("{actor} took back #{target}{reason}"),
}
PUT_BACK = N_("put #{back} back: {said}")  # a correction of what took something back
PUT_BACK_BY_SOMEONE = N_("{actor} put #{back} back: {said}")
_GIVEN = {"resource-offered": "resource", "ask-made": "ask", "initiative-started": "initiative"}
_FOR_AN_INITIATIVE = ("ask-made", "gift-given", "gathering-held")
OUTCOMES = (N_("met"), N_("withdrawn"), N_("lapsed"))
CAME_OF_IT = {
    "met": N_("they met"),
    "collaborated": N_("they did something together"),
    "nothing": N_("nothing came of it"),
}
_WHO = (
    "giver",
    "receiver",
    "owner",
    "asker",
    "booker",
    "borrower",
    "introducer",
    "first",
    "second",
    *("person", "organisation", "starter", "participant", "endorser", "teller"),
    *("realiser", "nominator", "nominee"),
)
_GROUPS = ("listeners", "participants")
_WHAT = ("resource", "ask", "initiative")
OPPORTUNITIES = (
    *(N_("a product"), N_("a way of working"), N_("a collaboration"), N_("funding")),
    N_("something else"),
)
_TEXTS = ("name", "idea", "contact", "about")


def sentence(session: Session, row: Row) -> str:
    """`#412  2026-11-03 14:30  Knut gave Eva 2 hours`."""
    return sentences(session, [row])[0]


def sentences(session: Session, rows: Iterable[Row]) -> list[str]:
    """A sentence for each row of `projections.entries`, with names looked up together."""
    rows = list(rows)
    when = [when_shown(session, row["occurred_at"]) for row in rows]
    return [
        f"#{row['position']}  {at}  {said}"
        for row, at, said in zip(rows, when, words(session, rows), strict=True)
    ]


def words(session: Session, rows: Sequence[Row]) -> list[str]:
    """The same sentences without position and time."""
    named = session.named({id for row in rows for id in _ids(row)})
    return [_readable(session, row, named) for row in rows]


def _readable(session: Session, row: Row, named: dict[str, str]) -> str:
    """The sentence of an entry. Raises `DamagedEntry` when it says what no entry can say."""
    try:
        return told(session, row, named)
    except (LookupError, ValueError):
        raise unreadable(row["position"]) from None


def told(session: Session, row: Row, named: dict[str, str]) -> str:
    """The sentence itself, without position and time."""
    facts = {**row, "ask_id": row.get("ask")}
    for field in (*_WHO, *_WHAT):
        if row.get(field) is not None and not _own(row, field):
            facts[field] = named[row[field]]
    for field in _GROUPS:
        if field in row:
            facts[field] = _listed([named[each] for each in row[field]])
    if row["type"] != "member-joined" and row.get("member"):
        facts["member"] = named[row["member"]]
    if "start" in row:
        facts["period"] = period_shown(session, row["start"], row["end"])
    if "outcome" in row:
        outcome = row["outcome"]
        facts["outcome"] = _(CAME_OF_IT[outcome] if "introduction" in row else outcome)
    facts |= _phrases(session, row, named)
    if row["type"] == "member-described" and row.get("name"):
        facts["member"] = row["member"]  # whose name this is now, so that it says nothing more
    sentence, by_someone = SENTENCES[row["type"]], BY_SOMEONE.get(row["type"])
    if facts.get("back"):
        sentence, by_someone = PUT_BACK, PUT_BACK_BY_SOMEONE
    if row["actor"] is not None and by_someone is not None:
        sentence, facts["actor"] = by_someone, named[row["actor"]]
    # One line, so that no text can pass for an entry of its own.
    return " ".join(_(sentence).format(**facts).split())


def _phrases(session: Session, row: Row, named: dict[str, str]) -> dict[str, str]:
    """The parts of a sentence that are there only sometimes."""
    subject = row.get("what") or row.get("category") or ""
    amount = _amount(row)
    phrases = {"subject": subject, "invited": "", "due": "", "towards": "", **_further(row, named)}
    if row["type"] == "gift-given":
        phrases["subject"] = ", ".join(filter(None, (subject, amount))) or _("something")
        if row.get("ask"):
            phrases["towards"] = _(", towards {ask}").format(ask=row["ask"])
    elif amount:
        phrases["amount"] = f", {amount}"
    else:
        phrases["amount"] = ""
    if row.get("invited_by"):
        phrases["invited"] = _(", invited by {who}").format(who=named[row["invited_by"]])
    if row.get("due"):
        phrases["due"] = _(", due {when}").format(when=end_shown(session, row["due"]))
    if row.get("needed_by"):
        phrases["due"] = _(", needed by {day}").format(day=row["needed_by"])
    if row["type"] == "introduction-made":
        phrases["about"] = _(", about {what}").format(what=row["about"]) if row.get("about") else ""
    if row["type"] == "entry-corrected":
        phrases["said"] = told(session, {**row["replacement"], "actor": None}, named)
        phrases |= _what_was_there(session, row)
    if row["type"] == "entry-reversed":
        phrases["reason"] = f": {row['reason']}" if row.get("reason") else ""
    if row["type"] == "member-forgotten":
        entries = ", ".join(f"#{position}" for position in row.get("redacted", ()))
        phrases["redacted"] = (
            _(", and texts of {entries}").format(entries=entries) if entries else ""
        )
    phrases["texts"] = ", ".join(f"“{row[field]}”" for field in _TEXTS if row.get(field))
    return phrases


def _further(row: Row, named: dict[str, str]) -> dict[str, str]:
    """Those of what members do together."""
    said = dict.fromkeys(("role", "nature", "heard", "survey", "for_it"), "")
    if row.get("role"):
        said["role"] = _(" as {role}").format(role=row["role"])
    if row.get("nature"):
        said["nature"] = f": {row['nature']}"
    if row["type"] in RELATIONS:
        said["here"] = named[row["member"]] if row.get("member") else _("this network")
        said["there"] = _("the network {id}").format(id=row["other"])
        if row.get("theirs"):
            said["there"] = _("{who} of {network}").format(who=row["theirs"], network=said["there"])
    if row.get("heard_from"):
        said["heard"] = _(", heard of in #{position}").format(position=row["heard_from"])
    if row.get("survey"):
        said["survey"] = _(", in {survey}").format(survey=row["survey"])
    if row["type"] in _FOR_AN_INITIATIVE and row.get("initiative"):
        said["for_it"] = _(", for {initiative}").format(initiative=named[row["initiative"]])
    if row["type"] == "opportunity-realised":
        kinds = dict(zip(OPPORTUNITY_KINDS, OPPORTUNITIES, strict=True))
        said["kind"] = _(kinds[row["kind"]])
    return said


def _listed(names: Sequence[str]) -> str:
    """`Åsa, Knut and Eva`."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def _what_was_there(session: Session, row: Row) -> dict[str, str]:
    """When it happened, if that is what was corrected; what is back, if it was taken back."""
    now = row["replacement"]["occurred_at"]
    (before,) = standing_rows(session.view, [row["target"]])
    if before["type"] == "entry-reversed":
        return {"moved": "", "back": str(before["target"])}
    same = before["occurred_at"] == now
    return {"moved": "" if same else _(", on {when}").format(when=when_shown(session, now))}


def _amount(row: Row) -> str:
    quantity = row.get("quantity") or row.get("stock")
    if quantity is not None:
        return amount(quantity, row["unit"])
    if row.get("capacity") is not None:
        return _("{capacity} at a time").format(capacity=row["capacity"])
    return ""


def _ids(row: Row) -> list[str]:
    fields = (*_WHO, *_WHAT, "member", "invited_by", "actor")
    ids = [row[field] for field in fields if row.get(field) is not None]
    ids += [each for field in _GROUPS for each in row.get(field, ())]
    return ids + (_ids(row["replacement"]) if "replacement" in row else [])


def _own(row: Row, field: str) -> bool:
    """Whether the entry is the one that gave the thing its id, and so says it in full."""
    return _GIVEN.get(row["type"]) == field


def when_shown(session: Session, iso: str) -> str:
    """A time of an entry, for people."""
    return shown(datetime.fromisoformat(iso), session.zone)


def period_shown(session: Session, start: str, end: str) -> str:
    """From when to when, for people: `2026-11-28 14:00 to 18:00`."""
    first, last = when_shown(session, start), end_shown(session, end)
    if first[:10] == last[:10]:
        last = last[11:]
    return _("{start} to {end}").format(start=first, end=last)


def end_shown(session: Session, iso: str) -> str:
    """When something of an entry ends, for people."""
    return shown_end(datetime.fromisoformat(iso), session.zone)
