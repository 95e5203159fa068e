"""One class for each condition that can be broken.

A message and its hint are templates in English, filled from the facts given
by name; whoever shows them to people translates the template first. Facts are
plain values: ids, positions, times, texts. The exit code is what the command
line ends with: 1 refused by a rule, 2 usage, 3 a name that is unknown or
ambiguous, 4 the ledger is missing, locked or damaged.
"""

from __future__ import annotations

from typing import ClassVar


class LedgerError(Exception):
    """The base of every error of natverk; never raised itself."""

    exit_code: ClassVar[int] = 1
    message: ClassVar[str]
    hint: str = ""

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return self.message.format(**self.facts)


class Usage(LedgerError):
    """Something was written in a way that cannot be understood."""

    exit_code = 2


# Values


class NotText(Usage):
    """A value that should be text is something else."""

    message = "{what} must be text"


class EmptyText(Usage):
    """A text or name is empty or only spaces."""

    message = "{what} may not be empty"


class TextTooLong(Usage):
    """A text or name is longer than the log takes."""

    message = "{what} may be at most {most} characters long, this one has {length}"
    hint = "shorten it, and keep the long version elsewhere"


class UnsafeCharacter(Usage):
    """A text holds a control, bidi or zero-width character."""

    message = "{what} may not contain the invisible or control character {character}"
    hint = "type the text anew instead of pasting it"


class NameLikeAnId(Usage):
    """A name that could be mistaken for an id such as m17."""

    message = "the name “{name}” looks like an id"
    hint = "add a word to it, such as a surname"


class NameForEveryone(Usage):
    """A name that means everyone."""

    message = "“{name}” means all members and cannot be a name"


class NotASlug(Usage):
    """A category or unit is not a short word."""

    message = "“{value}” is not a word of letters, digits and hyphens of at most {most} characters"
    hint = "write for example bike-repair or hour"


class NotAQuantity(Usage):
    """A quantity is not a finite decimal number."""

    message = "“{value}” is not a quantity"
    hint = "write a number such as 2 or 1.5"


class UnclearQuantity(Usage):
    """A comma before three digits, which some read as a thousand and others as decimals."""

    message = "“{value}” could be thousands or decimals"
    hint = "write 1000 for a thousand, 1.0 for one"


class ZeroQuantity(Usage):
    """A quantity is zero."""

    message = "a quantity may not be zero"
    hint = "leave the quantity out when nobody measured it"


class NegativeQuantity(Usage):
    """A quantity is below zero."""

    message = "a quantity may not be negative: {value}"
    hint = "leave the minus out; what goes the other way is a gift of its own"


class QuantityTooLarge(Usage):
    """A quantity has too many digits before the decimal point."""

    message = "a quantity may have at most {digits} digits before the decimal point"


class QuantityTooPrecise(Usage):
    """A quantity has too many decimals."""

    message = "a quantity may have at most {decimals} decimals"


class QuantityWithoutUnit(Usage):
    """A quantity was given without saying of what."""

    message = "a quantity needs a unit"
    hint = "add --unit, for example --unit hour"


class UnitWithoutQuantity(Usage):
    """A unit was given without a quantity."""

    message = "a unit needs a quantity"
    hint = "add --quantity, for an offer --stock, or leave the unit out"


class TimeWithoutZone(Usage):
    """A time does not say which zone it is in."""

    message = "“{value}” is not a time with a zone"


class TimeOutOfRange(Usage):
    """A time is so far away that it must be a slip."""

    message = "“{value}” is outside the years that can be recorded"


# When a resource is open


class NotAnOpening(Usage):
    """What was written does not say when a resource is open."""

    message = "“{value}” does not say when something is open"
    hint = "write for example mon-fri 09:00-17:00, 2026-12-01 10:00-12:00 or 2026-12-01/2026-12-03"


class EmptyOpening(Usage):
    """An opening ends when it begins, or before."""

    message = "“{value}” is never open: it ends when it begins, or before"
    hint = "write a later end; 24:00 is the end of the day"


class AmbiguousDate(Usage):
    """A date that is one day to some and another day to others, such as 3/11."""

    message = "“{value}” can be read as more than one date"
    hint = "write the year, the month and the day: 2026-11-03"


