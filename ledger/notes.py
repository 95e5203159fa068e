"""Checkpoints as text: how many entries there are, and the root over them, perhaps signed.

The form is a C2SP tlog-checkpoint in a C2SP signed-note (c2sp.org/tlog-checkpoint,
c2sp.org/signed-note): a line with the origin, one with the size, one with the root in
base64, an empty line, and a line for each signature:

    — NAME base64(key id, 4 bytes || signature)

One that nobody has signed ends after the root. What is read has one form and no other, so
that no bit of it can be changed unseen.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, replace
from typing import NamedTuple

from ledger.errors import Usage
from ledger.merkle import EMPTY_ROOT, HASH_BYTES

MOST_SIGNATURES = 64
MOST_BYTES = 32 * 1024  # of a note
KEY_ID_BYTES = 4
SIGNATURE_BYTES = 64  # Ed25519
TIME_BYTES = 8  # before a cosignature
_ORIGIN = re.compile(r"natverk/([0-9a-f]{32})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_FETCH = "get it again, whole, and with nothing changed"


class NotACheckpoint(Usage):
    """A text is something else than a checkpoint."""

    message = "this is not a checkpoint: {reason}"
    hint = "natverk checkpoint prints one"


class NoteBreaksOff(Usage):
    """A checkpoint is not all there."""

    message = "the checkpoint breaks off"
    hint = _FETCH


class SizeBroken(Usage):
    """The number of entries is not written as a number."""

    message = "the checkpoint does not say of how many entries it is: “{value}”"
    hint = _FETCH


class RootBroken(Usage):
    """The root is not 32 bytes in base64."""

    message = "the root in the checkpoint is broken: “{value}”"
    hint = _FETCH


class SignatureBroken(Usage):
    """The line of a signature is not one."""

    message = "the line of a signature is broken: “{value}”"
    hint = _FETCH


class TooManySignatures(Usage):
    """A checkpoint has more signatures than are looked at."""

    message = "the checkpoint has more than {most} signatures"
    hint = "leave out those that you do not need"


class Signature(NamedTuple):
    """A line of a note: the key's name and id, and the bytes of the signature."""

    name: str
    key_id: bytes
    bytes: bytes

    @property
    def time(self) -> int | None:
        """Of a cosignature, when it was made, in seconds since 1970; None of any other."""
        if len(self.bytes) != TIME_BYTES + SIGNATURE_BYTES:
            return None
        return int.from_bytes(self.bytes[:TIME_BYTES], "big")

    def __str__(self) -> str:
        return f"— {self.name} {in_base64(self.key_id + self.bytes)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """That the first `size` entries of a network have the root `root`, and who says so.

    `network` is the network's id, 32 hex digits.
    """

    network: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...] = ()

    @property
    def body(self) -> str:
        """The three lines that signatures are over."""
        return f"natverk/{self.network}\n{self.size}\n{in_base64(self.root)}\n"

    def __str__(self) -> str:
        lines = "".join(f"{signature}\n" for signature in self.signatures)
        return f"{self.body}\n{lines}" if lines else self.body

    def signed(self, *signatures: Signature) -> Checkpoint:
        """The same with these signatures, each in the place of an earlier one by the same key."""
        by_key = {(each.name, each.key_id): each for each in (*self.signatures, *signatures)}
        return replace(self, signatures=tuple(by_key.values()))

    def agrees_with(self, other: Checkpoint) -> bool:
        """Whether both say the same, whoever signed them."""
        return self.body == other.body


def parse(text: str) -> Checkpoint:
    """The checkpoint that a text is; space around the whole of it does not matter.

    Raises `NotACheckpoint`, `NoteBreaksOff`, `SizeBroken`, `RootBroken`,
    `SignatureBroken`, `TooManySignatures`.
    """
    text = text.strip(" \t\n")
    if len(text.encode()) > MOST_BYTES:
        raise NotACheckpoint(reason="it is too long")
    if any(c < " " and c != "\n" for c in text):
        raise NotACheckpoint(reason="there are control characters in it")
    body, _, below = text.partition("\n\n")
    origin, *lines = body.split("\n")
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        raise NotACheckpoint(reason="the first line does not name a network")
    if len(lines) < 2:
        raise NoteBreaksOff()
    if len(lines) > 2:
        raise NotACheckpoint(reason="it has more lines than a checkpoint")
    size, root = lines
    if not _SIZE.fullmatch(size):
        raise SizeBroken(value=_short(size))
    decoded = from_base64(root)
    if decoded is None or len(decoded) != HASH_BYTES or (size == "0") != (decoded == EMPTY_ROOT):
        raise RootBroken(value=_short(root))
    signatures = below.split("\n") if below else []
    if len(signatures) > MOST_SIGNATURES:
        raise TooManySignatures(most=MOST_SIGNATURES)
    return Checkpoint(found[1], int(size), decoded).signed(*map(_signature, signatures))


def is_key_name(name: str) -> bool:
    """Whether a key may have this name: no spaces, no `+`, nothing invisible."""
    return bool(name) and name.isprintable() and not re.search(r"[\s+]", name)


def in_base64(data: bytes) -> str:
    """Bytes in the base64 of RFC 4648, section 4."""
    return b64encode(data).decode()


def from_base64(text: str) -> bytes | None:
    """What `in_base64` made this of; None: nothing, not even if it could be read as base64."""
    try:
        data = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return None
    return data if in_base64(data) == text else None


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, signature = rest.partition(" ")
    decoded = from_base64(signature)
    if dash != "—" or not is_key_name(name) or decoded is None:
        raise SignatureBroken(value=_short(line))
    found = Signature(name, decoded[:KEY_ID_BYTES], decoded[KEY_ID_BYTES:])
    if len(found.bytes) < TIME_BYTES + SIGNATURE_BYTES and len(found.bytes) != SIGNATURE_BYTES:
        raise SignatureBroken(value=_short(line))  # cut short: other kinds are longer
    return found


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:57] + "..."
