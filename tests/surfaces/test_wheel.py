"""The wheel: whole, and at home on a machine that has no checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ai_pro_sports.data.store.embedded import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with the wheel in it, and no checkout around it."""
    folder = tmp_path_factory.mktemp("site packages")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def _python(installed: Path, *arguments: str, **environ: str) -> str:
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(installed), **environ}
    ran = subprocess.run(
        command, cwd=installed.parent, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_it_holds_all_of_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    ours = {
        str(path.relative_to(ROOT / "src"))
        for path in (ROOT / "src" / "ai_pro_sports").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if name.startswith("ai_pro_sports/")} == ours
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"ai_pro_sports"}
    needed = ("py.typed", "app/reports/templates/slate_report.html", "data/store/migrations/env.py")
    assert {f"ai_pro_sports/{name}" for name in needed} <= names
    assert any(name.startswith("ai_pro_sports/data/store/migrations/versions/r0001") for name in names)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_it_says_what_it_is_and_brings_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        about = {Path(name).name: packed.read(name).decode() for name in packed.namelist() if ".dist-info/" in name}
    assert "License-Expression: Apache-2.0" in about["METADATA"]
    assert "Requires-Python: >=3.11" in about["METADATA"]
    assert "aips = ai_pro_sports.surfaces.cli:main" in about["entry_points.txt"]


def test_installed_it_lives_in_the_users_data_folder(installed: Path, tmp_path: Path) -> None:
    ask = (
        "import ai_pro_sports, ai_pro_sports.app.settings as s; print(ai_pro_sports.__file__); print(s._default_home())"
    )
    package, home = _python(installed, "-c", ask, XDG_DATA_HOME=str(tmp_path / "data")).splitlines()
    assert Path(package).is_relative_to(installed)
    assert Path(home) == tmp_path / "data" / "ai-pro-sports"


def test_in_a_checkout_it_lives_in_var() -> None:
    ask = "import ai_pro_sports.app.settings as s; print(s._default_home())"
    assert Path(_python(ROOT / "src", "-c", ask).strip()) == ROOT / "var"


def test_installed_it_makes_its_database_from_its_own_migrations(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    try:
        said = _python(installed, "-m", "ai_pro_sports", "db", "init", "--json", AIPS_HOME=str(home))
        found = json.loads(said)
        assert (found["home"], found["kind"]) == (str(home), "embedded")
        assert found["revision"]
    finally:
        EmbeddedPostgres(home).destroy()
