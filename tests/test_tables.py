"""Tables from elsewhere: every row goes in, or is rejected with its line and the reason."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.tables import Fields, Rejected, Row, errors, open_table, parse_constants, parse_time
from cli.tables import lines as table_lines
from ledger.errors import AmbiguousDate, LedgerError, TableUnreadable, TimeOutOfRange

GIFT = Fields(frozenset({"giver", "receiver"}), frozenset({"at", "quantity", "note"}))
STOCKHOLM = ZoneInfo("Europe/Stockholm")
HEADER = b"giver,receiver,at\n"


def read(
    data: bytes | str,
    *,
    columns: str = "",
    constants: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    fields: Fields = GIFT,
) -> list[Row | Rejected]:
    stdin = io.BytesIO(data.encode() if isinstance(data, str) else data)
    with open_table(
        "-", fields, columns=columns, constants=constants, delimiter=delimiter, stdin=stdin
    ) as table:
        return list(table.rows)


def told(rows: list[Row | Rejected]) -> list[tuple[int, object]]:
    """Each row as its line and its values, or the class of its error."""
    return [(row.line, row.values if isinstance(row, Row) else type(row.error)) for row in rows]


def gift(line: int, giver: str = "ana", receiver: str = "bo", **more: str) -> tuple[int, object]:
    return line, {"giver": giver, "receiver": receiver, **more}


# What a table looks like


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " ", "   "])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = "giver,receiver,at\nana,bo,2026\n\nbo,ana,2027\n".replace(",", delimiter)
    assert told(read(text)) == [gift(2, at="2026"), gift(4, "bo", "ana", at="2027")]


def test_a_decimal_comma_is_not_taken_for_a_delimiter() -> None:
    text = "ana;bo;1,5\nbo;ana;2,5\n"
    expected = [gift(1, quantity="1,5"), gift(2, "bo", "ana", quantity="2,5")]
    assert told(read(text, columns="giver receiver quantity")) == expected


def test_spaces_in_names_are_not_taken_for_delimiters() -> None:
    text = "giver,receiver\nAna Berg,Bo Ek\n"
    assert told(read(text)) == [gift(2, "Ana Berg", "Bo Ek")]


def test_spaces_at_the_ends_of_a_line_are_not_fields() -> None:
    text = "  ana bo 2026 \nbo  ana  2027\n"
    expected = [gift(1, at="2026"), gift(2, "bo", "ana", at="2027")]
    assert told(read(text, columns="giver receiver at")) == expected


def test_a_delimiter_can_be_given_by_its_name() -> None:
    text = "giver;x|receiver;y\nana|bo\n"
    columns = "giver=giver;x receiver=receiver;y"
    assert told(read(text, columns=columns, delimiter="pipe")) == [gift(2)]
    with pytest.raises(errors.NotADelimiter):
        read(text, delimiter="ab")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_it_does_not_matter_on_what_machine_the_file_was_saved(ending: str, mark: str) -> None:
    text = mark + ending.join(["giver,receiver,at", "åsa,bo,2026", "bo,åsa,"])
    assert told(read(text)) == [gift(2, "åsa", at="2026"), gift(3, "bo", "åsa")]


def test_a_gzip_is_known_by_its_content_from_a_path_and_from_standard_input(tmp_path: Path) -> None:
    data = gzip.compress(HEADER) + gzip.compress(b"ana,bo,2026\n")  # of two members
    path = tmp_path / "gifts.csv"
    path.write_bytes(data)
    with open_table(str(path), GIFT) as table:
        assert table.delimiter == ","
        assert table.columns == {"giver": 0, "receiver": 1, "at": 2}
        assert told(list(table.rows)) == [gift(2, at="2026")]
    assert told(read(data)) == [gift(2, at="2026")]


def test_a_gzip_that_breaks_off_gives_its_whole_rows_and_says_so() -> None:
    rows = b"".join(b"ana,bo,%d\n" % (n * 7919) for n in range(50_000))
    whole = gzip.compress(HEADER + rows)
    found = read(whole[: len(whole) // 2])
    assert isinstance(found[-1], Rejected)
    assert isinstance(found[-1].error, errors.TableBreaksOff)
    assert found[-1].line == len(found) + 1 > 1000
    assert all(
        isinstance(row, Row) and row.values["at"] == str(n * 7919)
        for n, row in enumerate(found[:-1])
    )


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", errors.EmptyTable),
        (b"\n\n", errors.EmptyTable),
        ("giver,receiver\n".encode("utf-16"), errors.NotPlainText),
        (b"PK\x03\x04 and so on", errors.NotPlainText),
        (gzip.compress(b"PK\x03\x04 and so on"), errors.NotPlainText),
        (b"\x1f\x8bnot a gzip at all", errors.TableBreaksOff),
        (b"giver,rec\xffeiver\nana,bo\n", errors.NotUtf8),
        (b'giver,"receiver\nana,bo\n', errors.UnclosedQuote),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(
    data: bytes, refusal: type[LedgerError]
) -> None:
    with pytest.raises(refusal) as refused:
        read(data)
    assert str(refused.value)


def test_a_file_that_is_not_there_or_is_a_directory_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(TableUnreadable), open_table(str(path), GIFT):
            pass


def test_a_table_of_only_a_header_has_no_rows() -> None:
    assert read(HEADER) == []
    assert read(b"", columns="giver receiver") == []


# Which column is which


def test_headers_are_our_names_folded_and_a_column_without_a_name_is_left() -> None:
    text = ",Giver, RECEIVER ,At\n0,ana,bo,2026\n"
    assert told(read(text)) == [gift(2, at="2026")]


def test_all_headers_that_are_not_fields_are_named_at_once() -> None:
    with pytest.raises(errors.UnknownColumns) as refused:
        read("giver,till,receiver,datum\n")
    assert refused.value.facts["names"] == "till, datum"


def test_all_required_columns_that_are_missing_are_named_at_once() -> None:
    with pytest.raises(errors.MissingColumns) as refused:
        read("at,note\n")
    assert refused.value.facts["names"] == "giver, receiver"


def test_columns_in_order_say_that_there_is_no_header() -> None:
    expected = [gift(1, at="2026")]
    assert told(read("ana,x,bo,2026\n", columns="giver, - receiver at")) == expected


def test_columns_by_header_leave_the_others_unread() -> None:
    text = ",Från,Given  to,when,x\n0,ana,bo,2026,y\n"
    columns = 'giver=fran receiver="given to" at=when'
    assert told(read(text, columns=columns)) == [gift(2, at="2026")]


def test_an_exact_header_goes_before_one_that_only_folds_the_same() -> None:
    columns = "giver=a receiver=b"
    assert told(read("A,a,b\nx,ana,bo\n", columns=columns)) == [gift(2)]
    with pytest.raises(errors.ColumnsNotInHeader) as refused:
        read("A,Å,b\nx,ana,bo\n", columns="giver=a receiver=c")
    assert refused.value.facts["names"] == "a, c"


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [
        ("giver receiver=b", errors.NotColumns),
        ("giver= receiver=b", errors.NotColumns),
        ("=giver receiver=b", errors.NotColumns),
        ("-=a receiver=b", errors.NotColumns),
        ('giver="a receiver=b', errors.NotColumns),
        ("giver giver receiver", errors.FieldTwice),
        ("giver=a giver=b", errors.FieldTwice),
        ("giver receiver colour", errors.UnknownFields),
        ("giver=a receiver=b colour=a", errors.UnknownFields),
    ],
)
def test_columns_that_cannot_be_understood_are_refused(
    columns: str, refusal: type[LedgerError]
) -> None:
    with pytest.raises(refusal):
        read("a,b\nana,bo\n", columns=columns)


def test_what_all_rows_share_is_set_once() -> None:
    constants = parse_constants(["receiver = bo", "note=a=b"])
    assert told(read("giver\nana\n", constants=constants)) == [gift(2, note="a=b")]
    with pytest.raises(errors.FieldTwice):
        read("giver,receiver\nana,bo\n", constants=constants)
    with pytest.raises(errors.UnknownFields):
        read("giver,receiver\nana,bo\n", constants={"colour": "red"})
    for wrong in (["receiver"], ["receiver="], ["=bo"]):
        with pytest.raises(errors.NotColumns):
            parse_constants(wrong)
    with pytest.raises(errors.FieldTwice):
        parse_constants(["receiver=bo", "Receiver=cy"])


# Rows that are rejected


def test_a_row_of_another_width_is_rejected_with_its_line() -> None:
    text = b"ana,bo,2026\nana,bo\nana,bo,2026,x\n\n,,\nbo,ana,2027\n"
    assert told(read(HEADER + text)) == [
        gift(2, at="2026"),
        (3, errors.WrongNumberOfFields),
        (4, errors.WrongNumberOfFields),
        gift(7, "bo", "ana", at="2027"),
    ]


def test_a_row_without_a_required_value_is_rejected_and_an_optional_one_is_left_out() -> None:
    text = b"ana,, \nana,bo,\n"
    assert told(read(HEADER + text)) == [(2, errors.MissingValues), gift(3)]


def test_bytes_that_are_not_text_cost_one_row() -> None:
    text = b"ana,bo,2026\n\xe5sa,bo,2026\nana,b\0o,2026\n\xc3\xa5sa,bo,2026\n"
    assert told(read(HEADER + text)) == [
        gift(2, at="2026"),
        (3, errors.NotUtf8),
        (4, errors.NulInRow),
        gift(5, "åsa", at="2026"),
    ]


def test_a_row_goes_on_over_lines_inside_quotes_and_is_named_by_its_first() -> None:
    text = 'giver,receiver,note\nana,bo,"one, ""two""\nthree"\n"cy",bo,\n'
    assert told(read(text)) == [gift(2, note='one, "two"\nthree'), gift(4, "cy")]


def test_a_row_over_lines_is_rejected_whole_if_one_of_them_cannot_be_read() -> None:
    text = b'giver,receiver,note\nana,bo,"one\n\xff\nthree"\ncy,bo,\n'
    assert told(read(text)) == [(2, errors.NotUtf8), gift(5, "cy")]


def test_a_row_over_lines_with_too_many_fields_says_where_it_ends() -> None:
    text = 'giver,receiver,note\nana,bo,"one\ntwo",x\ncy,bo,\n'
    [rejected, row] = read(text)
    assert isinstance(rejected, Rejected)
    assert str(rejected.error) == "the row goes on to line 3 and has 4 fields, not 3"
    assert told([row]) == [gift(4, "cy")]


def test_an_unclosed_quote_costs_one_row_and_not_those_after_it() -> None:
    rows = b"".join(b"ana,bo,%d\n" % n for n in range(200_000))
    found = read(HEADER + b'ana,"bo,2026\n' + rows)
    assert told(found[:2]) == [(2, errors.CellTooLong), gift(3, at="0")]
    assert len(found) == 200_001
    assert told(found[-1:]) == [gift(200_002, at="199999")]


def test_an_unclosed_quote_on_the_last_line_is_rejected() -> None:
    assert told(read(HEADER + b'ana,bo,"2026\n')) == [(2, errors.UnclosedQuote)]


def test_an_unclosed_quote_that_a_later_quote_closes_costs_one_row() -> None:
    text = b'ana,"bo,2026\nana,bo,2027\nana,"bo",2028\n'
    assert told(read(HEADER + text)) == [
        (2, errors.StrayQuote),
        gift(3, at="2027"),
        gift(4, at="2028"),
    ]


def test_a_quoted_row_larger_than_any_entry_is_given_up() -> None:
    cell = b'"' + b"x" * 99 + b'\nx",'
    text = b"ana,bo," + cell * 12_000 + b"\nana,bo,2026\n"
    found = told(read(HEADER + text))
    assert found[0] == (2, errors.UnclosedQuote)
    assert found[-1] == gift(12_003, at="2026")


def test_a_carriage_return_inside_a_row_is_rejected() -> None:
    text = b"ana,b\ro,2026\nana,bo,2026\n"
    assert told(read(HEADER + text)) == [(2, errors.LoneCarriageReturn), gift(3, at="2026")]


# Memory

MEASURE = """
import resource, sys
from cli.tables import Fields, open_table
fields = Fields(frozenset({"giver", "receiver"}))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open_table(sys.argv[1], fields) as table:
    told = [f"{row[0]}:{type(row).__name__}:{row[1]}" for row in table.rows]
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    print(*told, sep="\\n")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory with the resource module")
def test_a_line_of_200_mb_is_rejected_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "long.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"giver,receiver\nana,bo\n")
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b"\nbo,ana\n")
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    growth, *told = done.stdout.splitlines()
    assert told == [
        "2:Row:{'giver': 'ana', 'receiver': 'bo'}",
        "3:Rejected:line too long: more than 1048576 bytes",
        "4:Row:{'giver': 'bo', 'receiver': 'ana'}",
    ]
    scale = 1 if sys.platform == "darwin" else 1024
    assert int(growth) * scale < 64 * 2**20


