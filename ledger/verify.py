"""Verify a whole ledger: every byte, every entry, every rule, and all that is kept beside the log.

One pass over the log, and a look at the entries that a rule could be broken by.
Nothing stops at the first finding, and nothing is mended. A finding is an error
that is not raised: what is wrong in its message, what to do in its hint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ledger.areas import CORRECTIONS
from ledger.audit import Difference, Replay, straight_through
from ledger.checkpoints import (
    AheadOfLedger,
    Forked,
    disagreement,
    disagreements,
    kept_or_damaged,
    kept_sizes,
)
from ledger.codec import decode
from ledger.database import Database
from ledger.decisions.corrections import check_correction
from ledger.errors import DamagedEntry, LedgerError, NotALedger
from ledger.events import Event
from ledger.files import StrPath
from ledger.findings import (
    EntriesUnreadable,
    Finding,
    KeptOrLogWrong,
    KeptOtherwise,
    OccurredLater,
    RecordedBackwards,
    RuleBroken,
    SecretLost,
    TableGone,
    TableLost,
    TextAltered,
    TextMissing,
    TextNotErased,
    TextUnknown,
    TooMuchInUse,
    Unguarded,
)
from ledger.folds import Fold
from ledger.judging import Judging
from ledger.missing import TextCheck, TextFault, worded
from ledger.notes import Checkpoint
from ledger.rehash import (
    EntriesMissing,
    EntryChanged,
    EntryOutOfPlace,
    HashesDiffer,
    Rehash,
    TreeDiffers,
)
from ledger.rows import table_of
from ledger.runs import Entry, Run
from ledger.salvage import better, saved
from ledger.signing import PublicKey, SignatureWrong, Signed, signers
from ledger.standins import FROM_ELSEWHERE, stand_in

if TYPE_CHECKING:
    from ledger.events import EntryCorrected, EntryReversed


LOG_AT_FAULT = (  # of these, not what is kept but the log itself may be wrong
    *(EntryChanged, EntriesMissing, EntryOutOfPlace, HashesDiffer, TreeDiffers),
    *(Forked, AheadOfLedger, DamagedEntry, RecordedBackwards),
)
_TEXT_FAULTS: dict[str, type[LedgerError]] = {
    "missing": TextMissing,
    "not-erased": TextNotErased,
    "altered": TextAltered,
    "unknown": TextUnknown,
}


class Damage(NamedTuple):
    """What can be said of a ledger that cannot be read through.

    So many entries can still be `read`, and so many are `lost`; where is in `findings`.
    """

    findings: list[Finding]
    read: int
    lost: int


def damage(path: StrPath, broken: LedgerError) -> Damage:
    """Which entries of a ledger that cannot be read through are lost. Raises as `saved`."""
    found = saved(path, broken)
    with closing(found.database) as database:
        [[read]] = database.select("SELECT count(*) FROM stored_events")
    lost = (EntriesUnreadable(position=first, last=last) for first, last in found.lost)
    broken = better(broken) if type(broken) is NotALedger else broken
    findings = [Finding(None, broken), *map(_placed, lost)]
    return Damage(findings, read, sum(last - first + 1 for first, last in found.lost))


class Verification(Replay):
    """Everything about a ledger, checked once.

    `checkpoints` are those given beside the kept ones, `keys` those known of who
    signed. Afterwards `agreed` are the checkpoints that hold, with who signed each,
    and `roots` has the root at the size of each and of the whole log, at `head`.
    """

    def __init__(
        self,
        database: Database,
        folds: Sequence[Fold],
        checkpoints: Iterable[Checkpoint] = (),
        keys: Iterable[PublicKey] = (),
    ) -> None:
        super().__init__(database, folds)
        self._found: list[Finding] = []
        self._gone = stand_in(database, folds)
        self._note(map(_gone, self._gone))
        if not isinstance(database.setting("secret"), bytes):
            self._note([SecretLost()])
        self.head = database.head()
        self.agreed: list[tuple[Checkpoint, list[Signed]]] = []
        self._given = list(checkpoints)
        self._keys = list(keys)
        sizes = [checkpoint.size for checkpoint in self._given]
        self._rehash = Rehash(database, [*sizes, *kept_sizes(database), self.head], self._gone)
        self._texts = TextCheck(database, personal=database.setting("personal") != 0)
        self._judging = Judging()

    @property
    def roots(self) -> dict[int, bytes]:
        """The roots over the first so many entries, as they are now."""
        return self._rehash.roots

    def findings(self) -> list[Finding]:
        """All that is wrong, entry by entry, then what is kept beside the log."""
        with straight_through(self._database):
            differences = [each for each in self.differences() if each.fold not in self._gone]
        self._fill_in()
        self._note(self._rehash.finish())
        broken = self._judging.broken(self._database, self.tables, self.version)
        self._found += [Finding(position, _rule(position, error)) for position, error in broken]
        self._note(self._disagreements())
        doubted = any(isinstance(each.error, LOG_AT_FAULT) for each in self._found)
        kind = KeptOrLogWrong if doubted else KeptOtherwise
        self._found += [_kept_otherwise(difference, kind) for difference in differences]
        names = self._database.dialect.changed_guards(self._database.connection)
        if names:
            self._note([Unguarded(names=", ".join(names))])
        return sorted(self._found, key=lambda each: (each.position is None, each.position or 0))

    @property
    def forks(self) -> list[Forked]:
        """The findings that say that there are two histories."""
        return [each.error for each in self._found if isinstance(each.error, Forked)]

    def _disagreements(self) -> Iterator[LedgerError]:
        """What checkpoints and signatures say otherwise; notes the others as agreed."""
        kept = [x for x in kept_or_damaged(self._database) if isinstance(x, Checkpoint)]
        for checkpoint in _each_once((*self._given, *kept)):
            if disagreement(self._database, checkpoint, self.roots) is None:
                signed = signers(checkpoint, self._keys)
                self.agreed.append((checkpoint, signed))
                yield from (SignatureWrong(name=x.name) for x in signed if x.verified is False)
        for checkpoint in self._given:
            found = disagreement(self._database, checkpoint, self.roots)
            if found is not None:
                yield found
        yield from disagreements(self._database, self.roots)

    def _fill_in(self) -> None:
        """Put what the log makes in the tables that are gone; rules are judged by some of them."""
        for fold in self._folds:
            if fold.name in self._gone:
                table_of(fold).put(self._database.cursor, self.tables.rows(fold).values())

    def _note(self, errors: Iterable[LedgerError]) -> None:
        self._found += map(_placed, errors)

    def _read(self, until: int) -> Iterator[Run]:
        texts = self._texts
        for block in self._database.blocks():
            self._note(self._rehash.feed(block))
            for run in self._readable(block, until):
                for event in run.those(worded(run)):
                    self._note_texts(texts.entry(event))
                self._judging.see(run)
                yield from self._with_corrections_judged(run)
        self._note_texts(texts.end())

    def _readable(self, block: Sequence[Entry], until: int) -> Iterator[Run]:
        """The entries of a block that can be read, up to a position."""
        block = block if block[-1][0] <= until else [each for each in block if each[0] <= until]
        if block:
            self.position = block[-1][0]
        read = 0
        try:
            for run in self._runs.of(block):
                yield run
                read += len(run)
        except DamagedEntry:
            yield Run(self._undamaged(block[read:]))

    def _undamaged(self, entries: Iterable[Entry]) -> list[Event]:
        events: list[Event] = []
        for position, topic, state in entries:
            try:
                events.append(decode(topic, state, position))
            except DamagedEntry as damaged:
                self._note([damaged])
        return events

    def _with_corrections_judged(self, run: Run) -> Iterator[Run]:
        """The entries in parts, each correction judged when all before it has been folded."""
        start = 0
        for at, event in enumerate(run.events if run.columns is None else ()):
            if event.type in CORRECTIONS:
                yield run[start:at]
                start = at
                self._judge_correction(event)
        yield run[start:] if start else run

    def _judge_times(self, event: Event, occurred: int, recorded: int) -> None:
        if recorded < self._recorded:
            self._note([RecordedBackwards(position=event.position)])
        if event.type == "entry-corrected":
            occurred = cast("EntryCorrected", event).version.occurred
        if occurred > recorded:
            self._note([OccurredLater(position=event.position)])

    def _judge_correction(self, event: Event) -> None:
        correction = cast("EntryCorrected | EntryReversed", event)
        try:
            check_correction(correction, self.tables, self.version)
        except LedgerError as error:
            self._note([RuleBroken(position=event.position, rule=error)])

    def _note_texts(self, faults: Iterable[TextFault]) -> None:
        for fault in faults:
            self._note([_TEXT_FAULTS[fault.fault](position=fault.position, field=fault.field)])

    def version(self, position: int) -> Event | None:
        """As of `Said`; None, too, for one that cannot be read, which is a finding elsewhere."""
        try:
            return super().version(position)
        except DamagedEntry:
            return None


def _gone(table: str) -> LedgerError:
    return (TableLost if table in FROM_ELSEWHERE else TableGone)(table=table)


def _each_once(checkpoints: Iterable[Checkpoint]) -> Iterable[Checkpoint]:
    """Those that say the same as one, with the signatures of all."""
    by_body: dict[str, Checkpoint] = {}
    for each in checkpoints:
        known = by_body.get(each.body, each)
        signatures = dict.fromkeys((*known.signatures, *each.signatures))
        by_body[each.body] = replace(known, signatures=tuple(signatures))
    return by_body.values()


def _placed(error: LedgerError) -> Finding:
    position: Any = error.facts.get("position")
    return Finding(position, error)


def _rule(position: int | None, error: LedgerError) -> LedgerError:
    if position is None:
        return TooMuchInUse(resource=error.facts.get("resource"), rule=error)
    return RuleBroken(position=position, rule=error)


def _kept_otherwise(difference: Difference, kind: type[KeptOtherwise]) -> Finding:
    position = difference.key[3] if difference.fold == "subjects" else None
    error = kind(
        table=difference.fold,
        key=" ".join(map(str, difference.key)),
        kept=_said(difference.kept),
        made=_said(difference.replayed),
    )
    return Finding(position, error)


def _said(values: dict[str, Any] | None) -> str:
    if values is None:
        return "nothing"
    return ", ".join(f"{name}={_short(value)}" for name, value in values.items()) or "a row"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
