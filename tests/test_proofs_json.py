"""Proofs and keys for programs: what --json prints says what the lines to pass around say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from cli_world import Natverk

from ledger.merkle import leaf_hash
from ledger.notes import in_base64, parse


def test_a_checkpoint_is_told_in_fields_beside_its_lines(kvarteret: Natverk) -> None:
    note = kvarteret.does("checkpoint")
    checkpoint = parse(note)
    assert kvarteret.rows("checkpoint") == {
        "network": checkpoint.network,
        "size": 9,
        "root": in_base64(checkpoint.root),
        "signatures": [],
        "note": note,
    }


def test_who_cosigned_is_told_with_what_one_s_own_key_says(kvarteret: Natverk) -> None:
    kvarteret.does("key", "new", "asa")
    signed = kvarteret.does("checkpoint", "--sign")
    cosigned = kvarteret.rows("cosign", "-", stdin=signed)
    assert parse(cosigned["note"]).agrees_with(parse(signed))
    at = "2026-11-03T11:00:00+00:00"
    assert cosigned["signatures"] == [
        {"name": "asa", "cosigned": False, "at": None, "verified": True},
        {"name": "asa", "cosigned": True, "at": at, "verified": True},
    ]


def test_two_histories_are_two_notes_in_one_object(kvarteret: Natverk) -> None:
    kvarteret.does("key", "new")
    ours = kvarteret.does("checkpoint")
    theirs = str(replace(parse(ours), root=leaf_hash(b"")))
    result = kvarteret("cosign", "-", "--json", stdin=theirs)
    assert result.code == 1
    assert result.json() == {"theirs": theirs, "ours": ours}


def test_a_receipt_is_told_as_its_check_tells_it(kvarteret: Natverk) -> None:
    kvarteret.does("key", "new")
    kvarteret.does("checkpoint", "--sign")
    told = kvarteret.rows("receipt", "9")
    text = told.pop("receipt")
    assert text == kvarteret.does("receipt", "9")
    assert told == json.loads(kvarteret.does("verify-receipt", "-", "--json", stdin=text))


def test_a_key_is_told_with_its_name_and_where_it_is(natverk: Natverk) -> None:
    made = natverk.rows("key", "new", "asa")
    assert made == natverk.rows("key", "show")
    assert (made["name"], made["public"]) == ("asa", natverk.does("key", "show").strip())
    assert "PRIVATE" in Path(made["path"]).read_text()
    assert "PRIVATE" not in json.dumps(made)
