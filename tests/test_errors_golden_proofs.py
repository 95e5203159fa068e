"""What people read when a checkpoint, a receipt or a key is refused; see test_errors_golden.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_world import Natverk
from test_errors_golden import GOLDEN, agrees

from ledger.merkle import leaf_hash
from ledger.notes import parse
from ledger.receipts import parse_receipt
from ledger.signing import SecretKey

ASA, KNUT = SecretKey("asa", b"a" * 32), SecretKey("knut", b"k" * 32)
OTHER = "0123456789abcdef" * 2
KEY = Path("config/natverk/key")
RECEIPT = ("verify-receipt", "-")

Change = Callable[[str], str]


def by_asa(note: str) -> str:
    return str(ASA.sign(parse(note)))


def of_another_network(note: str) -> str:
    return by_asa(str(replace(parse(note), network=OTHER, signatures=())))


def ahead(note: str) -> str:
    return by_asa(str(replace(parse(note), size=412, signatures=())))


def forged(note: str) -> str:
    """With a signature by Åsa's key that is over another checkpoint."""
    checkpoint = parse(note)
    (signature,) = ASA.sign(replace(checkpoint, size=8)).signatures
    return str(checkpoint.signed(signature))


def line(number: int, text: str) -> Change:
    return lambda note: "\n".join(
        text if at == number else each for at, each in enumerate(note.split("\n"))
    )


def one_bit(receipt: str) -> str:
    """With one bit changed in the first hash."""
    made = parse_receipt(receipt)
    first = bytes([made.proof[0][0] ^ 1]) + made.proof[0][1:]
    return str(replace(made, proof=(first, *made.proof[1:])))


def one_letter(receipt: str) -> str:
    """With another giver."""
    made = parse_receipt(receipt)
    return str(replace(made, state=made.state.replace(b'"m3"', b'"m1"')))


# By the golden file's name: the exit code, what is done to a checkpoint, and what it is given to.
COSIGNED: dict[str, tuple[int, Change]] = {
    "checkpoint-empty": (2, lambda note: ""),
    "checkpoint-of-another-network": (1, of_another_network),
    "checkpoint-of-something-else": (2, lambda note: "hej\n9\n" + note),
    "checkpoint-cut-after-the-size": (2, lambda note: note[: note.index("\n9\n") + 2]),
    "checkpoint-cut-in-the-root": (2, line(2, "2RfPgUqZq9cE1J4t")),
    "checkpoint-cut-in-a-signature": (2, line(4, "— asa q83vEjRWeJCrze8SNFZ4")),
    "checkpoint-root-not-base64": (2, line(2, "inte base64")),
    "checkpoint-size-with-a-zero-before": (2, line(1, "09")),
    "checkpoint-with-more-lines": (2, line(1, "9\n9")),
    "checkpoint-with-control-characters": (2, line(1, "9\x1b[2J")),
    "checkpoint-too-long": (2, lambda note: note + "x" * 100_000),
    "checkpoint-with-too-many-signatures": (2, lambda note: note + "— x AAAA\n" * 70),
    "checkpoint-ahead-of-the-ledger": (1, ahead),
    "checkpoint-signature-forged": (1, forged),
}
VERIFIED: dict[str, tuple[int, Change, tuple[str, ...]]] = {
    "receipt-is-a-checkpoint": (2, lambda text: text.partition("\n\n")[2], RECEIPT),
    "receipt-cut": (2, lambda text: text.partition("\n\n")[0], RECEIPT),
    "receipt-checkpoint-cut": (2, lambda text: "\n".join(text.split("\n")[:7]), RECEIPT),
    "receipt-one-bit-changed": (1, one_bit, RECEIPT),
    "receipt-entry-changed": (1, one_letter, RECEIPT),
    "receipt-entry-not-base64": (2, line(1, "extra ö"), RECEIPT),
    "receipt-hash-cut": (2, line(3, "AAAA"), RECEIPT),
    "receipt-hash-missing": (1, lambda text: str(short(text)), RECEIPT),
    "receipt-of-no-index": (2, line(2, "index -1"), RECEIPT),
    "receipt-of-a-place-past-the-end": (1, line(2, "index 9"), RECEIPT),
    "receipt-too-long": (2, lambda text: "x" * 1_000_000, RECEIPT),
    "receipt-key-did-not-sign": (1, str, (*RECEIPT, "--key", str(KNUT.public))),
    "receipt-key-is-another-of-that-name": (
        1,
        str,
        (*RECEIPT, "--key", str(SecretKey("asa", b"x" * 32).public)),
    ),
    "receipt-key-cut": (2, str, (*RECEIPT, "--key", str(ASA.public)[:-3])),
    "receipt-file-missing": (2, str, ("verify-receipt", "kvitto.txt")),
}
OTHERS = {
    *("key-there-already", "key-missing", "key-open-to-others", "key-broken", "key-name-spaces"),
    *("key-kind-unknown", "receipt-unknown-entry", "receipt-not-an-entry", "receipt-not-utf8"),
    *("receipt-signature-forged", "checkpoint-file-missing", "checkpoint-not-utf8", "fork"),
}


