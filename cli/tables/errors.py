"""What can be wrong with a table, with a row of it, and with what is said of its columns."""

from __future__ import annotations

from ledger.errors import Usage


class NotPlainText(Usage):
    """A file is UTF-16 text, a spreadsheet or an archive."""

    message = "“{path}” is {what}, not a table in plain text"
    hint = "save it as CSV in UTF-8 and import that"


class TableBreaksOff(Usage):
    """A compressed file is damaged, or is not all there."""

    message = "the file is damaged or breaks off here"
    hint = "fetch the file again: what was taken in now is not taken in twice"


class EmptyTable(Usage):
    """A table that should have a header row has no rows at all."""

    message = "“{path}” is empty"


class NotADelimiter(Usage):
    """What is said to separate the fields of a row cannot do that."""

    message = "“{value}” cannot separate fields"
    hint = "write one of , ; | tab space"


class LineTooLong(Usage):
    """A line of a table is longer than any entry can be."""

    message = "line too long: more than {most} bytes"


class NotUtf8(Usage):
    """A line of a table is in another encoding."""

    message = "the row is not text in UTF-8"
    hint = "save the file as CSV in UTF-8"


class NulInRow(Usage):
    """A line of a table holds a NUL byte."""

    message = "the row contains a NUL byte"


class UnclosedQuote(Usage):
    """A quotation mark opens a field that nothing closes."""

    message = "a quotation mark opens a field and nothing closes it"
    hint = 'inside a quoted field a quotation mark is written twice: ""'


class StrayQuote(Usage):
    """A quoted field goes on after its closing quotation mark."""

    message = "text follows a closing quotation mark"
    hint = 'inside a quoted field a quotation mark is written twice: ""'


class CellTooLong(Usage):
    """A field is longer than any text can be."""

    message = "a field is longer than any text that can be recorded"


class LoneCarriageReturn(Usage):
    """A carriage return stands in the middle of a row."""

    message = "a carriage return stands inside the row"
    hint = "save the file with line feeds at the ends of its lines"


class WrongNumberOfFields(Usage):
    """A row has more or fewer fields than the header, or than --columns names."""

    message = "the row has {count} fields, not {expected}"


class WrongNumberOfFieldsInLines(Usage):
    """A row with line breaks inside quotes has more or fewer fields than it should."""

    message = "the row goes on to line {last} and has {count} fields, not {expected}"
    hint = "look for a quotation mark that should close a field and does not"


class MissingValues(Usage):
    """A row lacks a value that an entry must have."""

    message = "the row has no {names}"


class MissingColumns(Usage):
    """No column holds a field that an entry must have."""

    message = "no column for: {names}"
    hint = "name the columns with --columns, or give one value for all rows with --set field=value"


class UnknownColumns(Usage):
    """The header row has names that are not fields."""

    message = "columns that are not fields: {names}"
    hint = "say which is which with --columns field=header; the fields are {known}"


class ColumnsNotInHeader(Usage):
    """--columns names headers that the table does not have, or has twice."""

    message = "not found, or found more than once, in the header row: {names}"
    hint = "the header row has: {headers}"


class UnknownFields(Usage):
    """--columns or --set names a field that the entry does not have."""

    message = "not fields: {names}"
    hint = "the fields are {known}"


class FieldTwice(Usage):
    """A field is to come from two columns, or from a column and --set."""

    message = "given more than once: {names}"


class NotColumns(Usage):
    """--columns or --set is not written in one of its forms."""

    message = "“{value}” does not name columns"
    hint = 'write "giver receiver at", or field=header for each: "giver=from at=date"'


class NotATime(Usage):
    """A field of a table is not a date, a time or Unix seconds."""

    message = "“{value}” is not a time"
    hint = "write 2026-03-01, 2026-03-01 14:30, 2026-03-01T14:30:00Z or Unix seconds"
