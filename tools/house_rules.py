"""House rules that no general linter knows. Each names the harm it prevents; an escape is a line in `ALLOWED`.

Run: python tools/house_rules.py [file ...]   (exit 1 and one line per breach)
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/ai_pro_sports")

ALLOWED = {
    # A wall-clock read anywhere else cannot be replayed, and a forecast could see tomorrow.
    "wall clock": {PACKAGE / "core/clock.py"},
    # A commit anywhere else splits a unit of work in two.
    "commit": {PACKAGE / "data/store/unit_of_work.py"},
    # A setting read anywhere else is one that `config check` does not know.
    "environment": {PACKAGE / "app/settings.py"},
}

CLOCK_READS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
ENVIRONMENT_READS = {"environ", "environb", "getenv", "getenvb"}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
LONGEST_FILE = 600
LONGEST_FUNCTION = 80


class Breach(NamedTuple):
    """One line that breaks one rule."""

    path: Path
    line: int
    said: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.said}"


def breaches(path: Path, source: str) -> Iterator[Breach]:
    """Yield what breaks a house rule in one Python file; `path` is relative to the repository."""
    if path.stem in EMPTY_NAMES:
        yield Breach(path, 1, f"a module called {path.stem} says nothing; name it for what it holds")
    if (length := source.count("\n")) > LONGEST_FILE:
        yield Breach(path, 1, f"{length} lines; past {LONGEST_FILE} a file is two rooms")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _long_function(path, node)
        if path.is_relative_to(PACKAGE):
            yield from _forbidden_reads(path, node)


def _long_function(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Breach]:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if length > LONGEST_FUNCTION:
        yield Breach(path, node.lineno, f"{node.name} has {length} lines; think at 50, stop at {LONGEST_FUNCTION}")


def _forbidden_reads(path: Path, node: ast.AST) -> Iterator[Breach]:
    if isinstance(node, ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
        if (owner, node.attr) in CLOCK_READS and path not in ALLOWED["wall clock"]:
            yield Breach(path, node.lineno, f"{owner}.{node.attr} reads the wall clock; take a Clock")
        if owner == "os" and node.attr in ENVIRONMENT_READS and path not in ALLOWED["environment"]:
            yield Breach(path, node.lineno, f"os.{node.attr} reads the environment; add a setting")
    if isinstance(node, ast.ImportFrom) and path not in ALLOWED["environment"]:
        for name in node.names:
            if node.module == "os" and name.name in ENVIRONMENT_READS:
                yield Breach(path, node.lineno, f"os.{name.name} reads the environment; add a setting")
    if isinstance(node, ast.ImportFrom) and node.module == "time" and path not in ALLOWED["wall clock"]:
        for name in node.names:
            if ("time", name.name) in CLOCK_READS:
                yield Breach(path, node.lineno, f"time.{name.name} reads the wall clock; take a Clock")
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and path not in ALLOWED["commit"]
    ):
        yield Breach(path, node.lineno, "commit outside the unit of work; end the use case instead")


def python_files() -> Iterator[Path]:
    """Yield every Python file of the repository's own, relative to its root."""
    for folder in ("src", "tests", "tools", "benchmarks"):
        yield from (path.relative_to(ROOT) for path in sorted((ROOT / folder).rglob("*.py")))


def main(arguments: list[str]) -> int:
    """Check the files given, or all; return the exit code."""
    paths = [Path(argument).resolve().relative_to(ROOT) for argument in arguments] or list(python_files())
    found = [breach for path in paths for breach in breaches(path, (ROOT / path).read_text(encoding="utf-8"))]
    for breach in found:
        print(breach)
    print(f"house rules: {len(paths)} files, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