# Tables from elsewhere


class TableUnreadable(Usage):
    """A file cannot be opened or read."""

    message = "cannot read “{path}”: {reason}"


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


class InvalidField(Usage):
    """A field of a command has a value of the wrong kind."""

    message = "{field}: {reason}"


# The ledger as a file


class Unusable(LedgerError):
    """Something keeps the ledger from being used."""

    exit_code = 4


class LedgerMissing(Unusable):
    """There is no ledger where one was looked for."""

    message = "there is no ledger at {path}"
    hint = "found one with natverk init NAME --idea TEXT, or say where it is with --ledger PATH"


class LedgerExists(LedgerError):
    """A ledger would be founded where something already is."""

    message = "there is already a file at {path}"
    hint = "choose another place with --ledger PATH"


class NotALedger(Unusable):
    """The file is something else."""

    message = "{path} is not a ledger of natverk"
    hint = "check the path given with --ledger or NATVERK_LEDGER"


class LedgerFromTheFuture(Unusable):
    """The ledger was written by a later version of natverk."""

    message = "{path} has ledger version {version}, this natverk knows {known}"
    hint = "upgrade natverk"


class LedgerReadOnly(Unusable):
    """The file, or the folder it lies in, cannot be written."""

    message = "{path} cannot be written"
    hint = "check the permissions of the file and of its folder"


class LedgerUnreachable(Unusable):
    """The file cannot be opened."""

    message = "{path} cannot be opened: {reason}"
    hint = "check that the folder exists and that you may read it"


class LedgerLocked(Unusable):
    """Someone else is recording and did not finish in time."""

    message = "{path} is locked: someone else is recording"
    hint = "try again in a moment; nothing was recorded"


class DiskFull(Unusable):
    """There is no room for the entry."""

    message = "the disk is full, nothing was recorded in {path}"
    hint = "make room and record it again"


class DiskFailed(Unusable):
    """The disk did not do what it was asked to."""

    message = "the disk failed on {path}: {reason}"
    hint = "check the disk before you go on"


class LedgerDamaged(Unusable):
    """The file is a ledger, but something in it is broken."""

    message = "{path} is damaged: {reason}"
    hint = "keep the file as it is; natverk export --ndjson FILE saves what can still be read"


class DamagedEntry(Unusable):
    """The stored bytes of an entry are not what they should be."""

    message = "entry #{position} is damaged: {reason}"
    hint = "keep the file as it is, and go back to a copy"


class Conflict(Unusable):
    """Another writer took the position first."""

    message = "the ledger moved on from #{expected} to #{found} while recording"
    hint = "try again; nothing was recorded"


class KeyReused(LedgerError):
    """The same idempotency key came with another request."""

    message = "the key “{key}” was used for another request, {entries}"
    hint = "use a new key for a new request"


# Times as people write them


class NotAMoment(Usage):
    """What was written does not say when."""

    message = "“{value}” does not say when"
    hint = (
        "write for example 2026-11-03, 2026-11-03T14:30, now, today, yesterday, tomorrow, friday"
        " or yesterday 14:30"
    )


class UnclearDate(Usage):
    """A date is written in an order that people read differently, such as 3/11."""

    message = "“{value}” is not a date that everyone reads alike"
    hint = "write {readings}"


class NoSuchDate(Usage):
    """A date that no calendar has, such as 2026-02-30."""

    message = "there is no {value} in the calendar"
    hint = "check the month and the day; the order is year, month, day"


class NoSuchTime(Usage):
    """A time that no clock shows, such as 25:00."""

    message = "“{value}” has a time that no clock shows"
    hint = "write a time from 00:00 to 24:00"


class SkippedByTheClocks(Usage):
    """A local time that was passed over when the clocks went forward."""

    message = "“{value}” is not on the clock: it goes forward past that time"
    hint = "write {first} or {second}, whichever is meant"


class ShownTwiceByTheClocks(Usage):
    """A local time that came twice because the clocks went back."""

    message = "“{value}” is on the clock twice: it goes back that night"
    hint = "write {first} or {second}, whichever is meant"
