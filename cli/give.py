"""`natverk give`."""

from __future__ import annotations

import click

from cli.arguments import (
    ASK,
    CATEGORY_HELP,
    FOR_HELP,
    INITIATIVE,
    KIND,
    MEMBER,
    RECEIVER,
    RESOURCE,
    in_hours,
    text_argument,
)
from cli.context import Session
from cli.language import _
from cli.options import records, unit_option
from ledger.state.resources import RESOURCES


@click.command("give", short_help=_("record a gift"))
@click.argument("giver", type=MEMBER)
@click.argument("receiver", type=RECEIVER)
@click.argument("what", required=False, callback=text_argument)
@click.option("--kind", type=KIND, help=_("What kind of thing; else that of the ask or resource."))
@click.option("--category", metavar="C", help=CATEGORY_HELP)
@click.option("--quantity", metavar="N", help=_("How much, if anybody measured it."))
@unit_option
@click.option("--hours", metavar="N", help=_("Short for --quantity N --unit hour."))
@click.option("--ask", metavar="ASK", type=ASK, help=_("The ask that it goes towards."))
@click.option("--resource", metavar="R", type=RESOURCE, help=_("The resource that it comes from."))
@click.option("--for", "initiative", metavar="INITIATIVE", type=INITIATIVE, help=FOR_HELP)
@records
def command(  # noqa: PLR0913 - one parameter for each option of the command line
    session: Session,
    giver: str,
    receiver: str,
    what: str | None,
    kind: str | None,
    category: str | None,
    quantity: str | None,
    unit: str | None,
    hours: str | None,
    ask: str | None,
    resource: str | None,
    initiative: str | None,
) -> None:
    """Record that GIVER gave RECEIVER, an initiative or everyone, something.

    \b
    natverk give Åsa Knut
    natverk give Åsa Knut "a mended bicycle" --hours 2 --ask a4
    natverk give "Café Linden" everyone coffee --quantity 30 --unit cup --at yesterday
    """
    from cli.standing import say_standing  # noqa: PLC0415 - after recording only
    from ledger.commands import Give  # noqa: PLC0415 - not for --help
    from ledger.events import GiftGiven  # noqa: PLC0415

    quantity, unit = in_hours(quantity, unit, hours)
    recorded = session.record(
        Give,
        giver=session.member(giver),
        receiver=session.receiver(receiver),
        what=what,
        kind=kind,
        category=category,
        quantity=quantity,
        unit=unit,
        ask=None if ask is None else session.ask(ask),
        resource=None if resource is None else session.resource(resource),
        initiative=None if initiative is None else session.initiative(initiative),
    )
    if recorded.events and resource is not None and quantity is None:
        _say_untouched(session, session.resource(resource))
    for gift in recorded.events:
        if isinstance(gift, GiftGiven) and not session.dry_run:
            say_standing(session, [gift.giver, gift.receiver], gift.ask)


def _say_untouched(session: Session, resource: str) -> None:
    """That a gift without a quantity takes nothing from a stock."""
    if session.database.load(RESOURCES, resource).stock is not None:
        session.note(
            _("nothing is taken from what is left of {resource}: add --quantity and --unit").format(
                resource=session.with_id(resource)
            )
        )
