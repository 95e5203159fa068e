"""What can be wrong with forgetting someone, and with those who are forgotten."""

from __future__ import annotations

from ledger.errors import LedgerError, Usage
from ledger.refusals import Refused


class Forgotten(Refused):
    """An entry would name someone who has been forgotten."""

    message = "{member} has been forgotten, and nothing new can be recorded about them"
    hint = "if they are who records, say who does now: natverk me WHO"


class AlreadyForgotten(Refused):
    """Someone is to be forgotten a second time."""

    message = "{member} was forgotten already, by {entries}"
    hint = "natverk forget WHO --also POS erases a text that still has the name"


class ForgettingIsNow(Usage):
    """Forgetting is said to have happened at another time."""

    message = "someone is forgotten now, and at no other time"


class NameOfAnother(Refused):
    """A text to be erased is the name of someone else."""

    message = "{entries} holds the name of {member}, which stays while they have it"
    hint = "natverk describe gives them another name first"


class NotConfirmed(Usage):
    """Someone is to be forgotten, and there is nobody at a terminal to ask."""

    message = "forgetting cannot be undone, and there is no terminal on which to ask"
    hint = "add --yes, after looking at what --dry-run shows"


class AnotherName(LedgerError):
    """What was typed is not the name of the one to be forgotten."""

    message = "that is not their name; nothing was forgotten"
    hint = "type the whole name as it is shown"


class NothingThere(Refused):
    """An entry that holds no text is to be erased."""

    message = "{entries} holds no text that could be erased"


class ErasurePending(LedgerError):
    """The texts are erased, but the file's log of changes still holds them for a reader."""

    message = "the texts are erased, but traces stay while another process reads the older state"
    hint = "end that process; the next command that records then removes them"


class NotAList(Usage):
    """A file is not a list of those who were forgotten."""

    message = "{path} is not a list of those who were forgotten: {reason}"
    hint = "natverk forgotten export FILE writes one"


class ListOfAnotherNetwork(LedgerError):
    """A list of those who were forgotten is of another network."""

    message = "the list is of another network than {path}"
    hint = "give the ledger that it belongs to, with --ledger PATH"
