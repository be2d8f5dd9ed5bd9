"""How results look: tables for people, JSON for machines. One place, so that every command reads alike."""

from __future__ import annotations

import json
import math
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

__all__ = ["AsJson", "Column", "as_json", "console", "fields", "number", "percent", "progress", "show_json", "table"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


class Column:
    """A column heading and how its cells are set."""

    __slots__ = ("heading", "justify", "style", "wraps")

    def __init__(self, heading: str, *, right: bool = False, style: str = "", wraps: bool = False) -> None:
        self.heading = heading
        self.justify = "right" if right else "left"
        self.style = style
        self.wraps = wraps


class Step(Protocol):
    """Told how far a piece of work has come."""

    def __call__(self, done: int, total: int, doing: str) -> None:
        """Show that `done` of `total` is finished and what is being done now."""
        ...


def console(*, stderr: bool = False) -> Console:
    """Return a console on standard output, or error; wide enough for a table when the output is a file."""
    from rich.console import Console

    wide = None if (sys.stderr if stderr else sys.stdout).isatty() else 200
    return Console(width=wide, highlight=False, stderr=stderr)


def table(title: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], *, caption: str = "") -> None:
    """Print rows under headings; empty cells stay empty."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(
        title=title, caption=caption or None, box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left"
    )
    for column in columns:
        grid.add_column(column.heading, justify=column.justify, style=column.style or None, no_wrap=not column.wraps)  # type: ignore[arg-type]
    for row in rows:
        grid.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console().print(grid)


def number(value: float | None, digits: int = 3) -> str:
    """Write a number with fixed digits; nothing for a missing one."""
    return "" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def percent(value: float | None, digits: int = 1) -> str:
    """Write a share as a percentage; nothing for a missing one."""
    return "" if value is None or math.isnan(value) else f"{100 * value:+.{digits}f} %"


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
def progress(what: str, *, quiet: bool = False) -> Iterator[Step]:
    """Show a bar on standard error while something long runs; nothing when `quiet` or not on a terminal."""
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
    with bar:
        task = bar.add_task(what, total=None)

        def step(done: int, total: int, doing: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{what} {doing}".strip())

        yield step
