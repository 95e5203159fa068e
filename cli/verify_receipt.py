"""`natverk verify-receipt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.checkpoints import receipt_row, signer_line
from cli.language import _
from cli.options import json_option, session_of
from cli.sentences import ENDS, TIMES
from cli.when import shown, shown_end

if TYPE_CHECKING:
    from ledger.receipts import Receipt
    from ledger.signing import Signed

_COMMITMENT = re.compile("[0-9a-f]{64}")


@click.command("verify-receipt", short_help=_("check a receipt, without a ledger"))
@click.argument("file", metavar="FILE")
@click.option(
    "--key",
    "keys",
    metavar="KEY",
    multiple=True,
    help=_("A key that must have signed, as natverk key show prints it; may be repeated."),
)
@json_option
@click.pass_context
def command(context: click.Context, file: str, keys: tuple[str, ...]) -> None:
    """Check the receipt in FILE, - for standard input; no ledger is needed.

    It proves that an entry is under a checkpoint. That the checkpoint is the
    network's is for the signatures to say, or for you to compare with the one
    that was passed around.

    \b
    natverk verify-receipt 412.tlog-proof
    natverk verify-receipt 412.tlog-proof --key natverk/9f0c1d2e+6b1c52f0+AZ...
    """
    from cli.checkpoints import read_text  # noqa: PLC0415 - not for --help
    from cli.keys import own_key_if_any  # noqa: PLC0415
    from ledger.receipts import MOST_BYTES, NotAReceipt, parse_receipt  # noqa: PLC0415
    from ledger.signing import (  # noqa: PLC0415
        check_signatures,
        check_signed_by,
        public_key,
        signers,
    )

    session = session_of(context)
    given = [public_key(key) for key in keys]
    receipt = parse_receipt(read_text(file, MOST_BYTES, NotAReceipt))
    receipt.check()
    entry = receipt.entry()
    own = own_key_if_any()
    known = [*given, *([] if own is None else [own.public])]
    check_signed_by(receipt.checkpoint, given)
    check_signatures(receipt.checkpoint, known)
    signed = signers(receipt.checkpoint, known)
    if session.json:
        render.print_object(receipt_row(receipt, signed))
    else:
        _print(receipt, entry, signed)


def _print(receipt: Receipt, entry: dict[str, Any], signed: list[Signed]) -> None:
    checkpoint = receipt.checkpoint
    says = _("entry #{position} is among the first {size} of the network {network}\n\n")
    facts = {"position": receipt.position, "size": checkpoint.size, "network": checkpoint.network}
    lines = [says.format(**facts)]
    lines += [f"  {line}\n" for line in _facts(entry)]
    lines.append(_("\nby this checkpoint:\n\n{note}\n").format(note=checkpoint))
    lines += [f"{signer_line(each)}\n" for each in signed]
    if not signed:
        lines.append(_("nobody has signed it: compare it with the one that was passed around\n"))
    render.write("".join(lines))


def _facts(entry: dict[str, Any]) -> Iterator[str]:
    """What an entry says, a line each; what it puts in place of another further in."""
    for name, value in entry.items():
        if isinstance(value, dict):
            yield name
            yield from (f"  {line}" for line in _facts(value))
        elif value not in (None, []):
            yield f"{name:<14}{_said(name, value)}"


def _said(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_said(name, each) for each in value)
    if name in TIMES or name in ENDS:
        moment = datetime.fromisoformat(value)
        return (shown_end if name in ENDS else shown)(moment, moment.tzinfo or UTC)
    if isinstance(value, str) and _COMMITMENT.fullmatch(value):
        return _("a text, of which only SHA-256 of its salt and itself is here: {value}").format(
            value=value
        )
    return " ".join(str(value).splitlines())
