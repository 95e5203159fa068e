"""The tables of one ledger over one connection: settings, and plain questions.

All that a question needs; it imports neither the event classes nor a validation library. The
log is the library's own table; beside it lie the personal texts and names, the idempotency
keys, the subject index, the rows of the folds, and the one position at which all these stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ledger import errors
from ledger.areas import EVERY_TYPE
from ledger.closed import CLOSED, UnfinishedCopy, copied_up_to, moved_to
from ledger.dialect import Coming, Connection, Cursor, dialect_of
from ledger.files import connection_to, file_at, translated
from ledger.folds import BLOCK, Fold
from ledger.places import Place, Server
from ledger.rows import table_of
from ledger.values import END_OF_TIME, START_OF_TIME

INDEX_VERSION = 1  # of the subject index
EVERYTHING = ""  # the subject that every entry is about
REPLACING = "="  # before the type of what a correction puts in a slot, in the subject index
# By the letter of an id: the type of the entry that gives it, the text there, the id's field.
NAMED_BY = {
    "m": ("member-joined", "name", "member"),
    "r": ("resource-offered", "what", "resource"),
    "a": ("ask-made", "what", "ask"),
    "i": ("initiative-started", "what", "initiative"),
}

_SET = "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_STANDING = (
    "SELECT at, recorded, largest, (SELECT max(originator_version) FROM stored_events"
    " WHERE originator_id = ?), (SELECT value FROM settings WHERE name = 'closed') FROM progress"
)
_LIVE = (
    " AND NOT EXISTS (SELECT 1 FROM superseded"
    " WHERE superseded.position = subjects.position AND successor > 0)"
)


class Database:
    """The tables of one ledger over one connection."""

    def __init__(self, connection: Connection, path: Place) -> None:
        self.connection = connection
        self.path: Place = getattr(connection, "server", path)  # which may be elsewhere
        self.directory = path if self._was_sent_on(path) else None  # which led to there
        self.dialect = dialect_of(connection)
        self.moved: str | None = None  # where to, if the network has; see `closed`
        self.file: tuple[int, int] | None = None  # that was opened for questions; see `file_at`
        self._network: str | None = None
        self.cursor: Cursor = connection.cursor()
        self.cursor.row_factory = None

    def _was_sent_on(self, asked: Place) -> bool:
        """Whether the ledger is in another database than the one that was asked for it."""
        there = self.path
        return isinstance(asked, Server) and isinstance(there, Server) and asked.uri != there.uri

    @property
    def network(self) -> str:
        """The id of the network, 32 hex digits. Raises `LedgerDamaged`."""
        # Not a cached_property: until Python 3.12 those of all instances share one lock, and who
        # waits for the ledger's lock while holding it would stop whoever has the ledger's.
        if self._network is None:
            found = self.setting("network")
            if not isinstance(found, str):
                reason = "whose entries it has is lost"
                raise errors.LedgerDamaged(path=str(self.path), reason=reason)
            self._network = found
        return self._network

    @classmethod
    def reading(cls, path: Place, *, unfinished: bool = False) -> Database:
        """Open for questions: one unchanging view of the ledger until closed.

        Also of a copy that is `unfinished`, else raises `UnfinishedCopy`.
        """
        file = file_at(path)
        database = cls(connection_to(path), path)
        database.file = file
        try:
            with translated(path):
                database.cursor.execute(database.dialect.start_reading)
                if not unfinished:
                    database.check_finished()
        except BaseException:
            database.close()
            raise
        return database

    def check_finished(self) -> None:
        """Raises `UnfinishedCopy`."""
        closed = self.setting(CLOSED)
        if copied_up_to(closed) is not None:
            raise UnfinishedCopy(path=str(self.path))
        self.moved = moved_to(closed)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def setting(self, name: str) -> Any:
        """A setting of the ledger itself, None when it was never made."""
        row = self.cursor.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else self.dialect.from_setting(row[0])

    def set(self, name: str, value: Any) -> None:
        """Make a setting of the ledger itself, in the open transaction."""
        self.cursor.execute(_SET, (name, self.dialect.to_setting(value)))

    def head(self) -> int:
        """The position of the last entry."""
        query = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
        head = self.cursor.execute(query, (self.network,)).fetchone()[0]
        return head or 0

    def progress(self) -> tuple[int, int]:
        """The position at which index and rows stand, and the latest recorded time there."""
        found = self.cursor.execute("SELECT at, recorded FROM progress").fetchone()
        if found is None or not all(type(each) is int for each in found):
            raise errors.LedgerDamaged(path=str(self.path), reason="where its rows stand is lost")
        return found[0], found[1]

    def ask_standing(self) -> Coming:
        """Ask what `standing` tells, without waiting for the answer."""
        asked = self.connection.cursor().execute(_STANDING, (self.network,))
        return self.dialect.coming(asked)

    def standing(self, answer: Coming | None = None) -> tuple[int, int, int, int, str | None]:
        """As `progress`, then the latest time at which an entry up to there occurred, and `head`.

        For that time see `saved.lateness`. Then why nobody records here, if so; see `closed`.
        `answer`: of `ask_standing`.
        """
        found = next(iter((answer or self.ask_standing())()), None)
        if found is None or not all(type(each) is int for each in found[:2]):
            raise errors.LedgerDamaged(path=str(self.path), reason="where its rows stand is lost")
        at, recorded, largest, head, closed = found
        closed = None if closed is None else self.dialect.from_setting(closed)
        return at, recorded, largest, head or 0, closed

    def versions(self) -> dict[str, int]:
        """The version of each fold that made its rows."""
        return dict(self.cursor.execute("SELECT name, version FROM folds").fetchall())

    def outdated(self, folds: Iterable[Fold]) -> list[Fold]:
        """The folds whose rows were made by another version of themselves."""
        kept = self.versions()
        return [fold for fold in folds if kept.get(fold.name) != fold.version]

    def load(self, fold: Fold, *key: Any) -> Any:
        """The row of a fold with a key; one that nothing has touched has only defaults."""
        row = table_of(fold).load(self.cursor, key)
        return fold.row(*key) if row is None else row

    def find(self, fold: Fold, **equal: Any) -> list[Any]:
        """The rows of a fold whose columns have these values, by key."""
        return table_of(fold).find(self.cursor, equal)

    def select(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query of a projection's own answers."""
        return self.cursor.execute(query, values).fetchall()

    def stream(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """As `select`, row by row, for answers that are long."""
        cursor = self._streaming()
        for row in cursor.execute(query, values):  # noqa: UP028 - that closes it, perhaps too late
            yield row

    def entry(self, position: int) -> tuple[str, bytes] | None:
        """The topic and the stored bytes of an entry, or None."""
        query = (
            "SELECT topic, CAST(state AS BLOB) FROM stored_events"
            " WHERE originator_id = ? AND originator_version = ?"
        )
        found = self.cursor.execute(query, (self.network, position)).fetchone()
        return None if found is None else (found[0], found[1] or b"")

    def entries(self, after: int = 0, until: int = END_OF_TIME) -> Iterator[tuple[int, str, bytes]]:
        """Position, topic and stored bytes of the entries in (after, until], in order."""
        for block in self.blocks(after, until):
            yield from block

    def blocks(
        self, after: int = 0, until: int = END_OF_TIME
    ) -> Iterator[list[tuple[int, str, bytes]]]:
        """The same as `entries`, some hundreds together.

        A position that is no number, which is not of our making, is no position.
        """
        query = (
            "SELECT originator_version, topic, state FROM stored_events"
            " WHERE originator_id = ? AND originator_version > ? AND originator_version <= ?"
            " AND typeof(originator_version) = 'integer' ORDER BY originator_version"
        )
        cursor = self._streaming()
        cursor.arraysize = BLOCK
        cursor.execute(query, (self.network, after, until))
        while block := cursor.fetchmany():
            yield block

    def _streaming(self) -> Cursor:
        cursor: Cursor = self.dialect.streaming(self.connection)
        cursor.row_factory = None
        return cursor

    def positions(
        self,
        subject: str = EVERYTHING,
        types: Iterable[str] | None = None,
        *,
        since: int = START_OF_TIME,
        before: int = END_OF_TIME,
        until: int = END_OF_TIME,
        live: bool = False,
        newest_first: bool = False,
        as_recorded: bool = False,
        limit: int = -1,
    ) -> list[int]:
        """The positions of entries about a subject that occurred in [since, before).

        None after the position `until`. With `live`, those of the versions that stand
        in the slots, which occurred when they say. In the order of (occurred_at,
        position), or the reverse. Costs as much as the answer is long, however long
        the ledger; but `as_recorded`, by position alone, looks at each that occurred then.
        """
        direction = "DESC" if newest_first else "ASC"
        order = ("" if as_recorded else f"occurred {direction}, ") + f"position {direction}"
        wanted: Sequence[str] = sorted(EVERY_TYPE if types is None else types)
        if live:
            wanted = [*wanted, *(REPLACING + kind for kind in wanted)]
        one = (
            "SELECT * FROM (SELECT occurred, position FROM subjects"
            " WHERE subject = ? AND type = ? AND occurred >= ? AND occurred < ? AND position <= ?"
            f"{_LIVE if live else ''} ORDER BY {order} LIMIT ?) AS one"
        )
        query, values = self.dialect.of_types(one, wanted, (subject, since, before, until, limit))
        query += f" ORDER BY {order} LIMIT ?"
        found = self.cursor.execute(query, [*values, limit]).fetchall() if wanted else []
        return [position for _, position in found]

    def is_about(self, position: int, subject: str, kind: str, occurred: int) -> bool:
        """Whether the entry of a type that occurred at a time is about a subject."""
        query = (
            "SELECT 1 FROM subjects"
            " WHERE subject = ? AND type = ? AND occurred = ? AND position = ?"
        )
        return bool(self.select(query, subject, kind, occurred, position))

    def name_of_newcomer(self, id: str) -> str | None:
        """What something was called whose entry was taken back; None: nothing, or it is erased."""
        if id[0] not in NAMED_BY:
            return None
        import json  # noqa: PLC0415 - few questions name what was taken back

        kind, field, given = NAMED_BY[id[0]]
        for position in self.positions(id, {kind}):
            stored = self.entry(position)
            try:
                event = {} if stored is None else json.loads(stored[1])
            except ValueError:
                continue
            if event.get(given) == id:
                return self.text(position, field) or event.get("category")
        return None

    def text(self, position: int, field: str) -> str | None:
        """A personal text, None when there is none or it has been erased."""
        found = self.cursor.execute(
            "SELECT text FROM texts WHERE position = ? AND field = ?", (position, field)
        ).fetchone()
        return None if found is None else found[0]
