"""The rules that ties, initiatives and what comes of them can break.

Facts are named as in `refusals`.
"""

from __future__ import annotations

from ledger.refusals import Refused


class NotAPerson(Refused):
    """An organisation is to act for an organisation."""

    message = "{person} is an organisation; it is people who act for one"
    hint = "natverk tie A B declares a relation between any two members"


class NotAnOrganisation(Refused):
    """A person is to be acted for."""

    message = "{organisation} is not an organisation"
    hint = "natverk tie A B declares a relation between any two members"


class TiedToSelf(Refused):
    """A tie has the same member at both ends."""

    message = "a tie is between two members"


class OfNobodyHere(Refused):
    """A relation with somebody in another network is nobody's here."""

    message = "a relation with {theirs} there is one of somebody here"
    hint = "natverk relate OTHER WHO {theirs} says of whom"


class SameAsNobody(Refused):
    """Who is the same in two networks is not said."""

    message = "who is the same is one member here and one there"
    hint = "natverk relate OTHER WHO THEIRS --nature same"


class InitiativeOver(Refused):
    """Something is done in or for an initiative that was concluded by then."""

    message = "{initiative} was concluded by then, on {concluded_at}"
    hint = "natverk initiative start begins another one"


class ConcludedAlready(Refused):
    """An initiative is to be concluded earlier than it was."""

    message = "{initiative} has been concluded already, on {concluded_at}"


class EndorsesTheirOwn(Refused):
    """Whoever started an initiative vouches for it."""

    message = "{endorser} started {initiative}; it is for others to endorse it"


class ForAnotherInitiative(Refused):
    """A gift is towards an ask, and for another initiative than the ask."""

    message = "ask {ask} is for {initiative}, and not for {other}"
    hint = "name only one of them"


class ForTwoInitiatives(Refused):
    """A gift is to one initiative, and for another."""

    message = "a gift is for one initiative, and not for several: {initiatives}"
    hint = "record two gifts"


class ToldThemselves(Refused):
    """A story has nobody who listens, or its teller does."""

    message = "a story is told to others than {teller}"


class HeardElsewhere(Refused):
    """The teller of a story did not hear it where they are said to have."""

    message = "{teller} did not hear of {initiative} in #{position}"
    hint = "natverk show {position} tells who was told there, and about what"


class GatheredAlone(Refused):
    """A gathering of fewer than two."""

    exit_code = 2
    message = "a gathering takes two or more"
    hint = "give --with once for each"


class NothingBehindIt(Refused):
    """An opportunity that came of nothing."""

    exit_code = 2
    message = "say which entries it came of"
    hint = "--because POS names one; natverk log shows them"


class NominatesThemselves(Refused):
    """A member names themselves as the one who gives most."""

    message = "{nominator} cannot name themselves"
