"""Who may do what with the tables: a network nothing but this, and with its own rows only.

Nobody but the owner may update, delete or truncate a table as a whole, which would be the right to
lock it against every network too: updates are allowed by column, and rows are deleted by functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.folds import Fold
from ledger.postgres.dialect import NETWORK, SCHEMA

ROLE = "natverk_"  # and the network's id: who may read and record in it
APPLICATION = "natverk_app"  # the role that the role of every network has
MINE = f"substr(current_user::text, {len(ROLE) + 1})"  # the network whose role is taken

# Beside reading. Without their numbers, of which one that is taken would stop whoever comes to it.
_LOG = "INSERT (originator_id, originator_version, topic, state)"
_MAY = {
    "settings": "INSERT, UPDATE (value)",
    "progress": "UPDATE (at, recorded, largest, tree)",
    "checkpoints": "INSERT, UPDATE (note)",
    "folds": "INSERT, UPDATE (version)",
    "keys": "INSERT, UPDATE (fingerprint)",
}


def rights(tables: Iterable[str], folds: Iterable[Fold]) -> Iterator[str]:
    """The statements that give the application its rights, when the tables are made."""
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {APPLICATION}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {APPLICATION}"
    yield f"GRANT SELECT ON {SCHEMA}.networks, {SCHEMA}.form TO {APPLICATION}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {APPLICATION}"
    yield from _own_rows("stored_events", _LOG)
    for name in tables:
        yield from _own_rows(name, _MAY.get(name, "INSERT"))
    for fold in folds:
        yield from rights_of(fold)


def rights_of(fold: Fold) -> Iterator[str]:
    """The statements that give the application its rights to the rows of a fold."""
    rest = ", ".join(f'"{name}"' for name in fold.columns[fold.key_length :])
    yield from _own_rows(fold.name, f"INSERT, UPDATE ({rest})" if rest else "INSERT")


def _own_rows(name: str, may: str) -> Iterator[str]:
    """Of a table, the application may read the rows of its network, and do this with them."""
    yield f"GRANT SELECT, {may} ON {SCHEMA}.{name} TO {APPLICATION}"
    yield f"ALTER TABLE {SCHEMA}.{name} ENABLE ROW LEVEL SECURITY"
    yield (
        f"CREATE POLICY own ON {SCHEMA}.{name} TO {APPLICATION}"
        f" USING ({NETWORK} = {MINE}) WITH CHECK ({NETWORK} = {MINE})"
    )
