"""What imports what: the rooms of the code, kept apart.

`ledger` knows nothing of `projections` and `cli`, `projections` nothing of `cli`; the core
knows no clock, file or chance; and what is slow to import is imported where it is needed.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from cli_world import Natverk

from cli.catalogue import COMMANDS

pytestmark = pytest.mark.file

ROOT = Path(__file__).parent.parent
ROOMS = ("ledger", "projections", "cli")
MOST_LINES = 350

PURE = (
    "ledger/values",
    "ledger/events",
    "ledger/commands",
    "ledger/errors",
    "ledger/refusals",
    "ledger/forgetting",
    "ledger/revisions",
    "ledger/undertakings",
    "ledger/areas",
    "ledger/folds",
    "ledger/tables",
    "ledger/summing",
    "ledger/openings",
    "ledger/usage",
    "ledger/state",
    "ledger/decisions",
    "ledger/schemas",
    "ledger/upcasts",
    "ledger/merkle",
    "ledger/notes",
    "ledger/receipts",
    "ledger/signing",
    "projections",
)
IMPURE = {"time", "os", "pathlib", "io", "random", "secrets", "uuid", "tempfile", "shutil"}
IMPURE |= {"sqlite3", "socket", "subprocess"}
SEEDED = ("projections/first",)  # chance that comes out the same for the same position
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}
FOR_PROJECTIONS = {  # what the read side may know of the write side
    "ledger.areas",
    "ledger.columns",
    "ledger.database",
    "ledger.errors",
    "ledger.folds",
    "ledger.tables",
    "ledger.names",
    "ledger.networks",
    "ledger.openings",
    "ledger.refusals",
    "ledger.rows",
    "ledger.state",
    "ledger.upcasts",
    "ledger.usage",
    "ledger.values",
    "ledger.zones",
    "ledger.versions",  # to explain by entries
}
VALIDATING = {"pydantic", "pydantic_core"}
VALIDATORS = ("ledger/codec", "ledger/commands", "ledger/schemas")
SLOW = VALIDATING | {"eventsourcing", "orjson", "dateutil", "cryptography"}
SLOW |= {"rustworkx", "scipy", "numpy", "psycopg", "psycopg_pool", "dask"}
STORES = ("ledger/store", "ledger/postgres/store")
GRAPHS = ("projections/graph", "projections/graph_paths")
COLUMNS = ("ledger/columns", "projections/reciprocity_sums")  # loaded when there are many gifts
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "/".join(part for part in parts if part != "__init__")


def inside(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)


def imports(path: Path, *, for_types: bool = False, in_functions: bool = True) -> Iterator[str]:
    """The modules that a module imports, in full; those for type checking only when asked."""

    def visit(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            if for_types:
                yield from (name for child in node.body for name in visit(child))
            yield from (name for child in node.orelse for name in visit(child))
        elif in_functions or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (name for child in ast.iter_child_nodes(node) for name in visit(child))

    yield from visit(ast.parse(path.read_text(encoding="utf-8")))


def imports_at_once(path: Path) -> set[str]:
    return set(imports(path, in_functions=False))


def room(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def every(*places: str) -> list[object]:
    found = [path for path in MODULES if inside(name_of(path), places)]
    assert found
    return [pytest.param(path, id=name_of(path)) for path in found]


# Who may know whom


@pytest.mark.parametrize("path", every("ledger"))
def test_the_ledger_knows_nothing_of_questions_or_the_command_line(path: Path) -> None:
    assert not {room(name) for name in imports(path, for_types=True)} & {"projections", "cli"}


@pytest.mark.parametrize("path", every("projections"))
def test_projections_know_rows_and_not_how_they_are_recorded(path: Path) -> None:
    assert "cli" not in {room(name) for name in imports(path, for_types=True)}
    known = {name for name in imports(path) if room(name) == "ledger" and name != "ledger"}
    strangers = {
        name
        for name in known
        if not any(name == may or name.startswith(f"{may}.") for may in FOR_PROJECTIONS)
    }
    assert not strangers


@pytest.mark.parametrize("path", every("ledger", "projections"))
def test_only_the_command_line_knows_click(path: Path) -> None:
    assert "click" not in {room(name) for name in imports(path, for_types=True)}


@pytest.mark.parametrize("path", every(*ROOMS))
def test_slow_libraries_have_one_place_each(path: Path) -> None:
    libraries = {room(name) for name in imports(path)}
    at_once = {room(name) for name in imports(path, in_functions=False)}
    name = name_of(path)
    assert not libraries & VALIDATING or inside(name, VALIDATORS)
    assert not at_once & VALIDATING
    assert "eventsourcing" not in libraries or name in STORES
    assert "psycopg" not in libraries or inside(name, ("ledger/postgres",))
    if not inside(name, ("ledger/postgres",)):
        assert not any(each.startswith("ledger.postgres") for each in imports_at_once(path))
    assert "cryptography" not in libraries or name == "ledger/signing"
    assert "cryptography" not in at_once
    assert "rustworkx" not in libraries or name in GRAPHS
    assert "scipy" not in libraries or name == "projections/measures_agreement"
    assert "dask" not in libraries or name == "ledger/each"
    assert not at_once & {"rustworkx", "scipy", "dask"}
    assert "numpy" not in libraries or name in (*COLUMNS, "ledger/indexed")
    if name not in COLUMNS:
        assert "numpy" not in at_once
        assert not {each.replace("/", ".") for each in COLUMNS} & imports_at_once(path)


# The core is pure


@pytest.mark.parametrize("path", every(*PURE))
def test_the_core_knows_no_clock_file_or_chance(path: Path) -> None:
    seeded = {"random"} if inside(name_of(path), SEEDED) else set()
    assert not {room(name) for name in imports(path)} & (IMPURE - seeded)
    assert not seeded or {n for n in imports(path) if n.startswith("random.")} == {"random.Random"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("open", "input", "print")
            assert called != "Random" or node.args
            on_a_clock = called.startswith(("datetime.", "date.", "time."))
            assert not (on_a_clock and called.split(".")[-1] in CLOCKS)


# Size


@pytest.mark.parametrize("path", every(*ROOMS))
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES


# What a start costs

QUESTIONS = ("balance", "members", "asks", "available", "resources", "match", "log", "show")
QUESTIONS += ("explain", "measures", "givers", "first")
QUESTIONS += ("explain", "measures", "givers", "ties", "path", "weave")


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_question_loads_nothing_slow(command: str) -> None:
    module = f"cli.{COMMANDS[command].module}"
    assert find_spec(module)
    code = (
        f"import sys, cli.main, cli.context, {module}\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "click" in loaded
    assert not loaded & SLOW


# Every command is told


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_a_file_help_and_an_example(command: str, natverk: Natverk) -> None:
    entry = COMMANDS[command]
    assert find_spec(f"cli.{entry.module}")
    assert re.fullmatch(r"[^A-Z].*[^.]", entry.help)
    result = natverk(command, "--help")
    assert result.code == 0
    examples = [line for line in result.out.splitlines() if line.strip().startswith("natverk ")]
    assert any(line.split()[1] == command for line in examples)


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = {name for name in COMMANDS if re.search(rf"(`|\bnatverk ){re.escape(name)}\b", readme)}
    assert set(COMMANDS) - told == set()
