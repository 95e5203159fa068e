"""A receipt: that an entry is in the log, for whoever has nothing but the receipt.

The form is a C2SP tlog-proof (c2sp.org/tlog-proof): what it is, the stored bytes of the entry
in base64, its index from 0, the hashes beside it from the leaf upward, an empty line, and the
checkpoint that it leads to.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from ledger.errors import Usage
from ledger.merkle import HASH_BYTES, check_inclusion, leaf_hash
from ledger.notes import Checkpoint, from_base64, in_base64, parse

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MOST_BYTES = 256 * 1024  # of a receipt
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})", re.ASCII)


class NotAReceipt(Usage):
    """A text is something else than a receipt, or is not all there."""

    message = "this is not a receipt: {reason}"
    hint = "get it again, whole, and with nothing changed; natverk receipt POS prints one"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The stored bytes of the entry at a position, and what leads from them to a checkpoint."""

    position: int
    state: bytes
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint

    def __str__(self) -> str:
        head = [FIRST_LINE, f"extra {in_base64(self.state)}", f"index {self.position - 1}"]
        return "\n".join([*head, *map(in_base64, self.proof), "", str(self.checkpoint)])

    def check(self) -> None:
        """Raises `ProofBroken` unless the entry is under the checkpoint's root."""
        leaf, under = leaf_hash(self.state), self.checkpoint
        check_inclusion(self.position - 1, under.size, leaf, self.proof, under.root)

    def entry(self) -> dict[str, Any]:
        """What the entry says, as it is stored: of a text only SHA-256(salt || text), in hex.

        Raises `NotAReceipt` when it is not an entry of natverk.
        """
        try:
            said = json.loads(self.state)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict) or not isinstance(said.get("type"), str):
            raise NotAReceipt(reason="what it proves is not an entry")
        return said


def parse_receipt(text: str) -> Receipt:
    """The receipt that a text is; nothing is checked yet.

    Raises `NotAReceipt`, and what `notes.parse` raises.
    """
    proof, between, note = text.strip(" \t\n").partition("\n\n")
    first, *lines = proof.split("\n")
    if first != FIRST_LINE:
        raise NotAReceipt(reason="the first line does not say so")
    if not between or len(lines) < 2:
        raise NotAReceipt(reason="it breaks off")
    extra, index, *hashes = lines
    state = from_base64(extra.removeprefix("extra ")) if extra.startswith("extra ") else None
    if state is None:
        raise NotAReceipt(reason="the entry in it is broken")
    found = _INDEX.fullmatch(index)
    if found is None:
        raise NotAReceipt(reason="it does not say which entry it is for")
    path = [from_base64(each) for each in hashes]
    whole = [each for each in path if each is not None and len(each) == HASH_BYTES]
    if len(whole) != len(path):
        raise NotAReceipt(reason="a hash in it is broken")
    return Receipt(int(found[1]) + 1, state, tuple(whole), parse(note))
