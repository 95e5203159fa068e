"""`natverk checkpoint`, `cosign`, `receipt`, `verify-receipt` and `key`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cli_world import Natverk

from ledger.checkpoints import (
    AheadOfLedger,
    Forked,
    KeptNoteDamaged,
    OtherNetworksCheckpoint,
    check_against,
    consistent,
    disagreements,
    kept_checkpoints,
    kept_sizes,
    withdraw_signatures,
)
from ledger.database import Database
from ledger.errors import LedgerError
from ledger.merkle import EMPTY_ROOT
from ledger.notes import Checkpoint, parse
from ledger.receipts import parse_receipt
from ledger.rehash import EntryChanged, Rehash
from ledger.signing import public_key, signers
from ledger.tree import rebuild


@contextmanager
def reading(path: Path | str) -> Iterator[Database]:
    with closing(Database.reading(path)) as database:
        yield database


def checkpoint_of(natverk: Natverk, *options: str) -> Checkpoint:
    return parse(natverk.does("checkpoint", *options))


def one_changed(path: Path) -> None:
    """Change the giver of entry 9, as one who has the file in hand can."""
    with closing(sqlite3.connect(path)) as connection:
        for trigger in ("no_update", "no_delete"):
            connection.execute(f"DROP TRIGGER {trigger}")
        query = "SELECT state FROM stored_events WHERE originator_version = 9"
        (state,) = connection.execute(query).fetchone()
        update = "UPDATE stored_events SET state = ? WHERE originator_version = 9"
        connection.execute(update, (state.replace(b'"giver":"m3"', b'"giver":"m1"'),))
        connection.commit()


def made_anew(path: Path) -> None:
    """Make all hashes anew from the log as it is."""
    with closing(sqlite3.connect(path)) as connection:
        rebuild(Database(connection, path))
        connection.commit()


def elsewhere(natverk: Natverk, monkeypatch: pytest.MonkeyPatch) -> str:
    """Another member's computer: a copy of the ledger, without personal texts, and no key yet."""
    lines = natverk.does("export", "--ndjson", "-", "--without-personal")
    natverk.does("--ledger", "copy.db", "import", "events", "-", stdin=lines)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(natverk.folder / "elsewhere"))
    return "copy.db"


# Checkpoints


def test_a_checkpoint_names_the_network_the_size_and_the_root(kvarteret: Natverk) -> None:
    checkpoint = checkpoint_of(kvarteret)
    with reading(kvarteret.place) as database:
        assert checkpoint.network == database.network
        assert kept_checkpoints(database) == [checkpoint]
        assert kept_sizes(database) == [9]
    assert (checkpoint.size, checkpoint.signatures) == (9, ())


def test_a_checkpoint_is_short_enough_for_a_group_chat(kvarteret: Natverk) -> None:
    assert len(kvarteret.does("checkpoint")) < 100
    kvarteret.does("key", "new")
    assert len(kvarteret.does("checkpoint", "--sign")) < 280  # three lines and a signature


def test_the_same_checkpoint_again_gathers_signatures(kvarteret: Natverk) -> None:
    kvarteret.does("key", "new", "asa")
    kvarteret.does("checkpoint")
    signed = checkpoint_of(kvarteret, "--sign")
    assert checkpoint_of(kvarteret) == signed
    kvarteret.does("give", "Eva", "Knut")
    later = checkpoint_of(kvarteret)
    with reading(kvarteret.place) as database:
        assert kept_checkpoints(database) == [signed, later]


def test_every_earlier_checkpoint_agrees_with_the_ledger_for_good(kvarteret: Natverk) -> None:
    checkpoints = []
    for _ in range(70):
        checkpoints.append(checkpoint_of(kvarteret))
        kvarteret.does("give", "Eva", "Knut")
    with reading(kvarteret.place) as database:
        assert [consistent(database, each) for each in checkpoints] == [None] * 70
        assert consistent(database, Checkpoint(database.network, 0, EMPTY_ROOT)) is None


