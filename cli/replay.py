"""`natverk replay`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from cli import render
from cli.language import N_, _, plural
from cli.options import asks_past, session_of
from cli.periods import before
from ledger.errors import Usage
from ledger.values import END_OF_TIME, ENTRY

if TYPE_CHECKING:
    from cli.context import Session
    from ledger.audit import Difference, Replay

FOUND_SOMETHING = 1


class CompareUntil(Usage):
    """What is kept stands at the last entry, so nothing earlier can be compared with it."""

    message = "--compare does not go with --until, --as-of or --known-at"
    hint = "what is kept stands at the last entry: compare without them"


class StepAndCompare(Usage):
    """Comparing is of what all entries make, not of each."""

    message = "--step and --compare do not go together; give one of them"


@click.command("replay", short_help=_("rebuild every projection from nothing"))
@click.option("--until", metavar="POS|DATE", help=_("The last entry, or the last day, to replay."))
@click.option("--compare", is_flag=True, help=_("Check everything that is kept against it."))
@click.option("--step", is_flag=True, help=_("Entry by entry: what each changed."))
@asks_past
@click.pass_context
def command(context: click.Context, until: str | None, compare: bool, step: bool) -> None:
    """Rebuild every projection from the log alone, in memory.

    With --compare, each difference from what is kept is printed, and the exit
    code is 1 when there is any. With --step, a terminal waits for a key after
    each entry: q stops.

    \b
    natverk replay
    natverk replay --until 2026-06-30
    natverk replay --compare
    natverk replay --step --until 7
    """
    session = session_of(context)
    if compare and step:
        raise StepAndCompare()
    if compare and (until or session.as_of or session.known_at):
        raise CompareUntil()
    limits = _limits(session, until)
    if step:
        from cli.stepping import walk  # noqa: PLC0415 - seldom asked for

        walk(session, limits)
        return
    from ledger.audit import Replay  # noqa: PLC0415 - not for --help

    replay = Replay(session.database, session.folds)
    started = perf_counter()
    differences: Iterable[Difference] = ()
    if compare:
        differences = replay.differences()
    else:
        replay.run(**limits)
    seconds = perf_counter() - started
    print_all = _print_json if session.json else _print
    if print_all(replay, seconds, differences, compare):
        context.exit(FOUND_SOMETHING)


def _limits(session: Session, until: str | None) -> dict[str, int]:
    if until is None:
        view = session.view
        past = view is not session.database
        return {name: getattr(view, name) for name in ("known_at", "before")} if past else {}
    match = ENTRY.fullmatch(until.strip())
    if match is not None:
        return {"known_at": min(int(match[1]), END_OF_TIME)}
    return {"before": before(session, until)}


def _print(replay: Replay, seconds: float, differences: Iterable[Difference], compare: bool) -> int:
    events = plural("{n} entry", "{n} entries", replay.events).format(n=replay.events)
    render.write(
        _("replayed {events} up to #{position} in {seconds:.2f} s\n").format(
            events=events, position=replay.position, seconds=seconds
        )
    )
    columns = (render.Column("fold", N_("projection")), render.Column("rows", N_("rows"), "right"))
    render.print_table(({"fold": f, "rows": n} for f, n in replay.rows().items()), columns)
    found = 0
    for each in differences:
        found += 1
        render.write(
            _("{fold} {key}: kept {kept}, replayed {replayed}\n").format(
                fold=each.fold,
                key=" ".join(map(repr, each.key)),
                kept=_said(each.kept),
                replayed=_said(each.replayed),
            )
        )
    if compare and not found:
        render.write(_("everything kept is what the log makes of it\n"))
    elif found:
        render.note(plural("{n} difference", "{n} differences", found).format(n=found))
    return found


def _print_json(
    replay: Replay, seconds: float, differences: Iterable[Difference], compare: bool
) -> int:
    """One object, its differences written as they are found."""
    facts = {
        "events": replay.events,
        "position": replay.position,
        "seconds": round(seconds, 6),
        "rows": replay.rows(),
    }
    found = 0
    render.write(json.dumps(facts)[:-1] + ', "differences": [')
    for row in _rows(differences):
        render.write((",\n" if found else "\n") + json.dumps(row))
        found += 1
    render.write("]}\n")
    return found


def _rows(differences: Iterable[Difference]) -> Iterator[dict[str, Any]]:
    for each in differences:
        yield {
            "fold": each.fold,
            "key": [_plain(value) for value in each.key],
            "kept": _plain_dict(each.kept),
            "replayed": _plain_dict(each.replayed),
        }


def _said(values: dict[str, Any] | None) -> str:
    if values is None:
        return _("nothing")
    return ", ".join(f"{name}={value!r}" for name, value in values.items()) or _("something")


def _plain_dict(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
