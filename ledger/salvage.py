"""A damaged ledger, as far as it can still be read.

What can be read is brought into a temporary database of the same form, over which
an export or an audit goes on as ever; the file itself is opened only to read. First
SQLite is asked, row by row around what it cannot read; entries that are still
missing are then looked for in the pages of the file themselves (`ledger/pages.py`),
which also finds them when the way to a page is lost. Only an entry that decodes is
taken. Personal texts are asked of SQLite alone: a page that is no longer in use may
hold one that was erased.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from ledger.areas import EVERY_TYPE
from ledger.codec import decode_exactly
from ledger.database import Database
from ledger.errors import LedgerError, NoLedgerAnyMore, NotALedger, Unusable
from ledger.files import CACHE_KIBIBYTES, StrPath, open_to_look
from ledger.missing import committed_by
from ledger.pages import table_rows
from ledger.personal import SALT_BYTES, commitment
from ledger.refusals import NotFounded
from ledger.schema import SCHEMA

TRIES = 2_000  # rows in a row that cannot be read, after which no more are asked for
SMALLEST_ENTRY = 100  # bytes; no file holds more entries than its size allows
SHOWN = 20  # ranges in a message
COLUMNS = 4  # of the log's table
_OURS = [each for each in SCHEMA if "stored_events" in each]  # as they lie in a file
Entry = tuple[str, int, str, bytes]  # network, position, topic, state
POSITIONS = re.compile(r"\[(?:\d+(?:, *\d+)*)?\]")  # as a key keeps them
Range = tuple[int, int]  # first and last position


class NothingToSave(Unusable):
    """A file has no entry that can be read."""

    message = "{path} is damaged, and no entry in it can be read"
    hint = "go back to a backup: natverk restore FILE"


class EntriesLost(Unusable):
    """Entries of a damaged ledger cannot be read; the others have been."""

    message = "{ledger} is damaged: {entries} cannot be read any more"
    hint = "keep the file as it is; all other entries are in {path}"


class NothingLost(Unusable):
    """A ledger is damaged, but every entry could be read."""

    message = "{ledger} is damaged, but every entry could be read"
    hint = "keep the file as it is; natverk import events makes a ledger of {path}"


class SecretLost(Unusable):
    """The secret of the fingerprints cannot be read, without which personal texts are no use."""

    message = "{path} is damaged, and its secret is lost, so personal texts cannot be exported"
    hint = "natverk export --ndjson FILE --without-personal saves the entries"


@dataclass(frozen=True, slots=True)
class Readable:
    """What can be read of a ledger.

    `database` has its log, texts, keys and settings, and no rows of folds. `lost`
    are the positions of entries that cannot be read, in ranges; `texts_lost` is
    whether personal texts or idempotency keys may be missing.
    """

    database: Database
    lost: tuple[Range, ...]
    texts_lost: bool


def readable(path: StrPath) -> Readable:
    """All that can be read of the ledger at `path`, which may be damaged.

    Raises `NothingToSave`, `LedgerError` when the file itself cannot be opened.
    """
    source = _Source(path)
    try:
        made = _made()
        try:
            last = _log(source, made)
            whole = all([_texts(source, made), _keys(source, made)])
            _settings(source, made)
        except BaseException:
            made.close()
            raise
    finally:
        source.close()
    database = Database(made, path)
    positions = (position for position, _, _ in database.entries())
    return Readable(database, tuple(_gaps(positions, last)), not whole)


def saved(path: StrPath, broken: Exception) -> Readable:
    """As `readable`, of a file that something is wrong with.

    Raises `NothingToSave` when no entry can be read, and `broken` when it says that the
    file never had one.
    """
    try:
        return readable(path)
    except NothingToSave:
        if isinstance(broken, NotFounded) or (
            isinstance(broken, NotALedger) and better(broken) is broken
        ):
            raise broken from None
        raise


def better(error: NotALedger) -> NotALedger:
    """Rather than that a file is no ledger: that it was one, when it has the tables of one."""
    try:
        with (
            Path(str(error.facts["path"])).open("rb") as file,
            closing(mmap(file.fileno(), 0, access=ACCESS_READ)) as content,
        ):
            was_one = any(content.find(each.encode()) >= 0 for each in _OURS)
    except (OSError, ValueError):
        return error
    return NoLedgerAnyMore(**error.facts) if was_one else error


class _Source:
    """The damaged file, as SQLite sees it, if it does."""

    def __init__(self, path: StrPath) -> None:
        self.path = path
        self.connection: sqlite3.Connection | None = open_to_look(path)
        try:
            self.connection.execute("PRAGMA schema_version").fetchone()
        except sqlite3.Error:
            self.close()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    @property
    def most(self) -> int:
        """More entries than the file, and what is not yet copied into it, can hold."""
        files = [Path(f"{self.path}{suffix}") for suffix in ("", "-wal")]
        return sum(file.stat().st_size for file in files if file.exists()) // SMALLEST_ENTRY + 1

    def ask(self, query: str, *values: Any) -> list[Any]:
        """The answer, or nothing when it cannot be given."""
        return list(_unless_broken(self.rows(query, *values)))

    def by_rowid(self, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a table that can be read, by row id, each with it first.

        A row id of None comes where something could not be read.
        """
        after, failed = 0, 0
        if self.connection is None:
            yield (None,)
        while self.connection is not None and failed < TRIES:
            query = f"SELECT rowid, {columns} FROM {table} NOT INDEXED WHERE rowid > ?"
            rows = self.rows(f"{query} ORDER BY rowid", after)
            try:
                for row in rows:
                    if row[0] <= after:  # pages that lead back to themselves
                        raise sqlite3.DatabaseError("the rows are out of order")
                    after, failed = row[0], 0
                    yield row
                return
            except sqlite3.Error:
                yield (None,)
                after, failed = after + 1, failed + 1

    def rows(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        if self.connection is None:
            raise sqlite3.DatabaseError("the file cannot be opened")
        try:
            for row in self.connection.execute(query, values):  # noqa: UP028 - see Database.stream
                yield row
        except UnicodeDecodeError as error:  # the message speaks of a name that is spoilt
            raise sqlite3.DatabaseError(str(error)) from error


def _unless_broken(rows: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from rows
    except sqlite3.Error:
        return


def _made() -> sqlite3.Connection:
    """An empty database of our form, in a temporary file that nobody else sees."""
    made = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    made.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
    made.execute(
        "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER,"
        " topic TEXT, state BLOB, PRIMARY KEY (originator_id, originator_version))"
    )
    for statement in SCHEMA:
        if not statement.startswith("CREATE TRIGGER"):
            made.execute(statement)
    made.execute("BEGIN")
    return made


def _log(source: _Source, made: sqlite3.Connection) -> int:
    """Bring over the entries; the position of the last one known of."""
    networks: Counter[str] = Counter()
    most = source.most

    def sound(rows: Iterable[tuple[Any, ...]]) -> Iterator[Entry]:
        for row in rows:
            entry = _entry(row)
            if entry is not None and 0 < entry[1] <= most:
                networks[entry[0]] += 1
                yield entry

    put = "INSERT OR IGNORE INTO stored_events VALUES (?, ?, ?, ?)"
    columns = "originator_id, originator_version, CAST(topic AS BLOB), CAST(state AS BLOB)"
    made.executemany(put, sound(source.by_rowid(columns, "stored_events")))
    made.executemany(put, sound(table_rows(source.path, COLUMNS)))
    if not networks:
        raise NothingToSave(path=str(source.path))
    network = networks.most_common(1)[0][0]
    made.execute("DELETE FROM stored_events WHERE originator_id <> ?", (network,))
    made.execute("INSERT INTO settings VALUES ('network', ?)", (network,))
    [[last]] = made.execute("SELECT max(originator_version) FROM stored_events")
    [[known]] = source.ask("SELECT at FROM progress WHERE id = 1") or [[0]]
    return max(int(last), known if type(known) is int and known <= most else 0)


def _entry(row: tuple[Any, ...]) -> Entry | None:
    """An entry from (row id, network, position, topic, state), None when it is none."""
    if len(row) != 5:
        return None
    rowid, network, position, topic, state = row
    position = rowid if position is None else position  # as it lies in the page of its table
    try:
        network, topic = (_text(each) for each in (network, topic))
        if topic not in EVERY_TYPE or len(network) != 32 or not isinstance(position, int):
            return None
        decode_exactly(topic, state, position)
    except (LedgerError, ValueError, TypeError, AttributeError):
        return None
    return network, position, topic, state


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _texts(source: _Source, made: sqlite3.Connection) -> bool:
    """Bring over the personal texts that are what was recorded; whether all could be read."""
    put = "INSERT OR IGNORE INTO texts VALUES (?, ?, ?, ?, ?)"
    whole = True
    for row in source.by_rowid("position, field, salt, text", "texts"):
        if len(row) == 5 and _is_text(made, *row[1:]):
            made.execute(put, row)
        else:
            whole = False
    return whole


def _is_text(made: sqlite3.Connection, position: Any, field: Any, salt: Any, text: Any) -> bool:
    """Whether the entry at that position says that this is its text."""
    if not isinstance(position, int) or not isinstance(text, str):
        return False
    if not isinstance(salt, bytes) or len(salt) != SALT_BYTES:
        return False
    query = "SELECT topic, state FROM stored_events WHERE originator_version = ?"
    found = made.execute(query, (position,)).fetchone()
    if found is None:
        return False
    event = decode_exactly(found[0], found[1], position)
    return isinstance(field, str) and committed_by(event).get(field) == commitment(salt, text)


def _keys(source: _Source, made: sqlite3.Connection) -> bool:
    """Bring over the idempotency keys, up to the first that cannot be read; whether all could."""
    put = "INSERT OR IGNORE INTO keys VALUES (?, ?, ?, ?)"
    try:
        for row in source.rows("SELECT namespace, key, fingerprint, positions FROM keys"):
            if not _is_key(*row):
                return False
            made.execute(put, row)
    except sqlite3.Error:
        return False
    return True


def _is_key(namespace: Any, key: Any, fingerprint: Any, positions: Any) -> bool:
    if not isinstance(namespace, str) or not isinstance(key, bytes):
        return False
    if not isinstance(fingerprint, bytes | None):
        return False
    return isinstance(positions, str) and POSITIONS.fullmatch(positions) is not None


def _settings(source: _Source, made: sqlite3.Connection) -> None:
    for name, value in source.ask("SELECT name, value FROM settings"):
        if isinstance(name, str):
            made.execute("INSERT OR IGNORE INTO settings VALUES (?, ?)", (name, value))


def _gaps(positions: Iterable[int], last: int) -> Iterator[Range]:
    """The ranges of positions up to `last` that are not among the given ones, in order."""
    expected = 1
    for position in positions:
        if position > expected:
            yield expected, position - 1
        expected = position + 1
    if expected <= last:
        yield expected, last


def shown(lost: Sequence[Range]) -> list[str]:
    """Ranges as people read them, the first few: `5`, `7-9`."""
    some = [str(first) if first == last else f"{first}-{last}" for first, last in lost[:SHOWN]]
    return [*some, "…"] if len(lost) > SHOWN else some
