"""Erasing the texts about someone: from the tables at once, then from every page of the file.

Deleting a row is not enough. SQLite moves rows between pages and leaves the old bytes where
they lay, in the tables of texts and of names and in the index over names. So both tables are
made anew, without the rows that go, and `secure_delete` overwrites the pages that held the
old ones. What is then left is in the write-ahead log, until a checkpoint has emptied it. That
can be done only after the commit and while nobody reads an older state, so a row of `settings`
says that it is to be done until it has been.

On a server, rows are deleted and its own vacuum clears the pages; what its archives, copies
and standbys still hold is for who runs it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import cast

from ledger.codec import decode
from ledger.database import REPLACING, Database
from ledger.dialect import SQLITE, Cursor
from ledger.events import Event, MemberForgotten, version_of
from ledger.files import BUSY_SECONDS
from ledger.guard import unguarded
from ledger.personal import IMPORTED_NAMES, NAMING, mac, name_now, people_in_texts, secret_of
from ledger.state import NAMED
from ledger.values import fold

PENDING = "erasing"  # the setting: the position of the entry whose erasure is not finished
REBUILT = ("texts", "names", "checkpoints")


def erase(database: Database, forgotten: MemberForgotten) -> None:
    """Delete what a forgetting takes, in the open transaction; its entry and rows are written.

    Texts about the member and at its `redacted` positions go, and names with them. Keys of
    those entries stay without their fingerprints, and marks of the names, so that a table
    that is imported again neither doubles an entry nor brings the member back.
    """
    member = forgotten.member
    positions = {*texts_about(database, member), *forgotten.redacted}
    _mark_names(database, member)
    _withdraw_signatures(database, member)
    cursor = database.cursor
    database.dialect.delete_texts(cursor, forgotten.position, positions)
    for thing in {member, *_named_at(database, positions)}:
        cursor.execute("DELETE FROM names WHERE thing = ?", (thing,))
        folded = name_now(database, thing[0], database.load(NAMED[thing[0]], thing))
        if folded:
            cursor.execute("INSERT INTO names (thing, folded) VALUES (?, ?)", (thing, folded))
    _bare_keys(database, positions)
    if database.dialect is SQLITE:
        with unguarded(cast("sqlite3.Connection", database.connection)):
            for table in REBUILT:
                _rebuild(cursor, table)
        database.set(PENDING, forgotten.position)


def finish(database: Database, wait_seconds: float = 0) -> bool:
    """Empty the write-ahead log of what was erased; outside of a transaction.

    Waits so long for those who read or write. True when it is done or there was nothing to do;
    else it is left to whoever opens the ledger next.
    """
    pending = database.setting(PENDING)
    if pending is None:
        return True
    connection = database.connection
    connection.execute(f"PRAGMA busy_timeout = {int(wait_seconds * 1000)}")
    try:
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            return False
        connection.execute("DELETE FROM settings WHERE name = ? AND value = ?", (PENDING, pending))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    return True


def texts_about(database: Database, member: str) -> list[int]:
    """The positions of the entries whose texts, if they have any, are about a member."""
    query = "SELECT position, type FROM subjects WHERE subject = ? ORDER BY position"
    return [
        position
        for position, topic in database.select(query, member)
        if not topic.startswith(REPLACING)
        and (topic not in _OF_SOME or member in people_in_texts(_entry(database, position)))
    ]


def joined(database: Database, member: str) -> Event:
    """The entry with which someone joined, also when it was taken back or corrected."""
    entries = (_entry(database, at) for at in database.positions(member, {"member-joined"}))
    return next(event for event in entries if getattr(event, "member", None) == member)


def texts_at(database: Database, positions: Iterable[int]) -> Iterator[tuple[int, str, str]]:
    """Position, field and words of the texts at some positions."""
    query = "SELECT field, text FROM texts WHERE position = ? ORDER BY id"
    for position in positions:
        for field, text in database.select(query, position):
            yield position, field, text


def names_once(database: Database, member: str) -> list[str]:
    """Every name that a member has had, as written, the first one first."""
    told = texts_at(database, texts_about(database, member))
    return list(dict.fromkeys(text for _, field, text in told if field == "name"))


_OF_SOME = frozenset(
    {"member-joined", "entry-corrected"}
)  # entries that name also those whom their texts are not of


def _entry(database: Database, position: int) -> Event:
    stored = database.entry(position)
    assert stored is not None
    return decode(*stored, position)


def _mark_names(database: Database, member: str) -> None:
    """Remember that the names were this member's, as keyed hashes, as if they had come in a table.

    A row that names them is then taken for theirs, and never lets them join anew.
    """
    secret = secret_of(database)
    joining = joined(database, member)
    for name in names_once(database, member):
        database.cursor.execute(
            "INSERT INTO keys VALUES (?, ?, NULL, ?) ON CONFLICT DO NOTHING",
            (IMPORTED_NAMES, mac(secret, fold(name).encode()), str([joining.position])),
        )


def _withdraw_signatures(database: Database, member: str) -> None:
    """Take signatures out of the kept checkpoints whose keys are called like the member."""
    from ledger.checkpoints import withdraw_signatures  # noqa: PLC0415 - only to forget
    from ledger.mentions import names_in  # noqa: PLC0415 - which asks this module

    names = names_once(database, member)
    withdraw_signatures(database, lambda key: names_in(key, names))


def _named_at(database: Database, positions: Iterable[int]) -> Iterator[str]:
    for position in positions:
        stored = database.entry(position)
        if stored is None or stored[0] not in (*NAMING, "entry-corrected"):
            continue
        named = version_of(decode(*stored, position))
        if named is not None and named.type in NAMING:
            yield getattr(named, NAMING[named.type][0])


def _bare_keys(database: Database, positions: set[int]) -> None:
    """Take the fingerprints from the keys of these entries; they would confirm a guess."""
    query = "SELECT namespace, key, positions FROM keys WHERE length(fingerprint) > 0"
    bare = [
        (namespace, key)
        for namespace, key, at in database.stream(query)
        if not positions.isdisjoint(json.loads(at))
    ]
    database.cursor.executemany(
        "UPDATE keys SET fingerprint = NULL WHERE namespace = ? AND key = ?", bare
    )


def _rebuild(cursor: Cursor, table: str) -> None:
    """Make a table anew with the rows it has, so that no page keeps bytes of any other."""
    query = "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL"
    made = cursor.execute(query, (table,)).fetchall()
    (definition,) = (sql for kind, _, sql in made if kind == "table")
    indexes = [(name, sql) for kind, name, sql in made if kind == "index"]
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    cursor.execute(definition)
    cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}_before ORDER BY id")
    cursor.execute(f"DROP TABLE {table}_before")
    for _, sql in indexes:
        cursor.execute(sql)
