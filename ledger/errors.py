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


class NameForTheForgotten(Usage):
    """A name that is shown in place of those that were erased."""

    message = "“{name}” stands for names that were erased and cannot be a name"


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
    hint = "write {thousands} or {decimals}"


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


# Files and fields from elsewhere


class TableUnreadable(Usage):
    """A file cannot be opened or read."""

    message = "cannot read “{path}”: {reason}"
    hint = "check the path, and that you may read what is there"


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
    hint = "natverk init NAME --idea TEXT founds one; --ledger PATH says where one is"


class LedgerExists(LedgerError):
    """A ledger would be founded where something already is."""

    message = "there is already a file at {path}"
    hint = "choose another place with --ledger PATH"


class NotInAFile(Unusable):
    """Something that is about a file was asked of a ledger on a server."""

    message = "{path} is on a server, and this is about a ledger in a file"
    hint = "a server is copied and brought back by its own tools: pg_dump and pg_restore"


class NotALedger(Unusable):
    """The file is something else."""

    message = "{path} is not a ledger of natverk"
    hint = "check the path given with --ledger or NATVERK_LEDGER"


class NoLedgerAnyMore(NotALedger):
    """The file has no longer what says that it is a ledger, but much of one is in it."""

    message = "{path} is not a ledger of natverk, or is one no more: much of one is in it"
    hint = "keep the file as it is; natverk export --ndjson FILE saves what can still be read"


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


class LedgerNotMade(Unusable):
    """A new ledger cannot be written where it should be."""

    message = "{path} cannot be written: {reason}"
    hint = "check that the folder exists, that you may write in it, and that there is room"


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


class DriverMissing(Unusable):
    """A ledger is on a server, and what speaks with servers is not installed."""

    message = "a ledger on a PostgreSQL server needs psycopg, which is not installed"
    hint = "install it with pip install 'natverk[postgres]'"


class ConnectionLost(Unusable):
    """The connection to the server was lost before anything was recorded."""

    message = "the connection to {path} was lost: {reason}"
    hint = "try again in a moment; nothing was recorded"


class MaybeRecorded(ConnectionLost):
    """The connection was lost while the server was told to keep what was recorded."""

    message = "the connection to {path} was lost while recording: {reason}"
    hint = "see natverk log whether it was recorded; a command with --id can be given again"


class Conflict(Unusable):
    """Another writer took the position first."""

    message = "the ledger moved on from #{expected} to #{found} while recording"
    hint = "try again; nothing was recorded"


class KeyReused(LedgerError):
    """The same idempotency key came with another request."""

    message = "the key “{key}” was used for another request, {entries}"
    hint = "use a new key for a new request"
