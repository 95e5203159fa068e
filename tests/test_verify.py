"""`verify` finds whatever was done to a ledger's file behind its back, and names the place."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cli_world import Natverk
from hypothesis import HealthCheck, given, settings
from samples import day
from servers import place_in
from worlds import CORRECTED_MOVES, Chance, Move, founded, people, play

from ledger import commands as c
from ledger.checkpoints import current
from ledger.database import Database
from ledger.findings import Finding
from ledger.notes import Checkpoint, parse
from ledger.state import FOLDS
from ledger.tree import KeptTree, rebuild
from ledger.verify import Verification
from projections.registry import PROJECTIONS

pytestmark = [pytest.mark.file, pytest.mark.usefixtures("by_columns")]  # in other hands

EVERY_FOLD = (*FOLDS, *PROJECTIONS)
EVERY_NAME = tuple(fold.name for fold in EVERY_FOLD)
FLIPS = 200  # a tenth of what `make torture` does
TIMES = 5  # of each attack; ten times as many by `make torture`
Attack = Callable[[sqlite3.Connection, random.Random], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of some two hundred entries, corrections among them."""
    folder = tmp_path_factory.mktemp("made")
    with founded(folder) as ledger:
        play(ledger, Chance(5, corrections=True).moves(300))
        for number in range(100):
            give = c.Give(giver="m1", receiver="m2", what=f"gåva {number}", occurred_at=day(9))
            ledger.record(give)
        assert ledger.database.head() > 150
        ledger.database.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "natverk.db"


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "natverk.db"
    shutil.copy(made, path)
    return path


def verified(path: Path, *given: Checkpoint) -> list[Finding]:
    with closing(Database.reading(path)) as database:
        return Verification(database, EVERY_FOLD, given).findings()


def now(path: Path) -> Checkpoint:
    """The checkpoint of all entries, as somebody else keeps it."""
    with closing(Database.reading(path)) as database:
        return current(database, KeptTree(database))


def bare(path: Path) -> sqlite3.Connection:
    """The file in other hands: whatever guards it is taken away."""
    connection = sqlite3.connect(path, isolation_level=None)
    for trigger in ("no_update", "no_delete", "no_gap"):
        connection.execute(f"DROP TRIGGER {trigger}")
    return connection


def positions(connection: sqlite3.Connection) -> int:
    (head,) = connection.execute("SELECT max(originator_version) FROM stored_events").fetchone()
    return int(head)


def test_nothing_is_wrong_with_a_ledger_that_only_natverk_wrote(copy: Path) -> None:
    assert verified(copy, now(copy)) == []


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(moves=CORRECTED_MOVES)
def test_nothing_is_wrong_after_any_history(
    tmp_path_factory: pytest.TempPathFactory, moves: list[Move]
) -> None:
    folder = tmp_path_factory.mktemp("lived")
    with founded(folder) as ledger:
        play(ledger, moves)
    assert verified(place_in(folder)) == []


# Single bits


def flip_and_look(copy: Path, times: int) -> None:
    """Each of many single bits of the stored bytes, flipped, is found at its position."""
    chance = random.Random(times)
    with closing(bare(copy)) as connection:
        head = positions(connection)
        for _ in range(times):
            at = chance.randint(1, head)
            query = "SELECT state FROM stored_events WHERE originator_version = ?"
            (state,) = connection.execute(query, (at,)).fetchone()
            flipped = bytearray(state)
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            put = "UPDATE stored_events SET state = ? WHERE originator_version = ?"
            connection.execute(put, (bytes(flipped), at))
            changed = [
                finding.position for finding in verified(copy) if finding.kind == "entry-changed"
            ]
            assert changed == [at]
            connection.execute(put, (state, at))
    assert [finding.kind for finding in verified(copy)] == ["unguarded"]


def test_every_flipped_bit_is_found_at_its_position(copy: Path) -> None:
    flip_and_look(copy, FLIPS)


@pytest.mark.torture
def test_two_thousand_flipped_bits_are_found_at_their_positions(copy: Path) -> None:
    flip_and_look(copy, 2_000)


# Tables that are gone


EMPTIED = ("saved", "states", "names", "late", "tiles", "marks", "subjects", *EVERY_NAME)


@pytest.mark.parametrize("table", EMPTIED)
def test_a_table_that_is_gone_hides_nothing_else(copy: Path, table: str) -> None:
    with closing(bare(copy)) as connection:
        connection.execute(f"DROP TABLE {table}")
        change = "UPDATE stored_events SET state = CAST(state || ' ' AS BLOB)"
        connection.execute(f"{change} WHERE originator_version = 7")
    changed = "hashes-differ" if table == "marks" else "entry-changed"  # marks tell which
    assert {each.kind for each in verified(copy)} == {changed, "table-gone", "unguarded"}


@pytest.mark.parametrize("table", ["keys", "checkpoints"])
def test_a_table_that_only_a_backup_has_is_told_as_lost(copy: Path, table: str) -> None:
    with closing(bare(copy)) as connection:
        connection.execute(f"DROP TABLE {table}")
    assert [each.kind for each in verified(copy)] == ["table-lost", "unguarded"]


