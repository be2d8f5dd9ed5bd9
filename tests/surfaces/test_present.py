"""How results look: columns that fit, cells that are never lost, JSON in its own types."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ai_pro_sports.core.ids import stable_id
from ai_pro_sports.surfaces.cli.present import Column, as_json, mark, number, percent, progress, say, show_json, table

WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
CELLS = st.lists(WORDS, min_size=0, max_size=6).map(" ".join)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    def at(width: int, columns: list[Column], rows: list[Any]) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        capsys.readouterr()
        table("Title", columns, rows)
        return capsys.readouterr().out.splitlines()

    return at


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), width=st.integers(40, 200))
def test_a_table_fits_and_loses_not_a_letter(rows: list[tuple[str, ...]], width: int) -> None:
    columns = [Column("a", wraps=True, at_least=8), Column("b", wraps=True, at_least=8), Column("c", wraps=True)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        patch.setattr("sys.stdout", out := StringIO())
        table("Title", columns, rows)
    lines = out.getvalue().splitlines()
    assert all(cell_len(line) <= width for line in lines)
    shown = sorted("".join(lines[4:]).replace(" ", ""))
    assert shown == sorted("".join(cell for row in rows for cell in row).replace(" ", ""))


def test_the_most_dispensable_columns_go_first_and_are_named(printed: Any) -> None:
    columns = [Column("kept"), Column("first to go", spare=2), Column("second to go", spare=1)]
    rows = [("k" * 20, "f" * 20, "s" * 20)]
    assert len(printed(64, columns, rows)) == 5
    lines = printed(60, columns, rows)
    assert "f" * 20 not in "".join(lines)
    assert "s" * 20 in "".join(lines)
    assert lines[-1] == "Too narrow for: first to go. A wider terminal or --json shows all."
    assert "Too narrow for: first to go, second to go." in " ".join(printed(40, columns, rows))


def test_a_column_that_may_not_go_is_folded_rather_than_cut(printed: Any) -> None:
    lines = printed(30, [Column("path", wraps=True, at_least=10), Column("n", right=True)], [("/a/long/path" * 4, 7)])
    assert "".join(line[:28].strip() for line in lines[4:]) == "/a/long/path" * 4
    assert not any("…" in line for line in lines)


def test_room_is_shared_among_those_that_want_it(printed: Any) -> None:
    columns = [Column("short", wraps=True), Column("long", wraps=True)]
    lines = printed(60, columns, [("a few words", "many more words than there is room for in one line of sixty")])
    assert "a few words" in lines[4]


def test_groups_are_set_apart_and_missing_cells_stay_empty(printed: Any) -> None:
    lines = [line.rstrip() for line in printed(80, [Column("a"), Column("b")], [("x", None), None, (None, "y")])]
    assert lines[-3:] == ["x", "", "   y"]


def test_square_brackets_are_only_square_brackets(printed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert any("[bold]x[/]" in line for line in printed(80, [Column("a")], [("[bold]x[/]",)]))
    say("[red]x[/]")
    assert capsys.readouterr().out == "[red]x[/]\n"


def test_a_line_to_be_copied_is_never_folded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    say("Next: " + "aips " * 20)
    assert capsys.readouterr().out == "Next: " + "aips " * 20 + "\n"


class Side(Enum):
    HOME = "home"


@dataclass(frozen=True)
class Bet:
    id: int
    stake: Decimal
    at: datetime
    side: Side


def test_json_keeps_what_its_own_types_would_lose(capsys: pytest.CaptureFixture[str]) -> None:
    made = Bet(stable_id("bet", "x"), Decimal("10.50"), datetime(2023, 9, 7, 20, 20, tzinfo=UTC), Side.HOME)
    show_json({"bet": made, "on": date(2023, 9, 7), "folder": Path("/tmp"), "odd": float("nan"), "sides": {Side.HOME}})
    assert json.loads(capsys.readouterr().out) == {
        "bet": {"id": str(made.id), "stake": "10.50", "at": "2023-09-07T20:20:00+00:00", "side": "home"},
        "on": "2023-09-07",
        "folder": "/tmp",
        "odd": None,
        "sides": ["home"],
    }


@given(st.integers(-(2**80), 2**80))
def test_an_integer_comes_back_exact_from_a_reader_that_knows_only_doubles(value: int) -> None:
    told = as_json(value)
    assert int(told) == value
    assert isinstance(told, str) or int(float(told)) == value
    assert as_json(True) is True


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_number_is_written_as_nothing(missing: float | None) -> None:
    assert number(missing) == percent(missing) == ""


def test_numbers_are_written_with_fixed_digits() -> None:
    assert (number(0.5), number(2, 2), percent(0.0345), percent(-1)) == ("0.500", "2.00", "+3.5%", "-100.0%")
    assert (mark(True), mark(False)) == ("SIMULATED ", "")


def test_progress_writes_nothing_where_nobody_looks(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Reading") as step:
        step(1, 2, "a file")
    assert capfd.readouterr() == ("", "")


def test_phases_are_told_once_each_where_there_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("", phases=True) as step:
        for done in range(3):
            step(done, 3, f"Reading NFL file-{done}")
        step(3, 3, "Reading NFL")
        step(0, 1, "Forecasting NFL")
    assert capfd.readouterr() == ("", "Reading NFL\nForecasting NFL\n")
