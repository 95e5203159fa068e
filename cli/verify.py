"""`natverk verify`."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.checkpoints import checkpoint_row, fork_row, print_fork, read_text, signer_line
from cli.language import _, plural
from cli.options import asks, session_of
from cli.when import shown
from ledger.errors import LedgerError, Unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.context import Session
    from ledger.findings import Finding
    from ledger.verify import Verification

FOUND_SOMETHING = 1
Row = dict[str, Any]


@click.command("verify", short_help=_("check every entry, rule and proof, and all that is kept"))
@click.option(
    "--since",
    "files",
    metavar="CHECKPOINT",
    multiple=True,
    help=_("A checkpoint that must still hold: a file, - for standard input; may be repeated."),
)
@click.option(
    "--key",
    "keys",
    metavar="KEY",
    multiple=True,
    help=_("A key of someone who signed, as natverk key show prints it; may be repeated."),
)
@asks
@click.pass_context
def command(context: click.Context, files: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Check the whole ledger, and tell everything that is wrong with it.

    Every entry is hashed, read and judged by the rules again, every text is held
    against the log, and all that is kept beside it is made anew and compared. The
    ledger must agree with each checkpoint that is kept in it, and with those given.
    Exit code 1 when anything is wrong; where there are two histories, both
    checkpoints are printed.

    \b
    natverk verify
    natverk verify --since checkpoint.txt
    """
    from cli.export import BROKEN  # noqa: PLC0415 - not for --help
    from cli.keys import own_key_if_any  # noqa: PLC0415
    from ledger.notes import MOST_BYTES, NotACheckpoint, parse  # noqa: PLC0415
    from ledger.signing import public_key  # noqa: PLC0415
    from ledger.verify import Verification  # noqa: PLC0415

    session = session_of(context)
    known = [public_key(key) for key in keys]
    own = own_key_if_any()
    known += [] if own is None else [own.public]
    given = [parse(read_text(file, MOST_BYTES, NotACheckpoint)) for file in files]
    started = perf_counter()
    try:
        verification = Verification(session.database, session.folds, given, known)
        found = verification.findings()
    except BROKEN as broken:
        _tell_damage(session, broken)
        context.exit(FOUND_SOMETHING)
    seconds = perf_counter() - started
    if session.json:
        _print_json(session, verification, found, seconds)
    else:
        _print(session, verification, found, seconds)
    if found:
        context.exit(FOUND_SOMETHING)
    _remember(session, verification)


def _tell_damage(session: Session, broken: Exception) -> None:
    """Say which entries of a file that is damaged cannot be read any more."""
    from ledger.errors import LedgerDamaged  # noqa: PLC0415 - hardly ever needed
    from ledger.places import Server  # noqa: PLC0415
    from ledger.verify import damage  # noqa: PLC0415

    if isinstance(session.place, Server):  # whose pages are its own affair
        raise broken
    error = broken if isinstance(broken, LedgerError) else None
    reason = " ".join(str(broken).split())
    found = damage(session.path, error or LedgerDamaged(path=str(session.place), reason=reason))
    if session.json:
        findings = [_finding(session, each) for each in found.findings]
        render.print_object({"readable": found.read, "findings": findings})
        return
    _print_findings(session, found.findings)
    left = plural("{n} entry can still be read", "{n} entries can still be read", found.read)
    lost = (
        plural("{n} is lost", "{n} are lost", found.lost)
        if found.lost
        else _("none is known to be lost")
    )
    render.write(f"{left.format(n=found.read)}; {lost.format(n=found.lost)}\n")


def _print(
    session: Session, verification: Verification, found: Sequence[Finding], seconds: float
) -> None:
    _print_findings(session, found)
    for fork in verification.forks:
        print_fork(fork)
    for checkpoint, signed in verification.agreed:
        size = plural("{n} entry", "{n} entries", checkpoint.size).format(n=checkpoint.size)
        lines = [_("agrees with the checkpoint of {size}").format(size=size)]
        lines += [f"  {signer_line(each)}" for each in signed]
        render.write("\n".join(lines) + "\n")
    entries = plural("{n} entry", "{n} entries", verification.events)
    render.write(
        _("verified {entries} up to #{position} in {seconds:.2f} s\n").format(
            entries=entries.format(n=verification.events),
            position=verification.position,
            seconds=seconds,
        )
    )
    if found:
        told = plural("{n} thing is wrong", "{n} things are wrong", len(found))
        render.note(told.format(n=len(found)))
    else:
        render.write(_("nothing is wrong\n"))


def _print_findings(session: Session, found: Sequence[Finding]) -> None:
    for finding in found:
        message, hint = session.told(finding.error)
        render.write(f"{message}\n" + (f"  {hint}\n" if hint else ""))


def _print_json(
    session: Session, verification: Verification, found: Sequence[Finding], seconds: float
) -> None:
    from ledger.notes import in_base64  # noqa: PLC0415 - not for --help

    render.print_object(
        {
            "entries": verification.events,
            "position": verification.position,
            "root": in_base64(verification.roots[verification.head]),
            "seconds": round(seconds, 6),
            "findings": [_finding(session, finding) for finding in found],
            "forks": [fork_row(fork) for fork in verification.forks],
            "checkpoints": [checkpoint_row(*each) for each in verification.agreed],
        }
    )


def _finding(session: Session, finding: Finding) -> Row:
    message, hint = session.told(finding.error)
    return {
        "position": finding.position,
        "kind": finding.kind,
        "message": message,
        "remedy": hint or None,
    }


def _remember(session: Session, verification: Verification) -> None:
    """Keep when everything was last found right, where that can be written."""
    last = f"#{verification.position}, {shown(session.now, session.zone)}"
    try:
        with session.ledger.transaction() as transaction:
            transaction.writer.database.set("verified", last)
    except Unusable:
        session.note(_("when this was verified could not be written down"))