def test_a_copy_without_personal_texts_has_the_same_root(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kvarteret.does("key", "new")
    earlier = checkpoint_of(kvarteret, "--sign")
    kvarteret.does("note", "9", "tre kvällar i rad")
    here = checkpoint_of(kvarteret)
    copy = elsewhere(kvarteret, monkeypatch)
    assert parse(kvarteret.does("--ledger", copy, "checkpoint")).agrees_with(here)
    with reading(copy) as database:
        for checkpoint in (earlier, here):
            assert consistent(database, checkpoint) is None
            check_against(database, checkpoint)


def test_a_rewritten_ledger_makes_no_further_checkpoint(kvarteret: Natverk) -> None:
    before = kvarteret.does("checkpoint")
    one_changed(kvarteret.path)
    made_anew(kvarteret.path)
    result = kvarteret("checkpoint")
    assert result.code == 1
    assert before in result.out
    assert result.out.count("natverk/") == 2
    assert "the first 9 entries here are not those of the checkpoint" in result.err


def test_what_disagrees_with_a_kept_checkpoint_is_told(kvarteret: Natverk) -> None:
    kvarteret.does("checkpoint")
    kvarteret.does("give", "Eva", "Knut")
    kvarteret.does("checkpoint")

    def told() -> list[LedgerError]:
        with reading(kvarteret.place) as database:
            rehash = Rehash(database, kept_sizes(database))
            found = [f for block in database.blocks() for f in rehash.feed(block)]
            return [*found, *rehash.finish(), *disagreements(database, rehash.roots)]

    assert told() == []
    one_changed(kvarteret.path)
    assert [type(finding) for finding in told()] == [EntryChanged, Forked, Forked]
    made_anew(kvarteret.path)
    assert [type(finding) for finding in told()] == [Forked, Forked]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoints SET note = 'hej'",
        "UPDATE checkpoints SET note = 7",
        "UPDATE checkpoints SET size = 8",
        "UPDATE checkpoints SET root = zeroblob(32)",
    ],
)
def test_a_kept_checkpoint_that_was_changed_is_told(kvarteret: Natverk, statement: str) -> None:
    kvarteret.does("checkpoint")
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        connection.execute(statement)
        connection.commit()
    with reading(kvarteret.place) as database:
        (finding,) = disagreements(database, {8: EMPTY_ROOT, 9: EMPTY_ROOT})
        assert isinstance(finding, KeptNoteDamaged)


def test_a_checkpoint_of_more_entries_or_another_network_is_told(kvarteret: Natverk) -> None:
    checkpoint = checkpoint_of(kvarteret)
    with reading(kvarteret.place) as database:
        ahead = consistent(database, replace(checkpoint, size=10))
        assert isinstance(ahead, AheadOfLedger)
        assert ahead.facts == {"size": 10, "head": 9}
        other = consistent(database, replace(checkpoint, network="0" * 32))
        assert isinstance(other, OtherNetworksCheckpoint)


def test_a_signature_can_be_taken_out_of_what_is_kept(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kvarteret.does("key", "new", "asa")
    note = kvarteret.does("checkpoint", "--sign")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(kvarteret.folder / "elsewhere"))
    kvarteret.does("key", "new", "knut")
    cosigned = parse(kvarteret.does("cosign", "-", stdin=note))
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        assert withdraw_signatures(Database(connection, kvarteret.path), "asa".__eq__) == 1
        connection.commit()
    with reading(kvarteret.place) as database:
        (kept,) = kept_checkpoints(database)
    assert kept == replace(cosigned, signatures=cosigned.signatures[1:])


# Keys


def test_a_key_is_for_its_owner_s_eyes_only(natverk: Natverk) -> None:
    printed = natverk.does("key", "new")
    path = natverk.folder / "config" / "natverk" / "key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert printed == natverk.does("key", "show") == f"{public_key(printed)}\n"
    assert printed.strip() not in path.read_text()