# Whatever the file holds

GIFT_COLUMNS = ("giver", "receiver", "note")
CELLS = st.text(
    st.one_of(st.sampled_from(' ,;"\n|\tåx'), st.characters(exclude_categories=["Cs", "Cc"])),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8), st.integers(1, 40))
def test_what_the_csv_module_writes_is_read_back(
    monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str, str]], block: int
) -> None:
    monkeypatch.setattr(table_lines, "BLOCK", block)
    file = io.StringIO()
    csv.writer(file).writerows([("giver", "receiver", "note"), *rows])
    found = read(file.getvalue(), delimiter=",", fields=Fields(frozenset(), GIFT.known))
    expected = [
        {name: cell.strip() for name, cell in zip(GIFT_COLUMNS, row, strict=True) if cell.strip()}
        for row in rows
    ]
    assert [row.values for row in found if isinstance(row, Row)] == [e for e in expected if e]
    assert len([e for e in expected if e]) == len(found)


BYTES = st.lists(
    st.sampled_from([b"a", b"b,c", b",", b'"', b'""', b"\n", b"\n", b"\r", b"\0", b"\xff", b"\xc3",
                     b"\xa5", b"long" * 9, b" "]), max_size=60
).map(b"".join)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BYTES, st.integers(1, 50))
def test_the_size_of_a_block_makes_no_difference_and_no_line_is_lost(
    monkeypatch: pytest.MonkeyPatch, data: bytes, block: int
) -> None:
    monkeypatch.setattr(table_lines, "LINE", 60)
    outcomes = []
    for size in (block, 2**18):
        monkeypatch.setattr(table_lines, "BLOCK", size)
        found = read(data, columns="giver receiver", delimiter=",")
        outcomes.append([(line, str(what)) for line, what in found])
    assert outcomes[0] == outcomes[1]
    starts = [line for line, _ in outcomes[0]]
    assert starts == sorted(set(starts))
    for line, text in enumerate(data.split(b"\n"), 1):
        if b'"' not in data and text.strip(b" ,\r"):
            assert line in starts


