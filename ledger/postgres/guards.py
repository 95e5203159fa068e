"""Whether what guards the log on a server is as it was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledger.postgres.dialect import SCHEMA
from ledger.postgres.schema import APPLICATION, GUARDS

if TYPE_CHECKING:
    from ledger.postgres.connection import Connection

_MADE = "prosrc, prosecdef, array_to_string(proconfig, '; ')"
_TRIGGERS = (
    f"SELECT tgname, {_MADE} FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
    f" WHERE tgrelid = to_regclass('{SCHEMA}.' || ?) AND NOT tgisinternal AND tgenabled = 'O'"
)
_ERASE = f"SELECT proname, {_MADE} FROM pg_proc WHERE oid = to_regproc('{SCHEMA}.erase')"
_ALLOWED = f"SELECT has_table_privilege('{APPLICATION}', to_regclass('{SCHEMA}.' || ?), ?)"
_OWN_ROWS = f"SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass('{SCHEMA}.stored_events')"


def changed_guards(connection: Connection) -> list[str]:
    """The names of triggers that are gone, changed or disabled, and of rights that nobody had."""
    return sorted(_changed(connection))


def _changed(connection: Connection) -> Iterator[str]:
    for table, made in GUARDS.items():
        found = connection.execute(_TRIGGERS, (table,)).fetchall()
        if table == "stored_events":
            found += connection.execute(_ERASE).fetchall()
        kept = {name: function for name, *function in found}
        yield from (name for name in kept | made if kept.get(name) != made.get(name))
    for table, rights in (("stored_events", "UPDATE, DELETE, TRUNCATE"), ("texts", "DELETE")):
        if connection.execute(_ALLOWED, (table, rights)).fetchone()[0]:
            yield f"{rights} ON {table}"
    if connection.execute(_OWN_ROWS).fetchone() != (True,):
        yield "ROW LEVEL SECURITY"
