"""Keys that sign checkpoints, as Ed25519 (RFC 8032), and what their signatures say.

`Key id = SHA-256(name || 0x0A || type || public key)`, its first 4 bytes. A signature of type
0x01 is over the note's text (c2sp.org/signed-note). One of type 0x04 is a cosignature
(c2sp.org/tlog-cosignature): 8 bytes of time before a signature over that time and the text.
The same key makes both; what they are over begins differently, so one is never the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from ledger.errors import LedgerError, Usage
from ledger.notes import (
    KEY_ID_BYTES,
    TIME_BYTES,
    Checkpoint,
    Signature,
    from_base64,
    in_base64,
    is_key_name,
)
from ledger.values import EPOCH

KEY_BYTES = 32  # of a public key, and of the seed of a secret one
SIGNED, COSIGNED = b"\x01", b"\x04"
_LATEST = 2**63 - 1  # seconds


class NotAKeyName(Usage):
    """A name that no key can have."""

    message = "“{value}” cannot be the name of a key"
    hint = "write a name without spaces and without +"


class NotAKey(Usage):
    """A text is not a public key."""

    message = "“{value}” is not a key"
    hint = "natverk key show prints one; it is NAME+8 digits+44 characters, all of it"


class NotASecretKey(LedgerError):
    """The file of a key is damaged."""

    message = "{path} is not the file of a key any more"
    hint = "put a copy of the file in its place, or move it away and make a new key"


class SignatureWrong(LedgerError):
    """A checkpoint has a signature by a known key that it did not make."""

    message = "the signature by {name} is not that of its key"
    hint = "do not trust the checkpoint: get it from its source again"


class NotSignedBy(LedgerError):
    """A checkpoint lacks the signature of a key."""

    message = "{name} has not signed the checkpoint"
    hint = "give the key of one who did, or get a copy that has the signature"


class Signed(NamedTuple):
    """Who signed: `verified` is None when the key is not known.

    `at` is when, as the signer says, of a cosignature; `cosigned` tells it from a signature.
    """

    name: str
    cosigned: bool
    at: datetime | None
    verified: bool | None


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures: its name, and 32 bytes."""

    name: str
    key: bytes

    def key_id(self, kind: bytes) -> bytes:
        """The id of the key in signatures of a kind, `SIGNED` or `COSIGNED`."""
        return sha256(self.name.encode() + b"\n" + kind + self.key).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        key_id = self.key_id(SIGNED).hex()
        return f"{self.name}+{key_id}+{in_base64(SIGNED + self.key)}"

    def verifies(self, signature: Signature, checkpoint: Checkpoint) -> bool | None:
        """Whether a signature is this key's; None when it does not say that it is."""
        if signature.name != self.name:
            return None
        if signature.key_id == self.key_id(SIGNED):
            return self._made(signature.bytes, checkpoint.body.encode())
        if signature.key_id == self.key_id(COSIGNED):
            time = signature.time
            if time is None or time > _LATEST:
                return False
            return self._made(signature.bytes[TIME_BYTES:], cosigned_text(checkpoint, time))
        return None

    def _made(self, signature: bytes, message: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to import
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A key that signs: its name, and the 32 bytes of its seed."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The key that checks what this one signs."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow

        secret = ed25519.Ed25519PrivateKey.from_private_bytes(self.seed)
        return PublicKey(self.name, secret.public_key().public_bytes_raw())

    def __str__(self) -> str:
        key_id = self.public.key_id(SIGNED).hex()
        return f"PRIVATE+KEY+{self.name}+{key_id}+{in_base64(SIGNED + self.seed)}"

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        """The checkpoint with a signature."""
        made = self._made(checkpoint.body.encode())
        return checkpoint.signed(Signature(self.name, self.public.key_id(SIGNED), made))

    def cosign(self, checkpoint: Checkpoint, at: datetime) -> Checkpoint:
        """The checkpoint with a cosignature of a time: that so far it is the log's newest."""
        time = (at - EPOCH) // timedelta(seconds=1)
        made = time.to_bytes(TIME_BYTES, "big") + self._made(cosigned_text(checkpoint, time))
        return checkpoint.signed(Signature(self.name, self.public.key_id(COSIGNED), made))

    def _made(self, message: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow

        return ed25519.Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def cosigned_text(checkpoint: Checkpoint, time: int) -> bytes:
    """What a cosignature is over; `time` is in seconds since 1970."""
    return f"cosignature/v1\ntime {time}\n{checkpoint.body}".encode()


def named_key(name: str, seed: bytes) -> SecretKey:
    """A key of a name. Raises `NotAKeyName`."""
    if not is_key_name(name) or len(name) > 100:
        raise NotAKeyName(value=name)
    return SecretKey(name, seed)


def default_name(seed: bytes) -> str:
    """The name of a key that nobody named: it tells keys apart, and says nothing of anyone."""
    return f"natverk/{SecretKey('', seed).public.key.hex()[:8]}"


def public_key(text: str) -> PublicKey:
    """The key that a text is, as others print it too (a C2SP vkey). Raises `NotAKey`."""
    found = re.fullmatch(r"(.+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text.strip())
    decoded = from_base64(found[3]) if found else None
    if found and decoded and len(decoded) == 1 + KEY_BYTES and is_key_name(found[1]):
        key, kind = PublicKey(found[1], decoded[1:]), decoded[:1]
        if kind in (SIGNED, COSIGNED) and key.key_id(kind).hex() == found[2]:
            return key
    raise NotAKey(value=text if len(text) <= 100 else text[:97] + "...")


def secret_key(text: str) -> SecretKey | None:
    """The key that a text is, as `str` writes it; None: it is none."""
    found = re.fullmatch(r"PRIVATE\+KEY\+(.+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text.strip())
    decoded = from_base64(found[3]) if found else None
    if not found or not decoded or len(decoded) != 1 + KEY_BYTES or not is_key_name(found[1]):
        return None
    key = SecretKey(found[1], decoded[1:])
    return key if str(key) == text.strip() else None


# Who signed


def signers(checkpoint: Checkpoint, known: Iterable[PublicKey] = ()) -> list[Signed]:
    """Who signed a checkpoint, and whether each known key's signature is right."""
    keys = list(known)
    return [_signed(signature, checkpoint, keys) for signature in checkpoint.signatures]


def check_signatures(checkpoint: Checkpoint, known: Iterable[PublicKey]) -> None:
    """Raises `SignatureWrong` for a signature that says it is a known key's and is not."""
    for signed in signers(checkpoint, known):
        if signed.verified is False:
            raise SignatureWrong(name=signed.name)


def check_signed_by(checkpoint: Checkpoint, keys: Iterable[PublicKey]) -> None:
    """Raises `NotSignedBy`, `SignatureWrong` unless every key has signed or cosigned."""
    for key in keys:
        verdicts = [key.verifies(each, checkpoint) for each in checkpoint.signatures]
        if False in verdicts:
            raise SignatureWrong(name=key.name)
        if True not in verdicts:
            raise NotSignedBy(name=key.name)


def _signed(signature: Signature, checkpoint: Checkpoint, keys: list[PublicKey]) -> Signed:
    verdicts = [key.verifies(signature, checkpoint) for key in keys]
    verified = True if True in verdicts else False if False in verdicts else None
    time = signature.time
    return Signed(signature.name, time is not None, None if time is None else _at(time), verified)


def _at(seconds: int) -> datetime | None:
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
