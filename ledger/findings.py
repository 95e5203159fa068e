"""What `verify` may find: each an error that is not raised, with what to do in its hint."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import LedgerError


class RecordedBackwards(LedgerError):
    """An entry says that it was recorded before the one before it."""

    message = "entry #{position} says that it was recorded before the one before it"
    hint = "keep the file as it is, and go back to a copy that verifies"


class OccurredLater(LedgerError):
    """An entry says that it occurred after it was recorded."""

    message = "entry #{position} says that it occurred after it was recorded"
    hint = "natverk correct {position} --at WHEN puts it right, if it was recorded by natverk"


class RuleBroken(LedgerError):
    """A live entry is not legal among all others."""

    message = "entry #{position} breaks a rule: {rule}"
    hint = "natverk show {position}; natverk correct or natverk reverse puts it right"


class TooMuchInUse(LedgerError):
    """More of a resource is used than there is."""

    message = "more of {resource} is used than there is: {rule}"
    hint = "natverk explain resource {resource} shows by which entries"


class KeptOtherwise(LedgerError):
    """A row beside the log is not what the log makes of it."""

    message = "{table} {key}: kept {kept}, the log makes {made}"
    hint = "natverk export --ndjson FILE and natverk --ledger NEW import events FILE make it anew"


class KeptOrLogWrong(KeptOtherwise):
    """A row beside the log is not what the log makes of it, and the log is at fault, too."""

    hint = (
        "what is kept may be right and the log wrong: keep the file as it is,"
        " and go back to a copy that verifies"
    )


class Unguarded(LedgerError):
    """The triggers that guard the log are not those that it was made with."""

    message = "what keeps the log from being changed is not as natverk made it: {names}"
    hint = "someone changed the file by other means: compare it with a backup"


class EntriesUnreadable(LedgerError):
    """Entries of a damaged file cannot be read: all from `position` to `last`."""

    message = "the entries from #{position} to #{last} cannot be read"
    hint = "natverk export --ndjson FILE saves the others; go back to a backup for these"


class TextMissing(LedgerError):
    """A text is gone, and nobody was forgotten for it."""

    message = "the {field} of entry #{position} is gone, and no forgetting explains it"
    hint = "a backup may have it: natverk restore FILE --ledger PATH"


class TextNotErased(LedgerError):
    """A text is there though a forgetting took it."""

    message = "the {field} of entry #{position} is there, though a forgetting erased it"
    hint = "natverk forgotten export FILE, then natverk forgotten apply FILE, erases it again"


class TextAltered(LedgerError):
    """A text is not the one that the entry committed to."""

    message = "the {field} of entry #{position} is not what was recorded"
    hint = "a backup may have it: natverk restore FILE --ledger PATH"


class TextUnknown(LedgerError):
    """A text lies where no entry has one."""

    message = "there is a {field} at #{position} that no entry holds"
    hint = "keep the file as it is, and go back to a copy that verifies"


class TableGone(LedgerError):
    """A table beside the log is not there, or lacks a column."""

    message = "the table {table} is gone, or is not as natverk made it"
    hint = "natverk export --ndjson FILE and natverk --ledger NEW import events FILE make it anew"


class TableLost(TableGone):
    """A table is gone that cannot be made from the log."""

    hint = "a backup has what was in it: natverk restore FILE --ledger PATH"


class SecretLost(LedgerError):
    """The secret of the fingerprints is gone, without which nothing can be recorded once only."""

    message = "the ledger's secret is lost, by which it knows what was imported before"
    hint = "a backup has it: natverk restore FILE --ledger PATH"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be; `position` None: not with one entry."""

    position: int | None
    error: LedgerError

    @property
    def kind(self) -> str:
        """What kind of finding, in one hyphenated word: `entry-changed`."""
        name = type(self.error).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
