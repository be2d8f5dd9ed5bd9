"""The pages of the product, and what can be checked in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGES", "ROOT", "Block", "aips_lines", "anchors", "blocks", "links"]

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the line it begins on."""

    language: str
    text: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in order."""
    for found in re.finditer(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        yield Block(found.group(1), found.group(2), page[: found.start()].count("\n") + 1)


def links(page: str) -> Iterator[str]:
    """Yield the targets of links and images that stay within the repository."""
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", page):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as they are made on the web."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def aips_lines(page: str) -> Iterator[list[str]]:
    """Yield the words after `aips` of every command line in blocks and in running text."""
    commands = [line for block in blocks(page) if block.language in {"", "sh"} for line in block.text.splitlines()]
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    commands += [code.replace("\n", " ") for code in re.findall(r"`([^`]+)`", prose)]
    for command in commands:
        for part in re.split(r"[;|]|&&", command):
            words = shlex.split(part, comments=True)
            if words[:1] == ["aips"]:
                yield words[1:]