# Times


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2026-03-01 14:30", datetime(2026, 3, 1, 13, 30, tzinfo=UTC)),
        ("2026-07-01T14:30:05.25", datetime(2026, 7, 1, 12, 30, 5, 250_000, tzinfo=UTC)),
        ("2020-03-27 11:47:00+00:00", datetime(2020, 3, 27, 11, 47, tzinfo=UTC)),
        ("2026-03-01T14:30:00Z", datetime(2026, 3, 1, 14, 30, tzinfo=UTC)),
        ("2026-03-01T14:30:00-0500", datetime(2026, 3, 1, 19, 30, tzinfo=UTC)),
        ("1082040961", datetime(2004, 4, 15, 14, 56, 1, tzinfo=UTC)),
        ("1082040961.5", datetime(2004, 4, 15, 14, 56, 1, 500_000, tzinfo=UTC)),
        ("1082040961.0000019", datetime(2004, 4, 15, 14, 56, 1, 1, tzinfo=UTC)),
        ("-100000.25", datetime(1969, 12, 30, 20, 13, 19, 750_000, tzinfo=UTC)),
        ("100000", datetime(1970, 1, 2, 3, 46, 40, tzinfo=UTC)),
    ],
)
def test_a_time_is_iso_or_unix_seconds(text: str, moment: datetime) -> None:
    assert parse_time(text, STOCKHOLM) == moment
    assert parse_time(text, STOCKHOLM).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("3/11/2026", AmbiguousDate),
        ("3/11", AmbiguousDate),
        ("03.11.2026 14:30", AmbiguousDate),
        ("20260311", AmbiguousDate),
        ("", errors.NotATime),
        ("yesterday", errors.NotATime),
        ("12345", errors.NotATime),
        ("1e9", errors.NotATime),
        ("2026-02-30", errors.NotATime),
        ("2026-03-01110:00", errors.NotATime),
        ("2026-03-01T25:00", errors.NotATime),
        ("١٠٨٢٠٤٠٩٦١", errors.NotATime),
        ("1082040961000", TimeOutOfRange),
        ("9" * 5000, TimeOutOfRange),
        ("0001-01-01", TimeOutOfRange),
    ],
)
def test_a_time_that_is_unclear_is_refused(text: str, refusal: type[LedgerError]) -> None:
    with pytest.raises(refusal) as refused:
        parse_time(text, STOCKHOLM)
    assert str(refused.value)
