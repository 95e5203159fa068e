"""The rules of the network that an entry can break; each class says which.

Facts named like roles (`member`, `giver`) hold ids, `entries` positions, times
datetimes; whoever shows a refusal puts names in place of ids.
"""

from __future__ import annotations

from ledger.errors import LedgerError

_LISTED = {
    "entry": "natverk log lists the entries",
    "member": "natverk members lists those there are",
    "resource": "natverk resources lists those there are",
    "ask": "natverk asks lists those there are",
    "initiative": "natverk initiatives lists those there are",
    "booking": "natverk statement WHO shows whose there are",
}


class Refused(LedgerError):
    """A rule of the network refuses the entry; nothing was recorded."""


class UnknownId(LedgerError):
    """Nothing was ever recorded under an id or at a position."""

    exit_code = 3
    message = "there is no {what} {id}"

    def __init__(self, **facts: object) -> None:
        super().__init__(**facts)
        self.hint = _LISTED.get(str(facts.get("what")), "")


class UnknownSurvey(LedgerError):
    """Nobody was named in a survey of that name."""

    exit_code = 3
    message = "nobody has been named in a survey “{name}”"
    hint = "surveys in which somebody was: {surveys}"

    def __init__(self, **facts: object) -> None:
        super().__init__(**facts)
        if not facts["surveys"]:
            self.hint = "natverk nominate WHO AS-GIVER --survey NAME records whom a member names"


class NobodyRecords(LedgerError):
    """Whoever is said to record is no member, or not any more: their joining was taken back."""

    exit_code = 3
    message = "{actor}, who is said to record, is not a member"
    hint = "natverk me WHO says who does, or --recorded-by WHO; natverk.toml keeps it"


class NameTaken(Refused):
    """Someone in the network already has the name."""

    message = "the name “{name}” is taken by {member}"
    hint = "add something that tells them apart, such as a surname"


class NameOfSomeoneWhoLeft(Refused):
    """Someone who left has the name."""

    message = "“{name}” was a member before: {member}"
    hint = "add --back if it is the same one, else join under another name"


class InTheFuture(Refused):
    """An entry is said to have occurred later than now."""

    message = "{occurred_at} is in the future"
    hint = "record it when it has happened; bookings take coming times with --from and --to"


class ClockBehind(LedgerError):
    """The machine's clock is well behind the last entry."""

    exit_code = 4
    message = "this computer's clock says {now}, but the last entry was recorded at {recorded_at}"
    hint = "set the clock right and try again"


class NotFounded(LedgerError):
    """The ledger holds nothing yet: bringing its entries in was interrupted at once."""

    exit_code = 4
    message = "this ledger is empty: it was never founded"
    hint = "run the natverk import events again that made it, or remove the file and natverk init"


class LaterCause(Refused):
    """An entry is said to come of one that is not in the log."""

    message = "there is no entry #{position} that this could come of"
    hint = "natverk log shows the entries that there are"


class HasLeft(Refused):
    """Someone does something after leaving and before coming back."""

    message = "{member} had left by then, on {left_at}"
    hint = "natverk join --back lets them return; --at says when it happened if it was earlier"


class NotYetJoined(Refused):
    """A membership ends or pauses before it began."""

    message = "{member} had not joined by then"
    hint = "check the time given with --at"


class InTheWay(Refused):
    """With the entry, later entries would break a rule."""

    hint = "look at them with natverk show; choose a later time with --at"


class AfterLeaving(InTheWay):
    """Someone would have left before entries that need the membership."""

    message = "{entries} would then come after {what} left"


class AfterWithdrawing(InTheWay):
    """A resource would have been withdrawn before entries that use it."""

    message = "{entries} would then come after {what} was withdrawn"


class AfterClosing(InTheWay):
    """An ask would have been closed before entries that are for it."""

    message = "{entries} would then come after {what} was closed"


class AfterConcluding(InTheWay):
    """An initiative would have been concluded before entries that are of it."""

    message = "{entries} would then come after {what} was concluded"


class LaterMembership(Refused):
    """The membership already changes later in a way that does not fit."""

    message = "{member} leaves or returns later, in {entries}"
    hint = "check the time given with --at"


class TakenBack(Refused):
    """What is done is about an entry that has been taken back."""

    message = "entry #{position} has been taken back"
    hint = "natverk show {position} says by which entry; natverk undo takes that one back"


