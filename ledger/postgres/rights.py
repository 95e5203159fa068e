"""Who may do what with the tables: a network nothing but this, and with its own rows only.

Nobody but the owner may update, delete or truncate a table as a whole, which would be the right to
lock it against every network too: updates are allowed by column, and rows are deleted by functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.folds import Fold
from ledger.postgres.dialect import CHOSEN, NETWORK, SCHEMA, of_role

APPLICATION = "natverk_app"  # the role that the role of every network has
MINE = of_role("current_user::text")  # the network whose role is taken; null: of none
SET = f"current_setting('{CHOSEN}', true)"  # the one that was set; null: none

# Beside reading. Without their numbers, of which one that is taken would stop whoever comes to it.
_LOG = "INSERT (originator_id, originator_version, topic, state)"
_MAY = {
    "settings": "INSERT, UPDATE (value)",
    "progress": "UPDATE (at, recorded, largest, tree)",
    "checkpoints": "INSERT, UPDATE (note)",
    "folds": "INSERT, UPDATE (version)",
    "keys": "INSERT, UPDATE (fingerprint)",
}


def rights(tables: Iterable[str], folds: Iterable[Fold], every: str) -> Iterator[str]:
    """The statements that give the application its rights, when the tables are made.

    `every`: the role for whichever network is set, which has the same.
    """
    both = f"{APPLICATION}, {every}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {both}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {both}"
    shared = ", ".join(f"{SCHEMA}.{name}" for name in ("form", "networks", "elsewhere"))
    yield f"GRANT SELECT ON {shared} TO {both}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {both}"
    yield from _own_rows("stored_events", _LOG, every)
    for name in tables:
        yield from _own_rows(name, _MAY.get(name, "INSERT"), every)
    for fold in folds:
        yield from rights_of(fold, every)


def rights_of(fold: Fold, every: str) -> Iterator[str]:
    """The statements that give the application its rights to the rows of a fold."""
    rest = ", ".join(f'"{name}"' for name in fold.columns[fold.key_length :])
    yield from _own_rows(fold.name, f"INSERT, UPDATE ({rest})" if rest else "INSERT", every)


def _own_rows(name: str, may: str, every: str) -> Iterator[str]:
    """Of a table, the application may read the rows of its network, and do this with them."""
    yield f"ALTER TABLE {SCHEMA}.{name} ENABLE ROW LEVEL SECURITY"
    for policy, role, network in (("own", APPLICATION, MINE), ("chosen", every, SET)):
        yield f"GRANT SELECT, {may} ON {SCHEMA}.{name} TO {role}"
        yield (
            f"CREATE POLICY {policy} ON {SCHEMA}.{name} TO {role}"
            f" USING ({NETWORK} = {network}) WITH CHECK ({NETWORK} = {network})"
        )
