"""The generated reference: complete, current, the same on every machine, and without anybody's secrets."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools.reference import ROOT, commands_page, env_example, main, pages, settings_page

from ai_pro_sports.app.settings import EXAMPLE_SECRET, Settings, load_settings
from tests.surfaces.test_cli_output import COMMANDS

DECLARED = [
    str(field.alias)
    for group in Settings.model_fields.values()
    for field in group.annotation.model_fields.values()  # type: ignore[union-attr]
]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_the_page_in_the_repository_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == pages()[path], "run: make docs"


def test_every_setting_stands_once_in_the_example_and_nothing_else_does() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assigned = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert assigned == DECLARED
    assert len(set(assigned)) == len(assigned)


def test_every_setting_stands_once_on_its_page_and_nothing_else_does() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([A-Z_0-9]+)` \|", page, re.MULTILINE) == DECLARED


def test_no_other_page_names_a_setting_that_is_not_there() -> None:
    known = {*DECLARED, "COLUMNS"}
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        named = re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`", path.read_text(encoding="utf-8"))
        constants = {name for name in named if name in _constants()}
        assert set(named) - constants <= known, path.name


def _constants() -> set[str]:
    """Return the names of constants in the code, which pages may name too."""
    return {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"^([A-Z][A-Z0-9_]+)\b.*=", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_setting_says_what_it_means_and_stands_for_itself() -> None:
    for one in load_settings().describe({}):
        assert one.description
        assert f"# {one.description}\n{one.variable}=" in env_example([one])


def test_copied_as_it_is_the_example_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    untouched = load_settings()
    shutil.copy(ROOT / ".env.example", tmp_path / ".env")
    copied = load_settings()
    for group in Settings.model_fields:
        assert getattr(copied, group) == getattr(untouched, group)
    assert {one.origin for one in copied.describe({})} == {".env file"}
    assert copied.unsafe() == untouched.unsafe()


def test_every_command_and_option_is_on_the_page_of_commands() -> None:
    page = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    sections = {section.partition("`")[0]: section for section in re.split(r"^## `aips ", page, flags=re.MULTILINE)[1:]}
    assert list(sections) == [" ".join(path) for path in COMMANDS]
    for path, command in COMMANDS.items():
        section = sections[" ".join(path)]
        assert command.help in section
        for parameter in command.params:
            assert (parameter.name.upper() if parameter.param_type_name == "argument" else parameter.opts[0]) in section
            assert parameter.help in section


def test_the_pages_do_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    here = pages()
    monkeypatch.setenv("AIPS_HOME", "/somewhere/else")
    monkeypatch.setenv("SECRET_KEY", "my own secret, which nobody should read")
    monkeypatch.setenv("PORT", "9999")
    monkeypatch.setenv("COLUMNS", "40")
    assert pages() == here


def test_the_settings_page_shows_no_secret_not_even_the_example() -> None:
    page = settings_page(list(load_settings().describe({})))
    assert EXAMPLE_SECRET not in page
    assert "(example, refused in production)" in page


def test_a_page_that_is_not_current_is_found_named_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.reference.ROOT", tmp_path)
    assert main(["--check"]) == 1
    assert "docs/reference/commands.md is not current; run: make docs" in capsys.readouterr().out
    assert main([]) == 0
    assert main(["--check"]) == 0
    (tmp_path / ".env.example").write_text("PORT=1\n", encoding="utf-8")
    assert main(["--check"]) == 1
    assert not (ROOT / "docs/reference/commands.md").samefile(tmp_path / "docs/reference/commands.md")


def test_the_script_checks_from_any_folder(tmp_path: Path) -> None:
    script = [sys.executable, str(ROOT / "tools/reference.py"), "--check"]
    ran = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_bounds_defaults_and_what_must_be_given_are_on_the_page() -> None:
    page = commands_page()
    assert "- `--days` (1 to 60, default 5): " in page
    assert "- `--league`, `-s` (required): " in page
    assert "- `--limit` (1 or more, default 50): " in page
    assert "- `--is-backfill` (`--no-is-backfill` turns it off): " in page