def test_a_table_without_one_of_its_columns_is_as_good_as_gone(copy: Path) -> None:
    with closing(bare(copy)) as connection:
        connection.execute("ALTER TABLE pairs RENAME COLUMN gifts TO presents")
    found = verified(copy)
    assert [each.kind for each in found] == ["table-gone", "unguarded"]
    assert found[0].error.facts["table"] == "pairs"


# Attacks, below one kept checkpoint


def edit(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Somebody else gets a gift."""
    gifts = [
        at
        for (at,) in connection.execute(
            "SELECT originator_version FROM stored_events WHERE topic = 'gift-given'"
        )
    ]
    connection.execute(
        "UPDATE stored_events SET state = CAST(replace(state, '\"kind\":', '\"kind\": ') AS BLOB)"
        " WHERE originator_version = ?",
        (chance.choice(gifts),),
    )


def delete(connection: sqlite3.Connection, chance: random.Random) -> None:
    at = chance.randint(2, positions(connection) - 1)
    connection.execute("DELETE FROM stored_events WHERE originator_version = ?", (at,))


def reorder(connection: sqlite3.Connection, chance: random.Random) -> None:
    first, second = chance.sample(range(2, positions(connection)), 2)
    swap = "UPDATE stored_events SET originator_version = ? WHERE originator_version = ?"
    for to, at in ((-1, first), (first, second), (second, -1)):
        connection.execute(swap, (to, at))


def truncate(connection: sqlite3.Connection, chance: random.Random) -> None:
    at = chance.randint(2, positions(connection) - 1)
    connection.execute("DELETE FROM stored_events WHERE originator_version > ?", (at,))


def rechain(path: Path, chance: random.Random) -> None:
    """An entry is left out, those after it move up, and all that is kept is made anew."""
    with closing(bare(path)) as connection:
        at = chance.randint(60, positions(connection) - 1)
        connection.execute("DELETE FROM stored_events WHERE originator_version = ?", (at,))
        for each in range(at + 1, positions(connection) + 1):
            connection.execute(
                "UPDATE stored_events SET originator_version = ? WHERE originator_version = ?",
                (each - 1, each),
            )
        connection.execute("UPDATE progress SET at = at - 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        rebuild(Database(connection, path))


def fork(path: Path, chance: random.Random) -> None:
    """The ledger goes on from an earlier state in another way."""
    with closing(bare(path)) as connection:
        at = chance.randint(2, positions(connection) - 1)
        connection.execute("DELETE FROM stored_events WHERE originator_version > ?", (at,))
        (network,) = connection.execute("SELECT originator_id FROM stored_events").fetchone()
        for each in range(at + 1, at + 200):
            state = b'{"type":"network-described","id":"%032x"}' % chance.getrandbits(128)
            row = (network, each, "network-described", state)
            connection.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
        connection.execute("UPDATE progress SET at = ?", (at + 199,))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        rebuild(Database(connection, path))


def through_sql(attack: Attack) -> Callable[[Path, random.Random], None]:
    def run(path: Path, chance: random.Random) -> None:
        with closing(bare(path)) as connection:
            attack(connection, chance)

    return run


ATTACKS: dict[str, Callable[[Path, random.Random], None]] = {
    "edit": through_sql(edit),
    "delete": through_sql(delete),
    "reorder": through_sql(reorder),
    "truncate": through_sql(truncate),
    "re-chain": rechain,
    "fork": fork,
}


def attack_and_look(made: Path, folder: Path, attack: str, times: int) -> None:
    checkpoint = now(made)
    for number in range(times):
        path = folder / f"{attack}-{number}.db"
        shutil.copy(made, path)
        ATTACKS[attack](path, random.Random(number))
        kinds = {finding.kind for finding in verified(path, checkpoint)}
        assert kinds & {"forked", "ahead-of-ledger"}
        if attack not in ("re-chain", "fork"):  # these have made all that is kept anew
            assert kinds & {"entry-changed", "entries-missing"}
        path.unlink()


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_below_a_kept_checkpoint_is_found(
    made: Path, tmp_path: Path, attack: str
) -> None:
    attack_and_look(made, tmp_path, attack, TIMES)


@pytest.mark.torture
@pytest.mark.parametrize("attack", ATTACKS)
def test_fifty_attacks_below_a_kept_checkpoint_are_found(
    made: Path, tmp_path: Path, attack: str
) -> None:
    attack_and_look(made, tmp_path, attack, 50)


# What is beside the log


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE balances SET given = given + 1 WHERE member = 'm1'", "kept-otherwise"),
        ("DELETE FROM members WHERE member = 'm2'", "kept-otherwise"),
        ("DELETE FROM subjects WHERE subject = 'm3'", "kept-otherwise"),
        ("UPDATE names SET folded = 'eve' WHERE thing = 'm1'", "kept-otherwise"),
        ("INSERT INTO late VALUES (2, 5)", "kept-otherwise"),
        ("UPDATE progress SET largest = largest + 1", "kept-otherwise"),
        ("UPDATE marks SET marks = zeroblob(512) WHERE tile = 0", "hashes-differ"),
        ("UPDATE tiles SET root = zeroblob(32) WHERE height = 6 AND number = 1", "hashes-differ"),
    ],
)
def test_what_is_kept_beside_the_log_is_held_against_it(copy: Path, change: str, kind: str) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(change)
    assert kind in {finding.kind for finding in verified(copy)}


ANEW = "natverk export --ndjson FILE and natverk --ledger NEW import events FILE make it anew"
BALANCE = "UPDATE balances SET given = given + 1 WHERE member = 'm1'"


def test_what_is_kept_is_made_anew_when_the_log_is_right(copy: Path) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(BALANCE)
    assert {(each.kind, each.error.hint) for each in verified(copy)} == {("kept-otherwise", ANEW)}


def test_a_log_at_fault_is_not_what_to_make_it_anew_from(copy: Path) -> None:
    with closing(bare(copy)) as connection:
        connection.execute(BALANCE)
        connection.execute(
            "UPDATE stored_events SET state = CAST(state || ' ' AS BLOB)"
            " WHERE originator_version = 8"
        )
    found = {finding.kind: finding.error.hint for finding in verified(copy)}
    assert "entry-changed" in found
    assert "kept-otherwise" not in found
    assert "go back to a copy that verifies" in str(found["kept-or-log-wrong"])


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("DROP TRIGGER no_update", "no_update"),
        ("CREATE TRIGGER more AFTER INSERT ON texts BEGIN DELETE FROM keys; END", "more"),
    ],
)
def test_triggers_that_are_not_ours_are_found(copy: Path, change: str, name: str) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(change)
    [finding] = verified(copy)
    assert (finding.kind, finding.error.facts) == ("unguarded", {"names": name})


def test_a_rule_broken_by_an_entry_that_was_slipped_in_is_found(tmp_path: Path) -> None:
    # Given a ledger in which Bo has left
    with founded(tmp_path, *people("Ana", "Bo")) as ledger:
        ledger.record(c.Leave(member="m2", occurred_at=day(3)))
        ledger.record(c.Give(giver="m1", receiver="everyone", occurred_at=day(9)))
        [gift] = [e for e in ledger.entries() if e.type == "gift-given"]
        # When a gift to Bo after that is put at the end by other means, as an append would
        state = ledger.database.entry(gift.position)
        assert state is not None
        forged = state[1].replace(b'"everyone"', b'"m2"')
        connection = ledger.database.connection
        row = (ledger.database.network, gift.position + 1, "gift-given", forged)
        connection.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
        # and taken in by the next recording
        ledger.record(c.Give(giver="m1", receiver="everyone", occurred_at=day(9)))
        # Then the rules find it
        found = Verification(ledger.database, EVERY_FOLD).findings()
    assert [(each.position, each.kind) for each in found] == [(gift.position + 1, "rule-broken")]


# On the command line


def test_verify_says_that_nothing_is_wrong_and_since_when(kvarteret: Natverk) -> None:
    note = kvarteret.does("checkpoint")
    (kvarteret.folder / "note.txt").write_text(note)
    kvarteret.does("give", "Åsa", "Knut", "bröd")
    told = kvarteret("verify", "--since", "note.txt")
    assert (told.code, told.err) == (0, "")
    assert told.out.count("agrees with the checkpoint of 9 entries") == 1  # given, and kept
    assert told.out.endswith("nothing is wrong\n")
    row = kvarteret.rows("verify")
    assert (row["entries"], row["findings"]) == (10, [])


def test_verify_prints_both_notes_of_a_fork_and_ends_with_one(kvarteret: Natverk) -> None:
    # Given a checkpoint of a ledger, and a copy that went on otherwise
    kvarteret.does("export", "--ndjson", "all.ndjson")
    kvarteret.does("--ledger", "other.db", "import", "events", "all.ndjson")
    kvarteret.does("give", "Åsa", "Knut", "bröd")
    kvarteret.does("--ledger", "other.db", "give", "Åsa", "Knut", "mjölk")
    note = kvarteret.does("checkpoint")
    # When the copy is verified against it
    told = kvarteret("--ledger", "other.db", "verify", "--since", "-", stdin=note)
    # Then both notes are told
    assert told.code == 1
    assert note in told.out
    assert told.out.count("natverk/") == 2
    told = kvarteret("--ledger", "other.db", "verify", "--since", "-", "--json", stdin=note)
    (fork,) = told.json()["forks"]
    assert fork["theirs"] == note
    assert parse(fork["ours"]).size == parse(note).size


def test_verify_tells_every_finding_with_its_position_and_remedy(kvarteret: Natverk) -> None:
    with closing(bare(kvarteret.path)) as connection:
        for at in (8, 9):
            connection.execute(
                "UPDATE stored_events SET state = CAST(state || ' ' AS BLOB)"
                " WHERE originator_version = ?",
                (at,),
            )
    told = kvarteret("verify", "--json")
    assert told.code == 1
    found = [(each["position"], each["kind"]) for each in told.json()["findings"]]
    assert found == [(8, "entry-changed"), (9, "entry-changed"), (None, "unguarded")]
    assert all(each["remedy"] for each in told.json()["findings"])
