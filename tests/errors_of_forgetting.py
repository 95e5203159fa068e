"""What is refused about forgetting; see test_errors_golden.py."""

from __future__ import annotations

FORGET = ("forget", "Eva", "--yes")

# By the golden file's name: the exit code, what is recorded before, and what is refused.
CASES: dict[str, tuple[int, list[tuple[str, ...]], tuple[str, ...]]] = {
    "forget-unknown": (3, [], ("forget", "Örjan", "--yes")),
    "forget-twice": (1, [FORGET], ("forget", "m3", "--yes")),
    "forget-also-twice": (
        1,
        [("note", "6", "tack Eva"), FORGET, ("forget", "m3", "--also", "10", "--yes")],
        ("forget", "m3", "--also", "10", "--yes"),
    ),
    "forget-without-terminal": (2, [], ("forget", "Eva")),
    "forget-also-without-text": (1, [("pause", "Knut")], (*FORGET, "--also", "10")),
    "forget-also-a-name": (1, [], (*FORGET, "--also", "3")),
    "forgotten-gives": (1, [FORGET], ("give", "m3", "Knut")),
    "forgotten-records": (1, [FORGET], ("give", "Åsa", "Knut", "--recorded-by", "m3")),
    "forgotten-comes-back": (1, [FORGET], ("join", "m3", "--back")),
    "forgotten-described": (1, [FORGET], ("describe", "m3", "--about", "x")),
}

# Lists of those who were forgotten, by golden file: the content, `{network}` put in.
LISTS = {
    "forgotten-list-not-json": "a,b\n1,2\n",
    "forgotten-list-of-something-else": '{"natverk": 1}',
    "forgotten-list-from-the-future": '{"natverk-forgotten": 2}',
    "forgotten-list-broken": '{"natverk-forgotten": 1, "network": "{network}", "people": [1]}',
    "forgotten-list-of-another-network": (
        '{"natverk-forgotten": 1, "network": "00000000000000000000000000000000", "people": []}'
    ),
}

# Told by tests of their own.
OTHERS = {"forget-another-name", "forget-pending", "me-forgotten"}
