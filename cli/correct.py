"""`natverk correct`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cli.arguments import (
    ANY_KIND,
    ASK,
    CATEGORY_HELP,
    FOR_HELP,
    INITIATIVE,
    MEMBER,
    RECEIVER,
    RESOURCE,
    ExactlyOne,
    in_hours,
    only_one,
    text_argument,
    whole_number,
)
from cli.context import Session
from cli.language import _
from cli.naming import refuse_taken
from cli.options import corrects, unit_option
from cli.periods import coming, coming_day, coming_end
from ledger.areas import AFFILIATIONS
from ledger.errors import Usage
from ledger.refusals import NothingToChange, UnknownId
from ledger.revisions import NoSuchField

_FLAGS = {  # by type of entry: the field whose values are options of their own, and those values
    "member-joined": ("kind", ("person", "organisation")),
    "ask-closed": ("outcome", ("met", "withdrawn", "lapsed")),
    "introduction-followed-up": ("outcome", ("met", "collaborated", "nothing")),
}
_NAMES_NETWORK = ("network-founded", "network-described")
_SAID_BY_FLAG = {value: field for field, values in _FLAGS.values() for value in values}
_OPTIONS = {  # of fields whose option has another name
    "occurred_at": "--at",
    "because_of": "--because",
    "count": "--quantity",
    "acted_for": "--acts-for",
    "acting": "--who-acts",
    "end": "--to",
    "initiative": "--for",
    "listeners": "--listener",
    "needed_by": "--by",
    "organisation": "--acts-for",
    "participants": "--with",
    "person": "--who-acts",
    "start": "--from",
}
_OPTIONS_OF = {("story-told", "initiative"): "--about"}  # where another command says it so
_FIELDS = {  # by type and name of an option: the field, where an option of that name has another
    ("story-told", "about"): "initiative",
    **{(type, "acting"): "person" for type in AFFILIATIONS},
    **{(type, "acted_for"): "organisation" for type in AFFILIATIONS},
}
_EMPTIED: dict[
    str, dict[str, Any]
] = {  # by what --without says: the fields of which nothing is said any more
    "about": {"about": None},
    "ask": {"ask": None},
    "because": {"because_of": ()},
    "by": {"needed_by": None},
    "capacity": {"capacity": None},
    "category": {"category": None},
    "contact": {"contact": None},
    "due": {"due": None},
    "for": {"initiative": None},
    "heard-from": {"heard_from": None},
    "idea": {"idea": None},
    "invited-by": {"invited_by": None},
    "name": {"name": None},
    "nature": {"nature": None},
    "open": {"open": ()},
    "quantity": {"quantity": None, "unit": None},
    "resource": {"resource": None},
    "role": {"role": None},
    "stock": {"stock": None, "unit": None},
    "survey": {"survey": None},
    "what": {"what": None},
}


class SaidAndUnsaid(Usage):
    """A field is given a new value, and none at all."""

    message = "{option} is given, and --without says that nothing is to be said of it"
    hint = "give one of them"


def _text(option: str, says: str) -> Callable[[Any], Any]:
    return click.option(option, metavar="TEXT", callback=text_argument, help=says)


def _member(option: str, says: str, *name: str) -> Callable[[Any], Any]:
    return click.option(option, *name, metavar="WHO", type=MEMBER, help=says)


def _members(option: str, name: str, says: str) -> Callable[[Any], Any]:
    return click.option(option, name, metavar="WHO", type=MEMBER, multiple=True, help=says)


@click.command("correct", short_help=_("put an entry right"))
@click.argument("entry", metavar="POS")
@click.option("--at", "occurred_at", metavar="WHEN", help=_("When it really happened."))
@_member("--giver", _("Who gave."))
@click.option("--receiver", metavar="WHO", type=RECEIVER, help=_("Who received, or everyone."))
@_text("--what", _("What it is in words."))
@click.option("--kind", type=ANY_KIND, help=_("What kind of thing, or of opportunity."))
@click.option("--category", metavar="C", help=CATEGORY_HELP)
@click.option("--quantity", metavar="N", help=_("How much; of a booking, how many."))
@unit_option
@click.option("--hours", metavar="N", help=_("Short for --quantity N --unit hour."))
@click.option("--ask", metavar="ASK", type=ASK, help=_("The ask that it goes towards."))
@click.option("--resource", metavar="R", type=RESOURCE, help=_("The resource that it is of."))
@click.option("--because", "because_of", metavar="POS", multiple=True, help=_("What led to it."))
@_text("--name", _("The name."))
@_text("--contact", _("How to reach them."))
@_text("--about", _("Words about them, what it was about, or the initiative told about."))
@_text("--idea", _("The network's idea."))
@click.option("--person", is_flag=True, help=_("A person, and not an organisation."))
@click.option("--organisation", is_flag=True, help=_("An organisation, and not a person."))
@_member("--invited-by", _("The member who invited them."))
@_member("--owner", _("Who offers."))
@click.option("--capacity", metavar="N", help=_("Reusable: so many at a time."))
@click.option("--stock", metavar="N", help=_("Consumable: so much in all."))
@click.option("--open", metavar="WHEN", multiple=True, help=_("When: mon-fri 09:00-17:00 …"))
@_member("--asker", _("Who asks."))
@click.option("--by", "needed_by", metavar="DATE", help=_("The last day on which it helps."))
@_member("--booker", _("Who booked."))
@click.option("--from", "start", metavar="WHEN", help=_("From when, or which day."))
@click.option("--to", "end", metavar="WHEN", help=_("Until when, or with which day."))
@_member("--borrower", _("Who borrowed."))
@click.option("--due", metavar="WHEN", help=_("When it should be back; a date: with that day."))
@_member("--introducer", _("Who introduced them."))
@_member("--first", _("One of those introduced."))
@_member("--second", _("The other one."))
@_member("--who-acts", _("Who acts for an organisation."), "acting")
@_member("--acts-for", _("The organisation that they act for."), "acted_for")
@_member("--starter", _("Who started it."))
@_member("--participant", _("Who joined or left it."))
@_member("--endorser", _("Who vouches for it."))
@_member("--teller", _("Who told."))
@_member("--realiser", _("Who made something of it."))
@_member("--nominator", _("Who named a giver."))
@_member("--nominee", _("Who was named."))
@_members("--listener", "listeners", _("Who was told; given once for each."))
@_members("--with", "participants", _("Who was there; given once for each."))
@click.option("--for", "initiative", metavar="INITIATIVE", type=INITIATIVE, help=FOR_HELP)
@click.option("--heard-from", metavar="POS", help=_("The telling in which the teller heard of it."))
@click.option("--role", metavar="WORD", help=_("As what somebody acts."))
@click.option("--nature", metavar="WORD", help=_("Of which kind a tie is."))
@click.option("--survey", metavar="NAME", help=_("Of which survey."))
@click.option("--met", is_flag=True, help=_("The outcome: met."))
@click.option("--withdrawn", is_flag=True, help=_("The outcome: no longer asked for."))
@click.option("--lapsed", is_flag=True, help=_("The outcome: it came to nothing."))
@click.option("--collaborated", is_flag=True, help=_("The outcome: they did something together."))
@click.option("--nothing", is_flag=True, help=_("The outcome: nothing came of it."))
@_text("--text", _("The words of a note."))
@click.option(
    "--without",
    multiple=True,
    metavar="FIELD",
    type=click.Choice(list(_EMPTIED)),
    help=_("Say nothing of this any more: ask, quantity, resource, what …"),
)
@corrects
def command(session: Session, entry: str, without: tuple[str, ...], **options: Any) -> None:
    """Put right what the entry at POS says; the options are those of the command that recorded it.

    What is not given stays as it is. --at says when it really happened. The old entry stays
    in the log, marked; all answers follow the new one at once.

    \b
    natverk correct 412 --receiver Eva
    natverk correct 412 --hours 3 --at "friday 14:00"
    natverk correct 412 --without ask --without quantity
    """
    from cli.correcting import say_standing_after  # noqa: PLC0415 - not for --help
    from ledger.commands import Correct  # noqa: PLC0415

    position = session.position(entry)
    changes = _changes(session, position, options, without)
    say_standing_after(session, session.record(Correct, target=position, changes=changes))


def _changes(
    session: Session, position: int, options: dict[str, Any], without: tuple[str, ...]
) -> dict[str, Any]:
    """New values by the fields of the command that recorded the entry."""
    said = _type_of(session, position)
    chosen = [name for name in _SAID_BY_FLAG if options.pop(name)]
    given = {name: value for name, value in options.items() if value not in (None, ())}
    given = {_FIELDS.get((said, name), name): value for name, value in given.items()}
    written = (given.pop(name, None) for name in ("quantity", "unit", "hours"))
    quantity, unit = in_hours(*written)
    measure = {"count" if said == "resource-booked" else "quantity": quantity, "unit": unit}
    given |= {name: value for name, value in measure.items() if value is not None}
    changes = {name: _READ[name](session, v) if name in _READ else v for name, v in given.items()}
    if chosen:
        flag = only_one(**dict.fromkeys(chosen, True))
        if _SAID_BY_FLAG[flag] in changes:  # a --kind of what is given, and that of a member
            raise ExactlyOne(options=[_option(_SAID_BY_FLAG[flag]), f"--{flag}"])
        changes[_SAID_BY_FLAG[flag]] = flag
    for field in without:
        for name, empty in _EMPTIED[field].items():
            if name in changes:
                raise SaidAndUnsaid(option=_option(name))
            changes[name] = empty
    if not changes:
        raise NothingToChange()
    _check(position, said, changes)
    if said in _NAMES_NETWORK:
        refuse_taken(session, changes.get("name"))
    return changes


def _check(position: int, said: str, changes: dict[str, Any]) -> None:
    """Raise `NoSuchField`, in the words of the options, for what such an entry does not say."""
    from ledger.decisions.corrections import RECORDED_BY  # noqa: PLC0415 - not for --help

    if said not in RECORDED_BY:
        return
    known = options_of(said)
    for field, value in changes.items():
        option = f"--{value}" if _SAID_BY_FLAG.get(value) == field else _option(field, said)
        if option not in known:
            raise NoSuchField(position=position, type=said, field=option, fields=known)


def options_of(event_type: str) -> list[str]:
    """The options that a correction of such an entry takes, sorted."""
    from ledger.decisions.corrections import changeable  # noqa: PLC0415 - not for --help

    flagged, flags = _FLAGS.get(event_type, ("", ()))
    options = [_option(field, event_type) for field in changeable(event_type) if field != flagged]
    return sorted([*options, *(f"--{flag}" for flag in flags)])


def _members_named(session: Session, written: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(session.member(each) for each in written)


def _openings(session: Session, written: tuple[str, ...]) -> tuple[str, ...]:
    from ledger.openings import parse_opening  # noqa: PLC0415 - seldom changed

    return tuple(parse_opening(opening, session.zone) for opening in written)


_READ: dict[str, Callable[[Session, Any], Any]] = {
    **dict.fromkeys(("giver", "invited_by", "owner", "asker", "booker"), Session.member),
    **dict.fromkeys(("borrower", "introducer", "first", "second"), Session.member),
    **dict.fromkeys(("starter", "participant", "endorser", "teller"), Session.member),
    **dict.fromkeys(("realiser", "nominator", "nominee", "person", "organisation"), Session.member),
    **dict.fromkeys(("listeners", "participants"), _members_named),
    "initiative": Session.initiative,
    "heard_from": Session.position,
    "receiver": Session.receiver,
    "ask": Session.ask,
    "resource": Session.resource,
    "because_of": lambda session, causes: tuple(session.position(cause) for cause in causes),
    "capacity": lambda _session, written: whole_number("--capacity", written),
    "count": lambda _session, written: whole_number("--quantity", written),
    "open": _openings,
    "occurred_at": Session.moment,
    "start": coming,
    "end": coming_end,
    "due": coming_end,
    "needed_by": coming_day,
}


def _type_of(session: Session, position: int) -> str:
    """The type of what an entry says. Raises `UnknownId`."""
    from projections.entries import standing_rows  # noqa: PLC0415 - not for --help

    for row in standing_rows(session.database, [position]):
        said: str = row["type"]
        return said
    raise UnknownId(what="entry", id=f"#{position}")


def _option(field: str, said: str = "") -> str:
    return _OPTIONS_OF.get((said, field)) or _OPTIONS.get(field) or "--" + field.replace("_", "-")
