"""How results look: tables for people, JSON for machines. One place, so that every command reads alike."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "AsJson",
    "Column",
    "as_json",
    "console",
    "fields",
    "mark",
    "number",
    "percent",
    "progress",
    "say",
    "show_json",
    "table",
]

_FILE_WIDTH = 200
_GAP = 2
"""Blank characters between two columns."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


class Column:
    """A column heading and how its cells are set.

    A column that `wraps` folds long cells, but not below `at_least` characters. Where the terminal is too narrow,
    `spare` columns are left out, the highest first.
    """

    __slots__ = ("at_least", "heading", "justify", "spare", "style", "wraps")

    def __init__(
        self,
        heading: str,
        *,
        right: bool = False,
        style: str = "",
        wraps: bool = False,
        at_least: int = 14,
        spare: int = 0,
    ) -> None:
        self.heading = heading
        self.justify = "right" if right else "left"
        self.style = style
        self.wraps = wraps
        self.at_least = at_least
        self.spare = spare


class Step(Protocol):
    """Told how far a piece of work has come."""

    def __call__(self, done: int, total: int, doing: str) -> None:
        """Show that `done` of `total` is finished and what is being done now."""
        ...


def console(*, stderr: bool = False) -> Console:
    """Return a console on standard output, or error; wide enough for a table when the output is a file.

    `COLUMNS` sets the width of either.
    """
    from rich.console import Console

    is_terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(
        width=None if is_terminal else shutil.get_terminal_size((_FILE_WIDTH, 0)).columns,
        highlight=False,
        stderr=stderr,
    )


def say(*lines: str, style: str = "") -> None:
    """Print lines as they are: not folded, so that a path or a command can be copied, and without markup."""
    out = console()
    for line in lines:
        out.print(line, style=style or None, markup=False, soft_wrap=True)


def table(title: str, columns: Sequence[Column], rows: Iterable[Sequence[object] | None]) -> None:
    """Print rows under headings; empty cells stay empty, and None among the rows sets a group apart.

    Columns the terminal has no room for are left out and named below the table.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = console()
    texts = [None if row is None else ["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = _widths(columns, [row for row in texts if row is not None], out.width)
    shown = [place for place, width in enumerate(widths) if width]
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for place in shown:
        column = columns[place]
        grid.add_column(
            column.heading,
            justify=column.justify,  # type: ignore[arg-type]
            style=column.style or None,
            width=widths[place],
            overflow="fold",
        )
    for row in texts:
        if row is None:
            grid.add_section()
        else:
            grid.add_row(*(Text(row[place]) for place in shown))
    out.print()
    out.print(title, style="italic", markup=False)
    out.print(grid)
    if len(shown) < len(columns):
        left_out = ", ".join(column.heading for place, column in enumerate(columns) if place not in shown)
        say(f"Too narrow for: {left_out}. A wider terminal or --json shows all.", style="dim")


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how wide each column is set in `room` characters; 0 leaves a dispensable one out."""
    wanted = [_widest(column, [row[place] for row in rows]) for place, column in enumerate(columns)]
    widths = [
        min(want, max(column.at_least, 1)) if column.wraps else want
        for column, want in zip(columns, wanted, strict=True)
    ]
    for place in sorted(range(len(columns)), key=lambda place: -columns[place].spare):
        if _total(widths) <= room or not columns[place].spare:
            break
        widths[place] = 0
    left = room - _total(widths)
    while left > 0 and (hungry := [place for place, width in enumerate(widths) if 0 < width < wanted[place]]):
        for place in hungry:
            more = min(wanted[place] - widths[place], max(left // len(hungry), 1), left)
            widths[place] += more
            left -= more
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(width + _GAP for width in widths if width) - _GAP


def _widest(column: Column, cells: Iterable[str]) -> int:
    from rich.cells import cell_len

    return max(cell_len(line) for cell in (column.heading, *cells) for line in cell.splitlines() or [""])


def mark(simulated: bool) -> str:
    """Return what a title begins with where the league is made up."""
    return "SIMULATED " if simulated else ""


def number(value: float | None, digits: int = 3) -> str:
    """Write a number with fixed digits; nothing for a missing one."""
    return "" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def percent(value: float | None, digits: int = 1) -> str:
    """Write a share as a percentage; nothing for a missing one."""
    return "" if value is None or math.isnan(value) else f"{100 * value:+.{digits}f}%"


def show_json(result: Any) -> None:
    """Print `result` as one JSON document on standard output."""
    sys.stdout.write(json.dumps(as_json(result), ensure_ascii=False, indent=2) + "\n")


def fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass by name, all the way down."""
    found: dict[str, Any] = asdict(value)
    return found


def as_json(value: Any) -> Any:
    """Return `value` in JSON's own types: times as ISO 8601, money as text, ids past 2**53 as text, NaN as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return as_json(asdict(value))
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    return value


@contextmanager
def progress(what: str, *, quiet: bool = False, phases: bool = False) -> Iterator[Step]:
    """Show a bar on standard error while something long runs; nothing when `quiet` or not on a terminal.

    With `phases`, the first two words of what is being done are written once each where there is no terminal, so that
    a log of minutes is not silent.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=quiet or not sys.stderr.isatty(),
    )
    told: set[str] = set()

    def tell(doing: str) -> None:
        phase = " ".join(doing.split()[:2])
        if phases and bar.disable and not quiet and phase not in told:
            told.add(phase)
            sys.stderr.write(f"{phase}\n")
            sys.stderr.flush()

    with bar:
        task = bar.add_task(what, total=None)

        def step(done: int, total: int, doing: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{what} {doing}".strip())
            if done < total:
                tell(f"{what} {doing}".strip())

        yield step
