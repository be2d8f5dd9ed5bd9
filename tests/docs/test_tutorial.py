"""The tutorial runs as written, and prints what it says it prints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from ai_pro_sports.app.jobs.quickstart import DEMO_SEED
from ai_pro_sports.app.sandbox import simulate
from ai_pro_sports.data.store.embedded import EmbeddedPostgres
from tests.docs.pages import ROOT, blocks
from tests.surfaces.command_line import CommandLine

TUTORIAL = ROOT / "docs/tutorial/notebook.md"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that looks like the checkout after the demo, as far back as the tutorial looks."""
    folder = tmp_path_factory.mktemp("checkout")
    home = folder / "var" / "demo" / f"world-{DEMO_SEED}"
    simulate(home / "mirror", now=datetime(2026, 1, 20, 12, tzinfo=UTC), seed=DEMO_SEED, leagues=["EPL"], seasons=2)
    aips = CommandLine(home, str(home / "mirror"))
    assert aips("data", "backfill", "EPL", "--seasons", "2023-2025", "--json").code == 0
    yield folder
    EmbeddedPostgres(home).destroy()


def test_every_block_prints_what_stands_below_it(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    known: dict[str, Any] = {}
    waiting = ""
    compared = 0
    for block in blocks(TUTORIAL.read_text(encoding="utf-8")):
        if block.language == "python":
            assert not waiting, f"what this prints is not in the page: {waiting}"
            printed = StringIO()
            with redirect_stdout(printed):
                exec(compile("\n" * block.line + block.text, TUTORIAL.name, "exec"), known)
            waiting = printed.getvalue()
        if block.language == "text":
            assert waiting == block.text
            waiting, compared = "", compared + 1
    assert not waiting
    assert compared >= 5


def test_the_tutorial_opens_the_world_that_the_demo_makes() -> None:
    assert f'open("var/demo/world-{DEMO_SEED}")' in TUTORIAL.read_text(encoding="utf-8")
