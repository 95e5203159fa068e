"""Notes, keys and signatures: one form each, and nothing passes that was changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.merkle import EMPTY_ROOT, ProofBroken, inclusion_proof, leaf_hash, root_of
from ledger.notes import (
    Checkpoint,
    NotACheckpoint,
    NoteBreaksOff,
    RootBroken,
    Signature,
    SignatureBroken,
    SizeBroken,
    TooManySignatures,
    from_base64,
    in_base64,
    parse,
)
from ledger.receipts import NotAReceipt, Receipt, parse_receipt
from ledger.signing import (
    COSIGNED,
    SIGNED,
    NotAKey,
    NotAKeyName,
    NotSignedBy,
    PublicKey,
    SecretKey,
    SignatureWrong,
    check_signatures,
    check_signed_by,
    cosigned_text,
    default_name,
    named_key,
    public_key,
    secret_key,
    signers,
)

NETWORK = "0123456789abcdef" * 2
STATES = [b'{"type":"gift-given","giver":"m%d"}' % number for number in range(21)]
LEAVES = [leaf_hash(state) for state in STATES]
PLAIN = Checkpoint(NETWORK, 21, root_of(LEAVES))
ASA, KNUT = SecretKey("asa.example/key", b"a" * 32), SecretKey("knut", b"k" * 32)
AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
SIGNED_BY_BOTH = KNUT.cosign(ASA.sign(PLAIN), AT)

# As others publish them, in the documentation of golang.org/x/mod/sumdb/note.
OTHERS_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
OTHERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"


def without(text: str, at: int) -> str:
    return text[:at] + text[at + 1 :]


# Notes


@pytest.mark.parametrize("checkpoint", [PLAIN, ASA.sign(PLAIN), SIGNED_BY_BOTH])
def test_a_checkpoint_is_the_same_after_a_trip_as_text(checkpoint: Checkpoint) -> None:
    assert parse(str(checkpoint)) == checkpoint
    assert parse(f"\n{checkpoint} \n\n") == checkpoint


def test_a_checkpoint_is_three_lines_an_empty_one_and_its_signatures() -> None:
    first, second, third, empty, asa, knut, end = str(SIGNED_BY_BOTH).split("\n")
    assert (first, second) == (f"natverk/{NETWORK}", "21")
    assert from_base64(third) == root_of(LEAVES)
    assert (empty, end) == ("", "")
    assert asa.startswith("— asa.example/key ")
    assert knut.startswith("— knut ")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda text: "", NotACheckpoint),
        (lambda text: "hej", NotACheckpoint),
        (lambda text: text.replace("natverk/", "example.com/"), NotACheckpoint),
        (lambda text: text.replace(NETWORK, NETWORK.upper()), NotACheckpoint),
        (lambda text: text.replace("\n21\n", "\n21\nmore\n"), NotACheckpoint),
        (lambda text: text.replace("\n", "\r"), NotACheckpoint),
        (lambda text: text + "x" * 40_000, NotACheckpoint),
        (lambda text: text.split("\n")[0], NoteBreaksOff),
        (lambda text: "\n".join(text.split("\n")[:2]), NoteBreaksOff),
        (lambda text: text.replace("\n21\n", "\n021\n"), SizeBroken),
        (lambda text: text.replace("\n21\n", "\n-21\n"), SizeBroken),
        (lambda text: text.replace("\n21\n", "\n２１\n"), SizeBroken),
        (lambda text: text.replace("\n21\n", f"\n{10**18}\n"), SizeBroken),
        (lambda text: text.replace("\n21\n", "\n0\n"), RootBroken),
        (lambda text: text.replace("=\n\n—", "\n\n—"), RootBroken),
        (lambda text: text.partition("\n\n")[0][:-9], RootBroken),
        (lambda text: text[:-9], SignatureBroken),
        (lambda text: text.replace("— knut", "- knut"), SignatureBroken),
        (lambda text: text.replace("— knut", "—  knut"), SignatureBroken),
        (lambda text: text.replace("— knut", "— knut ek"), SignatureBroken),
        (lambda text: text.replace("— knut", "— knut+ek"), SignatureBroken),
        (lambda text: text + "\n— knut AAAA", SignatureBroken),
        (lambda text: text + "— knut AAAAAAAA\n" * 63, TooManySignatures),
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(change, error) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error):
        parse(change(str(SIGNED_BY_BOTH)))


def test_the_empty_checkpoint_has_the_root_of_nothing() -> None:
    empty = Checkpoint(NETWORK, 0, EMPTY_ROOT)
    assert parse(str(empty)) == empty


@given(st.integers(0, 10_000))
def test_a_checkpoint_cut_short_is_refused_or_says_the_same_of_the_log(cut: int) -> None:
    text = str(SIGNED_BY_BOTH)
    try:
        rest = parse(text[: cut % len(text)])
    except LedgerError:
        return
    assert rest.agrees_with(PLAIN)
    assert set(rest.signatures) <= set(SIGNED_BY_BOTH.signatures)


@given(st.text(), st.integers(0, 100))
def test_a_text_is_refused_with_an_error_of_ours_or_is_its_one_form(text: str, line: int) -> None:
    lines = str(SIGNED_BY_BOTH).split("\n")
    lines[line % len(lines)] = text
    for given_text in (text, "\n".join(lines)):
        for read in (parse, parse_receipt):
            with suppress(LedgerError):
                assert str(read(given_text)).strip(" \t\n") == given_text.strip(" \t\n")


def test_base64_has_one_form() -> None:
    assert from_base64("AA==") == b"\0"
    for other in ("AB==", "AA=", "AA", "A A==", "AA==\n", "å", "_-=="):
        assert from_base64(other) is None


# Keys


def test_keys_are_read_and_written_as_others_do() -> None:
    public, secret = public_key(OTHERS_KEY), secret_key(OTHERS_SECRET)
    assert secret is not None
    assert (str(public), str(secret)) == (OTHERS_KEY, OTHERS_SECRET)
    assert secret.public == public
    assert "AYEK" not in repr(secret)


def test_a_key_s_id_is_the_start_of_the_hash_of_name_type_and_key() -> None:
    key = public_key(OTHERS_KEY)
    assert key.key_id(SIGNED).hex() == "c74f20a3"
    assert key.key_id(COSIGNED) != key.key_id(SIGNED)
    as_cosigner = f"{key.name}+{key.key_id(COSIGNED).hex()}+{in_base64(COSIGNED + key.key)}"
    assert public_key(as_cosigner) == key


@given(st.integers(0, len(OTHERS_KEY) - 1))
def test_a_key_that_is_not_whole_is_refused(at: int) -> None:
    with pytest.raises(NotAKey):
        public_key(without(OTHERS_KEY, at))
    assert secret_key(without(OTHERS_SECRET, at + 12)) is None


@pytest.mark.parametrize("name", ["", "Åsa Öberg", "a+b", "a\u00a0b", "a\u202eb", "x" * 101])
def test_a_name_that_no_note_can_hold_is_refused(name: str) -> None:
    with pytest.raises(NotAKeyName):
        named_key(name, b"s" * 32)


def test_a_key_without_a_name_gets_one_that_says_nothing() -> None:
    one, other = default_name(b"1" * 32), default_name(b"2" * 32)
    assert one != other
    assert named_key(one, b"1" * 32).name.startswith("natverk/")


# Signatures


def test_a_signature_is_right_for_its_key_and_checkpoint_alone() -> None:
    asa, knut = ASA.public, KNUT.public
    told = [(each.name, each.verified) for each in signers(SIGNED_BY_BOTH, [asa, knut])]
    assert told == [("asa.example/key", True), ("knut", True)]
    moved = replace(SIGNED_BY_BOTH, size=22)
    assert [each.verified for each in signers(moved, [asa, knut])] == [False, False]
    assert [each.verified for each in signers(SIGNED_BY_BOTH)] == [None, None]
    namesake = PublicKey(asa.name, knut.key)
    assert [each.verified for each in signers(SIGNED_BY_BOTH, [namesake])] == [None, None]


def test_a_cosignature_is_over_its_time_too() -> None:
    (cosigned,) = KNUT.cosign(PLAIN, AT).signatures
    assert cosigned.time == int(AT.timestamp())
    assert cosigned_text(PLAIN, 7).decode() == f"cosignature/v1\ntime 7\n{PLAIN.body}"
    later = cosigned._replace(bytes=(cosigned.time + 1).to_bytes(8, "big") + cosigned.bytes[8:])
    (signed,) = signers(PLAIN.signed(later), [KNUT.public])
    assert signed.verified is False
    (signed,) = signers(PLAIN.signed(cosigned), [KNUT.public])
    assert (signed.at, signed.cosigned) == (AT, True)


def test_a_time_past_all_calendars_is_no_time() -> None:
    far = Signature("knut", KNUT.public.key_id(COSIGNED), b"\xff" * 72)
    assert signers(PLAIN.signed(far), [KNUT.public])[0][2:] == (None, False)


def test_a_cosignature_is_not_a_signature_of_the_other_kind() -> None:
    (cosigned,) = KNUT.cosign(PLAIN, AT).signatures
    passed_off = Signature("knut", KNUT.public.key_id(SIGNED), cosigned.bytes[8:])
    with pytest.raises(SignatureWrong):
        check_signatures(PLAIN.signed(passed_off), [KNUT.public])


def test_signing_again_replaces_what_the_same_key_signed_before() -> None:
    again = KNUT.cosign(ASA.sign(SIGNED_BY_BOTH), datetime(2026, 12, 1, tzinfo=UTC))
    assert [each.name for each in again.signatures] == ["asa.example/key", "knut"]
    assert again.signatures[1].time != SIGNED_BY_BOTH.signatures[1].time


def test_who_must_have_signed_and_has_not_is_told() -> None:
    check_signed_by(SIGNED_BY_BOTH, [ASA.public, KNUT.public])
    with pytest.raises(NotSignedBy):
        check_signed_by(ASA.sign(PLAIN), [KNUT.public])
    with pytest.raises(SignatureWrong):
        check_signed_by(replace(SIGNED_BY_BOTH, size=22), [ASA.public])


# Receipts


def receipt(position: int = 9) -> Receipt:
    proof = inclusion_proof(position - 1, 21, lambda start, end: root_of(LEAVES[start:end]))
    return Receipt(position, STATES[position - 1], tuple(proof), SIGNED_BY_BOTH)


@pytest.mark.parametrize("position", [1, 2, 16, 17, 21])
def test_a_receipt_is_the_same_after_a_trip_as_text(position: int) -> None:
    made = receipt(position)
    assert parse_receipt(str(made)) == made
    made.check()
    assert made.entry() == {"type": "gift-given", "giver": f"m{position - 1}"}


def test_the_receipt_of_an_only_entry_has_no_hashes() -> None:
    alone = Receipt(1, STATES[0], (), Checkpoint(NETWORK, 1, LEAVES[0]))
    assert parse_receipt(str(alone)) == alone
    alone.check()


def test_every_bit_of_a_receipt_counts() -> None:
    data = str(receipt()).encode()
    passed = []
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            read = parse_receipt(changed.decode())
            read.check()
            check_signed_by(read.checkpoint, [ASA.public, KNUT.public])
        except (LedgerError, UnicodeDecodeError):
            continue
        passed.append((bit, bytes(changed)))
    assert passed == []


@pytest.mark.parametrize("at", range(7))
def test_a_receipt_that_lacks_a_line_is_refused(at: int) -> None:
    lines = str(receipt()).split("\n")
    del lines[at]
    with pytest.raises((NotAReceipt, ProofBroken, NotACheckpoint)):
        parse_receipt("\n".join(lines)).check()


@pytest.mark.parametrize("state", [b"", b"[]", b"{}", b'{"type":1}', b"\xff", b"[" * 100_000])
def test_what_is_proven_and_is_no_entry_is_refused(state: bytes) -> None:
    proven = Receipt(1, state, (), Checkpoint(NETWORK, 1, leaf_hash(state)))
    proven.check()
    with pytest.raises(NotAReceipt):
        proven.entry()
