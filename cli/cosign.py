"""`natverk cosign`."""

from __future__ import annotations

import click

from cli.language import _, plural
from cli.options import asks, session_of


@click.command("cosign", short_help=_("vouch for a checkpoint that this ledger agrees with"))
@click.argument("checkpoint", metavar="CHECKPOINT")
@asks
@click.pass_context
def command(context: click.Context, checkpoint: str) -> None:
    """Vouch for the checkpoint in a file, or on standard input when it is -.

    Every entry under it is hashed again first. If this ledger agrees, your
    signature and the time are added, and the checkpoint is printed and kept.
    If it does not, there are two histories: both checkpoints are printed, and
    the exit code is 1.

    \b
    natverk cosign checkpoint.txt
    natverk cosign -
    """
    from cli.checkpoints import both_shown, print_checkpoint, read_text  # noqa: PLC0415 - not for --help
    from cli.keys import own_key  # noqa: PLC0415
    from ledger.checkpoints import check_against, keep  # noqa: PLC0415
    from ledger.notes import MOST_BYTES, NotACheckpoint, parse  # noqa: PLC0415
    from ledger.signing import check_signatures  # noqa: PLC0415

    session = session_of(context)
    given = parse(read_text(checkpoint, MOST_BYTES, NotACheckpoint))
    key = own_key()
    check_signatures(given, [key.public])
    with both_shown(session):
        check_against(session.database, given)
    with session.ledger.transaction() as transaction:
        database = transaction.writer.database
        later = database.head() - given.size
        cosigned = keep(database.cursor, key.cosign(given, session.clock()))
    print_checkpoint(session, cosigned)
    if later:
        told = plural(
            "{n} later entry is not under it", "{n} later entries are not under it", later
        )
        session.note(told.format(n=later))
