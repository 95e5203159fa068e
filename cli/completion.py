"""`natverk completion`."""

from __future__ import annotations

import click

from cli.language import _

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help=_("let the shell complete commands and names"))
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print what lets SHELL complete commands and the names of members.

    \b
    echo 'eval "$(natverk completion bash)"' >> ~/.bashrc
    echo 'eval "$(natverk completion zsh)"' >> ~/.zshrc
    natverk completion fish > ~/.config/fish/completions/natverk.fish
    """
    from cli import render  # noqa: PLC0415 - not for --help
    from cli.completing import script  # noqa: PLC0415

    render.write(script(shell).rstrip("\n") + "\n")
