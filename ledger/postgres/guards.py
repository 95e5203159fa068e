"""Whether what guards the log on a server is as it was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledger.postgres.dialect import SCHEMA
from ledger.postgres.rights import APPLICATION
from ledger.postgres.schema import GUARDS

if TYPE_CHECKING:
    from ledger.postgres.connection import Connection

_MADE = "prosrc, prosecdef, array_to_string(proconfig, '; ')"
_TRIGGERS = (
    f"SELECT tgname, {_MADE} FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
    f" WHERE tgrelid = to_regclass('{SCHEMA}.' || ?) AND NOT tgisinternal AND tgenabled = 'O'"
)
_FUNCTIONS = (
    f"SELECT proname, {_MADE} FROM pg_proc"
    f" WHERE oid IN (to_regproc('{SCHEMA}.erase'), to_regproc('{SCHEMA}.clear'))"
)
# Of a whole table; of the log and the texts, not of a column either.
_ALLOWED = (
    "SELECT DISTINCT kind || ' ON ' || relname"
    " FROM pg_class, unnest('{UPDATE,DELETE,TRUNCATE}'::text[]) AS kind,"
    f" (SELECT '{APPLICATION}' UNION SELECT every FROM {SCHEMA}.form) AS roles (role)"
    f" WHERE relnamespace = to_regnamespace('{SCHEMA}') AND relkind = 'r'"
    " AND (has_table_privilege(role, pg_class.oid, kind)"
    " OR kind = 'UPDATE' AND relname IN ('stored_events', 'texts')"
    " AND has_any_column_privilege(role, pg_class.oid, kind))"
)
_OWN_ROWS = f"SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass('{SCHEMA}.stored_events')"


def changed_guards(connection: Connection) -> list[str]:
    """The names of triggers that are gone, changed or disabled, and of rights that nobody had."""
    return sorted(_changed(connection))


def _changed(connection: Connection) -> Iterator[str]:
    for table, made in GUARDS.items():
        found = connection.execute(_TRIGGERS, (table,)).fetchall()
        if table == "stored_events":
            found += connection.execute(_FUNCTIONS).fetchall()
        kept = {name: function for name, *function in found}
        yield from (name for name in kept | made if kept.get(name) != made.get(name))
    yield from (what for (what,) in connection.execute(_ALLOWED).fetchall())
    if connection.execute(_OWN_ROWS).fetchone() != (True,):
        yield "ROW LEVEL SECURITY"
