"""The rows of several folds, brought forward event by event: replayed or kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from ledger.areas import CORRECTIONS
from ledger.folds import Entries, Fold, Handler, Key, Keys, Parts, Source, in_blocks
from ledger.summing import Rows, Summing
from ledger.values import END_OF_TIME, microseconds

if TYPE_CHECKING:
    from ledger.events import EntryCorrected, EntryReversed, Event
    from ledger.runs import Run

_type = attrgetter("type")
Step = tuple[Fold, Keys, Handler, Rows, "set[Key] | None"]  # the last: where keys are noted


class Tables:
    """The rows of several folds, brought forward event by event.

    Without a source everything starts from nothing and stays in memory: a
    replay, which looks up in `log` what a correction replaces. With one,
    rows are loaded when first touched, and `changed` says which keys of each fold
    differ from what is kept. Corrections take out and put in only what occurred
    `before` a time, in microseconds since 1970. A replay notes what is `changed`
    in the folds that are `tracked`.
    """

    def __init__(
        self,
        folds: Sequence[Fold],
        source: Source | None = None,
        log: Entries | None = None,
        before: int = END_OF_TIME,
        tracked: Sequence[Fold] = (),
    ) -> None:
        self.folds = folds
        self._before = before
        self._source = source
        self._log = log
        self._position = 0  # of the last event, in a replay
        self._gone: set[int] = set()  # positions of what was superseded, in a replay
        self._again: dict[str, set[Key]] = {fold.name: set() for fold in folds}
        self._rows = {fold.name: Rows(self._beginning(fold)) for fold in folds}
        self.changed: dict[str, set[Key]] = {fold.name: set() for fold in folds}
        self._steps: dict[str, list[Step]] = {}
        self._block_steps: dict[str, list[Step]] = {}  # as they are, but through parts
        kept = source is not None
        noted = {fold: self.changed[fold.name] for fold in (folds if kept else tracked)}
        self._summing = Summing(() if kept else folds, self._rows, noted)
        self._entries: dict[str, dict[Key, list[Event]]] = {}
        self._tried: tuple[Event | None, Event | None] = (None, None)
        self._before_attempt: dict[tuple[str, Key], Any] = {}
        self._only_tried: dict[tuple[str, Key], Any] = {}  # rows as they are kept, but for that
        for fold in folds:
            for kind, (keys, handler) in fold.on.items():
                step = (fold, keys, handler, self._rows[fold.name], noted.get(fold))
                self._steps.setdefault(kind, []).append(step)
                parts = self._summing.parts.get(fold)
                if parts is not None:
                    step = (fold, cast("Parts", fold.parts).keys[kind], handler, parts, None)
                self._block_steps.setdefault(kind, []).append(step)

    def get(self, fold: Fold, *key: Any) -> Any:
        """The row with this key; one that nothing has touched has only defaults."""
        return self._rows[fold.name][key]

    def find(
        self, fold: Fold, equal: Mapping[str, Any], beyond: Mapping[str, int] | None = None
    ) -> list[Any]:
        """The rows whose columns equal `equal` and are above `beyond`, in the order of keys."""
        beyond = beyond or {}
        rows, changed = self._rows[fold.name], self.changed[fold.name]
        found: dict[Key, Any] = {}
        if self._source is not None:
            for row in self._source.find(fold, equal, beyond):
                key = fold.key_of(row)
                if key not in changed:
                    found[key] = rows.setdefault(key, row)
        for key in list(changed if self._source is not None else rows):
            row = rows[key]
            if all(getattr(row, c) == v for c, v in equal.items()) and all(
                getattr(row, c) > v for c, v in beyond.items()
            ):
                found[key] = row
        return [found[key] for key in sorted(found)]

    def rows(self, fold: Fold) -> dict[Key, Any]:
        """The rows in memory by key; in a replay all there are."""
        return self._rows[fold.name]

    def apply(self, event: Event, sign: int = 1) -> None:
        """Fold one event into every row that it touches."""
        self._position = event.position
        self._apply_run(self._steps, event.type, (event,), sign)

    def attempt(self, old: Event | None, new: Event | None) -> None:
        """As `supersede`, only to see what the rows would be, until `restore`.

        The log goes on saying otherwise.
        """
        from copy import deepcopy  # noqa: PLC0415 - hardly ever needed

        for event in (old, new):
            for fold, keys, _, rows, changed in self._steps.get(event.type, ()) if event else ():
                for key in keys(event):
                    if self._source is not None and changed is not None and key not in changed:
                        self._only_tried.setdefault((fold.name, key), rows.get(key))
                    if not fold.timed:
                        self._before_attempt.setdefault((fold.name, key), deepcopy(rows[key]))
        self._tried = (old, new)
        self.supersede(old, new)

    def restore(self) -> None:
        """Give every row that an attempt has changed back what it was."""
        old, new = self._tried
        self._tried = (None, None)
        self.supersede(new, old)
        for (name, key), row in self._only_tried.items():
            self.changed[name].discard(key)
            if key in self._again[name]:  # a timed row, which need not be folded again
                self._again[name].discard(key)
                if row is not None:
                    self._rows[name][key] = row
        self._only_tried.clear()
        for (name, key), row in self._before_attempt.items():
            self._rows[name][key] = row  # of two that end a thing, either would undo the other
        self._before_attempt.clear()

    def supersede(self, old: Event | None, new: Event | None) -> None:
        """Take what stood in a slot out of every row, and put what stands there now in."""
        for event, sign in ((old, -1), (new, 1)):
            if event is None:
                continue
            for fold, keys, handler, rows, changed in self._steps.get(event.type, ()):
                touched = keys(event)
                if changed is not None:
                    changed.update(touched)
                for key in touched:
                    if fold.timed:
                        self._fold_again_later(fold, key, old, new)
                    else:
                        row = rows[key]
                        handler(row, event, sign)
                        if sign < 0 and fold.stale is not None and fold.stale(row, event):
                            self._again[fold.name].add(key)

    def apply_all(self, events: Iterable[Event]) -> None:
        """Fold events in their order."""
        for block in in_blocks(events):
            self._apply_block(block)
        self._summing.merge()

    def apply_run(self, run: Run) -> None:
        """Fold a run of entries in their order; what there is in parts waits for `settle`."""
        if run.columns is None:
            self._apply_block(run.events)
            return
        self._position = run.last
        for step in self._block_steps.get(run.type, ()):
            sums = self._summing.sums.get((step[0], run.type))
            events = run.events if sums is None else run.those(sums.add(run.columns))
            self._apply_step(step, events, 1)

    def _apply_block(self, events: Sequence[Event]) -> None:
        """Fold events in their order, all of a few.

        Of those that follow each other and are of one type, each fold takes all before the
        next fold does: it comes to the same, since a handler sees only a row of its own,
        and is faster by a third, since what it touches stays at hand.
        """
        if events:
            self._position = events[-1].position
        for kind, run in groupby(events, _type):
            if kind in CORRECTIONS:
                for event in run:
                    self._apply_run(self._block_steps, kind, (event,))
            else:
                self._apply_run(self._block_steps, kind, list(run))

    def take_changed(self) -> Iterator[tuple[Fold, list[Any]]]:
        """The rows of each fold that differ from what is kept, by key; from now on they do not."""
        for fold in self.folds:
            changed = self.changed[fold.name]
            if changed:
                rows = self._rows[fold.name]
                yield fold, [rows[key] for key in sorted(changed)]
                changed.clear()

    @property
    def size(self) -> int:
        """How many rows are in memory."""
        return sum(map(len, self._rows.values()))

    def settle(self, folds: Iterable[Fold] | None = None) -> None:
        """Merge the parts and sums of all folds, or some, and fold again what has to be.

        That is every row that is stale or that a late entry has touched.
        """
        self._summing.merge(folds)
        for fold in self.folds if folds is None else folds:
            for key in list(self._again[fold.name]):
                if not fold.timed:  # it is there, and has been counted in what came since
                    self._rows[fold.name].pop(key, None)
                self.get(fold, *key)

    def forget(self) -> None:
        """Drop every row from memory; the next use loads them anew."""
        for fold in self.folds:
            self._rows[fold.name].clear()
            self.changed[fold.name].clear()
            self._again[fold.name].clear()

    def _apply_run(
        self, steps: dict[str, list[Step]], kind: str, events: Sequence[Event], sign: int = 1
    ) -> None:
        for step in steps.get(kind, ()):
            self._apply_step(step, events, sign)
        if kind in CORRECTIONS:
            for event in events:
                self._correct(cast("EntryCorrected | EntryReversed", event))

    def _apply_step(self, step: Step, events: Sequence[Event], sign: int) -> None:
        fold, keys, handler, rows, changed = step
        for event in events:
            touched = keys(event)
            if not touched:
                continue
            if changed is not None:
                changed.update(touched)
            if fold.timed:
                self._apply_timed(fold, touched, handler, event)
                continue
            for key in touched:
                handler(rows[key], event, sign)

    def _apply_timed(
        self, fold: Fold, keys: tuple[Key, ...], handler: Handler, event: Event
    ) -> None:
        rows = self._rows[fold.name]
        again = self._again[fold.name]
        at = microseconds(event.occurred_at)
        for key in keys:
            if self._source is None:
                self._entries.setdefault(fold.name, {}).setdefault(key, []).append(event)
            if key in again:
                continue
            row = rows[key]
            if at < row.last:
                del rows[key]
                again.add(key)
            else:
                handler(row, event, 1)
                row.last = at

    def _correct(self, event: EntryCorrected | EntryReversed) -> None:
        log = self._source or self._log
        if log is None:
            raise LookupError(f"entry {event.position} replaces one that cannot be looked up")
        self._summing.merge()  # of what was counted before
        self._gone.add(event.target)
        versions = (log.version(event.target), event.version)
        old, new = (
            None if each is None or each.occurred >= self._before else each for each in versions
        )
        self.supersede(old, new)

    def _fold_again_later(self, fold: Fold, key: Key, old: Event | None, new: Event | None) -> None:
        self._rows[fold.name].pop(key, None)
        self._again[fold.name].add(key)
        if self._source is not None:
            return
        entries = self._entries.setdefault(fold.name, {}).setdefault(key, [])
        gone = {event.position for event in (old, new) if event is not None}
        entries[:] = [event for event in entries if event.position not in gone]
        if new is not None and new.type in fold.on and key in fold.on[new.type][0](new):
            entries.append(new)

    def _beginning(self, fold: Fold) -> Callable[[Key], Any]:
        again = self._again[fold.name]

        def begin(key: Key) -> Any:
            if key in again:
                again.discard(key)
                return self._fold_again(fold, key)
            kept = None if self._source is None else self._source.load(fold, key)
            return fold.row(*key) if kept is None else kept

        return begin

    def _fold_again(self, fold: Fold, key: Key) -> Any:
        if self._source is None and not fold.timed:
            said = cast("Entries", self._log).said_about(map(str, key), fold.on)
            come = [each for each in said if each.position <= self._position]
            stand = [each for each in come if each.position not in self._gone]
            entries = [each for each in stand if each.occurred < self._before]
        elif self._source is None:
            entries = sorted(self._entries[fold.name][key], key=attrgetter("occurred_at", "slot"))
        else:
            subject = str(key[0])
            entries = self._source.entries_about(subject, fold.on)
            if self._tried != (None, None):
                from ledger.index import revised  # noqa: PLC0415 - loads events; hardly ever needed

                entries = revised(entries, self._tried, subject, fold.on)
        row = fold.row(*key)
        for event in entries:
            keys, handler = fold.on[event.type]
            if key in keys(event):
                handler(row, event, 1)
                if fold.timed:
                    row.last = microseconds(event.occurred_at)
        return row


def replay(
    folds: Sequence[Fold],
    events: Iterable[Event],
    log: Entries | None = None,
    before: int = END_OF_TIME,
) -> Tables:
    """The rows of `folds` after `events`, from nothing; the same however they are kept.

    `log` is needed when there are corrections among the events. `before`: see `Tables`.
    """
    tables = Tables(folds, log=log, before=before)
    tables.apply_all(events)
    tables.settle()
    return tables
