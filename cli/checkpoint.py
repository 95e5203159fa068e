"""`natverk checkpoint`."""

from __future__ import annotations

import click

from cli.language import _
from cli.options import asks, session_of


@click.command("checkpoint", short_help=_("sum the log up in three lines to pass around"))
@click.option("--sign", is_flag=True, help=_("Sign it with your key; see natverk key."))
@asks
@click.pass_context
def command(context: click.Context, sign: bool) -> None:
    """Print how many entries there are, and a sum over all of them.

    Whoever has a copy of these lines can tell later whether any entry up to here
    was changed, removed or put in between. Paste it where the members talk.
    The ledger keeps it too.

    \b
    natverk checkpoint
    natverk checkpoint --sign
    """
    from cli.checkpoints import both_shown, kept_now, print_checkpoint  # noqa: PLC0415 - not for --help
    from cli.keys import own_key  # noqa: PLC0415
    from ledger.checkpoints import consistent, keep, kept_checkpoints  # noqa: PLC0415

    session = session_of(context)
    key = own_key() if sign else None
    for earlier in kept_checkpoints(session.database)[-1:]:
        with both_shown(session):
            found = consistent(session.database, earlier)
            if found is not None:
                raise found
    checkpoint = kept_now(session)
    if key is not None:
        with session.ledger.transaction() as transaction:
            checkpoint = keep(transaction.writer.database.cursor, key.sign(checkpoint))
    print_checkpoint(session, checkpoint)
