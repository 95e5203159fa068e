"""Which column of a table is which of our fields."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cli.tables import errors
from ledger.values import fold

SKIPPED = "-"  # in place of the name of a column that is not wanted


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the fields that a row must have, and of those that it may have."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()

    @property
    def known(self) -> frozenset[str]:
        return self.required | self.optional


def parse_spec(columns: str) -> list[str] | dict[str, str] | None:
    """What `--columns` says: fields in their order, headers by field, or nothing.

    Takes `giver receiver - at` or `giver=from at="Given on"`, with spaces or
    commas between. Raises NotColumns or FieldTwice.
    """
    lexer = shlex.shlex(columns, posix=True)
    lexer.whitespace, lexer.quotes = " \t\r\n,", '"'
    lexer.commenters = lexer.escape = ""
    lexer.whitespace_split = True
    try:
        parts = [part.partition("=") for part in lexer]
    except ValueError:
        raise errors.NotColumns(value=columns) from None
    if not parts:
        return None
    names = [name if name == SKIPPED else _field(name) for name, _, _ in parts]
    _refuse_twice(name for name in names if name != SKIPPED)
    if not any(sign for _, sign, _ in parts):
        return names
    if not all(name != SKIPPED and fold(name) and header.strip() for name, _, header in parts):
        raise errors.NotColumns(value=columns)
    return {name: header.strip() for name, (_, _, header) in zip(names, parts, strict=True)}


def parse_constants(settings: Iterable[str]) -> dict[str, str]:
    """The fields of every `--set field=value`. Raises NotColumns or FieldTwice."""
    pairs: list[tuple[str, str]] = []
    for setting in settings:
        name, _, value = setting.partition("=")
        if not fold(name) or not value.strip():
            raise errors.NotColumns(value=setting)
        pairs.append((_field(name), value.strip()))
    _refuse_twice(name for name, _ in pairs)
    return dict(pairs)


def place(
    spec: list[str] | dict[str, str] | None,
    header: Sequence[str],
    constants: Mapping[str, str],
    fields: Fields,
) -> dict[str, int]:
    """The column, from 0, of each field. `header` is of no matter when `spec` is a list.

    Raises UnknownFields, UnknownColumns, ColumnsNotInHeader, FieldTwice or
    MissingColumns, each of them naming all that it is about.
    """
    if isinstance(spec, list):
        placed = {name: at for at, name in enumerate(spec) if name != SKIPPED}
    elif spec is None:
        placed = _by_name(header, fields)
    else:
        placed = _by_header(spec, header)
    unknown = [name for name in (*placed, *constants) if name not in fields.known]
    if unknown:
        raise errors.UnknownFields(names=_listed(unknown), known=_listed(sorted(fields.known)))
    _refuse_twice((*placed, *constants))
    missing = fields.required.difference(placed, constants)
    if missing:
        raise errors.MissingColumns(names=_listed(sorted(missing)))
    return placed


def _by_name(header: Sequence[str], fields: Fields) -> dict[str, int]:
    """Columns by our own names for them; one without a name, such as a row number, is not read."""
    named = [(at, title.strip()) for at, title in enumerate(header) if title.strip()]
    unknown = [title for _, title in named if _field(title) not in fields.known]
    if unknown:
        raise errors.UnknownColumns(names=_listed(unknown), known=_listed(sorted(fields.known)))
    _refuse_twice(_field(title) for _, title in named)
    return {_field(title): at for at, title in named}


def _by_header(spec: Mapping[str, str], header: Sequence[str]) -> dict[str, int]:
    titles = [title.strip() for title in header]
    placed: dict[str, int] = {}
    lost: list[str] = []
    for name, wanted in spec.items():
        exact = [at for at, title in enumerate(titles) if title == wanted]
        found = exact or [at for at, title in enumerate(titles) if fold(title) == fold(wanted)]
        if len(found) == 1:
            placed[name] = found[0]
        else:
            lost.append(wanted)
    if lost:
        raise errors.ColumnsNotInHeader(names=_listed(lost), headers=_listed(filter(None, titles)))
    return placed


def _refuse_twice(names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise errors.FieldTwice(names=_listed(twice))


def _field(name: str) -> str:
    """`Because-Of` as our `because_of`."""
    return fold(name).replace("-", "_").replace(" ", "_")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
