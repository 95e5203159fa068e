"""The rules that an answer to an earlier entry, or a correction of one, can break.

Facts are named as in `refusals`.
"""

from __future__ import annotations

from ledger.refusals import Refused


class NobodyAnswers(Refused):
    """A gift is confirmed or disputed, and it is not said by whom."""

    message = "say who confirms or disputes gift #{position}"
    hint = "--recorded-by WHO says it once, natverk me WHO for good"


class NoParty(Refused):
    """Someone confirms or disputes a gift that they neither gave nor received."""

    message = "{member} neither gave nor received gift #{position}"
    hint = "natverk note {position} TEXT adds words to it"


class OwnRecord(Refused):
    """Whoever recorded a gift confirms or disputes it."""

    message = "{member} recorded gift #{position}; it is for the other one to confirm or dispute"
    hint = "natverk correct {position} or natverk reverse {position} puts it right"


class SupersededAlready(Refused):
    """A correction in the log is of an entry that was corrected or taken back before it."""

    message = "entry #{position} has been corrected or taken back already, by #{successor}"
    hint = "natverk show {successor} says how"


class CorrectedAlready(Refused):
    """A correction is of an entry in whose place another one stands."""

    message = "entry #{position} has been corrected already; #{successor} stands in its place"
    hint = "natverk show {successor} says how; correct, reverse or undo that one instead"


class TakenBackAlready(Refused):
    """A correction is of an entry that was taken back, or of an earlier version of it."""

    message = "entry #{position} has been taken back already, by #{successor}"
    hint = "natverk show {successor} says why; natverk undo {successor} puts it back"


class NotCorrectable(Refused):
    """An entry of a type that no correction puts right."""

    message = "entry #{position} ({type}) cannot be corrected or taken back"
    hint = "natverk note {position} TEXT adds words to it"


class SaysNothing(Refused):
    """A correction of an entry that only takes another one back."""

    message = "entry #{position} takes another one back, and says nothing else"
    hint = "natverk undo {position} puts that one back"


class FieldNeeded(Refused):
    """A correction leaves out what such an entry has to say."""

    exit_code = 2
    message = "entry #{position} ({type}) has to say its {field}"


class FoundingStays(Refused):
    """The founding of the network is to be taken back."""

    message = "entry #{position} founded the network; it cannot be taken back"
    hint = "natverk correct {position} puts the name or the idea right"


class NoSuchField(Refused):
    """A correction of something that the entry does not say."""

    exit_code = 2
    message = "entry #{position} ({type}) has no {field}"
    hint = "what can be changed in it: {fields}"


class NothingCorrected(Refused):
    """A correction that changes nothing."""

    exit_code = 2
    message = "entry #{position} says that already"
    hint = "say what should be different; natverk correct --help lists the options"


class CorrectionInTheWay(Refused):
    """With the correction, other entries would break a rule."""

    message = "with that, {others} would no longer be right"
    hint = "look at each with natverk show, and correct or reverse it first"


class EndedTwice(Refused):
    """Something is ended by two entries that both stand."""

    message = "{what} is ended by {entries} already"
    hint = "natverk show tells when; take that back first"


class AstrayCorrection(Refused):
    """A correction in the log is of nothing that it could correct."""

    message = "entry #{position} does not fit #{target}, which it says that it corrects"
    hint = "keep the file as it is, and go back to a copy that verifies"


class WordsErased(Refused):
    """An entry cannot be written anew, since words in it have been erased."""

    message = "entry #{position} cannot be written anew: words in it ({field}) have been erased"
    hint = "natverk correct {position} with --{field} gives it new ones"


class NothingOfTheirs(Refused):
    """What was recorded lately was recorded by somebody else, or nobody said by whom."""

    message = "nothing of what was recorded lately was recorded by {member}"
    hint = "natverk log shows what was; name the entry: natverk undo {newest}"


class NothingToUndo(Refused):
    """Nothing that was recorded lately can be taken back."""

    message = "there is nothing to undo"
    hint = "none of the last {looked} entries, at most, can be; name one: natverk undo POS"
