"""`natverk key new` and `natverk key show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli import render
from cli.language import _
from cli.options import json_option, session_of

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.signing import SecretKey


@click.group("key", short_help=_("make or show the key that you sign with"))
def command() -> None:
    """Make, or show, the key that you sign and cosign checkpoints with.

    You have one, on this computer, in a file outside every ledger. What is
    printed is its public half: give it to those who check what you signed.

    \b
    natverk key new
    natverk key show
    """


@command.command("new", short_help=_("make a key"))
@click.argument("name", required=False)
@json_option
@click.pass_context
def new(context: click.Context, name: str | None) -> None:
    """Make a key, and print its public half.

    NAME stands beside everything that you sign with it, wherever that goes. Without
    one the key gets a name that says nothing of you.

    \b
    natverk key new
    natverk key new asa-oberg
    """
    from cli.keys import store_key  # noqa: PLC0415 - not for --help
    from ledger.signing import KEY_BYTES, default_name, named_key  # noqa: PLC0415

    session = session_of(context)
    seed = session.random(KEY_BYTES)
    key = named_key(default_name(seed) if name is None else name, seed)
    path = store_key(key)
    _print(session, key)
    session.note(_("the key is in {path}; keep it to yourself").format(path=path))


@command.command("show", short_help=_("print the public half"))
@json_option
@click.pass_context
def show(context: click.Context) -> None:
    """Print the public half of your key, for those who check what you signed.

    \b
    natverk key show
    """
    from cli.keys import own_key  # noqa: PLC0415 - not for --help

    _print(session_of(context), own_key())


def _print(session: Session, key: SecretKey) -> None:
    from cli.keys import key_file  # noqa: PLC0415 - not for --help

    if session.json:
        row = {"name": key.name, "public": str(key.public), "path": str(key_file())}
        render.print_object(row)
    else:
        render.print_lines([f"{key.public}\n"])