def test_a_key_is_never_overwritten(natverk: Natverk) -> None:
    first = natverk.does("key", "new", "asa")
    assert natverk("key", "new", "knut").code == 1
    assert natverk.does("key", "show") == first


def test_a_key_lies_at_home_when_nothing_is_configured(
    natverk: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/from/the/root")
    monkeypatch.setenv("HOME", str(natverk.folder / "home"))
    natverk.does("key", "new")
    assert (natverk.folder / "home" / ".config" / "natverk" / "key").is_file()


def test_a_key_that_cannot_be_stored_is_not_there(natverk: Natverk) -> None:
    (natverk.folder / "config").write_text("in the way")
    assert natverk("key", "new").code == 1
    assert natverk("key", "show").code == 1


# Cosigning


def test_another_member_cosigns_what_their_copy_agrees_with(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asa = public_key(kvarteret.does("key", "new", "asa"))
    note = kvarteret.does("checkpoint", "--sign")
    copy = elsewhere(kvarteret, monkeypatch)
    knut = public_key(kvarteret.does("key", "new", "knut"))
    kvarteret.clock.advance(hours=1)
    cosigned = parse(kvarteret.does("--ledger", copy, "cosign", "-", stdin=note))
    told = signers(cosigned, [asa, knut])
    assert [(each.name, each.verified) for each in told] == [("asa", True), ("knut", True)]
    assert told[1].at == kvarteret.clock()
    with reading(copy) as database:
        assert kept_checkpoints(database) == [cosigned]


def test_a_checkpoint_pasted_with_other_line_ends_is_the_same(kvarteret: Natverk) -> None:
    kvarteret.does("key", "new")
    note = kvarteret.does("checkpoint", "--sign")
    Path("note.txt").write_bytes(b"\xef\xbb\xbf" + note.replace("\n", "\r\n").encode() + b"\r\n")
    assert parse(kvarteret.does("cosign", "note.txt")).agrees_with(parse(note))


def test_cosigning_an_earlier_checkpoint_says_what_is_not_under_it(kvarteret: Natverk) -> None:
    kvarteret.does("key", "new")
    note = kvarteret.does("checkpoint")
    kvarteret.does("give", "Eva", "Knut")
    result = kvarteret("cosign", "-", stdin=note)
    assert (result.code, result.err) == (0, "1 later entry is not under it\n")


def test_a_fork_is_shown_with_both_checkpoints_and_not_cosigned(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = elsewhere(kvarteret, monkeypatch)
    kvarteret.does("key", "new")
    kvarteret.does("give", "Eva", "Knut")
    theirs = kvarteret.does("checkpoint")
    kvarteret.does("--ledger", copy, "give", "m3", "m1")
    result = kvarteret("--ledger", copy, "cosign", "-", stdin=theirs)
    assert result.code == 1
    head, ours = result.out.split("this ledger:\n\n")
    assert head == f"the checkpoint:\n\n{theirs}\n"
    assert parse(ours).size == parse(theirs).size
    assert not parse(ours).agrees_with(parse(theirs))
    with reading(copy) as database:
        assert kept_checkpoints(database) == []


def test_a_copy_whose_entries_were_changed_cosigns_nothing(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = kvarteret.does("checkpoint")
    copy = elsewhere(kvarteret, monkeypatch)
    kvarteret.does("key", "new")
    one_changed(Path(copy))
    assert kvarteret("--ledger", copy, "cosign", "-", stdin=note).code == 1


# Receipts


def test_a_receipt_proves_any_entry_without_the_ledger(kvarteret: Natverk) -> None:
    kvarteret.does("checkpoint")
    receipts = [kvarteret.does("receipt", str(position)) for position in range(1, 10)]
    with reading(kvarteret.place) as database:
        stored = [state for _, _, state in database.entries()]
    kvarteret.path.unlink()
    for position, text in enumerate(receipts, 1):
        assert parse_receipt(text).state == stored[position - 1]
        Path("receipt.txt").write_text(text, encoding="utf-8")
        told = kvarteret.does("verify-receipt", "receipt.txt")
        assert told.startswith(f"entry #{position} is among the first 9 of the network ")
        assert "nobody has signed it" in told


def test_a_receipt_has_no_personal_text(kvarteret: Natverk) -> None:
    for position in range(1, 10):
        told = kvarteret.does("receipt", str(position))
        told += kvarteret.does("verify-receipt", "-", stdin=told)
        state = parse_receipt(kvarteret.does("receipt", str(position))).state.decode()
        for word in ("Öberg", "Knut", "Linden", "lastcykel", "fence"):
            assert word not in told
            assert word not in state


def test_a_receipt_makes_a_checkpoint_only_when_none_covers_it(kvarteret: Natverk) -> None:
    kvarteret.does("key", "new")
    signed = checkpoint_of(kvarteret, "--sign")
    kvarteret.does("give", "Eva", "Knut")
    later = parse_receipt(kvarteret.does("receipt", "#10")).checkpoint
    assert later.size == 10
    assert parse_receipt(kvarteret.does("receipt", "9")).checkpoint == signed
    with reading(kvarteret.place) as database:
        assert kept_checkpoints(database) == [signed, later]


def test_who_signed_a_receipt_s_checkpoint_is_told(
    kvarteret: Natverk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asa = kvarteret.does("key", "new", "asa").strip()
    note = kvarteret.does("checkpoint", "--sign")
    copy = elsewhere(kvarteret, monkeypatch)
    knut = kvarteret.does("key", "new", "knut").strip()
    kvarteret.does("--ledger", copy, "cosign", "-", stdin=note)
    text = kvarteret.does("--ledger", copy, "receipt", "9")
    told = kvarteret.does("verify-receipt", "-", stdin=text)
    assert "not checked, for want of its key: the signature by asa\n" in told
    assert "cosigned by knut at 2026-11-03 11:00 UTC\n" in told
    both = ("--key", asa, "--key", knut)
    assert "\nsigned by asa\n" in kvarteret.does("verify-receipt", "-", *both, stdin=text)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(kvarteret.folder / "nowhere"))
    row = kvarteret.rows("verify-receipt", "-", "--key", asa, stdin=text)
    assert [(each["name"], each["verified"]) for each in row["signatures"]] == [
        ("asa", True),
        ("knut", None),
    ]


def test_a_receipt_kept_from_the_end_of_the_log_outlives_the_entry(kvarteret: Natverk) -> None:
    receipt = parse_receipt(kvarteret.does("receipt", "9"))
    with closing(sqlite3.connect(kvarteret.path)) as connection:
        for statement in (
            "DROP TRIGGER no_update",
            "DROP TRIGGER no_delete",
            "DELETE FROM stored_events WHERE originator_version = 9",
            "DELETE FROM checkpoints",
            "UPDATE progress SET at = 8",
        ):
            connection.execute(statement)
        rebuild(Database(connection, kvarteret.path))
        connection.commit()
    with reading(kvarteret.place) as database:
        assert isinstance(consistent(database, receipt.checkpoint), AheadOfLedger)


@pytest.mark.file
def test_a_checkpoint_costs_the_same_however_long_the_log_is(kvarteret: Natverk) -> None:
    """It reads one row and writes one, and reads no entry."""
    kvarteret.does("checkpoint")
    asked: list[str] = []
    with reading(kvarteret.place) as database:
        database.connection.set_trace_callback(asked.append)
        (kept,) = kept_checkpoints(database)
        assert consistent(database, kept) is None
        database.connection.set_trace_callback(None)
    assert not any("stored_events" in query for query in asked)


def test_the_key_is_not_asked_for_when_nothing_is_signed(kvarteret: Natverk) -> None:
    kvarteret.does("key", "new")
    (kvarteret.folder / "config" / "natverk" / "key").chmod(0o644)
    kvarteret.does("checkpoint")
    kvarteret.does("verify-receipt", "-", stdin=kvarteret.does("receipt", "9"))
    assert kvarteret("checkpoint", "--sign").code == 1
