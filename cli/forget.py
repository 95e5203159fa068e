"""`natverk forget`."""

from __future__ import annotations

import sys

import click

from cli.arguments import MEMBER
from cli.language import _
from cli.options import asks, dry_run_option, recorded_by_option, session_of


@click.command("forget", short_help=_("erase all texts about a member, for good"))
@click.argument("who", type=MEMBER)
@click.option("--redact", is_flag=True, help=_("Erase other people's texts with the name too."))
@click.option(
    "--also",
    metavar="POS",
    multiple=True,
    help=_("Erase the texts of this entry too, whatever they say; may be given several times."),
)
@click.option("--yes", is_flag=True, help=_("Do not ask for the name to be typed."))
@recorded_by_option
@dry_run_option
@asks
@click.pass_context
def command(
    context: click.Context, who: str, redact: bool, also: tuple[str, ...], yes: bool
) -> None:
    """Erase the name of WHO, their contact, and every text of an entry about them.

    It cannot be undone. Texts about others that mention the name are listed;
    with --redact those with the whole name go too, and --also takes any other.
    WHO leaves with it, and can neither come back nor be named again.

    The entries stay, with ids, kinds, categories, units, quantities and times:
    what remains is pseudonymous, not anonymous, and whoever knows the network
    may still recognise WHO by it. Keyed hashes of the names and of imported
    rows stay too, so that a table imported again does not bring WHO back; and
    those of --id keys that recorded nothing, which cannot be told to be about
    anyone. Backups, exports and copies made earlier still hold the texts:
    natverk forgotten carries the erasure to them.

    \b
    natverk forget Åsa --dry-run
    natverk forget Åsa
    natverk forget "Åsa Öberg" --redact --also 412 --yes
    """
    from cli.forgetting import forget, preview  # noqa: PLC0415 - not for --help
    from ledger.forgetting import ErasurePending, NotConfirmed  # noqa: PLC0415

    session = session_of(context)
    ledger = session.ledger
    member = session.member(who)
    positions = [session.position(each) for each in also]
    preview(session, member, positions, redact=redact)
    if not (yes or session.dry_run):
        if not interactive():
            raise NotConfirmed()
        _confirm(session.named([member])[member])
    forget(session, member, positions, redact=redact)
    if ledger.erasing:
        raise ErasurePending()


def interactive() -> bool:
    """Whether there is somebody at a terminal to ask."""
    return sys.stdin is not None and sys.stdin.isatty()


def _confirm(name: str) -> None:
    """Have the name typed. Raises `AnotherName`."""
    from cli import render  # noqa: PLC0415 - not for --help
    from ledger.forgetting import AnotherName  # noqa: PLC0415
    from ledger.values import fold  # noqa: PLC0415

    render.note(_("to forget them for good, type the name: {name}").format(name=name))
    if fold(sys.stdin.readline()) != fold(name):
        raise AnotherName()