def short(receipt: str) -> object:
    made = parse_receipt(receipt)
    return replace(made, proof=made.proof[:-1])


@pytest.fixture
def signing(kvarteret: Natverk) -> Natverk:
    """The small network, and a key of Åsa's."""
    KEY.parent.mkdir(parents=True)
    KEY.write_text(f"{ASA}\n")
    KEY.chmod(0o600)
    return kvarteret


def told(natverk: Natverk, said: str) -> str:
    """What was said, without what differs from run to run."""
    return said.replace(f"{natverk.folder}/", "")


@pytest.mark.parametrize("name", COSIGNED)
def test_a_checkpoint_that_is_not_right_is_not_cosigned(name: str, signing: Natverk) -> None:
    code, change = COSIGNED[name]
    note = by_asa(signing.does("checkpoint"))
    result = signing("cosign", "-", stdin=change(note))
    assert (result.code, result.out) == (code, "")
    agrees(f"proofs/{name}", result.err)


@pytest.mark.parametrize("name", VERIFIED)
def test_a_receipt_that_is_not_right_is_refused(name: str, signing: Natverk) -> None:
    code, change, arguments = VERIFIED[name]
    signing.does("checkpoint", "--sign")
    result = signing(*arguments, stdin=change(signing.does("receipt", "9")))
    assert (result.code, result.out) == (code, "")
    agrees(f"proofs/{name}", result.err)


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("receipt-unknown-entry", ("receipt", "412"), 3),
        ("receipt-not-an-entry", ("receipt", "tolv"), 2),
        ("key-there-already", ("key", "new"), 1),
        ("key-name-spaces", ("key", "new", "Åsa Öberg"), 2),
        ("key-kind-unknown", ("key", "lose"), 2),
        ("checkpoint-file-missing", ("cosign", "nowhere.txt"), 2),
    ],
)
def test_what_cannot_be_done_says_why(
    name: str, arguments: tuple[str, ...], code: int, signing: Natverk
) -> None:
    result = signing(*arguments)
    assert (result.code, result.out) == (code, "")
    agrees(f"proofs/{name}", told(signing, result.err))


@pytest.mark.parametrize("arguments", [("checkpoint", "--sign"), ("cosign", "-"), ("key", "show")])
@pytest.mark.parametrize("name", ["key-missing", "key-open-to-others", "key-broken"])
def test_nothing_is_signed_without_a_key_of_one_s_own(
    name: str, arguments: tuple[str, ...], signing: Natverk
) -> None:
    note = signing.does("checkpoint")
    if name == "key-missing":
        KEY.unlink()
    elif name == "key-open-to-others":
        KEY.chmod(0o640)
    else:
        KEY.write_text("PRIVATE+KEY+asa+00000000+AAAA\n")
    result = signing(*arguments, stdin=note)
    assert (result.code, result.out) == (1, "")
    agrees(f"proofs/{name}", told(signing, result.err))


def test_a_receipt_with_a_forged_signature_of_one_s_own_is_refused(signing: Natverk) -> None:
    signing.does("checkpoint")
    head, between, note = signing.does("receipt", "9").partition("\n\n")
    said = signing.refuses("verify-receipt", "-", stdin=head + between + forged(note))
    agrees("proofs/receipt-signature-forged", said)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("receipt-not-utf8", RECEIPT), ("checkpoint-not-utf8", ("cosign", "-"))],
)
def test_bytes_that_are_no_text_are_refused(
    name: str, arguments: tuple[str, ...], signing: Natverk
) -> None:
    result = signing(*arguments, stdin=b"natverk/\xff")
    assert (result.code, result.out) == (2, "")
    agrees(f"proofs/{name}", result.err)


def test_a_fork_is_told_after_both_checkpoints(signing: Natverk) -> None:
    theirs = str(replace(parse(signing.does("checkpoint")), root=leaf_hash(b"")))
    result = signing("cosign", "-", stdin=theirs)
    assert result.code == 1
    assert theirs in result.out
    agrees("proofs/fork", result.err)


def test_what_is_refused_is_not_kept(signing: Natverk) -> None:
    note = signing.does("checkpoint")
    for _, change in COSIGNED.values():
        signing("cosign", "-", stdin=change(by_asa(note)))
    assert signing.does("checkpoint") == note


def test_a_signature_from_long_ago_or_far_ahead_can_be_shown(signing: Natverk) -> None:
    far = ASA.cosign(parse(signing.does("checkpoint")), datetime(9999, 12, 31, tzinfo=UTC))
    head, between, _ = signing.does("receipt", "9").partition("\n\n")
    shown = signing.does("verify-receipt", "-", stdin=f"{head}{between}{far}")
    assert "cosigned by asa at 9999-12-31 00:00 UTC" in shown


def test_no_golden_file_is_left_over() -> None:
    found = {path.stem for path in (GOLDEN / "proofs").glob("*.txt")}
    assert found == {*COSIGNED, *VERIFIED, *OTHERS}
