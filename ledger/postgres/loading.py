"""Many rows into a table by `COPY`.

A table with row-level security takes none from a `COPY`. So the rows go into a temporary one
first, and from there by a single `INSERT`, for which policies, triggers and defaults hold as ever.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ledger.postgres.dialect import SCHEMA

_INTO = re.compile(r"(.*INSERT INTO) ([\w.]+) \(([\w, ]+)\) VALUES \([?, ]+\)")
_MAY = "SELECT has_database_privilege(current_database(), 'TEMPORARY')"
_HERE = "pg_temp.incoming"  # nothing else can be meant, whatever lies on the search path


def load(cursor: Any, statement: str, rows: Sequence[tuple[Any, ...]], then: str) -> bool:
    """Insert rows in their order as `rows.insert` does; false where nobody may make the way there.

    That is a temporary table, which the owner of a database may have forbidden.
    """
    if cursor.execute(_MAY).fetchone() != (True,):
        return False
    found = _INTO.fullmatch(statement)
    assert found is not None, statement
    into, table, columns = found.groups()
    table = table if "." in table else f"{SCHEMA}.{table}"
    cursor.execute(f"CREATE TABLE {_HERE} AS SELECT {columns} FROM {table} WITH NO DATA")
    cursor.copy(f"COPY {_HERE} FROM STDIN", rows)
    cursor.execute(f"{into} {table} ({columns}) SELECT * FROM {_HERE}{then}")
    cursor.execute(f"DROP TABLE {_HERE}")
    return True
