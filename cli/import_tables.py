"""`natverk import gifts`, `asks`, `offers` and `members`: tables from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.language import N_, _, plural
from cli.options import dry_run_option, json_option, ledger_option, recorded_by_option, session_of

if TYPE_CHECKING:
    from cli.context import Session
    from cli.importing import Outcome

REJECTED = 1  # what a strict import ends with that recorded nothing

_HELP = N_(
    """{what}

    FILE is a table in plain text, perhaps compressed with gzip; - is standard
    input. It has a header row with these names, or --columns says which is which:
    {fields}.

    A row is recorded once, however often it is imported: it is known again by
    its id, or else by all that it says. Rows that cannot be recorded are told
    with their lines, and the others go in.

    \b
    {example}
    """
)
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--columns",
        metavar="COLUMNS",
        default="",
        help=_('The fields in order, "giver receiver - at", or "giver=from at=date".'),
    ),
    click.option(
        "--set",
        "settings",
        metavar="FIELD=VALUE",
        multiple=True,
        help=_("What is the same in every row, such as unit=piece."),
    ),
    click.option(
        "--delimiter",
        metavar="D",
        help=_("What is between fields: , ; | tab or space; else it is found."),
    ),
    click.option(
        "--join-unknown", is_flag=True, help=_("Let those join who are named and unknown.")
    ),
    click.option(
        "--strict", is_flag=True, help=_("Record nothing at all when any row is rejected.")
    ),
    click.option(
        "--source",
        metavar="NAME",
        help=_("Where the rows are from: the same row of another source is another row."),
    ),
    recorded_by_option,
    dry_run_option,
    json_option,
    ledger_option,
)


def _command(table: str, what: str, short: str, fields: str, example: str) -> click.Command:
    def run(context: click.Context, **said: Any) -> None:
        _import(session_of(context), table, said)

    told = _(_HELP).format(what=_(what), fields=fields, example=example)
    for option in reversed(_OPTIONS):
        run = option(run)
    run = click.argument("path", metavar="FILE")(run)
    return click.command(table, help=told, short_help=_(short))(click.pass_context(run))


def _import(session: Session, table: str, said: dict[str, Any]) -> None:
    from cli.importing import Options, import_table  # noqa: PLC0415 - not for --help
    from cli.tables import parse_constants  # noqa: PLC0415

    constants = parse_constants(said.pop("settings"))
    options = Options(**said, constants=constants)
    outcome = import_table(session, table, options)
    if session.json:
        render.print_object(outcome.row())
    else:
        _say(session, outcome)
    undone = options.strict and outcome.errors
    if undone:
        session.note(_("nothing was recorded, since rows were rejected"))
    elif session.dry_run:
        session.note(_("a dry run: nothing was recorded"))
    if undone:
        click.get_current_context().exit(REJECTED)


def _say(session: Session, outcome: Outcome) -> None:
    for line, reason in outcome.errors:
        session.note(_("line {line}: {reason}").format(line=line, reason=reason))
    new, joined = outcome.new, outcome.joined
    parts = [plural("{n} row recorded", "{n} rows recorded", new).format(n=new)]
    if joined:
        parts.append(plural("{n} member joined", "{n} members joined", joined).format(n=joined))
    if outcome.seen:
        parts.append(_("{n} recorded before").format(n=outcome.seen))
    if outcome.errors:
        parts.append(_("{n} rejected").format(n=len(outcome.errors)))
    render.write(", ".join(parts) + "\n")


gifts = _command(
    "gifts",
    N_("Record the gifts of a table."),
    N_("gifts from a table"),
    "giver receiver at what kind category quantity unit hours ask resource id",
    "natverk import gifts gifts.csv --join-unknown\n"
    '    natverk import gifts messages.txt --columns "giver receiver at" --join-unknown',
)
asks = _command(
    "asks",
    N_("Record the asks of a table; kind is other unless it is said."),
    N_("asks from a table"),
    "asker at what kind category quantity unit by id",
    'natverk import asks asks.csv --columns "asker=name category=item quantity=qty at=date"'
    " --set unit=piece",
)
offers = _command(
    "offers",
    N_("Record the offers of a table; a quantity is the stock, and kind is other unless said."),
    N_("offers from a table"),
    "owner at what kind category quantity unit capacity id",
    "natverk import offers offers.csv --set kind=equipment --set unit=piece --dry-run",
)
members = _command(
    "members",
    N_("Let the people and organisations of a table join."),
    N_("members from a table"),
    "name kind invited_by at id",
    'natverk import members members.csv --columns "name - at"',
)