class NothingToChange(Refused):
    """A description that changes nothing."""

    exit_code = 2
    message = "nothing to change was given"
    hint = "add at least one of the options; see --help"


class NothingSaid(Refused):
    """An offer or ask that says neither what nor which category."""

    exit_code = 2
    message = "say what it is"
    hint = "give a text, or a --category"


class CapacityAndStock(Refused):
    """An offer cannot be both reusable and consumable."""

    exit_code = 2
    message = "an offer has a capacity or a stock, not both"
    hint = "a capacity is for what comes back, a stock for what is used up"


class GiftToSelf(Refused):
    """A giver who is also the receiver."""

    message = "{giver} cannot give to themselves"


class IntroducesThemselves(Refused):
    """An introduction needs three different members."""

    message = "an introduction is by one member between two others"


class AskEnded(Refused):
    """Something is done towards an ask that had ended by then."""

    message = "ask {ask} had ended by then, on {ended_at}"
    hint = "leave --ask out, or make a new ask"


class AskEndedAlready(Refused):
    """An ask is to end otherwise, or earlier, than it has ended."""

    message = "ask {ask} has ended already, on {ended_at}"


class BeforeItBegan(Refused):
    """Something ends before it began."""

    message = "{what} began later, on {began_at}"
    hint = "check the time given with --at"


class ResourceGone(Refused):
    """A resource is used after its offer had ended."""

    message = "{resource} was no longer offered by then, since {ended_at}"
    hint = "natverk available shows what is"


class OutsideTheOffer(Refused):
    """A booking lies outside the time for which the resource is offered."""

    message = "{resource} is not offered for the whole of that time"
    hint = "natverk resources shows from when, and its open hours: {open}"


class NotReusable(Refused):
    """What is used up can be neither booked nor lent."""

    message = "{resource} is used up when given, so it is neither booked nor lent"
    hint = "natverk give with --resource {id} takes from its stock"


class Clash(Refused):
    """More is booked and lent at some moment than there is."""

    message = "{resource} is taken then by {holders}: {free} of {capacity} free"
    hint = "natverk available with --from and --to shows what is free"


class OwnBooking(Clash):
    """What a member would take along is booked by that member."""

    hint = "natverk release {booking} first: it is the borrower's own booking"


class MoreThanThereIs(Refused):
    """More is wanted at a time than there ever is."""

    message = "{resource} has {capacity} at a time, not {count}"
    hint = "natverk resources shows how much there is"


class OtherUnit(Refused):
    """A gift takes from a stock in another unit."""

    message = "{resource} is counted in {unit}, not {given}"
    hint = "give it in {unit}"


class StockExceeded(Refused):
    """More is given from a stock than is left."""

    message = "{resource} has {left} {unit} left"
    hint = "give at most that, or leave --resource out"


class EndBeforeStart(Refused):
    """A period that ends before it starts."""

    exit_code = 2
    message = "the end {end} is not after the start {start}"


class NeededBeforeAsked(Refused):
    """An ask for a day that is over when it is asked."""

    exit_code = 2
    message = "{needed} is before it is asked for, on {asked}"
    hint = "--by is the last day on which it helps; --at says when it was asked"


class AlreadyReleased(Refused):
    """A booking is released twice."""

    message = "booking {booking} was released already, on {released_at}"


class BookingOver(Refused):
    """A booking is released after it ended."""

    message = "booking {booking} was over by then, on {end}"


class NotLent(Refused):
    """Something is returned that is not lent out."""

    message = "{resource} is not lent out"
    hint = "natverk resources shows what is"


class LentToOthers(Refused):
    """Something is returned by a member to whom it is not lent."""

    message = "{resource} is lent to {borrowers}, not to {member}"
    hint = "natverk return takes it back from whoever is named"


class SeveralLoans(Refused):
    """Several members have the resource; the one who returns it must be named."""

    exit_code = 3
    message = "{resource} is lent to several: {borrowers}"
    hint = "add who returns it"


class NotSuchAnEntry(Refused):
    """An entry is not of the type that the command is about."""

    message = "entry #{position} is not {what}"
    hint = "natverk log shows the entries"


class AlreadyFounded(Refused):
    """A ledger holds one network, founded once."""

    message = "the network is already founded"


class UnknownTimeZone(LedgerError):
    """A time zone that this computer does not know."""

    exit_code = 2
    message = "there is no time zone “{time_zone}”"
    hint = "write it like Europe/Stockholm"
