"""What the pages say is so: links lead somewhere, commands exist, generated pages are current."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from ai_pro_sports.surfaces.cli.entry import app
from tests.docs.pages import PAGES, ROOT, aips_lines, anchors, links

TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def wrong_with(words: list[str]) -> str | None:
    """Return what is wrong with a command line, None where the command and its options exist."""
    command: Any = typer.main.get_command(app)
    words = list(words)
    while words and not words[0].startswith("-") and (children := getattr(command, "commands", None)):
        if (found := children.get(words[0])) is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    known |= {"--help", "-h"}
    return next((f"no option {word}" for word in words if word.startswith("-") and word not in known), None)


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        leads_to = (page.parent / path).resolve() if path else page
        assert leads_to.exists(), target
        assert leads_to.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(leads_to.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_commands_in_the_pages_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for words in aips_lines(text):
        assert (" ".join(words), wrong_with(words)) == (" ".join(words), None)
    for target in re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)", text, re.MULTILINE):
        assert "".join(target) in TARGETS


def test_the_pages_name_commands_at_all() -> None:
    readme = list(aips_lines((ROOT / "README.md").read_text(encoding="utf-8")))
    assert ["data", "backfill", "NFL", "EPL"] in readme
    assert len(readme) >= 5


def _messages() -> Iterator[tuple[str, str]]:
    """Yield every piece of text in the product's code that names one of its commands."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                text = "".join(part.value if isinstance(part, ast.Constant) else "X" for part in node.values)  # type: ignore[misc]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            else:
                continue
            for said in re.findall(r"\baips ((?:-{0,2}[a-zA-Z][\w-]*(?: |$))+)", text):
                yield _named(path), said.strip()


def test_messages_name_only_commands_that_exist() -> None:
    said = [(path, words) for path, words in _messages() if words != "X"]  # not the line of --version
    assert len(said) > 10
    assert [(path, words, wrong) for path, words in said if (wrong := wrong_with(_command_part(words)))] == []


def _command_part(words: str) -> list[str]:
    """Return the command and its options; prose may go on after it."""
    first, *rest = words.split()
    if first in {"evaluate", "demo", "quickstart", "serve"}:
        return [first, *(word for word in rest if word.startswith("--"))]
    return [first, *rest[:1], *(word for word in rest[1:] if word.startswith("--"))]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("data backfill NFL EPL", None),
        ("data", None),
        ("predict generate -s NFL --as-of 2023-12-01", None),
        ("data import", "no command import"),
        ("ledger verify", "no command ledger"),
        ("evaluate -s EPL --seasonal", "no option --seasonal"),
    ],
)
def test_a_command_that_does_not_exist_would_be_found(words: str, wrong: str | None) -> None:
    assert wrong_with(words.split()) == wrong


def test_the_changelog_tells_what_is_not_released_yet() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = re.search(r"^## Unreleased\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    assert unreleased is not None
    assert "\n- " in unreleased.group(1)


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
