"""`natverk import`: the group; what is imported is in `import_events` and `import_tables`."""

from __future__ import annotations

from importlib import import_module

import click

from cli.language import N_, _

_MODULES = {
    "gifts": ("import_tables", N_("gifts from a table")),
    "asks": ("import_tables", N_("asks from a table")),
    "offers": ("import_tables", N_("offers from a table")),
    "members": ("import_tables", N_("members from a table")),
    "events": ("import_events", N_("the events that another ledger exported")),
}


class Imports(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """What can be imported."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command that imports such things."""
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"cli.{_MODULES[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What can be imported, without importing any command."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(help)) for name, (_module, help) in _MODULES.items()])


@click.group("import", cls=Imports, short_help=_("bring in tables, or a ledger's events"))
def command() -> None:
    """Bring in tables from elsewhere, or the events of a ledger.

    \b
    natverk import gifts gifts.csv --columns "giver receiver at"
    natverk import events ledger.ndjson
    """
