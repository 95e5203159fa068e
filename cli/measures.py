"""`natverk measures`."""

from __future__ import annotations

import click

from cli import render
from cli.answers import Row, by_section, rounded, say_too_small
from cli.arguments import count_option
from cli.language import N_, _, plural
from cli.options import asks_past, session_of
from cli.render import Column

NETWORK = {  # what each measure is called, and what it says
    "arc_reciprocity": (
        N_("reciprocity"),
        N_("of who gave to whom, how often something was given back"),
    ),
    "garlaschelli_loffredo_rho": (
        N_("reciprocity beyond chance"),
        N_("1: all give back, 0: as often as by chance (Garlaschelli and Loffredo)"),
    ),
    "katz_powell_free_choice": (
        N_("mutual choice"),
        N_("the tendency to choose back, at free choice (Katz and Powell)"),
    ),
    "weighted_reciprocity": (
        N_("weighted reciprocity"),
        N_("of all gifts, the share that the same member gave back"),
    ),
    "multilateral_return": (
        N_("return from anyone"),
        N_("of all gifts, the share that came back to the givers, whoever from"),
    ),
    "returned_through_third_parties": (
        N_("return through others"),
        N_("of all gifts, the share that came back, but not from those who were given to"),
    ),
    "circulation": (
        N_("circulation"),
        N_("of all gifts, the share in which a chain of gifts leads back to the giver"),
    ),
    "gini_of_giving": (N_("unevenness of giving"), N_("0: all give alike, near 1: one gives all")),
    "gini_of_receiving": (
        N_("unevenness of receiving"),
        N_("0: all receive alike, near 1: one receives all"),
    ),
    "transitivity": (
        N_("closure"),
        N_("of two with a partner in common, how often gifts passed between them too"),
    ),
    "largest_component": (N_("largest group"), N_("the share of members whom gifts connect")),
    "isolates": (N_("isolates"), N_("the share of members who neither gave nor received")),
    "mean_core_number": (
        N_("core number, mean"),
        N_("how many partners each within the densest part that a member is in"),
    ),
    "mean_constraint": (
        N_("constraint, mean"),
        N_("how far a member's partners are each other's (Burt)"),
    ),
    "mean_effective_size": (
        N_("effective size, mean"),
        N_("partners of a member, those that lead to the same counted once (Burt)"),
    ),
    "brokerage_coordinator": (
        N_("brokered inside"),
        N_("of all who stand between two: within one organisation"),
    ),
    "brokerage_itinerant": (
        N_("brokered as a guest"),
        N_("between two of an organisation that is not their own"),
    ),
    "brokerage_gatekeeper": (
        N_("brokered inwards"),
        N_("from outside their own organisation into it"),
    ),
    "brokerage_representative": (
        N_("brokered outwards"),
        N_("from their own organisation to outside it"),
    ),
    "brokerage_liaison": (
        N_("brokered between others"),
        N_("between two others, none of the three of the same organisation"),
    ),
}
MEASURED = (
    Column("called", N_("measure")),
    Column("value", N_("value"), "right"),
    Column("made_of", N_("made of"), "right"),
    Column("says", N_("what it says")),
)
COHORTS = (
    Column("period", N_("joined in")),
    Column("joined", N_("joined"), "right"),
    Column("made_of", N_("stayed 90 days, of those so long ago"), "right"),
    Column("value", N_("share"), "right"),
    Column("remark", N_("remark")),
)
MEMBERS = (
    Column("id", N_("id")),
    Column("name", N_("name")),
    Column("core_number", N_("core number"), "right"),
    Column("constraint", N_("constraint"), "right"),
    Column("effective_size", N_("effective size"), "right"),
)
BROKERED = Column("brokered", N_("brokered"), "right")


@click.command("measures", short_help=_("how the network gives, in numbers"))
@click.option(
    "--window",
    metavar="DAYS",
    callback=count_option,
    help=_("Only the gifts of the last so many days."),
)
@asks_past
@click.pass_context
def command(context: click.Context, window: int | None) -> None:
    """How the network gives, in numbers: how much comes back, how evenly, how closely knit.

    Over the gifts between members; everyone who was a member in that time is counted, whether
    or not they gave. Then how many of those who joined in a month stayed, and each member's place
    in the network, by name. What nothing can be said of is undefined. Nothing here is a grade.

    \b
    natverk measures
    natverk measures --window 90
    natverk measures --window 365 --as-of 2026-12-31
    """
    from projections.network_measures import measure_rows  # noqa: PLC0415 - not for --help

    session = session_of(context)
    rows = measure_rows(session.view, session.asked, session.zone, window)
    if rows[0]["too_small"]:
        say_too_small(session, rows[0]["members"])
    if session.json:
        render.print_json(rows)
    else:
        _print(rows, window)


def _print(rows: list[Row], window: int | None) -> None:
    sections = by_section(rows)
    network = sections["network"]
    gifts = (
        _("all gifts between members")
        if window is None
        else plural(
            "gifts between members in the last day",
            "gifts between members in the last {n} days",
            window,
        ).format(n=window)
    )
    render.write(f"{gifts}\n")
    render.print_table([_told(row) for row in network], MEASURED)
    if components := sections.get("component"):
        sizes = ", ".join(row["numerator"] for row in components)
        render.write("\n" + _("groups that gifts connect: {sizes}").format(sizes=sizes) + "\n")
    if cohorts := sections.get("cohort"):
        render.write("\n")
        render.print_table([_told(row) for row in cohorts], COHORTS)
    if members := sections.get("member"):
        _print_members(members)


def _print_members(rows: list[Row]) -> None:
    """One line each, of the rows of each member, which come together."""
    lines: dict[str, Row] = {}
    brokerage = False
    for row in rows:
        line = lines.setdefault(row["id"], {"id": row["id"], "name": row["name"], "brokered": 0})
        if row["measure"].startswith("brokerage_"):
            brokerage = True
            line["brokered"] += int(row["numerator"])
        else:
            line[row["measure"]] = rounded(row["value"])
    render.write("\n")
    columns = (*MEMBERS, BROKERED) if brokerage else MEMBERS
    render.print_table(list(lines.values()), columns)


def _told(row: Row) -> Row:
    """A row for people."""
    called, says = NETWORK.get(row["measure"], ("", ""))
    numerator, denominator = rounded(row["numerator"]), rounded(row["denominator"])
    return {
        **row,
        "called": _(called),
        "says": _(says),
        "value": rounded(row["value"]),
        "made_of": f"{numerator} / {denominator}",
        "remark": _("too few to mean anything") if row["too_small"] else "",
    }
